//! P1, P2, P3: teachers and rooms that would have to be in two places, teachers without a qualification, rooms too small.

use super::city::{City, Signal};
use super::classes::index;
use super::days::{monday, week_of_minute};
use super::evidence::{Collected, Evidence, EvidenceRow};
use super::ramps::HEADS;
use super::sweep::{Place, Places, Slot, overlaps, weekly_minutes};
use super::timetable::lessons_by_room;
use crate::canon::Result;
use std::collections::{BTreeMap, BTreeSet};

/// Minutes without a clash added to every class's, so that one clash among three lessons isn't a third: ten 学时.
const SHRINK_MINUTES: i64 = 450;

/// P1, teacher in two places: `ramp(share of minutes whose teacher is elsewhere at that time; 0, .05)` over all
/// timetables. Touching lessons don't overlap; two lessons in one room are one place, and of one class they need two
/// known rooms. Too little time to travel between two sites counts half. Missing without a named teacher. Limit:
/// namesakes are taken for one person.
pub fn p1(city: &City) -> Result<Signal> {
    let slots = city.shared().teaching(city)?;
    let found = overlaps(slots, Some(&places(city)?));
    let sums = sums(city, slots, &found);
    Ok(Signal::of_frame(city.classes(), |class| {
        let sum = sums[class];
        (sum.minutes > 0).then(|| (city.ramp("P1").at(sum.overlap, sum.minutes + SHRINK_MINUTES), sum.hits))
    }))
}

/// What a class's slots come to.
#[derive(Clone, Copy, Default)]
struct Sum {
    minutes: i64,
    overlap: i64,
    /// Slots that overlap.
    hits: i64,
}

fn sums(city: &City, slots: &[Slot], found: &[i32]) -> Vec<Sum> {
    let mut sums = vec![Sum::default(); city.classes().len()];
    for (slot, &overlap) in slots.iter().zip(found) {
        if let Some(sum) = sums.get_mut(index(slot.class)) {
            sum.minutes += slot.minutes();
            sum.overlap += i64::from(overlap);
            sum.hits += i64::from(overlap > 0);
        }
    }
    sums
}

/// Rooms whose site and place are known.
fn places(city: &City) -> Result<Places> {
    let mut places = Vec::new();
    city.tables().read("room", &["room", "site", "x", "y"], |part| {
        let (rooms, sites, x, y) = (part.keys("room")?, part.keys("site")?, part.integers("x")?, part.integers("y")?);
        for (row, &room) in rooms.values.iter().enumerate() {
            if let (Some(site), Some(x), Some(y)) = (sites.get(row), x.get(row), y.get(row)) {
                places.push(Place { room, site, x, y });
            }
        }
        Ok(())
    })?;
    Ok(Places::new(places))
}

/// P2, teacher unqualified or overloaded: 1000 if a teacher of the class is registered as not qualified for its
/// occupation; else `ramp(weekly clock hours over all timetables; 40, 60)` of the teacher of the class who teaches most
/// in an ISO week in which they teach it; an hour taught twice counts once. Missing without a named teacher.
pub fn p2(city: &City) -> Result<Signal> {
    let classes = city.classes();
    let slots = city.shared().teaching(city)?;
    let (loads, unqualified) = (weekly_minutes(slots), unqualified(city)?);
    let mut heaviest: Vec<Option<i64>> = vec![None; classes.len()];
    let mut is_unqualified = vec![false; classes.len()];
    for (slot, &minutes) in slots.iter().zip(&loads) {
        let class = index(slot.class);
        if let Some(most) = heaviest.get_mut(class) {
            *most = (*most).max(Some(i64::from(minutes)));
            is_unqualified[class] |= !unqualified.is_empty() && lacks(&unqualified, slot, classes.occupation[class]);
        }
    }
    Ok(Signal::of_frame(classes, |class| {
        let minutes = heaviest[class]?;
        if is_unqualified[class] {
            return Some((1000, 1));
        }
        Some((city.ramp("P2").at(minutes, 60), minutes.div_euclid(60)))
    }))
}

