//! Honest draws of every shape, from a number: strata, certainty units, recusals, ties, powers of two, every source.

use mingchou::bundle::Files;
use mingchou::canon::json::to_record;
use mingchou::canon::{Code, DrawKind, Hash, NamedDraw, Secret, TaggedHash, Text, Time, Week};
use mingchou::draw::plan::{FrameDigest, Model, Reporting, Teams};
use mingchou::draw::rng::Rng;
use mingchou::draw::{Ceremony, DrawPlan, Frame, InspectorRoster, PROTOCOL, Unit, allocate, commitment, run, seed};

/// A source of test chances: the draw's own generator under a key of the case.
pub struct Chance(Rng);

impl Chance {
    pub fn new(what: &str, case: u64) -> Self {
        Self(Rng::new(TaggedHash::new("test").lp(what.as_bytes()).lp(&case.to_be_bytes()).end()))
    }

    pub fn up_to(&mut self, most: u64) -> u64 {
        self.0.below(most + 1)
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.0.below(n) == 0
    }

    fn hash(&mut self) -> Hash {
        TaggedHash::new("test").lp(&self.0.below(u64::MAX).to_be_bytes()).end()
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let at = self.0.below(list.len() as u64);
        &list[usize::try_from(at).expect("small")]
    }
}

fn code(text: &str) -> Code {
    Code::parse(text).expect("a code")
}

fn time(text: &str) -> Time {
    Time::parse(text).expect("a time")
}

/// An honest draw without a log; the same case gives the same bytes.
pub fn random_draw(case: u64) -> Files {
    let mut chance = Chance::new("random draw", case);
    loop {
        if let Some(files) = try_draw(&mut chance) {
            return files;
        }
    }
}

fn try_draw(chance: &mut Chance) -> Option<Files> {
    let frame = Frame::new(units(chance)).ok()?;
    let strata = frame.strata().len() as u64;
    let certain = frame.certain_count();
    let visits = (strata + certain * 2 + chance.up_to(frame.units().len() as u64)).max(1);
    finish(chance, frame, visits)
}

/// Units of a few strata; codes that sort otherwise by eye than by bytes; sizes alike, far apart, or powers of two.
fn units(chance: &mut Chance) -> Vec<Unit> {
    let strata: Vec<String> = (0..=chance.up_to(7))
        .map(|n| chance.pick(&["410802", "410802-a", "A", "a", "Z.9", "z_0", "4108", "9"]).to_string() + &n.to_string())
        .collect();
    let count = if chance.one_in(20) { 1 } else { 1 + chance.up_to(60) };
    let shape = chance.up_to(4);
    let mut units = Vec::new();
    for number in 0..count {
        let size = match shape {
            0 => 100,
            1 => 1 + chance.up_to(999_999),
            2 => 1 << chance.up_to(19),
            3 => 1 + chance.up_to(3),
            _ => *chance.pick(&[1, 1_000_000, 500_000]),
        };
        let stratum = chance.pick(&strata).clone();
        let is_certain = chance.one_in(25);
        let unit = format!("{}{}{number}", chance.pick(&["u", "U", "410802-2026-", "x."]), if number % 3 == 0 { "" } else { "0" });
        units.push(Unit { unit: code(&unit), stratum: code(&stratum), size, certain: is_certain, facts: chance.hash() });
    }
    units.sort_by(|a, b| a.unit.cmp(&b.unit));
    units.dedup_by(|a, b| a.unit == b.unit);
    units
}

