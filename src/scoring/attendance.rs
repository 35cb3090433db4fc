//! A1 to A5: sessions, and who signed in when and where.

use super::city::{City, Signal};
use super::deal::ByClass;
use crate::canon::Result;

/// Rows in order that shrink a share.
const SHRINK: i64 = 10;
/// A1: sessions from which it is judged.
const SESSIONS: i64 = 8;
/// A2: sign-ins from which a session is judged, the seconds of a burst, and the share of a session that makes it one: 4 of 5.
const SIGN_INS: usize = 5;
const BURST_SECONDS: i64 = 60;
const BURST: (usize, usize) = (4, 5);
/// A5: the metres from which a place is another.
const METRES: i64 = 500;

/// The sums of a class's sessions.
#[derive(Clone, Copy, Default)]
pub struct Sessions {
    /// Sessions at which somebody was expected, and those of them at which nobody lacked.
    held: i64,
    full: i64,
    expected: i64,
    absent: i64,
}

impl Sessions {
    /// By class.
    pub fn read(city: &City) -> Result<Vec<Self>> {
        let classes = city.classes();
        let mut all = vec![Self::default(); classes.len()];
        city.tables().read("attendance", &["class", "expected", "present"], |part| {
            let (codes, expected, present) = (part.codes("class")?, part.integers("expected")?, part.integers("present")?);
            for (&code, (&expected, &present)) in codes.values.iter().zip(expected.values.iter().zip(present.values)) {
                let Some(class) = classes.find(code) else { continue };
                let sums = &mut all[class];
                sums.held += i64::from(expected > 0);
                sums.full += i64::from(expected > 0 && present >= expected);
                sums.expected = sums.expected.saturating_add(expected);
                sums.absent = sums.absent.saturating_add(expected.saturating_sub(present.min(expected)));
            }
            Ok(())
        })?;
        Ok(all)
    }
}

/// A1, attendance too perfect: `ramp(share of full sessions; .80, 1)`. Missing below eight sessions.
pub fn a1(city: &City) -> Result<Signal> {
    let sessions = city.sessions()?;
    let value = |class: usize| {
        let Sessions { held, full, .. } = sessions[class];
        (held >= SESSIONS).then(|| (city.ramp("A1").at(full, held), full))
    };
    Ok(Signal::of_frame(city.classes(), value))
}

/// A4, thin or empty class: `ramp(share of absences; .10, .50)`; more present than expected don't make up for another
/// session. Missing where nobody was expected.
pub fn a4(city: &City) -> Result<Signal> {
    let sessions = city.sessions()?;
    let value = |class: usize| {
        let Sessions { expected, absent, .. } = sessions[class];
        (expected > 0).then(|| (city.ramp("A4").at(absent, expected), absent))
    };
    Ok(Signal::of_frame(city.classes(), value))
}

/// A2, sign-in bursts: `ramp(K/(N+10); 0, 1)` of the sessions with five sign-ins or more, K those in which four fifths
/// of them came within a minute. Missing without such a session.
pub fn a2(city: &City) -> Result<Signal> {
    let classes = city.classes();
    let mut rows = Vec::new();
    city.tables().read("sign_in", &["class", "starts", "at"], |part| {
        let (codes, starts, at) = (part.codes("class")?, part.integers("starts")?, part.integers("at")?);
        let framed = |class: u32| classes.find(class).is_some_and(|class| classes.in_frame[class]);
        let of_frame = codes.values.iter().zip(starts.values.iter().zip(at.values)).filter(|(class, _)| framed(**class));
        rows.extend(of_frame.map(|(&class, (&start, &at))| (class, (start, at))));
        Ok(())
    })?;
    let mut sign_ins = ByClass::of(classes.len(), &rows);
    let mut signal = Signal::missing(classes.len());
    for class in classes.frame() {
        let of_class = sign_ins.get_mut(class);
        of_class.sort_unstable();
        let sessions = of_class.chunk_by(|a, b| a.0 == b.0).filter(|session| session.len() >= SIGN_INS);
        let (mut all, mut bursts) = (0, 0);
        for session in sessions {
            all += 1;
            bursts += i64::from(is_burst(session));
        }
        if all > 0 {
            signal.set(class, city.ramp("A2").at(bursts, all + SHRINK), bursts);
        }
    }
    Ok(signal)
}

/// Whether some minute that begins with a sign-in holds four fifths of the session's; they stand in order of time.
fn is_burst(session: &[(i64, i64)]) -> bool {
    let mut from = 0;
    (0..session.len()).any(|to| {
        while session[to].1.saturating_sub(session[from].1) > BURST_SECONDS {
            from += 1;
        }
        (to + 1 - from) * BURST.1 >= session.len() * BURST.0
    })
}

/// Counted sign-ins of a class.
#[derive(Clone, Copy, Default)]
pub struct SignIns {
    compared: i64,
    unlike: i64,
    placed: i64,
    away: i64,
}

impl SignIns {
    /// By class.
    pub fn read(city: &City) -> Result<Vec<Self>> {
        let classes = city.classes();
        let mut all = vec![Self::default(); classes.len()];
        city.tables().read("sign_in", &["class", "metres", "matched"], |part| {
            let (codes, metres, matched) = (part.codes("class")?, part.integers("metres")?, part.bools("matched")?);
            for (row, &code) in codes.values.iter().enumerate() {
                let Some(class) = classes.find(code) else { continue };
                let counts = &mut all[class];
                counts.compared += i64::from(matched[row].is_some());
                counts.unlike += i64::from(matched[row] == Some(false));
                counts.placed += i64::from(metres.is_known(row));
                counts.away += i64::from(metres.get(row).is_some_and(|metres| metres > METRES));
            }
            Ok(())
        })?;
        Ok(all)
    }
}

/// A3, face or number mismatch: `ramp(K/(N+10); .01, .10)` of the sign-ins that were compared. Missing without one.
pub fn a3(city: &City) -> Result<Signal> {
    let sign_ins = city.sign_ins()?;
    let value = |class: usize| {
        let SignIns { compared, unlike, .. } = sign_ins[class];
        (compared > 0).then(|| (city.ramp("A3").at(unlike, compared + SHRINK), unlike))
    };
    Ok(Signal::of_frame(city.classes(), value))
}

/// A5, sign-in off site: `ramp(K/(N+10); .02, .20)` of the sign-ins whose place is known. Missing without one.
pub fn a5(city: &City) -> Result<Signal> {
    let sign_ins = city.sign_ins()?;
    let value = |class: usize| {
        let SignIns { placed, away, .. } = sign_ins[class];
        (placed > 0).then(|| (city.ramp("A5").at(away, placed + SHRINK), away))
    };
    Ok(Signal::of_frame(city.classes(), value))
}
