//! The world behind the tables: counties, training institutions, occupations, teachers, rooms, classes – what is true,
//! of which the tables say what an office knows.

use super::days::Days;
use super::dice::{Dice, KeyKind, Purpose, Seed, scramble};
use super::patterns::{FIRST_OF_INSTITUTIONS, HONESTY, Honesty, LATE_COUNTY, PATTERNS, Pattern, Planted};
use super::plan;
use super::rows::Day;
use crate::calendar::Calendar;
use crate::canon::{Refusal, Result, Time, Week};
use std::ops::Range;

/// How much of the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    City,
    Province,
    Nation,
}

impl Scale {
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "city" => Ok(Self::City),
            "province" => Ok(Self::Province),
            "nation" => Ok(Self::Nation),
            _ => Err(Refusal::new("simulate_scale").with("value", text)),
        }
    }

    pub fn name(self) -> &'static str {
        ["city", "province", "nation"][self as usize]
    }

    fn counties(self) -> u32 {
        [11, 180, 2900][self as usize]
    }

    fn classes(self) -> u32 {
        [5000, 25_000, 500_000][self as usize]
    }

    /// Permille of classes whose trainees sign in one by one with face and place: more of those inspected than of the past,
    /// for devices are new.
    pub(super) fn sign_in(self, in_frame: bool) -> u64 {
        let (past, frame) = [(300, 300), (60, 200), (10, 60)][self as usize];
        if in_frame { frame } else { past }
    }
}

/// What is to be simulated. The same setting gives the same rows.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub seed: u64,
    pub scale: Scale,
    /// Classes in all where the scale's number isn't wanted.
    pub classes: Option<u32>,
    /// Weeks looked back upon.
    pub weeks: u32,
    /// The week at whose end the list is frozen; classes of the week after are inspected.
    pub week: Week,
}

/// The bounds of a setting.
pub const WEEKS: std::ops::RangeInclusive<u32> = 16..=260;
pub const CLASSES: std::ops::RangeInclusive<u32> = 100..=2_000_000;

/// Of all classes, the last fifth by date is in the frame.
const FRAME_PART: u32 = 5;
/// Classes of an institution over the whole span, on average.
const CLASSES_OF_INSTITUTION: u32 = 25;
pub(super) const OCCUPATIONS: u32 = 40;
/// Permille of institutions that share a building with another and are no less honest for it.
const TRAINING_PARK: u64 = 20;
/// Metres between the middles of neighbouring counties, and the reach of an institution's places around its own.
const COUNTY_SPAN: i64 = 60_000;
const SITE_REACH: i64 = 4_000;

pub(super) struct Trade {
    /// Permille of trainees registered outside the city.
    pub outside: u64,
    /// Yuan per person.
    pub standard: i64,
    /// Permille that passes the examination.
    pub pass: i64,
}

pub(super) struct County {
    pub classes: Range<u32>,
    /// From where on the classes are in the frame.
    pub frame: u32,
    pub institutions: Range<u32>,
    pub late: bool,
}

pub(super) struct Institution {
    pub county: u32,
    pub honesty: Honesty,
    pub occupations: Vec<u32>,
    /// How often it comes in turn for classes: in the past, in the frame.
    pub tickets: (usize, usize),
    pub planted: Planted,
    /// Another institution with the same contact, account or site (0, 1, 2), and whether that is innocent.
    pub shares: Option<(u32, usize)>,
    /// Whether another has this one's; and whether that is a violation.
    pub lends: bool,
    pub partner: bool,
    pub sites: [(i64, i64); 2],
}

pub(super) struct Teacher {
    pub unqualified: bool,
}

pub(super) struct Room {
    pub institution: u32,
    pub site: u8,
    pub capacity: Option<i64>,
}

/// When a class is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    FullDay,
    Morning,
    Afternoon,
    Evening,
    Weekend,
}

/// No other class.
pub(super) const NOBODY: u32 = u32::MAX;