/// Teachers registered as not qualified, each with the occupation, in order.
fn unqualified(city: &City) -> Result<Vec<(u64, u32)>> {
    let mut rows = Vec::new();
    city.tables().read("teacher", &["teacher", "occupation", "qualified"], |part| {
        let (teachers, occupations, qualified) = (part.keys("teacher")?, part.codes("occupation")?, part.bools("qualified")?);
        for ((&teacher, &occupation), qualified) in teachers.values.iter().zip(occupations.values).zip(qualified) {
            if qualified == Some(false) {
                rows.push((teacher, occupation));
            }
        }
        Ok(())
    })?;
    rows.sort_unstable();
    Ok(rows)
}

fn lacks(unqualified: &[(u64, u32)], slot: &Slot, occupation: Option<u32>) -> bool {
    occupation.is_some_and(|occupation| unqualified.binary_search(&(slot.key, occupation)).is_ok())
}

/// P3, room double-booked or over capacity: `ramp(share of minutes in whose room another class is taught then; 0, .05)`,
/// or `ramp(heads by capacity; 1, 1.5)` of the smallest room where that is more. Missing without a known room.
pub fn p3(city: &City) -> Result<Signal> {
    let slots = lessons_by_room(city)?;
    let sums = sums(city, &slots, &overlaps(&slots, None));
    let (capacities, heads) = (capacities(city, &slots)?, heads(city)?);
    Ok(Signal::of_frame(city.classes(), |class| {
        let sum = sums[class];
        if sum.minutes == 0 {
            return None;
        }
        let shared = city.ramp("P3").at(sum.overlap, sum.minutes + SHRINK_MINUTES);
        let crowd = heads[class].zip(capacities[class]).map(|(heads, capacity)| (city.ramp(HEADS).at(heads, capacity), heads));
        Some(crowd.filter(|(crowded, _)| *crowded > shared).unwrap_or((shared, sum.hits)))
    }))
}

/// The capacity of the smallest room of each class, where known.
fn capacities(city: &City, slots: &[Slot]) -> Result<Vec<Option<i64>>> {
    let mut rooms: BTreeMap<u64, i64> = BTreeMap::new();
    city.tables().read("room", &["room", "capacity"], |part| {
        let (keys, capacities) = (part.keys("room")?, part.integers("capacity")?);
        for (row, &room) in keys.values.iter().enumerate() {
            if let Some(capacity) = capacities.get(row).filter(|&capacity| capacity > 0) {
                rooms.entry(room).and_modify(|known| *known = capacity.min(*known)).or_insert(capacity);
            }
        }
        Ok(())
    })?;
    let mut smallest = vec![None; city.classes().len()];
    for room in slots.chunk_by(|a, b| a.key == b.key) {
        let Some(capacity) = room.first().and_then(|slot| rooms.get(&slot.key)).copied() else { continue };
        for slot in room {
            if let Some(smallest) = smallest.get_mut(index(slot.class)) {
                *smallest = Some(smallest.map_or(capacity, |known: i64| known.min(capacity)));
            }
        }
    }
    Ok(smallest)
}

/// Heads of each class: the rows of its roster, else those who came, else those who were planned for.
fn heads(city: &City) -> Result<Vec<Option<i64>>> {
    let classes = city.classes();
    let mut rows = vec![0i64; classes.len()];
    city.tables().read("roster", &["class"], |part| {
        for &class in part.codes("class")?.values {
            if let Some(rows) = classes.find(class).and_then(|class| rows.get_mut(class)) {
                *rows += 1;
            }
        }
        Ok(())
    })?;
    let known = |(class, rows): (usize, i64)| Some(rows).filter(|&rows| rows > 0).or(classes.actual[class]).or(classes.planned[class]);
    Ok(rows.into_iter().enumerate().map(known).collect())
}

/// P1 and P3: lessons with another that they clash with; P2: the heaviest week.
pub(super) fn evidence(city: &City, id: &str, is_wanted: &dyn Fn(usize) -> bool) -> Result<Evidence> {
    match id {
        "P1" => {
            let slots = city.shared().teaching(city)?;
            let mut found = clashes("teacher_twice", slots, is_wanted);
            hurries(slots, &places(city)?, is_wanted, &mut found);
            Ok(found.finish())
        }
        "P3" => room_rows(city, is_wanted),
        _ => heaviest_weeks(city, is_wanted),
    }
}

