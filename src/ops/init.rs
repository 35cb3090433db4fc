//! Makes a data folder: database, log key, calendar, model, reporting units.

use super::office::{Chance, Clock, DEMONSTRATION, ORIGIN, write_secret, write_whole};
use crate::canon::{Refusal, Result};
use crate::domain::ReportingUnit;
use crate::store::{self, Store};
use std::fs;
use std::path::Path;

/// What a new folder begins with; an operator may put other files in their place later.
const HOLIDAYS: [(&str, &[u8]); 3] = [
    ("2024.json", include_bytes!("../../data/holidays/2024.json")),
    ("2025.json", include_bytes!("../../data/holidays/2025.json")),
    ("2026.json", include_bytes!("../../data/holidays/2026.json")),
];
pub const REPORTING_UNITS: &[u8] = include_bytes!("../../data/reporting_units.json");

/// Makes the folder. A folder that already is one is left as it is; a folder with other things in it is refused.
///
/// The program's own risk model is proposed, and nobody has approved it. `origin` is the log key's name,
/// for ever; `database` a PostgreSQL database of its own, else the folder holds an SQLite file. If the power fails half-way there is no database with an origin, and the same command begins again.
pub async fn init(folder: &Path, origin: &str, is_demonstration: bool, chance: &Chance, clock: Clock, database: Option<&str>) -> Result<bool> {
    if origin.is_empty() || origin.len() > 200 || !origin.bytes().all(|b| b.is_ascii_graphic() && b != b'+') {
        return Err(Refusal::new("init_origin").with("origin", crate::canon::code::clip(origin)));
    }
    let is_occupied = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if is_occupied && !folder.join(super::database::FILE).is_file() && !folder.join("keys/log.key").is_file() {
        return Err(Refusal::new("init_occupied").with("folder", folder.display()));
    }
    if !folder.join("keys/log.key").is_file() {
        write_secret(&folder.join("keys/log.key"), format!("{}\n", chance.secret()?.to_hex()).as_bytes())?;
        restrict(&folder.join("keys"))?;
    }
    super::vault::make_keys(folder, &Chance::System)?;
    // The database holds what must stay sealed until publication: nobody else on the machine looks in.
    restrict(folder)?;
    for (name, bytes) in HOLIDAYS {
        keep(&folder.join("holidays").join(name), bytes)?;
    }
    if let Some(url) = database {
        super::database::set_url(folder, url)?;
    }
    let store = Store::open(&super::database::url_of(folder)?).await?;
    let mut transaction = store.begin().await?;
    if let Some(known) = store::find_setting(&mut transaction, ORIGIN).await? {
        if known != origin {
            return Err(Refusal::new("init_other_origin").with("expected", known).with("found", origin));
        }
        return Ok(false);
    }
    store::set_setting(&mut transaction, ORIGIN, origin).await?;
    if is_demonstration {
        store::set_setting(&mut transaction, DEMONSTRATION, "yes").await?;
    }
    for (position, unit) in default_units()?.iter().enumerate() {
        store::unit::add_reporting_unit(&mut transaction, position as u64, unit).await?;
    }
    super::model::propose_first(&mut transaction, None, clock.now()).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(true)
}

/// The reporting units a new folder begins with.
pub fn default_units() -> Result<Vec<ReportingUnit>> {
    serde_json::from_slice(REPORTING_UNITS).map_err(|error| Refusal::new("store_failed").with("reason", error))
}

/// The calendar a new folder begins with.
pub fn default_calendar() -> Result<crate::calendar::Calendar> {
    crate::calendar::Calendar::from_tables(&HOLIDAYS)
}

/// Writes a default unless the operator has put a file of that name there.
fn keep(path: &Path, bytes: &[u8]) -> Result<()> {
    if path.exists() { Ok(()) } else { write_whole(path, bytes) }
}

/// Nobody else on the machine may look into the folder of keys.
pub(super) fn restrict(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(|error| super::office::file_failed(folder, &error))?;
    }
    Ok(())
}
