//! Vectors into a table's columns.

use crate::canon::{Date, Refusal, Result};
use polars::prelude::*;

/// Columns of one table, in the order in which they are added.
#[derive(Default)]
pub struct Columns {
    columns: Vec<Column>,
    height: usize,
}

impl Columns {
    pub fn all<T, Known: ?Sized>(mut self, name: &str, values: T) -> Self
    where
        Series: NamedFrom<T, Known>,
    {
        self.put(Series::new(name.into(), values));
        self
    }

    pub fn days(mut self, name: &str, values: Vec<Option<Date>>) -> Result<Self> {
        let epoch = Date(chrono::NaiveDate::default());
        let days: Vec<Option<i32>> = values.into_iter().map(|date| i32::try_from(date?.days_since(epoch)).ok()).collect();
        self.put(Series::new(name.into(), days).cast(&DataType::Date).map_err(failed)?);
        Ok(self)
    }

    fn put(&mut self, series: Series) {
        self.height = series.len();
        self.columns.push(series.into_column());
    }

    pub fn frame(self) -> Result<LazyFrame> {
        DataFrame::new(self.height, self.columns).map(IntoLazy::lazy).map_err(failed)
    }
}

fn failed(error: PolarsError) -> Refusal {
    Refusal::new("scoring_failed").with("reason", error)
}
