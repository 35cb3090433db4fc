//! Any file of people's facts as rows of texts and numbers, whatever version of the program wrote it.

use super::{Facts, failed};
use crate::canon::{Code, Hash, Result, Week};
use crate::domain::DocumentKind;
use polars::prelude::*;
use std::io::Cursor;

/// The rows of one file. A column that it doesn't have, for it was written before there was one, is not known.
pub struct FactRows(DataFrame);

impl Facts {
    /// Reads a file; one that is missing or altered is refused by name.
    pub fn read_rows(&self, kind: DocumentKind, week: Week, county: &Code, hash: &Hash) -> Result<FactRows> {
        let path = self.path(kind.as_str(), week, county, hash);
        let frame = ParquetReader::new(Cursor::new(self.read(&path, hash)?)).finish();
        frame.map(FactRows).map_err(|error| failed(&path, error))
    }
}

impl FactRows {
    pub fn len(&self) -> usize {
        self.0.height()
    }

    pub fn is_empty(&self) -> bool {
        self.0.height() == 0
    }

    pub fn text<'a>(&'a self, column: &str) -> impl Fn(usize) -> Option<&'a str> + use<'a> {
        let column = self.0.column(column).and_then(Column::str).ok();
        move |row| column.and_then(|column| column.get(row))
    }

    pub fn number<'a>(&'a self, column: &str) -> impl Fn(usize) -> Option<i64> + use<'a> {
        let column = self.0.column(column).and_then(Column::i64).ok();
        move |row| column.and_then(|column| column.get(row))
    }
}
