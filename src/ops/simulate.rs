//! Writes a simulated country as a set of tables, and the truth about it beside them.

use super::init::default_calendar;
use crate::canon::{Hash, Refusal, Result, Week};
use crate::facts::sets::{SCHEMA, SetFile, SetList};
use crate::facts::sets_write::SetWriter;
use crate::simulate::World;
use crate::simulate::rows::{Column as Rows, Columns};
use polars::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use crate::simulate::{Scale, Setting, Tally};

/// The week at whose end simulated lists are frozen: the calendar's tables reach over the two years before it.
pub const WEEK: &str = "2026-W48";
/// Where the truth lies, which scoring never opens.
pub const TRUTH: (&str, &str) = ("truth", "truth.parquet");

/// What was written.
#[derive(Debug)]
pub struct Simulated {
    pub list: SetList,
    pub truth: Hash,
    /// Of each pattern, how often it was planted.
    pub tallies: Vec<Tally>,
}

/// The setting of a seed at a scale.
pub fn setting(seed: u64, scale: Scale, weeks: u32, classes: Option<u32>) -> Result<Setting> {
    Ok(Setting { seed, scale, classes, weeks, week: Week::parse(WEEK)? })
}

/// Makes the world of a setting with the calendar that this program is shipped with.
pub fn world(setting: Setting) -> Result<World> {
    World::new(setting, default_calendar()?)
}

/// Writes the set into an empty folder. If it stops half-way there is no `facts.json`: the folder may be deleted.
pub fn simulate(setting: Setting, dir: &Path) -> Result<Simulated> {
    let writer = SetWriter::new(dir)?;
    let world = world(setting)?;
    let files = write_parts(&world, &writer)?;
    let mut tables: BTreeMap<String, Vec<SetFile>> = BTreeMap::new();
    for (part, file) in world.parts().iter().zip(files) {
        tables.entry(part.table.to_owned()).or_default().push(file);
    }
    let truth = writer.write_apart(TRUTH.0, TRUTH.1, &mut to_frame(world.truth())?)?;
    let list = SetList {
        schema: SCHEMA,
        seed: setting.seed,
        scale: setting.scale.name().to_owned(),
        weeks: u64::from(setting.weeks),
        frozen_at: world.frozen_at(),
        synthetic: true,
        tables,
    };
    writer.finish(&list)?;
    Ok(Simulated { list, truth, tallies: world.tallies() })
}

/// All parts, on as many threads as there are cores; the files come back in the order of the parts.
fn write_parts(world: &World, writer: &SetWriter) -> Result<Vec<SetFile>> {
    let parts = world.parts();
    let next = AtomicUsize::new(0);
    let written: Mutex<Vec<(usize, Result<SetFile>)>> = Mutex::new(Vec::with_capacity(parts.len()));
    let work = || {
        while let Some((index, part)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|index| Some((index, parts.get(index)?))) {
            let file = to_frame(world.rows_of(part)).and_then(|mut frame| writer.write(part.table, part.number, &mut frame));
            let Ok(mut written) = written.lock() else { return };
            written.push((index, file));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let mut written = written.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    written.sort_by_key(|(index, _)| *index);
    written.into_iter().map(|(_, file)| file).collect()
}

/// Plain vectors as a frame of the same names and order.
pub fn to_frame(columns: Columns) -> Result<DataFrame> {
    let height = columns.first().map_or(0, |(_, rows)| rows.len());
    let columns: PolarsResult<Vec<Column>> = columns.into_iter().map(|(name, rows)| to_column(name, rows)).collect();
    columns.and_then(|columns| DataFrame::new(height, columns)).map_err(|error| Refusal::new("simulate_failed").with("reason", error))
}

fn to_column(name: &str, rows: Rows) -> PolarsResult<Column> {
    let name: PlSmallStr = name.into();
    Ok(match rows {
        Rows::Text(rows) => Column::new(name, rows),
        Rows::Code(rows) => ChunkedArray::<UInt32Type>::from_vec(name, rows).into_column(),
        Rows::Key(rows) => ChunkedArray::<UInt64Type>::from_vec(name, rows).into_column(),
        Rows::Number(rows) => ChunkedArray::<Int64Type>::from_vec(name, rows).into_column(),
        Rows::MaybeCode(rows) => Column::new(name, rows),
        Rows::MaybeKey(rows) => Column::new(name, rows),
        Rows::MaybeNumber(rows) => Column::new(name, rows),
        Rows::Day(rows) => Column::new(name, rows).cast(&DataType::Date)?,
        Rows::MaybeDay(rows) => Column::new(name, rows).cast(&DataType::Date)?,
        Rows::Bool(rows) => Column::new(name, rows),
        Rows::MaybeBool(rows) => Column::new(name, rows),
    })
}