/// For each wanted class's slots the first other of the same key that overlaps elsewhere.
fn clashes(what: &'static str, slots: &[Slot], is_wanted: &dyn Fn(usize) -> bool) -> Collected<((i64, i64), u32)> {
    let mut found = Collected::new();
    for group in slots.chunk_by(|a, b| a.key == b.key) {
        for slot in group.iter().filter(|slot| is_wanted(index(slot.class))) {
            let before_end = group.partition_point(|other| other.starts < slot.ends);
            let candidates = group.get(..before_end).unwrap_or_default();
            if let Some(other) = candidates.iter().find(|other| slot.clashes_with(other)) {
                let row = EvidenceRow::span(what, slot.span()).against(other.class, other.span());
                let row = if what == "teacher_twice" { row.by_teacher(slot.key) } else { row };
                found.add(index(slot.class), (slot.span(), other.class), row);
            }
        }
    }
    found
}

/// Wanted slots without a clash whose teacher has too little time to or from another site.
fn hurries(slots: &[Slot], places: &Places, is_wanted: &dyn Fn(usize) -> bool, found: &mut Collected<((i64, i64), u32)>) {
    for group in slots.chunk_by(|a, b| a.key == b.key) {
        let lasting = || group.iter().filter(|slot| slot.minutes() > 0);
        for slot in lasting().filter(|slot| is_wanted(index(slot.class)) && !group.iter().any(|other| slot.clashes_with(other))) {
            let short = |other: &Slot| {
                let (a, b) = (slot.span(), other.span());
                let (gap, needed) = ((b.0 - a.1).max(a.0 - b.1), places.minutes(slot, other)?);
                (0..needed).contains(&gap).then_some((*other, gap, needed))
            };
            if let Some((other, gap, needed)) = lasting().find_map(short) {
                let row = EvidenceRow::span("teacher_rushed", slot.span()).against(other.class, other.span());
                found.add(index(slot.class), (slot.span(), other.class), row.by_teacher(slot.key).number(gap).number(needed));
            }
        }
    }
}

/// P3: more heads than the smallest room holds; and lessons whose room is taken.
fn room_rows(city: &City, is_wanted: &dyn Fn(usize) -> bool) -> Result<Evidence> {
    let slots = lessons_by_room(city)?;
    let mut found = clashes("room_twice", &slots, is_wanted);
    let (capacities, heads) = (capacities(city, &slots)?, heads(city)?);
    for class in city.classes().frame().filter(|&class| is_wanted(class)) {
        if let Some((heads, capacity)) = heads[class].zip(capacities[class]).filter(|(heads, capacity)| heads > capacity) {
            found.add(class, ((i64::MIN, 0), 0), EvidenceRow::of("crowded").number(heads).number(capacity));
        }
    }
    Ok(found.finish())
}

/// P2: the teacher who teaches most, and in which week; before that, who isn't qualified.
fn heaviest_weeks(city: &City, is_wanted: &dyn Fn(usize) -> bool) -> Result<Evidence> {
    let (classes, slots, unqualified) = (city.classes(), city.shared().teaching(city)?, unqualified(city)?);
    let mut found = Collected::new();
    let mut weeks: BTreeMap<usize, (i64, std::cmp::Reverse<(i64, u64)>)> = BTreeMap::new();
    let mut named = BTreeSet::new();
    for (slot, minutes) in slots.iter().zip(weekly_minutes(slots)).filter(|(slot, _)| is_wanted(index(slot.class))) {
        let class = index(slot.class);
        let week = (i64::from(minutes), std::cmp::Reverse((week_of_minute(slot.span().0), slot.key)));
        let heaviest = weeks.entry(class).or_insert(week);
        *heaviest = week.max(*heaviest);
        if lacks(&unqualified, slot, classes.occupation[class]) && named.insert((class, slot.key)) {
            found.add(class, (0, slot.key), EvidenceRow::of("unqualified").by_teacher(slot.key));
        }
    }
    for (class, (minutes, std::cmp::Reverse((week, teacher)))) in weeks {
        let day = i32::try_from(monday(week)).unwrap_or_default();
        found.add(class, (1, teacher), EvidenceRow::on("teacher_week", day).number(minutes.div_euclid(60)).by_teacher(teacher));
    }
    Ok(found.finish())
}
