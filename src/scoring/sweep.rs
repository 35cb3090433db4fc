//! Rows that share a teacher or a room, in order of time: who would have to be in two places, and for how long.
//!
//! Everything here is one sort and one pass. A key that stands for nobody (a teacher named 王老师 all over the city) may
//! clash with itself thousands of times: rows of one span of time are therefore judged together, by what is known of
//! the whole span, so that the work grows with the rows and not with their pairs.

use super::days::week_of_minute;
use std::num::NonZero;

/// Metres that are travelled in a minute.
const METRES_A_MINUTE: i128 = 500;
/// Fewer rows than this aren't worth a thread.
const WORTH_A_THREAD: usize = 1 << 16;

/// A row of a timetable under its teacher or room. The order of the fields is the order of the sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    pub key: u64,
    pub starts: i32,
    pub ends: i32,
    pub class: u32,
    pub has_room: bool,
    /// 0 where it isn't known.
    pub room: u64,
}

impl Slot {
    pub fn new(key: u64, (starts, ends): (i64, i64), class: u32, room: Option<u64>) -> Self {
        Self { key, starts: held(starts), ends: held(ends), class, has_room: room.is_some(), room: room.unwrap_or(0) }
    }

    /// Length in minutes: 0 where the times are unknown.
    pub fn minutes(&self) -> i64 {
        (i64::from(self.ends) - i64::from(self.starts)).max(0)
    }

    pub fn span(&self) -> (i64, i64) {
        (i64::from(self.starts), i64::from(self.ends))
    }

    /// Whether both last, overlap and are in two places: another room where both are known, else another class.
    pub fn clashes_with(&self, other: &Self) -> bool {
        let is_elsewhere = if self.has_room && other.has_room { self.room != other.room } else { self.class != other.class };
        is_elsewhere && self.starts.max(other.starts) < self.ends.min(other.ends)
    }

    fn week(&self) -> i64 {
        week_of_minute(i64::from(self.starts))
    }
}

/// A minute as it is kept, held at years 2000 before and 6000 after.
pub fn held(minute: i64) -> i32 {
    i32::try_from(minute).unwrap_or(if minute < 0 { i32::MIN } else { i32::MAX })
}

/// Where a room is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub room: u64,
    pub site: u64,
    pub x: i64,
    pub y: i64,
}

/// Where rooms are, by their key; each room once.
#[derive(Clone, Debug, Default)]
pub struct Places(Vec<Place>);

impl Places {
    /// Of a room that stands twice the least place counts, so that the order of rows doesn't.
    pub fn new(mut places: Vec<Place>) -> Self {
        places.sort_unstable();
        places.dedup_by_key(|place| place.room);
        Self(places)
    }

    /// The time that it takes from one slot's site to another's; none where they are one site or not known.
    pub fn minutes(&self, a: &Slot, b: &Slot) -> Option<i64> {
        let (a, b) = self.find(a).zip(self.find(b))?;
        (a.site != b.site).then(|| minutes_between(&a, &b))
    }

    fn find(&self, slot: &Slot) -> Option<Place> {
        if !slot.has_room {
            return None;
        }
        let at = self.0.binary_search_by_key(&slot.room, |place| place.room).ok()?;
        self.0.get(at).copied()
    }
}

/// Sorts in as many threads as there are cores: the result is that of any sort.
pub fn sort<T: Ord + Send>(rows: &mut [T]) {
    sort_by_halves(rows, threads());
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get).min(16)
}

fn sort_by_halves<T: Ord + Send>(rows: &mut [T], threads: usize) {
    if threads < 2 || rows.len() < WORTH_A_THREAD || rows.is_sorted() {
        return rows.sort_unstable();
    }
    let middle = rows.len() / 2;
    rows.select_nth_unstable(middle);
    let (left, right) = rows.split_at_mut(middle);
    std::thread::scope(|scope| {
        scope.spawn(|| sort_by_halves(left, threads / 2));
        sort_by_halves(right, threads - threads / 2);
    });
}

