//! The log as files that outside tools read, beside the data: checkpoint, tiles, entries. Never part of a bundle.

use super::Office;
use super::office::write_whole;
use crate::canon::Result;
use crate::store;
use crate::tlog::tiles::tiles;

/// Brings the files up to date. They follow from the committed log alone, so a crash before this loses nothing: the
/// next act writes them.
pub async fn write_tiles(office: &Office) -> Result<()> {
    let mut connection = office.store.read().await?;
    let leaves = store::log::list_leaves(&mut connection).await?;
    let Some(checkpoint) = super::witness::cosigned(&mut connection, leaves.len() as u64, None).await? else { return Ok(()) };
    let data: Vec<&[u8]> = leaves.iter().map(String::as_bytes).collect();
    let folder = office.folder.join("tiles");
    // Tiles first: whoever reads the checkpoint finds all that it promises.
    for (path, bytes) in tiles(&data) {
        let path = folder.join(path);
        if std::fs::read(&path).ok().as_ref() != Some(&bytes) {
            write_whole(&path, &bytes)?;
        }
    }
    write_whole(&folder.join("checkpoint"), checkpoint.as_bytes())
}
