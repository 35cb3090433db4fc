//! A database for each office of a test: the folder's own file, or one on the PostgreSQL server that
//! `MINGCHOU_TEST_POSTGRES` names (`postgres://user@host:port`), so that the whole suite runs on both.

use mingchou::store::{Store, copy};
use sqlx::{AssertSqlSafe, Connection, Row};
use std::future::Future;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Runs something that asks a database, whether or not the test itself runs in a runtime.
pub fn wait<T: Send>(work: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        scope.spawn(move || runtime().block_on(work)).join().expect("done")
    })
}

/// A PostgreSQL database of its own, gone with the test.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// None where the tests run on SQLite.
    pub fn new() -> Option<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let server = std::env::var("MINGCHOU_TEST_POSTGRES").ok().filter(|server| !server.is_empty())?;
        let name = format!("mingchou_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let database = Self { server: server.trim_end_matches('/').to_owned(), name };
        database.on_server(&format!("create database {} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'", database.name));
        Some(database)
    }

    pub fn url(&self) -> String {
        format!("{}/{}", self.server, self.name)
    }

    fn on_server(&self, sql: &str) {
        wait(execute(&format!("{}/postgres", self.server), sql));
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.on_server(&format!("drop database if exists {} with (force)", self.name));
    }
}

/// The address of a folder's database.
pub fn url_of(folder: &Path) -> String {
    match std::fs::read_to_string(folder.join("keys/database.url")) {
        Ok(url) => url.trim().to_owned(),
        Err(_) => format!("sqlite://{}", folder.join("mingchou.db").display()),
    }
}

/// Runs one statement; answers how many rows it touched.
pub async fn execute(url: &str, sql: &str) -> u64 {
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(url).await.expect("the database");
    let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.expect("done").rows_affected();
    connection.close().await.expect("closed");
    done
}

/// The first column of the first row, as a number.
pub async fn number(url: &str, sql: &str) -> i64 {
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(url).await.expect("the database");
    let row = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut connection).await.expect("a row");
    let number = row.try_get(0).expect("a number");
    connection.close().await.expect("closed");
    number
}

/// Every row of every table as a line of text.
pub async fn everything(url: &str) -> Vec<String> {
    let store = Store::open(url).await.expect("the database");
    let mut connection = store.read().await.expect("a connection");
    let mut lines = Vec::new();
    for table in copy::list_tables(mingchou::store::newest_step()).await.expect("tables") {
        let mut last = None;
        loop {
            let page = copy::list_page(&mut connection, &table, last.as_ref()).await.expect("rows");
            lines.extend(page.iter().map(|row| format!("{} {}", table.name, serde_json::Value::from(row.clone()))));
            match page.into_iter().next_back() {
                Some(row) => last = Some(row),
                None => break,
            }
        }
    }
    drop(connection);
    store.close().await;
    lines
}