/// For each slot (sorted) what `judge` finds of it in its key's group; groups are judged in as many threads as there are.
fn judge_groups(slots: &[Slot], judge: impl Fn(&[Slot], &mut [i32]) + Sync) -> Vec<i32> {
    let mut found = vec![0; slots.len()];
    let parts = if slots.len() < WORTH_A_THREAD { 1 } else { threads() };
    let judge = &judge;
    std::thread::scope(|scope| {
        let (mut slots, mut found) = (slots, found.as_mut_slice());
        for part in (1..=parts).rev() {
            let cut = cut_at_key(slots, slots.len() / part);
            let (ours, rest) = slots.split_at(cut);
            let (out, others) = found.split_at_mut(cut);
            (slots, found) = (rest, others);
            let work = move || {
                let mut out = out;
                for group in ours.chunk_by(|a, b| a.key == b.key) {
                    let (here, rest) = std::mem::take(&mut out).split_at_mut(group.len());
                    out = rest;
                    judge(group, here);
                }
            };
            // The last part is done by this thread itself.
            if part == 1 { work() } else { drop(scope.spawn(work)) }
        }
    });
    found
}

/// The first place at or after `at` where the key changes.
fn cut_at_key(slots: &[Slot], at: usize) -> usize {
    let Some(key) = at.checked_sub(1).and_then(|last| slots.get(last)).map(|slot| slot.key) else { return at.min(slots.len()) };
    slots.partition_point(|slot| slot.key <= key)
}

/// Minutes in which the key of each slot (sorted) is busy in the slot's ISO week, each minute once.
pub fn weekly_minutes(slots: &[Slot]) -> Vec<i32> {
    judge_groups(slots, |group, out| {
        let mut out = out;
        for week in group.chunk_by(|a, b| a.week() == b.week()) {
            let (here, rest) = std::mem::take(&mut out).split_at_mut(week.len());
            out = rest;
            let (mut minutes, mut until) = (0, i64::MIN);
            for slot in week {
                let (starts, ends) = (i64::from(slot.starts).max(until), i64::from(slot.ends));
                minutes += (ends - starts).max(0);
                until = until.max(ends);
            }
            here.fill(held(minutes));
        }
    })
}

/// For each slot (sorted) the greatest overlap, in minutes, with another of its key that is elsewhere.
///
/// Elsewhere is another room where both are known, else another class. With `places`, a slot without an overlap
/// whose key has to travel to or from another site in less time than that takes has half of its minutes.
pub fn overlaps(slots: &[Slot], places: Option<&Places>) -> Vec<i32> {
    judge_groups(slots, |group, found| {
        let spans = spans(group);
        for (at, span) in spans.iter().enumerate() {
            for (other_at, other) in spans.iter().enumerate().skip(at) {
                if other.starts >= span.ends {
                    break;
                }
                let overlap = span.ends.min(other.ends) - other.starts;
                raise(group, found, span, &other.who, overlap);
                if other_at > at {
                    raise(group, found, other, &span.who, overlap);
                }
            }
        }
        if let Some(places) = places.filter(|_| spans.len() > 1 && has_several_rooms(group)) {
            travel(group, found, &spans, places);
        }
    })
}

/// Slots of a group at exactly the same time.
struct Span {
    starts: i32,
    ends: i32,
    /// Where they stand in the group.
    from: usize,
    to: usize,
    who: Who,
}

/// What is in a span, as far as it must be known to say whether something else is.
#[derive(Clone, Copy, Default)]
struct Who {
    rooms: Few<u64>,
    /// Classes of slots whose room isn't known.
    roomless: Few<u32>,
    classes: Few<u32>,
}

/// None, one, or more than one.
#[derive(Clone, Copy, Default)]
enum Few<T> {
    #[default]
    None,
    One(T),
    Several,
}

impl<T: PartialEq + Copy> Few<T> {
    fn add(&mut self, other: T) {
        *self = match *self {
            Self::None => Self::One(other),
            Self::One(one) if one == other => Self::One(one),
            _ => Self::Several,
        };
    }

    fn has_other_than(self, this: T) -> bool {
        match self {
            Self::None => false,
            Self::One(one) => one != this,
            Self::Several => true,
        }
    }
}

impl Who {
    fn add(&mut self, slot: &Slot) {
        self.classes.add(slot.class);
        if slot.has_room { self.rooms.add(slot.room) } else { self.roomless.add(slot.class) }
    }

    fn is_elsewhere_from(&self, slot: &Slot) -> bool {
        if slot.has_room {
            self.rooms.has_other_than(slot.room) || self.roomless.has_other_than(slot.class)
        } else {
            self.classes.has_other_than(slot.class)
        }
    }
}

