//! The whole database table by table, for backups and for moving to another database.
//!
//! Tables, their columns and their order are asked of the schema itself, so that no later step is forgotten.

use super::{Store, failed, from_bigint};
use crate::canon::{Refusal, Result};
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

/// A database that is there only while it is asked.
pub(super) const MEMORY: &str = "sqlite::memory:";
/// Rows that are read or written at once.
const PAGE: usize = 200;

/// A table of the schema: its columns in their order and those of its key.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// Positions of the key's columns.
    key: Vec<usize>,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    is_number: bool,
}

impl Column {
    /// As it stands in a statement, whatever words a database keeps for itself.
    fn quoted(&self) -> String {
        format!("\"{}\"", self.name)
    }
}

/// The tables after a step of the schema; each stands after those that its rows refer to.
pub async fn list_tables(step: i64) -> Result<Vec<Table>> {
    let store = Store::open_at(MEMORY, step).await?;
    let mut connection = store.read().await?;
    let sql = "select name from sqlite_master where type = 'table' and name not like '%sqlx%' and name not like 'sqlite%' order by name";
    let mut names: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut *connection).await.map_err(failed)?;
    let (mut tables, mut placed): (Vec<Table>, Vec<String>) = (Vec::new(), Vec::new());
    while !names.is_empty() {
        let before = names.len();
        for name in std::mem::take(&mut names) {
            let sql = "select \"table\" from pragma_foreign_key_list($1) where \"table\" <> $1";
            let asked: Vec<String> = sqlx::query_scalar(sql).bind(name.clone()).fetch_all(&mut *connection).await.map_err(failed)?;
            if asked.iter().all(|asked| placed.contains(asked)) {
                tables.push(describe(&mut connection, &name).await?);
                placed.push(name);
            } else {
                names.push(name);
            }
        }
        if names.len() == before {
            return Err(Refusal::new("store_failed").with("reason", names.join(", ")));
        }
    }
    Ok(tables)
}

async fn describe(connection: &mut AnyConnection, name: &str) -> Result<Table> {
    let sql = "select name, type, pk from pragma_table_info($1) order by cid";
    let rows = sqlx::query(sql).bind(name.to_owned()).fetch_all(connection).await.map_err(failed)?;
    let (mut columns, mut key) = (Vec::new(), Vec::new());
    for (position, row) in rows.iter().enumerate() {
        let kind: String = row.try_get("type").map_err(failed)?;
        columns.push(Column { name: row.try_get("name").map_err(failed)?, is_number: kind.eq_ignore_ascii_case("bigint") });
        let place: i64 = row.try_get("pk").map_err(failed)?;
        if place > 0 {
            key.push((place, position));
        }
    }
    key.sort_unstable();
    if key.is_empty() {
        return Err(Refusal::new("store_failed").with("reason", name));
    }
    Ok(Table { name: name.to_owned(), columns, key: key.into_iter().map(|(_, position)| position).collect() })
}

/// A row's values in the order of the columns: texts, numbers and nulls.
pub type Values = Vec<Value>;

/// The rows of a table that follow one, in the order of its key; the first ones where none is named. None: there are no more.
pub async fn list_page(connection: &mut AnyConnection, table: &Table, after: Option<&Values>) -> Result<Vec<Values>> {
    let names = |positions: &[usize]| positions.iter().map(|at| table.columns[*at].quoted()).collect::<Vec<_>>().join(", ");
    let (all, key) = (names(&(0..table.columns.len()).collect::<Vec<_>>()), names(&table.key));
    let places = (1..=table.key.len()).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ");
    let from = if after.is_some() { format!("where ({key}) > ({places})") } else { String::new() };
    let mut query = sqlx::query(AssertSqlSafe(format!("select {all} from \"{}\" {from} order by {key} limit {PAGE}", table.name)));
    for (position, values) in table.key.iter().filter_map(|position| Some((*position, after?))) {
        query = bind(query, &table.columns[position], &values[position]);
    }
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(|row| table.columns.iter().map(|column| read(row, column)).collect()).collect()
}

fn read(row: &AnyRow, column: &Column) -> Result<Value> {
    let name = column.name.as_str();
    Ok(if column.is_number {
        row.try_get::<Option<i64>, _>(name).map_err(failed)?.map_or(Value::Null, Value::from)
    } else {
        row.try_get::<Option<String>, _>(name).map_err(failed)?.map_or(Value::Null, Value::from)
    })
}

type Query = sqlx::query::Query<'static, sqlx::Any, sqlx::any::AnyArguments>;

fn bind(query: Query, column: &Column, value: &Value) -> Query {
    if column.is_number { query.bind(value.as_i64()) } else { query.bind(value.as_str().map(str::to_owned)) }
}

/// Whether a value is what stands in a column: a backup is a file that anybody may have written.
fn fits(column: &Column, value: &Value) -> bool {
    value.is_null() || if column.is_number { value.is_i64() } else { value.is_string() }
}

/// Adds rows as they were read.
pub async fn add_rows(connection: &mut AnyConnection, table: &Table, rows: &[Values]) -> Result<()> {
    let width = table.columns.len();
    let columns = table.columns.iter().map(Column::quoted).collect::<Vec<_>>().join(", ");
    if rows.iter().any(|row| row.len() != width || !row.iter().zip(&table.columns).all(|(value, column)| fits(column, value))) {
        return Err(Refusal::new("copy_row").with("table", &table.name));
    }
    for rows in rows.chunks(PAGE) {
        let places = |row: usize| (1..=width).map(|at| format!("${}", row * width + at)).collect::<Vec<_>>().join(", ");
        let places = (0..rows.len()).map(|row| format!("({})", places(row))).collect::<Vec<_>>().join(", ");
        let mut query = sqlx::query(AssertSqlSafe(format!("insert into \"{}\" ({columns}) values {places}", table.name)));
        for (value, column) in rows.iter().flat_map(|row| row.iter().zip(&table.columns)) {
            query = bind(query, column, value);
        }
        query.execute(&mut *connection).await.map_err(failed)?;
    }
    Ok(())
}

/// The first table that has a row.
pub async fn find_occupied(connection: &mut AnyConnection, tables: &[Table]) -> Result<Option<String>> {
    for table in tables {
        let sql = AssertSqlSafe(format!("select count(*) from (select 1 as one from \"{}\" limit 1) as first", table.name));
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut *connection).await.map_err(failed)?;
        if from_bigint(count) > 0 {
            return Ok(Some(table.name.clone()));
        }
    }
    Ok(None)
}
