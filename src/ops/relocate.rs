//! Moves an office's state to another database: from the folder's file to PostgreSQL, or back.

use super::backup::{Held, Tally, held};
use super::office::{ORIGIN, read_log_key};
use crate::canon::{Refusal, Result};
use crate::store::copy::{self, Table};
use crate::store::{self, Store};
use sqlx::AnyConnection;
use std::path::Path;

/// What was copied.
#[derive(Debug)]
pub struct Relocated {
    pub tables: usize,
    pub rows: u64,
    pub leaves: u64,
}

/// Copies all tables into an empty database, holds the copy against what was there, and only then writes down that it
/// counts from now on. `to` names a PostgreSQL database; none: the file in the folder.
///
/// The old database is left as it is; a person puts it away. Whoever serves the old one must have been stopped: while this
/// runs nobody can write there, but afterwards such a process would go on as if nothing had happened. If the power fails
/// before the copy's commit the new database is empty; after it, the old one still counts, and the copy is thrown away.
pub async fn relocate(folder: &Path, to: Option<&str>) -> Result<Relocated> {
    super::database::refuse_variable()?;
    let from = super::database::url_of(folder)?;
    let target = to.map_or_else(|| super::database::url_of_file(folder), str::to_owned);
    if !super::database::is_made(folder, &from) {
        return Err(Refusal::new("folder_not_initialised").with("folder", folder.display()));
    }
    if from == target {
        return Err(Refusal::new("relocate_same"));
    }
    if to.is_some() {
        super::database::check(&target)?;
    }
    let (source, store) = (Store::open(&from).await?, Store::open(&target).await?);
    let tables = copy::list_tables(store::newest_step()).await?;
    if let Some(table) = copy::find_occupied(&mut *store.read().await?, &tables).await? {
        return Err(Refusal::new("database_occupied").with("table", table));
    }
    let mut reading = source.begin().await?;
    let origin = store::find_setting(&mut reading, ORIGIN).await?;
    let origin = origin.ok_or_else(|| Refusal::new("folder_not_initialised").with("folder", folder.display()))?;
    let mut writing = store.begin().await?;
    let mut rows = 0;
    for table in &tables {
        let copied = copy_table(&mut reading, &mut writing, table).await?;
        if held(&mut writing, table).await? != copied {
            return Err(Refusal::new("copy_differs").with("table", &table.name));
        }
        rows += copied.rows;
    }
    let leaves = store::log::list_leaves(&mut writing).await?;
    if let Some(fault) = super::fsck::check_log(&read_log_key(folder, &origin)?, &mut writing, &leaves).await?.into_iter().next() {
        return Err(fault);
    }
    writing.commit().await.map_err(store::failed)?;
    match to {
        Some(url) => super::database::set_url(folder, url)?,
        None => super::database::unset_url(folder)?,
    }
    drop(reading);
    source.close().await;
    store.close().await;
    Ok(Relocated { tables: tables.len(), rows, leaves: leaves.len() as u64 })
}

async fn copy_table(from: &mut AnyConnection, to: &mut AnyConnection, table: &Table) -> Result<Held> {
    let (mut tally, mut last) = (Tally::default(), None);
    loop {
        let page = copy::list_page(from, table, last.as_ref()).await?;
        for row in &page {
            tally.row(row)?;
        }
        copy::add_rows(to, table, &page).await?;
        match page.into_iter().next_back() {
            Some(row) => last = Some(row),
            None => return Ok(tally.held()),
        }
    }
}
