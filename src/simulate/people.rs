//! Who sits in a class: mostly people of its own, some who trained before, and those who are planted.

use super::dice::{Dice, KeyKind, Purpose, scramble};
use super::patterns::Pattern;
use super::rows::Day;
use super::world::{NOBODY, World, chance};

/// People reserved for each class: person = class · 64 + place.
const BLOCK: u64 = 64;
/// Permille of places taken by someone who trained half a year ago or earlier.
const RETURNING: u64 = 50;
const RETURNING_DAYS: Day = 180;

/// The people of a class by place, 0 first: lent by the class of the overlap, lent by that of the rotation, then its own and
/// those who come back.
pub(super) struct People {
    /// Person numbers, the same ones everywhere the person goes.
    pub persons: Vec<u64>,
    /// Of them, how many at the beginning are lent by other classes.
    pub lent: usize,
}

pub(super) fn people_of(world: &World, number: u32) -> People {
    let class = world.class(number);
    let size = class.actual as usize;
    let mut dice = world.dice(Purpose::Roster, number);
    let rotation = lent_by(world, class.rotation, size, dice.between(550, 700));
    let most = if rotation > 0 { 150 } else { 250 };
    let overlap = lent_by(world, class.overlap, size, dice.between(100, most));
    let mut persons = Vec::with_capacity(size);
    persons.extend((0..overlap).map(|place| last_of(world, class.overlap, place)));
    persons.extend((0..rotation).map(|place| last_of(world, class.rotation, place)));
    let lent = persons.len();
    let earlier = earlier_classes(world, number);
    persons.extend((lent..size).map(|place| native_or_returning(world, number, place as u64, &earlier)));
    People { persons, lent }
}

/// How many people another class lends: a share of the smaller of the two.
fn lent_by(world: &World, other: u32, size: usize, permille: i64) -> usize {
    if other == NOBODY {
        return 0;
    }
    let smaller = size.min(world.class(other).actual as usize);
    smaller * usize::try_from(permille).unwrap_or(0) / 1000
}

/// People of a class from its last place backwards: those are its own, never lent to it.
fn last_of(world: &World, other: u32, place: usize) -> u64 {
    let size = u64::from(world.class(other).actual);
    u64::from(other) * BLOCK + size.saturating_sub(1).saturating_sub(place as u64)
}

/// Classes of the county that opened half a year before, by number.
fn earlier_classes(world: &World, number: u32) -> std::ops::Range<u32> {
    let class = world.class(number);
    let county = &world.counties[class.county as usize];
    let past = &world.classes[county.classes.start as usize..(county.frame as usize).min(world.classes.len())];
    let count = past.partition_point(|past| past.opens <= class.opens - RETURNING_DAYS);
    county.classes.start..county.classes.start + u32::try_from(count).unwrap_or(0)
}

fn native_or_returning(world: &World, number: u32, place: u64, earlier: &std::ops::Range<u32>) -> u64 {
    let native = u64::from(number) * BLOCK + place;
    if chance(1, native) >= RETURNING || earlier.is_empty() {
        return native;
    }
    let word = scramble(native);
    let other = earlier.start + u32::try_from(word % u64::from(earlier.end - earlier.start)).unwrap_or(0);
    let (class, before) = (world.class(number), world.class(other));
    if (class.occupation, class.level) == (before.occupation, before.level) {
        return native;
    }
    // The later half of the other's places: its own people.
    last_of(world, other, ((word >> 32) % u64::from(before.actual / 2).max(1)) as usize)
}

/// Whether a person of this place has the class as their first: then older payments are told here and nowhere else.
pub(super) fn is_native(number: u32, person: u64) -> bool {
    person / BLOCK == u64::from(number)
}

/// A person's keys, the same in every roster.
pub(super) fn person_key(world: &World, person: u64) -> u64 {
    world.seed.key(KeyKind::Person, person)
}

/// Permille of people without a known telephone, account, address; and of those who live with the one before them.
const UNKNOWN: [u64; 3] = [20, 180, 50];
const TOGETHER: u64 = 40;

pub(super) struct Contact {
    pub phone: Option<u64>,
    pub account: Option<u64>,
    pub address: Option<u64>,
}

pub(super) fn contact_of(world: &World, person: u64) -> Contact {
    let known = |which: usize, kind: KeyKind, number: u64| (chance(2 + which as u64, person) >= UNKNOWN[which]).then(|| world.seed.key(kind, number));
    // Two of a family at most: the one before lives by themselves.
    let with_the_one_before = person % 2 == 1 && chance(9, person) < TOGETHER;
    let home = if with_the_one_before { person - 1 } else { person };
    Contact { phone: known(0, KeyKind::Phone, person), account: known(1, KeyKind::Account, person), address: known(2, KeyKind::Address, home) }
}

/// What is odd about the contacts of a class: how many places share a telephone or an account, and which live together.
pub(super) struct Sharing {
    pub kind: KeyKind,
    pub places: u64,
    /// People to a telephone.
    pub group: u64,
    pub dormitory: u64,
}

/// Permille of classes whose head gave their own telephone for a few; of classes in one dormitory without one employer.
const HEAD_TELEPHONE: u64 = 6;
const DORMITORY: u64 = 15;

pub(super) fn sharing_of(world: &World, number: u32, dice: &mut Dice) -> Sharing {
    let class = world.class(number);
    let size = u64::from(class.actual);
    let share = |permille: i64| size * permille.unsigned_abs() / 1000;
    let (kind, places, group) = if class.planted.has(Pattern::SharedPhones) {
        let kind = if dice.permille(700) { KeyKind::SharedPhone } else { KeyKind::SharedAccount };
        (kind, share(dice.between(250, 700)), dice.between(3, 8).unsigned_abs())
    } else if dice.permille(HEAD_TELEPHONE) {
        (KeyKind::SharedPhone, 4, 4)
    } else {
        (KeyKind::SharedPhone, 0, 1)
    };
    let dormitory = if class.one_employer || dice.permille(DORMITORY) { share(dice.between(400, 800)) } else { 0 };
    Sharing { kind, places, group, dormitory }
}

impl Sharing {
    /// Puts the class's shared keys over a person's own.
    pub fn apply(&self, world: &World, number: u32, place: u64, contact: &mut Contact) {
        // A last group too small to be one keeps to the group before.
        let group = (place / self.group).min((self.places / self.group).saturating_sub(1));
        let key = world.seed.key(self.kind, u64::from(number) * BLOCK + group);
        if place < self.places && self.kind == KeyKind::SharedPhone {
            contact.phone = Some(key);
        } else if place < self.places {
            contact.account = Some(key);
        }
        // From the other end, so that telephones and dormitories aren't the same people.
        let size = u64::from(world.class(number).actual);
        if size - place <= self.dormitory {
            contact.address = Some(world.seed.key(KeyKind::Dormitory, u64::from(number)));
        }
    }
}
