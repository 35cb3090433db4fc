//! All signals of a set of tables: read and computed, with the time and the peak of memory; the check of the files' hashes
//! is timed apart. `scripts/bench signals` sets DuckDB and polars beside it and compares every value.
//! usage: signals FACTS [OUT.csv]; `MINGCHOU_BENCH_PARTS=1` tells what each signal takes

use mingchou::canon::{Refusal, Result};
use mingchou::facts::sets::FactSet;
use mingchou::scoring::city::SIGNALS;
use mingchou::scoring::{City, Signal, Tables, side_by_side, signal};
use std::fmt::Write;
use std::time::Instant;

fn main() -> Result<()> {
    // Cargo passes options of its own (`--bench`).
    let named: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let Some(folder) = named.first() else {
        println!("signals: no set named, nothing measured");
        return Ok(());
    };
    let start = Instant::now();
    let set = FactSet::open(folder.as_ref())?;
    let hashed = start.elapsed().as_secs_f64();
    let (start, before) = (Instant::now(), processor_seconds());
    let mut tables = Tables::new(set.list.frozen_at);
    for (name, rows) in set.scan()? {
        tables.add(&name, rows)?;
    }
    let city = City::new(&tables)?;
    let found = compute(&city)?;
    let (seconds, classes) = (start.elapsed().as_secs_f64(), city.classes().frame().count());
    let (burnt, peak) = (processor_seconds() - before, peak_kib() / 1024);
    println!(
        r#"{{"engine": "mingchou", "classes": {classes}, "seconds": {seconds:.3}, "cpu": {burnt:.3}, "peak_mib": {peak}, "hashing": {hashed:.3}}}"#
    );
    if let Some(path) = named.get(1) {
        std::fs::write(path, table(&city, &found)).map_err(|error| Refusal::new("file_failed").with("file", path).with("reason", error))?;
    }
    Ok(())
}

/// Every signal, side by side as scoring asks for them.
fn compute(city: &City) -> Result<Vec<(&'static str, Signal)>> {
    if std::env::var_os("MINGCHOU_BENCH_PARTS").is_some() {
        return Ok(one_by_one(city));
    }
    Ok(SIGNALS.into_iter().zip(side_by_side(city, &SIGNALS)?).collect())
}

/// Every signal in turn, to see what takes long; one that can't be computed is told and left out.
fn one_by_one(city: &City) -> Vec<(&'static str, Signal)> {
    let mut found = Vec::new();
    for id in SIGNALS {
        let start = Instant::now();
        match signal(city, id) {
            Ok(values) => found.push((id, values)),
            Err(refusal) => eprintln!("{id}: {refusal:?}"),
        }
        println!("  {id:<12} {:8.3} s", start.elapsed().as_secs_f64());
    }
    found
}

/// class, T1, T1_n, …: one line per class of the frame, nothing where the value is missing.
fn table(city: &City, found: &[(&str, Signal)]) -> String {
    let mut text = "class".to_owned();
    for (id, _) in found {
        let _ = write!(text, ",{id},{id}_n");
    }
    for class in city.classes().frame() {
        let _ = write!(text, "\n{class}");
        for (_, values) in found {
            let _ = match (values.permille.get(class).copied().flatten(), values.n.get(class)) {
                (Some(permille), Some(n)) => write!(text, ",{permille},{n}"),
                _ => write!(text, ",,"),
            };
        }
    }
    text + "\n"
}

/// The most memory this process held, as Linux tells it.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// What this process and its threads took of the processors, in steps of 1/100 s.
fn processor_seconds() -> f64 {
    let status = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is a name that may hold spaces; user and system time are the fourteenth and fifteenth.
    let fields = status.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}
