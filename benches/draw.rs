//! A frame of 500 000 units in 2 800 strata: drawn, and verified from its files. Prints the smallest, middle and largest
//! of several runs and the peak of memory; `scripts/bench` sets a named peer beside it.

use mingchou::bundle::{Files, Options, verify};
use mingchou::canon::json::to_record;
use mingchou::canon::{Code, Date, DrawKind, Hash, NamedDraw, Secret, TaggedHash, Text, Time, Week};
use mingchou::draw::plan::{FrameDigest, Model, Teams};
use mingchou::draw::rng::Rng;
use mingchou::draw::{Ceremony, DrawPlan, Frame, InspectorRoster, PROTOCOL, Unit, allocate, commitment, run, seed};
use std::time::{Duration, Instant};

const UNITS: u64 = 500_000;
const STRATA: u64 = 2_800;
/// Three in each stratum.
const VISITS: u64 = 8_400;

fn main() -> mingchou::canon::Result<()> {
    // Cargo passes options of its own (`--bench`); a number says how many runs.
    let runs = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(7);
    let (plan, frame, roster, files, drawn_seed) = build()?;
    println!("units {UNITS}, strata {STRATA}, visits {VISITS}, teams {}", plan.teams.count);
    timed("draw", runs, || assert_eq!(run(&plan, &frame, &roster, drawn_seed).assignments.len() as u64, VISITS));
    let options = Options { without_log: true, ..Options::default() };
    timed("root", runs, || assert_eq!(frame.root(&Secret([1; 32])), plan.frame.root));
    timed("verify", runs, || assert!(verify(&files, &options).ok()));
    if let Some(line) = std::fs::read_to_string("/proc/self/status").ok().as_deref().and_then(|s| s.lines().find(|l| l.starts_with("VmHWM"))) {
        println!("peak memory {}", line.trim_start_matches("VmHWM:").trim());
    }
    // What the peer needs: sizes and strata, one unit a line.
    if let Ok(path) = std::env::var("MINGCHOU_BENCH_FRAME") {
        let lines: String = frame.units().iter().map(|unit| format!("{} {}\n", &unit.stratum.as_str()[1..], unit.size)).collect();
        std::fs::write(path, lines).map_err(|error| mingchou::canon::Refusal::new("file_failed").with("reason", error))?;
    }
    Ok(())
}

fn timed(what: &str, runs: usize, mut work: impl FnMut()) {
    let mut times: Vec<Duration> = (0..runs.max(1))
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    let show = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1000.0);
    println!("{what} ms min {} median {} max {}", show(times[0]), show(times[times.len() / 2]), show(times[times.len() - 1]));
}

type Built = (DrawPlan, Frame, InspectorRoster, Files, Hash);

fn build() -> mingchou::canon::Result<Built> {
    let mut rng = Rng::new(Hash([3; 32]));
    let mut units = Vec::new();
    for number in 0..UNITS {
        let (unit, stratum) = (format!("410802-2026-{number:06}"), format!("s{:04}", rng.below(STRATA)));
        let size = 100 + rng.below(2_000);
        units.push(Unit { unit: Code::parse(&unit)?, stratum: Code::parse(&stratum)?, size, certain: false, facts: Hash([5; 32]) });
    }
    let frame = Frame::new(units)?;
    let people = |letter: char, count: u32| (0..count).map(|n| Code::parse(&format!("{letter}{n:03}"))).collect::<mingchou::canon::Result<Vec<_>>>();
    let teams = Teams { bureau_per_team: 2, count: 100, discipline_per_team: 1 };
    let roster = InspectorRoster { bureau: people('B', 220)?, discipline: people('D', 110)?, recusals: Vec::new() };
    let key = Secret([1; 32]);
    let parties = vec![Code::parse("bureau")?, Code::parse("discipline")?];
    let entropy = NamedDraw { after: Time::parse("2026-11-28T21:15:00+08:00")?, draw: "2026137".into(), source: "ssq".into() };
    let plan = DrawPlan {
        attempt: 1,
        certain_limit: 0,
        entropy,
        frame: FrameDigest { root: frame.root(&key), units: UNITS },
        frozen_at: Time::parse("2026-11-27T18:00:00+08:00")?,
        kind: DrawKind::Weekly,
        min_per_stratum: 1,
        model: Model { name: Code::parse("scorecard-2026.1")?, sha256: Hash([2; 32]) },
        parties: parties.clone(),
        period: Week::parse("2026-W49")?,
        protocol: PROTOCOL.to_owned(),
        reporting: Vec::new(),
        reserves_per_stratum: 2,
        roster: Hash::of(&to_record(&roster)),
        strata: allocate(&frame, VISITS, 1)?,
        teams,
        title: Text::parse("全国规模的合成名单")?,
        visits: VISITS,
        window: (Date::parse("2026-11-30")?, Date::parse("2026-12-06")?),
    };
    let hash = plan.hash();
    let nonces: Vec<Secret> = parties.iter().map(|party| Secret(TaggedHash::new("bench").lp(party.as_str().as_bytes()).end().0)).collect();
    let text = "ssq/2026137/03 08 11 19 24 31+12";
    let ceremony = Ceremony {
        commitments: parties.iter().zip(&nonces).map(|(party, nonce)| (party.clone(), commitment(&hash, party, nonce))).collect(),
        entropy: text.to_owned(),
        nonces: parties.iter().cloned().zip(nonces.iter().map(|nonce| Hash(nonce.0))).collect(),
    };
    let drawn_seed = seed(&hash, &nonces, text);
    let files = [
        ("ceremony.json", to_record(&ceremony)),
        ("frame.jsonl", frame.to_bytes()),
        ("frame.key", key.to_hex().into_bytes()),
        ("plan.json", to_record(&plan)),
        ("roster.json", to_record(&roster)),
        ("transcript.json", to_record(&run(&plan, &frame, &roster, drawn_seed))),
    ];
    Ok((plan, frame, roster, files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect(), drawn_seed))
}