pub(super) struct Class {
    pub county: u32,
    pub institution: u32,
    pub occupation: u32,
    pub level: Option<u32>,
    pub mode: Mode,
    /// Number of lessons, and where the first day stands in the days of its mode.
    pub lessons: u32,
    pub first: usize,
    pub opens: Day,
    pub ends: Day,
    pub planned: u32,
    pub actual: u32,
    pub in_frame: bool,
    pub one_employer: bool,
    pub signs_in: bool,
    pub has_attendance: bool,
    /// How it is held: an index of `MANNERS`.
    pub manner: usize,
    pub planted: Planted,
    /// Patterns it has a part in because another class was planted with them.
    pub partner_in: Planted,
    pub teachers: [u32; 2],
    pub room: u32,
    /// The other class of R1, R3, P1, P3.
    pub overlap: u32,
    pub rotation: u32,
    pub teacher_of: u32,
    pub room_of: u32,
}

impl Class {
    pub fn is_sloppy(&self) -> bool {
        self.manner == 1
    }
}

pub struct World {
    pub(super) setting: Setting,
    pub(super) seed: Seed,
    pub(super) days: Days,
    pub(super) calendar: Calendar,
    pub(super) trades: Vec<Trade>,
    pub(super) counties: Vec<County>,
    pub(super) institutions: Vec<Institution>,
    pub(super) classes: Vec<Class>,
    pub(super) teachers: Vec<Teacher>,
    pub(super) rooms: Vec<Room>,
}

impl World {
    /// Makes the world; memory is some hundred bytes a class.
    pub fn new(setting: Setting, calendar: Calendar) -> Result<Self> {
        let count = setting.classes.unwrap_or_else(|| setting.scale.classes());
        let range = |name, value: u32, range: std::ops::RangeInclusive<u32>| {
            let refusal = Refusal::new("simulate_range").with("name", name).with("value", value);
            if range.contains(&value) { Ok(()) } else { Err(refusal.with("min", range.start()).with("max", range.end())) }
        };
        range("--weeks", setting.weeks, WEEKS)?;
        range("--classes", count, CLASSES)?;
        let seed = Seed::new(setting.seed);
        let days = Days::new(&calendar, setting.week, setting.weeks)?;
        let trades = (0..OCCUPATIONS).map(|trade| make_trade(&mut seed.dice(Purpose::Trade, u64::from(trade)))).collect();
        let mut world = Self {
            setting,
            seed,
            days,
            calendar,
            trades,
            counties: Vec::new(),
            institutions: Vec::new(),
            classes: Vec::new(),
            teachers: Vec::new(),
            rooms: Vec::new(),
        };
        world.add_counties(count);
        for county in 0..world.counties.len() {
            plan::add_classes(&mut world, county);
        }
        Ok(world)
    }

    /// Counties of unequal size that together have exactly so many classes.
    fn add_counties(&mut self, count: u32) {
        let counties = self.setting.scale.counties();
        let mut dice = self.seed.dice(Purpose::County, u64::MAX >> 16);
        let weights: Vec<u64> = (0..counties).map(|_| 60 + dice.below(81)).collect();
        let all: u64 = weights.iter().sum();
        // Where chance leaves no county late, one is.
        let mut late: Vec<bool> = weights.iter().map(|_| dice.permille(PATTERNS[LATE_COUNTY].3[0])).collect();
        let forced = dice.index(late.len());
        if !late.contains(&true) {
            late[forced] = true;
        }
        let (mut sum, mut from) = (0, 0);
        for (number, (weight, late)) in weights.into_iter().zip(late).enumerate() {
            sum += weight;
            let to = u32::try_from(u64::from(count) * sum / all.max(1)).unwrap_or(count);
            self.add_county(u32::try_from(number).unwrap_or(0), from..to, late);
            from = to;
        }
    }

    fn add_county(&mut self, number: u32, classes: Range<u32>, late: bool) {
        let count = classes.end - classes.start;
        let first = u32::try_from(self.institutions.len()).unwrap_or(NOBODY);
        let institutions = first..first + (count / CLASSES_OF_INSTITUTION).max(2);
        let middle = (i64::from(number % 54) * COUNTY_SPAN, i64::from(number / 54) * COUNTY_SPAN);
        for index in institutions.clone() {
            let institution = self.make_institution(number, index, &institutions, middle);
            self.institutions.push(institution);
        }
        self.plant_sharing(institutions.clone());
        self.counties.push(County { frame: classes.end - (count + FRAME_PART / 2) / FRAME_PART, classes, institutions, late });
    }

