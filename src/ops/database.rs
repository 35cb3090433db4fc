//! Where an office's state is: an SQLite file in its folder, or a PostgreSQL database that several instances share.

use super::office::{read_text, write_secret};
use crate::canon::{Refusal, Result};
use std::path::Path;

/// The SQLite file.
pub const FILE: &str = "mingchou.db";
/// Where the address of another database is kept; it may hold a password.
const URL: &str = "keys/database.url";
/// Names the address instead, for an operator who keeps secrets elsewhere.
const VARIABLE: &str = "MINGCHOU_DATABASE";

/// The address of a folder's database.
pub fn url_of(folder: &Path) -> Result<String> {
    if let Some(url) = std::env::var(VARIABLE).ok().filter(|url| !url.is_empty()) {
        return check(&url).map(|()| url);
    }
    match folder.join(URL) {
        path if path.is_file() => {
            let url = read_text(&path)?.trim().to_owned();
            check(&url).map(|()| url)
        }
        _ => Ok(url_of_file(folder)),
    }
}

/// The address of the file in a folder.
pub fn url_of_file(folder: &Path) -> String {
    format!("sqlite://{}?mode=rwc", folder.join(FILE).display())
}

/// Refuses while the environment names the database: what is written down in the folder would not count.
pub fn refuse_variable() -> Result<()> {
    if std::env::var(VARIABLE).is_ok_and(|url| !url.is_empty()) { Err(Refusal::new("database_variable").with("name", VARIABLE)) } else { Ok(()) }
}

/// Writes down that a folder's state is in its own file again.
pub fn unset_url(folder: &Path) -> Result<()> {
    let path = folder.join(URL);
    if path.is_file() { std::fs::remove_file(&path).map_err(|error| super::office::file_failed(&path, &error)) } else { Ok(()) }
}

/// Writes down that a folder's state is in another database.
pub fn set_url(folder: &Path, url: &str) -> Result<()> {
    check(url)?;
    write_secret(&folder.join(URL), format!("{url}\n").as_bytes())
}

/// Whether a folder was begun: an SQLite file is there, or another database is named.
pub fn is_made(folder: &Path, url: &str) -> bool {
    !url.starts_with("sqlite:") && folder.join("keys/log.key").is_file() || folder.join(FILE).is_file()
}

/// The address itself isn't repeated in a refusal: it may hold a password.
pub(super) fn check(url: &str) -> Result<()> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") { Ok(()) } else { Err(Refusal::new("database_url")) }
}
