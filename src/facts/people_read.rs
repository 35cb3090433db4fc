//! Reading people's facts back: who, by digest, in which class.

use super::{Facts, failed};
use crate::canon::{Code, Hash, Refusal, Result, Week};
use crate::domain::DocumentKind;
use polars::prelude::*;
use std::io::Cursor;

/// One row about a person, as far as a comparison needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFact {
    pub unit: Option<Code>,
    pub class_name: Option<String>,
    pub class_code: Option<String>,
    /// Keyed digests; without a whole ID number only the name's.
    pub person: Option<String>,
    pub name_digest: Option<String>,
    pub masked: Option<String>,
    pub id_status: String,
    pub sheet: Option<String>,
    /// Spreadsheet row, from 1.
    pub row: u32,
}

impl Facts {
    /// Reads a file of people's facts; one that is missing, altered or of another shape is refused by name.
    pub fn read_people(&self, kind: DocumentKind, week: Week, county: &Code, hash: &Hash) -> Result<Vec<PersonFact>> {
        let path = self.path(kind.as_str(), week, county, hash);
        let frame = ParquetReader::new(Cursor::new(self.read(&path, hash)?)).finish().map_err(|error| failed(&path, error))?;
        let wrong = |column: &'static str| Refusal::new("facts_schema").with("file", path.display()).with("column", column);
        let text = |name: &'static str| frame.column(name).and_then(Column::str).map_err(|_| wrong(name));
        let (units, names, codes) = (text("unit")?, text("class_name")?, text("class_code")?);
        let (people, digests, masked, statuses) = (text("person")?, text("name_digest")?, text("masked")?, text("id_status")?);
        let sheets = text("sheet")?;
        let rows = frame.column("row").and_then(Column::i64).map_err(|_| wrong("row"))?;
        let owned = |column: &StringChunked, at: usize| column.get(at).map(str::to_owned);
        let fact = |at: usize| {
            Ok(PersonFact {
                unit: units.get(at).map(Code::parse).transpose().map_err(|_| wrong("unit"))?,
                class_name: owned(names, at),
                class_code: owned(codes, at),
                person: owned(people, at),
                name_digest: owned(digests, at),
                masked: owned(masked, at),
                id_status: owned(statuses, at).unwrap_or_default(),
                sheet: owned(sheets, at),
                row: rows.get(at).and_then(|row| u32::try_from(row).ok()).ok_or_else(|| wrong("row"))?,
            })
        };
        (0..frame.height()).map(fact).collect()
    }
}