/// The spans of a group in order of time; slots that don't last are in none.
fn spans(group: &[Slot]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (at, slot) in group.iter().enumerate().filter(|(_, slot)| slot.starts < slot.ends) {
        match spans.last_mut() {
            Some(last) if (last.starts, last.ends) == (slot.starts, slot.ends) => {
                last.to = at + 1;
                last.who.add(slot);
            }
            _ => {
                let mut who = Who::default();
                who.add(slot);
                spans.push(Span { starts: slot.starts, ends: slot.ends, from: at, to: at + 1, who });
            }
        }
    }
    spans
}

/// Notes an overlap with others for those slots of a span from which they are elsewhere.
fn raise(group: &[Slot], found: &mut [i32], span: &Span, others: &Who, overlap: i32) {
    let (Some(slots), Some(found)) = (group.get(span.from..span.to), found.get_mut(span.from..span.to)) else { return };
    for (slot, found) in slots.iter().zip(found) {
        if *found < overlap && others.is_elsewhere_from(slot) {
            *found = overlap;
        }
    }
}

fn has_several_rooms(group: &[Slot]) -> bool {
    let mut rooms = Few::None;
    group.iter().filter(|slot| slot.has_room).for_each(|slot| rooms.add(slot.room));
    matches!(rooms, Few::Several)
}

/// Half of a slot's minutes where its neighbour in time is further away than the time between them.
fn travel(group: &[Slot], found: &mut [i32], spans: &[Span], places: &Places) {
    let at: Vec<Option<Place>> = group.iter().map(|slot| places.find(slot)).collect();
    let widest = widest(&at);
    if widest == 0 {
        return;
    }
    let sites: Vec<Vec<Place>> = spans.iter().map(|span| sites(at.get(span.from..span.to).unwrap_or_default())).collect();
    for (index, span) in spans.iter().enumerate() {
        for (other_index, other) in spans.iter().enumerate().skip(index + 1) {
            let gap = i64::from(other.starts) - i64::from(span.ends);
            if gap >= widest {
                break;
            }
            if gap < 0 {
                continue;
            }
            if let (Some(here), Some(there)) = (sites.get(index), sites.get(other_index)) {
                hurry(group, found, span, (&at, there), gap);
                hurry(group, found, other, (&at, here), gap);
            }
        }
    }
}

/// Gives half of its minutes to each slot of a span that has none yet and is too far from one of the sites.
fn hurry(group: &[Slot], found: &mut [i32], span: &Span, (at, others): (&[Option<Place>], &[Place]), gap: i64) {
    for index in span.from..span.to {
        let (Some(slot), Some(found), Some(Some(here))) = (group.get(index), found.get_mut(index), at.get(index)) else { continue };
        if *found == 0 && others.iter().any(|there| there.site != here.site && gap < minutes_between(here, there)) {
            *found = held(slot.minutes() / 2);
        }
    }
}

/// The distinct sites of a span's slots.
fn sites(places: &[Option<Place>]) -> Vec<Place> {
    let mut sites: Vec<Place> = places.iter().flatten().map(|place| Place { room: 0, ..*place }).collect();
    sites.sort_unstable();
    sites.dedup();
    sites
}

/// The least time in which one can get from any of the places to any other.
fn widest(places: &[Option<Place>]) -> i64 {
    let known = || places.iter().flatten();
    let bounds = |pick: fn(&Place) -> i64| Some((known().map(pick).min()?, known().map(pick).max()?));
    let (Some(x), Some(y)) = (bounds(|place| place.x), bounds(|place| place.y)) else { return 0 };
    let corner = |x, y| Place { room: 0, site: 0, x, y };
    minutes_between(&corner(x.0, y.0), &corner(x.1, y.1))
}

/// The least k with (500·k)² ≥ dx² + dy².
pub fn minutes_between(a: &Place, b: &Place) -> i64 {
    let square = |a: i64, b: i64| u128::from(a.abs_diff(b)).pow(2);
    // Each square is below 2¹²⁸; places on opposite ends of the number line are as far as can be said.
    let Some(squares) = square(a.x, b.x).checked_add(square(a.y, b.y)) else { return i64::MAX };
    let root = squares.isqrt();
    let metres = if root * root < squares { root + 1 } else { root };
    let step = METRES_A_MINUTE.unsigned_abs();
    i64::try_from(metres.div_ceil(step)).unwrap_or(i64::MAX)
}
