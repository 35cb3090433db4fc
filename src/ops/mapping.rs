//! What a county's own headers mean, as a clerk said once: remembered per county and kind, shown, undone.

use super::Office;
use crate::canon::{Code, Refusal, Result};
use crate::domain::DocumentKind;
use crate::ingest::{HeaderMeaning, lookup::synonyms, values::squeeze};
use crate::store;
use crate::store::fact::Mapping;

/// The mappings in force for a county: of one header the last that was said.
pub async fn in_force(connection: &mut sqlx::AnyConnection, county: &Code) -> Result<Vec<HeaderMeaning>> {
    let all = store::fact::list_mappings(connection).await?;
    let ours = all.into_iter().rev().filter(|mapping| mapping.county == *county && mapping.undone_at.is_none());
    let mut headers: Vec<HeaderMeaning> = Vec::new();
    for mapping in ours {
        if !headers.iter().any(|known| known.kind == mapping.kind && known.header == mapping.header) {
            headers.push(HeaderMeaning { kind: mapping.kind, header: mapping.header, field: mapping.field });
        }
    }
    Ok(headers)
}

/// All mappings ever made, for showing.
pub async fn list(office: &Office) -> Result<Vec<Mapping>> {
    let mut connection = office.store.read().await?;
    store::fact::list_mappings(&mut connection).await
}

/// Remembers what a header means from now on. `field` none leaves its column out.
pub async fn tell(office: &Office, county: Code, kind: DocumentKind, header: &str, field: Option<String>, by: &str) -> Result<Mapping> {
    let names: Vec<&str> = synonyms(kind).iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = field.as_ref().filter(|field| !names.contains(&field.as_str())) {
        return Err(Refusal::new("mapping_unknown_field").with("field", unknown).with("fields", names.join(", ")));
    }
    let header = squeeze(header);
    if header.is_empty() || by.trim().is_empty() {
        return Err(Refusal::new("mapping_incomplete"));
    }
    let mut transaction = office.store.begin().await?;
    if !store::unit::list_reporting_units(&mut transaction).await?.iter().any(|unit| unit.county == county) {
        return Err(Refusal::new("receive_unknown_county").with("county", county));
    }
    let id = store::fact::list_mappings(&mut transaction).await?.last().map_or(1, |last| last.id + 1);
    let mapping = Mapping { id, county, kind, header, field, at: office.clock.now(), by: by.trim().to_owned(), undone_at: None };
    store::fact::add_mapping(&mut transaction, &mapping).await?;
    transaction.commit().await.map_err(store::failed)?;
    Ok(mapping)
}

/// Takes a mapping back; what it was stays on record.
pub async fn undo(office: &Office, id: u64) -> Result<()> {
    let mut transaction = office.store.begin().await?;
    if !store::fact::undo_mapping(&mut transaction, id, office.clock.now()).await? {
        return Err(Refusal::new("mapping_not_in_force").with("id", id));
    }
    transaction.commit().await.map_err(store::failed)
}