    fn make_institution(&self, county: u32, index: u32, of: &Range<u32>, middle: (i64, i64)) -> Institution {
        let mut dice = self.seed.dice(Purpose::Institution, u64::from(index));
        let honesty = [Honesty::Honest, Honesty::Careless, Honesty::Fraudulent][dice.pick(&HONESTY)];
        let mut planted = Planted::default();
        for (pattern, _, _, rates) in &PATTERNS[FIRST_OF_INSTITUTIONS..LATE_COUNTY] {
            if dice.permille(rates[honesty as usize]) {
                planted.add(*pattern);
            }
        }
        // Nobody violated in visits that weren't made; and somebody must have held the county's classes of the past.
        if planted.has(Pattern::BadHistory) {
            planted.remove(Pattern::Uninspected);
        }
        let size = 2 + dice.index(3);
        let mut tickets = (size, size);
        if planted.has(Pattern::SuddenGrowth) && index != of.start {
            // One in four that grows is new.
            tickets = if dice.permille(250) { (0, 3) } else { (1, 6) };
        } else {
            planted.remove(Pattern::SuddenGrowth);
        }
        if tickets.0 == 0 {
            planted.remove(Pattern::BadHistory);
            planted.remove(Pattern::Uninspected);
        }
        let count = 2 + dice.below(3);
        let mut occupations: Vec<u32> = (0..count).map(|_| u32::try_from(dice.below(u64::from(OCCUPATIONS))).unwrap_or(0)).collect();
        occupations.sort_unstable();
        occupations.dedup();
        let own = (middle.0 + dice.between(-20_000, 20_000), middle.1 + dice.between(-20_000, 20_000));
        let second = (own.0 + dice.between(-SITE_REACH, SITE_REACH), own.1 + dice.between(-SITE_REACH, SITE_REACH));
        Institution { county, honesty, occupations, tickets, planted, shares: None, lends: false, partner: false, sites: [own, second] }
    }

    /// Subcontracting by a shared contact, account or site with the next institution of the county.
    fn plant_sharing(&mut self, institutions: Range<u32>) {
        let count = institutions.end - institutions.start;
        for index in institutions.clone() {
            let mut dice = self.seed.dice(Purpose::Register, u64::from(index));
            let other = institutions.start + (index - institutions.start + 1) % count;
            let [Some(at), Some(other_at)] = [index, other].map(|index| usize::try_from(index).ok()) else { continue };
            // A key that is itself borrowed isn't lent on.
            let free = self.institutions[other_at].shares.is_none() && !self.institutions[at].lends;
            let planted = self.institutions[at].planted.has(Pattern::Subcontracting);
            if free && (planted || dice.permille(TRAINING_PARK)) {
                let what = if planted { dice.index(3) } else { 2 };
                self.institutions[at].shares = Some((other, what));
                self.institutions[other_at].lends = true;
                self.institutions[other_at].partner |= planted;
            } else {
                self.institutions[at].planted.remove(Pattern::Subcontracting);
            }
        }
    }

    pub(super) fn class(&self, class: u32) -> &Class {
        // Class numbers are made here and stand for indices of this list.
        &self.classes[class as usize]
    }

    pub(super) fn institution(&self, institution: u32) -> &Institution {
        &self.institutions[institution as usize]
    }

    pub(super) fn dice(&self, purpose: Purpose, index: u32) -> Dice {
        self.seed.dice(purpose, u64::from(index))
    }

    pub(super) fn room_key(&self, room: u32) -> u64 {
        self.seed.key(KeyKind::Room, u64::from(room))
    }

    pub(super) fn teacher_key(&self, teacher: u32) -> u64 {
        self.seed.key(KeyKind::Teacher, u64::from(teacher))
    }

    pub fn classes_count(&self) -> usize {
        self.classes.len()
    }

    pub fn frozen_at(&self) -> Time {
        self.days.frozen_at
    }
}

fn make_trade(dice: &mut Dice) -> Trade {
    Trade { outside: 20 + dice.below(160), standard: 600 + 100 * dice.between(0, 14), pass: dice.between(720, 840) }
}

/// A number below 1000 that hangs on its words alone.
pub(super) fn chance(seed: u64, number: u64) -> u64 {
    scramble(seed ^ scramble(number)) % 1000
}
