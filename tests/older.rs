//! A data folder as the first schema had it, opened by this build: all that is in it stays readable, and work goes on.

use crate::ingest::root;
use crate::office::Bureau;
use mingchou::canon::Hash;
use mingchou::cli::Exit;
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use std::fs;
use std::path::{Path, PathBuf};

const FIRST_SCHEMA: &str = include_str!("../src/store/schema.sql");
/// The first step as offices have taken it. Whoever must change this must add a step instead.
const FIRST_SCHEMA_HASH: &str = "54e9ac0c45905d437de2ea3559025afcdf600c376722bb59630ee4c913bdb887";
const AT: &str = "2026-11-27T15:00:00+08:00";
const LATER: &str = "2026-11-27T16:00:00+08:00";
const WEEK: &str = "2026-W48";

fn sample(county: &str) -> Vec<PathBuf> {
    let folder = root().join("data/sample/2026-W48").join(county);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).expect("sample").flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}

fn receive(bureau: &Bureau, at: &str, files: &[PathBuf]) -> serde_json::Value {
    let paths: Vec<&str> = files.iter().map(|path| path.to_str().expect("utf-8")).collect();
    bureau.json(at, &[&["receive", "--week", WEEK], paths.as_slice()].concat())
}

/// The database with nothing but the first step's tables and columns, row for row.
async fn with_first_schema(data: &Path) {
    sqlx::any::install_default_drivers();
    let old = data.join("old.db");
    let url = format!("sqlite://{}?mode=rwc", old.display());
    let pool = AnyPoolOptions::new().max_connections(1).connect(&url).await.expect("a database");
    let text = sqlx::SqlStr::from_static(FIRST_SCHEMA);
    let first = Migration::new(1, "schema".into(), MigrationType::Simple, text, false);
    Migrator::with_migrations(vec![first]).run(&pool).await.expect("the first step");
    let mut connection = pool.acquire().await.expect("a connection");
    let run = async |connection: &mut sqlx::AnyConnection, sql: String| {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(connection).await.expect("done");
    };
    run(&mut connection, "pragma foreign_keys = off".to_owned()).await;
    run(&mut connection, format!("attach database '{}' as now", data.join("mingchou.db").display())).await;
    let tables: Vec<String> =
        sqlx::query_scalar("select name from main.sqlite_master where type = 'table' and name not like '%sqlx%' and name not like 'sqlite%'")
            .fetch_all(&mut *connection)
            .await
            .expect("tables");
    assert!(tables.len() > 15 && !tables.iter().any(|table| table == "mapping"), "{tables:?}");
    for table in tables {
        let columns: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select name from pragma_table_info('{table}')")))
            .fetch_all(&mut *connection)
            .await
            .expect("columns");
        let columns = columns.join(", ");
        run(&mut connection, format!("insert into main.{table} ({columns}) select {columns} from now.{table}")).await;
    }
    run(&mut connection, "detach database now".to_owned()).await;
    drop(connection);
    pool.close().await;
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(data.join(format!("mingchou.db{ending}")));
    }
    fs::rename(old, data.join("mingchou.db")).expect("renamed");
}

#[test]
fn the_first_step_of_the_schema_is_what_offices_have_taken() {
    assert_eq!(Hash::of(FIRST_SCHEMA.as_bytes()).to_string(), FIRST_SCHEMA_HASH);
}

#[test]
fn a_folder_of_the_first_schema_opens_and_all_in_it_is_readable() {
    let bureau = Bureau::on_sqlite();
    let files = sample("410802");
    let received = receive(&bureau, AT, &files);
    let before = bureau.json(LATER, &["status", "--week", WEEK]);
    let data = bureau.data();
    tokio::runtime::Runtime::new().expect("a runtime").block_on(with_first_schema(&data));
    // Then originals lay as they were sent, and there were no keys for them.
    for file in &files {
        let bytes = fs::read(file).expect("a file");
        fs::write(data.join("originals").join(Hash::of(&bytes).to_string()), bytes).expect("written");
    }
    for key in ["originals.keys", "digest.key"] {
        fs::remove_file(data.join("keys").join(key)).expect("removed");
    }

    // And the model in force was a file, which someone has to approve now.
    let own = include_str!("../models/scorecard-2026.1.toml").replacen("scorecard-2026.1", "scorecard-own", 1);
    fs::create_dir_all(data.join("models")).expect("made");
    fs::write(data.join("models/scorecard.toml"), own).expect("written");

    assert_eq!(bureau.json(LATER, &["status", "--week", WEEK]), before);
    let models = bureau.json(LATER, &["model", "list"]);
    assert_eq!((models.as_array().map(Vec::len), &models[0]["name"], &models[0]["state"]), (Some(1), &"scorecard-own".into(), &"proposed".into()));
    let plan = bureau.write_plan(crate::office::PLAN);
    let refused = bureau.at("2026-11-27T19:00:00+08:00", &["freeze", "--week", WEEK, "--plan", &plan]);
    assert!(refused.err.contains("scorecard-own is not approved"), "{}", refused.err);
    let report = bureau.json(LATER, &["fsck"]);
    assert_eq!((report["ok"].as_bool(), report["submissions"].as_u64()), (Some(true), Some(1)), "{report}");
    for args in [&["score", "--week", WEEK][..], &["due", "--week", WEEK], &["unit", "list"], &["mapping"]] {
        let said = bureau.at(LATER, args);
        assert_eq!(said.exit, Exit::Done, "{args:?}: {}", said.err);
    }
    // The same documents are the version that is there; another county's begins the next leaf.
    let again = receive(&bureau, LATER, &files);
    assert_eq!((again["new"].as_bool(), &again["leaf"]), (Some(false), &received["leaf"]));
    assert_eq!(receive(&bureau, LATER, &sample("410803"))["new"], true);
    assert_eq!(bureau.at(LATER, &["application", "import", "--week", WEEK]).exit, Exit::Done);
    assert_eq!(bureau.at(LATER, &["rotate"]).exit, Exit::Done);
    assert_eq!(bureau.json(LATER, &["fsck"])["ok"], true);
}
