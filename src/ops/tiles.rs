//! The log as files that outside tools read, beside the data: checkpoint, tiles, entries. Never part of a bundle.

use super::Office;
use super::office::write_whole;
use crate::canon::Result;
use crate::store;
use crate::tlog::tiles::tiles;
use sqlx::AnyConnection;

/// Brings the files up to date. They follow from the committed log alone, so a crash before this loses nothing: the
/// next act writes them. Whoever was overtaken while it wrote writes again, so that no older checkpoint stays.
pub async fn write_tiles(office: &Office) -> Result<()> {
    let mut written = None;
    loop {
        let mut connection = office.store.read().await?;
        let size = store::log::leaf_count(&mut connection).await?;
        if size == 0 || written == Some(size) {
            return Ok(());
        }
        written = Some(write_now(office, &mut connection).await?);
    }
}

/// Answers the size of the log that was written.
async fn write_now(office: &Office, connection: &mut AnyConnection) -> Result<u64> {
    let leaves = store::log::list_leaves(connection).await?;
    let size = leaves.len() as u64;
    let Some(checkpoint) = super::witness::cosigned(connection, size, None).await? else { return Ok(size) };
    let data: Vec<&[u8]> = leaves.iter().map(String::as_bytes).collect();
    let folder = office.folder.join("tiles");
    // Tiles first: whoever reads the checkpoint finds all that it promises.
    for (path, bytes) in tiles(&data) {
        let path = folder.join(path);
        if std::fs::read(&path).ok().as_ref() != Some(&bytes) {
            write_whole(&path, &bytes)?;
        }
    }
    write_whole(&folder.join("checkpoint"), checkpoint.as_bytes())?;
    Ok(size)
}
