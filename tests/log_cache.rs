//! What an office keeps of the log between two acts: the same as whoever reads all of it, whatever was given up meanwhile.

use crate::database::Database;
use mingchou::canon::merkle::{Frontier, leaf_hash, root};
use mingchou::canon::{Code, Hash, Time, Week};
use mingchou::ops::office::{Chance, Clock};
use mingchou::ops::{LogWriter, Office, init::init};
use mingchou::tlog::Act;
use proptest::prelude::*;
use tempfile::TempDir;

const BEGIN: &str = "2026-11-24T09:00:00+08:00";

#[test]
fn a_tree_grown_leaf_by_leaf_has_the_root_of_all_leaves() {
    let (mut tree, mut leaves) = (Frontier::default(), Vec::new());
    assert_eq!(tree.root(), root(&[]));
    for number in 0u32..300 {
        leaves.push(leaf_hash(&number.to_be_bytes()));
        tree.push(leaf_hash(&number.to_be_bytes()));
        assert_eq!((tree.root(), tree.size()), (root(&leaves), leaves.len() as u64), "{number}");
    }
}

/// One office's act of some leaves, which is committed, given up, or refused at the end.
#[derive(Clone, Copy, Debug)]
struct Turn {
    office: usize,
    leaves: u8,
    end: End,
}

#[derive(Clone, Copy, Debug)]
enum End {
    Committed,
    RolledBack,
    Refused,
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let end = prop_oneof![3 => Just(End::Committed), 2 => Just(End::RolledBack), 1 => Just(End::Refused)];
    proptest::collection::vec((0usize..2, 0u8..4, end).prop_map(|(office, leaves, end)| Turn { office, leaves, end }), 1..12)
}

async fn append(office: &Office, connection: &mut sqlx::AnyConnection, serial: u64, skipped: u64) -> bool {
    let (county, period) = (Code::parse("410802").expect("a code"), Week::parse("2026-W48").expect("a week"));
    let mut log = LogWriter::load(office, connection).await.expect("the log");
    let version = log.history().submissions.len() as u64 + 1 + skipped;
    let act = Act::Submission { county, period, version, rows: 1, sealed: Hash::of(&serial.to_be_bytes()) };
    log.append(connection, act).await.is_ok()
}

async fn take(office: &Office, turn: Turn, serial: &mut u64) {
    let mut transaction = office.store.begin().await.expect("begun");
    for _ in 0..turn.leaves {
        *serial += 1;
        assert!(append(office, &mut transaction, *serial, 0).await);
    }
    match turn.end {
        End::Committed => transaction.commit().await.expect("committed"),
        End::RolledBack => transaction.rollback().await.expect("given up"),
        // A version that the log's rules don't allow: what the office had read is of no more use.
        End::Refused => {
            assert!(!append(office, &mut transaction, *serial, 3).await);
            transaction.rollback().await.expect("given up");
        }
    }
}

async fn seen(office: &Office) -> (Hash, String) {
    let mut transaction = office.store.begin().await.expect("begun");
    let log = LogWriter::load(office, &mut transaction).await.expect("the log");
    let seen = (log.root(), format!("{:?}", log.history()));
    drop(log);
    transaction.rollback().await.expect("given up");
    seen
}

async fn play(turns: Vec<Turn>) {
    let (folder, database) = (TempDir::new().expect("a folder"), Database::new());
    let (at, url) = (Time::parse(BEGIN).expect("a time"), database.as_ref().map(Database::url));
    init(folder.path(), "cache.example/log", true, &Chance::System, Clock::Fixed(at), url.as_deref()).await.expect("made");
    let mut offices = Vec::new();
    for _ in 0..2 {
        offices.push(Office::open(folder.path(), Some(at)).await.expect("open"));
    }
    let mut serial = 0;
    for turn in turns {
        take(&offices[turn.office], turn, &mut serial).await;
        let fresh = seen(&Office::open(folder.path(), Some(at)).await.expect("open")).await;
        for office in &offices {
            assert_eq!(seen(office).await, fresh, "{turn:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_kept_of_the_log_is_what_a_fresh_reader_sees(turns in turns()) {
        crate::database::wait(play(turns));
    }
}
