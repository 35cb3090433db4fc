//! What all signals share, and the way from a signal's id to its values.

use super::attendance::{Sessions, SignIns};
use super::classes::Classes;
use super::deal::in_parallel;
use super::people::Persons;
use super::ramps::{Ramp, Ramps};
use super::roster::{Checked, Tally};
use super::spans::Spans;
use super::tables::Tables;
use super::timetable::Shared;
use super::{attendance, clusters, hours, institution, overlap, places, repeat, roster, rotation, system, timeliness};
use crate::canon::{Refusal, Result};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Every signal, in the order of `docs/SIGNALS.md`. A scorecard may name no other.
pub const SIGNALS: [&str; 30] = [
    "T1", "T2", "T3", "T4", "S1", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "A1", "A2", "A3", "A4", "A5", "H1", "H2", "P1", "P2", "P3", "I1",
    "I2", "I3", "I4", "I5", "I6", "I7",
];

/// A signal's values: index = class code; only classes of the frame have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// 0…1000; None when an input is missing.
    pub permille: Vec<Option<i16>>,
    /// The number that stands for `{n}` in the signal's reason; 0 where the value is missing.
    pub n: Vec<i64>,
}

impl Signal {
    /// Missing everywhere.
    pub fn missing(classes: usize) -> Self {
        Self { permille: vec![None; classes], n: vec![0; classes] }
    }

    /// Computes each class of the frame by itself; None is missing.
    pub fn of_frame(classes: &Classes, value: impl Fn(usize) -> Option<(i64, i64)>) -> Self {
        let mut signal = Self::missing(classes.len());
        for class in classes.frame() {
            if let Some((permille, n)) = value(class) {
                signal.set(class, permille, n);
            }
        }
        signal
    }

    pub fn set(&mut self, class: usize, permille: i64, n: i64) {
        if let (Some(of), Some(number)) = (self.permille.get_mut(class), self.n.get_mut(class)) {
            *of = i16::try_from(permille.clamp(0, 1000)).ok();
            *number = n;
        }
    }
}

/// The tables with what several signals need decoded once, when first asked for, and the thresholds of a model.
pub struct City<'a> {
    tables: &'a Tables,
    ramps: Ramps,
    classes: Classes,
    shared: Shared,
    persons: Once<Persons>,
    spans: Once<Spans>,
    tally: Once<Tally>,
    checked: Once<Checked>,
    sessions: Once<Vec<Sessions>>,
    sign_ins: Once<Vec<SignIns>>,
}

/// A thing that is made once; a refusal is remembered too.
pub(super) type Once<T> = OnceLock<Result<T>>;

/// The thing, made if it isn't there yet.
pub(super) fn once<T>(cell: &Once<T>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    cell.get_or_init(make).as_ref().map_err(Clone::clone)
}

impl<'a> City<'a> {
    /// With the starting thresholds.
    pub fn new(tables: &'a Tables) -> Result<Self> {
        Self::with_ramps(tables, Ramps::default())
    }

    /// Reads the class table; without one there is nothing to score.
    pub fn with_ramps(tables: &'a Tables, ramps: Ramps) -> Result<Self> {
        let classes = Classes::read(tables)?;
        Ok(Self {
            tables,
            ramps,
            classes,
            shared: Shared::default(),
            persons: Once::new(),
            spans: Once::new(),
            tally: Once::new(),
            checked: Once::new(),
            sessions: Once::new(),
            sign_ins: Once::new(),
        })
    }

    pub fn tables(&self) -> &Tables {
        self.tables
    }

    pub fn classes(&self) -> &Classes {
        &self.classes
    }

    /// From where to where a signal rises.
    pub(super) fn ramp(&self, id: &str) -> Ramp {
        self.ramps.of(id)
    }

    /// Timetables decoded once for several signals.
    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Who is in which classes.
    pub fn persons(&self) -> Result<&Persons> {
        once(&self.persons, || Persons::read(self))
    }

    /// When each class is taught.
    pub fn spans(&self) -> Result<&Spans> {
        once(&self.spans, || Spans::read(self))
    }

    /// Counts of each roster.
    pub fn tally(&self) -> Result<&Tally> {
        once(&self.tally, || Tally::read(self))
    }

    /// Rosters of the frame and the checks of their persons.
    pub fn checked(&self) -> Result<&Checked> {
        once(&self.checked, || Checked::read(self))
    }

    /// Sums of each class's sessions.
    pub fn sessions(&self) -> Result<&[Sessions]> {
        once(&self.sessions, || Sessions::read(self)).map(Vec::as_slice)
    }

    /// Counts of each class's sign-ins.
    pub fn sign_ins(&self) -> Result<&[SignIns]> {
        once(&self.sign_ins, || SignIns::read(self)).map(Vec::as_slice)
    }

    /// Days since 1970 of the freeze.
    pub fn frozen_days(&self) -> i32 {
        super::classes::days_of(self.tables.frozen_day())
    }
}

/// The values of one signal.
pub fn signal(city: &City, id: &str) -> Result<Signal> {
    match id {
        // timeliness, system, hours, places, institution
        "T1" => timeliness::t1(city),
        "T2" => timeliness::t2(city),
        "T3" => timeliness::t3(city),
        "T4" => timeliness::t4(city),
        "S1" => system::s1(city),
        "H1" => hours::h1(city),
        "H2" => hours::h2(city),
        "P1" => places::p1(city),
        "P2" => places::p2(city),
        "P3" => places::p3(city),
        "I1" => institution::i1(city),
        "I2" => institution::i2(city),
        "I3" => institution::i3(city),
        "I4" => institution::i4(city),
        "I5" => institution::i5(city),
        "I6" => institution::i6(city),
        "I7" => institution::i7(city),
        // roster
        "R1" => overlap::r1(city),
        "R2" => repeat::r2(city),
        "R3" => rotation::r3(city),
        "R4" => roster::r4(city),
        "R5" => roster::r5(city),
        "R6" => clusters::r6(city),
        "R7" => roster::r7(city),
        "R8" => roster::r8(city),
        // attendance
        "A1" => attendance::a1(city),
        "A2" => attendance::a2(city),
        "A3" => attendance::a3(city),
        "A4" => attendance::a4(city),
        "A5" => attendance::a5(city),
        _ => unknown(id),
    }
}

fn unknown(id: &str) -> Result<Signal> {
    Err(Refusal::new("scoring_signal_unknown").with("signal", id))
}

/// The values of several signals. They are computed side by side; what they share is made once.
pub fn signals(tables: &Tables, ids: &[&str]) -> Result<BTreeMap<&'static str, Signal>> {
    let city = City::new(tables)?;
    let known = |id: &&str| SIGNALS.into_iter().find(|known| known == id).ok_or_else(|| Refusal::new("scoring_signal_unknown").with("signal", id));
    let ids = ids.iter().map(known).collect::<Result<Vec<&'static str>>>()?;
    let values = in_parallel(ids.len(), |at| signal(&city, ids[at]));
    ids.iter().copied().zip(values).map(|(id, values)| Ok((id, values?))).collect()
}
