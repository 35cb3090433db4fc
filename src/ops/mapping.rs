//! What a county's own headers mean, as a clerk said once: remembered per county and kind, shown, undone.

use super::Office;
use crate::canon::{Code, Refusal, Result};
use crate::domain::DocumentKind;
use crate::ingest::place::named_in;
use crate::ingest::{Context, HeaderMeaning, Reading, lookup::synonyms, read_document, values::squeeze};
use crate::store;
use crate::store::fact::Mapping;
use std::collections::{BTreeMap, BTreeSet};

/// The mappings in force for a county: of one header the last that was said.
pub async fn in_force(connection: &mut sqlx::AnyConnection, county: &Code) -> Result<Vec<HeaderMeaning>> {
    let all = store::fact::list_mappings_of(connection, county).await?;
    let ours = all.into_iter().rev().filter(|mapping| mapping.undone_at.is_none());
    let mut headers: Vec<HeaderMeaning> = Vec::new();
    for mapping in ours {
        if !headers.iter().any(|known| known.kind == mapping.kind && known.header == mapping.header) {
            headers.push(HeaderMeaning { kind: mapping.kind, header: mapping.header, field: mapping.field });
        }
    }
    Ok(headers)
}

/// The mappings in force of every county: a document is of one only once it was looked at.
#[derive(Default)]
pub struct Told(BTreeMap<Code, Vec<HeaderMeaning>>);

impl Told {
    pub async fn all(connection: &mut sqlx::AnyConnection) -> Result<Self> {
        let counties: BTreeSet<Code> = store::fact::list_mappings(connection).await?.into_iter().map(|mapping| mapping.county).collect();
        let mut told = BTreeMap::new();
        for county in counties {
            let headers = in_force(connection, &county).await?;
            told.insert(county, headers);
        }
        Ok(Self(told))
    }

    pub async fn of_office(office: &Office) -> Result<Self> {
        Self::all(&mut *office.store.read().await?).await
    }

    /// Reads a document with what was told of its county's headers: the county that is stated, else the one it speaks of,
    /// else that of the file's name.
    pub fn read(&self, name: &str, bytes: &[u8], context: &Context, county: Option<&Code>) -> Reading {
        let headers = |county: &Code| self.0.get(county).filter(|headers| !headers.is_empty());
        let with = |headers: &[HeaderMeaning]| read_document(name, bytes, &Context { headers, ..*context });
        if let Some(county) = county {
            return with(headers(county).map_or(&[], Vec::as_slice));
        }
        let plain = with(&[]);
        let county = plain.county.clone().or_else(|| named_in(name, context.units));
        county.and_then(|county| headers(&county)).map_or(plain, |headers| with(headers))
    }
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
