//! Who stands in which row of a class's roster, masked: read again from the county's original, shown, and kept nowhere.

use super::Office;
use super::frame::{Known, KnownClass};
use super::tables::key_of;
use crate::canon::Result;
use crate::domain::{DocumentKind, Person};
use crate::ingest::{Context, Rows, read_document};
use crate::store;
use crate::store::submission::Document;
use sqlx::AnyConnection;
use std::collections::BTreeMap;

/// By row, `王** 410899********001X`. A row is left out whose number isn't whole; all are, where the original or its key
/// isn't here.
pub async fn masked_rows(office: &Office, connection: &mut AnyConnection, known: &Known, class: &KnownClass) -> Result<BTreeMap<u32, String>> {
    let rows = roster(known, class)?;
    let headers = super::mapping::in_force(connection, &class.county).await?;
    let submissions = store::submission::list(connection).await?;
    let ours = submissions.iter().rev().filter(|submission| submission.county == class.county && submission.at <= known.tables.frozen_at());
    for submission in ours {
        let documents = store::submission::list_documents(connection, submission).await?;
        let context = Context { week: submission.week, kind: Some(DocumentKind::Roster), units: &known.units, headers: &headers };
        let mut named = BTreeMap::new();
        for document in documents.iter().filter(|document| document.kind == DocumentKind::Roster) {
            named.extend(names(office, document, &context));
        }
        let found: BTreeMap<u32, String> = rows.iter().filter_map(|(row, key)| Some((*row, named.get(key)?.clone()))).collect();
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(BTreeMap::new())
}

/// Rows of the class's roster with the person's key, as scoring has them.
fn roster(known: &Known, class: &KnownClass) -> Result<Vec<(u32, u64)>> {
    let (mut code, mut rows) = (None, Vec::new());
    known.tables.read("class", &["class", "unit"], |part| {
        let units = part.texts("unit")?;
        let ours = units.iter().zip(part.codes("class")?.values).find(|(unit, _)| *unit == class.unit.as_str());
        code = code.or(ours.map(|(_, &code)| code));
        Ok(())
    })?;
    known.tables.read("roster", &["class", "row", "person"], |part| {
        let (classes, numbers, persons) = (part.codes("class")?, part.codes("row")?, part.keys("person")?);
        let of_class = classes.values.iter().enumerate().filter(|(_, of)| Some(**of) == code);
        rows.extend(of_class.filter_map(|(at, _)| numbers.get(at).zip(persons.get(at))));
        Ok(())
    })?;
    Ok(rows)
}

/// The persons of a document by their key. What can't be read names nobody.
fn names(office: &Office, document: &Document, context: &Context) -> BTreeMap<u64, String> {
    let Ok(bytes) = office.vault.read(&document.sha256) else { return BTreeMap::new() };
    let Rows::Roster(rows) = read_document(&document.file_name, &bytes, context).rows else { return BTreeMap::new() };
    let named = rows.iter().filter_map(|row| Some((key_of(office, row.person.id.as_ref()?)?, masked(&row.person)?)));
    named.collect()
}

fn masked(person: &Person) -> Option<String> {
    let name = person.name.as_ref().map_or("", |name| name.reveal().trim());
    let masked: String = name.chars().enumerate().map(|(at, c)| if at == 0 { c } else { '*' }).collect();
    Some(format!("{masked} {}", person.id.as_ref()?.without_birthday()).trim().to_owned())
}