/// Roster, plan, ceremony and transcript around a frame; nothing where they break a rule.
fn finish(chance: &mut Chance, frame: Frame, visits: u64) -> Option<Files> {
    let (count, bureau, discipline) = (1 + chance.up_to(5), 1 + chance.up_to(2), chance.up_to(2));
    let people = |letter: &str, count: u64| (1..=count).map(|n| code(&format!("{letter}{n:02}"))).collect::<Vec<_>>();
    let bureau_people = people("B", count * bureau + chance.up_to(4));
    let discipline_people = people("D", count * discipline + chance.up_to(3));
    let mut recusals = Vec::new();
    for _ in 0..if chance.one_in(3) { 0 } else { chance.up_to(40) } {
        let everyone: Vec<Code> = bureau_people.iter().chain(&discipline_people).cloned().collect();
        recusals.push((chance.pick(&everyone).clone(), chance.pick(frame.units()).unit.clone()));
    }
    recusals.sort();
    recusals.dedup();
    let roster = InspectorRoster { bureau: bureau_people, discipline: discipline_people, recusals };
    let frame_key = Secret(chance.hash().0);
    let (entropy, text) = public_value(chance);
    // A real round of drand's is of its own time; every other draw is of 2026.
    let is_drand = entropy.source == "drand";
    let (period, frozen_at) = if is_drand { ("2023-W38", "2023-09-15T17:30:00+08:00") } else { ("2026-W49", "2026-11-27T18:00:00+08:00") };
    let period = Week::parse(period).expect("a week");
    let is_special = is_drand || chance.one_in(4);
    let parties: &[&str] =
        if is_special { chance.pick::<&[&str]>(&[&["bureau"], &["Notary", "bureau", "province"]]) } else { &["bureau", "discipline"] };
    let attempt = if chance.one_in(5) { 2 + chance.up_to(3) } else { 1 };
    let min_per_stratum = chance.up_to(2);
    let plan = DrawPlan {
        attempt,
        certain_limit: visits / 2,
        entropy,
        frame: FrameDigest { root: frame.root(&frame_key), units: frame.units().len() as u64 },
        frozen_at: time(frozen_at),
        kind: if is_special { DrawKind::Special(u16::try_from(1 + chance.up_to(9998)).expect("small")) } else { DrawKind::Weekly },
        min_per_stratum,
        model: Model { name: code("scorecard-2026.1"), sha256: chance.hash() },
        parties: parties.iter().map(|party| code(party)).collect(),
        period,
        protocol: PROTOCOL.to_owned(),
        reporting: (0..chance.up_to(3))
            .map(|n| Reporting { county: code(&format!("41080{n}")), submission: chance.one_in(2).then(|| chance.hash()) })
            .collect(),
        reserves_per_stratum: chance.up_to(3),
        roster: Hash::of(&to_record(&roster)),
        strata: allocate(&frame, visits, min_per_stratum).ok()?,
        teams: Teams { bureau_per_team: bureau, count, discipline_per_team: discipline },
        title: Text::parse(chance.pick::<&str>(&[
            "焦作市2026年第49周补贴性职业培训随机抽查",
            "Draw \"A\\B\" / 7",
            "专项抽查（“线索”·第一批）——演示",
        ]))
        .expect("a text"),
        visits,
        window: if is_special { (period.monday().plus_days(2), period.monday().plus_days(32)) } else { (period.monday(), period.sunday()) },
    };
    plan.check().ok()?;
    plan.check_against(&frame, &frame_key, &roster).ok()?;
    let hash = plan.hash();
    let nonces: Vec<Secret> = plan.parties.iter().map(|_| Secret(chance.hash().0)).collect();
    let pairs = || plan.parties.iter().zip(&nonces);
    let ceremony = Ceremony {
        commitments: pairs().map(|(party, nonce)| (party.clone(), commitment(&hash, party, nonce))).collect(),
        entropy: text.clone(),
        nonces: pairs().map(|(party, nonce)| (party.clone(), Hash(nonce.0))).collect(),
    };
    let transcript = run(&plan, &frame, &roster, seed(&hash, &nonces, &text));
    let files = [
        ("ceremony.json", to_record(&ceremony)),
        ("frame.jsonl", frame.to_bytes()),
        ("frame.key", frame_key.to_hex().into_bytes()),
        ("plan.json", to_record(&plan)),
        ("roster.json", to_record(&roster)),
        ("transcript.json", to_record(&transcript)),
    ];
    Some(files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect())
}

/// A public value of any source, and its text. drand's is a real round (its signature is checked where it can be).
fn public_value(chance: &mut Chance) -> (NamedDraw, String) {
    let mut numbers = |count: u64, highest: u64| {
        let mut all: Vec<u64> = (1..=highest).collect();
        chance.0.shuffle(&mut all);
        all.truncate(usize::try_from(count).expect("small"));
        all.sort_unstable();
        all.iter().map(|n| format!("{n:02}")).collect::<Vec<_>>().join(" ")
    };
    let (source, draw, value) = match numbers(1, 5).as_str() {
        "01" => ("kl8", "2026316".to_owned(), numbers(20, 80)),
        "02" => ("ssq", "2027001".to_owned(), format!("{}+{}", numbers(6, 33), numbers(1, 16))),
        "03" => ("dlt", "26138".to_owned(), format!("{}+{}", numbers(5, 35), numbers(2, 12))),
        "04" => {
            // Round 657413 of quicknet, as the vector `special` has it.
            let signature = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b";
            let named = NamedDraw { after: time("2023-09-15T19:00:00+08:00"), draw: "657413".to_owned(), source: "drand".to_owned() };
            return (named, format!("drand/657413/{signature}"));
        }
        _ => ("dice", "Set-7.b".to_owned(), numbers(30, 80).replace(' ', "")),
    };
    let text = format!("{source}/{draw}/{value}");
    (NamedDraw { after: time("2026-11-28T21:30:00+08:00"), draw, source: source.to_owned() }, text)
}

/// 96 000 units of the greatest size, so that products pass 2^53.
pub fn large_draw() -> Files {
    let mut chance = Chance::new("large draw", 0);
    let unit = |n: u64| Unit {
        unit: code(&format!("u{n:06}")),
        stratum: code(if n % 7 < 3 { "east" } else { "west" }),
        size: 1_000_000 - n % 5,
        certain: false,
        facts: Hash([7; 32]),
    };
    let frame = Frame::new((0..96_000).map(unit).collect()).expect("a frame");
    loop {
        if let Some(files) = finish(&mut chance, frame.clone(), 50_000) {
            return files;
        }
    }
}
