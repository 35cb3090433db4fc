//! How well a ranking finds: the measures by hand, and the verb on a simulated set.

use crate::office::mingchou;
use mingchou::cli::Exit;
use mingchou::estimate::rank::{Fraction, Ranked, auc, precision_at, recall_at, weighted_rate};
use proptest::prelude::*;

fn ranked(hits: &[i64], others: &[i64]) -> Vec<Ranked> {
    hits.iter().map(|score| (*score, true)).chain(others.iter().map(|score| (*score, false))).collect()
}

#[test]
fn the_area_counts_pairs_and_ties_by_halves() {
    let table: [(&[i64], &[i64], Option<i64>); 6] = [
        (&[3, 2], &[1, 0], Some(1000)),
        (&[0, 1], &[2, 3], Some(0)),
        (&[5, 5, 5], &[5, 5], Some(500)),
        // 3 > 1, 3 > 2, 2 > 1, and 2 = 2: three and a half of four.
        (&[3, 2], &[1, 2], Some(875)),
        (&[1], &[], None),
        (&[], &[], None),
    ];
    for (hits, others, expected) in table {
        assert_eq!(auc(&ranked(hits, others)).permille(), expected, "{hits:?} {others:?}");
    }
}

#[test]
fn those_that_tie_at_the_last_place_share_it() {
    // Above: 9 (a hit). At the last place four tie, of which two are hits, for two places: one more hit on average.
    let four = ranked(&[9, 5, 5, 1], &[5, 5, 0]);
    assert_eq!(precision_at(&four, 3), Fraction::new(4 + 4, 12));
    assert_eq!(recall_at(&four, 3).permille(), Some(500));
    // All tie: whatever the capacity, it is the base rate, and lift is 1.
    let tied = ranked(&[1, 1], &[1, 1, 1, 1, 1, 1]);
    for places in 1..9 {
        assert_eq!(precision_at(&tied, places).times(Fraction::new(2, 8)), Some(1000), "{places}");
    }
    assert_eq!(precision_at(&tied, 99).permille(), Some(250));
    assert_eq!(precision_at(&[], 3).permille(), None);
    assert_eq!(precision_at(&tied, 0).permille(), None);
    // Weights 1, 2, 3 and 4, of which 2 and 4 are hits: six of ten.
    assert_eq!(weighted_rate(&[(1, false), (2, true), (3, false), (4, true)]).permille(), Some(600));
}

proptest! {
    /// Against the definitions read literally: all pairs, and all orders of the tied counted one by one.
    #[test]
    fn random_rankings_have_the_values_of_the_definitions(ranked in proptest::collection::vec((0i64..6, any::<bool>()), 1..40), places in 1usize..45) {
        let (mut halves, mut pairs) = (0u128, 0u128);
        for (hit, _) in ranked.iter().filter(|(_, hit)| *hit) {
            for (other, _) in ranked.iter().filter(|(_, hit)| !*hit) {
                halves += match hit.cmp(other) { std::cmp::Ordering::Greater => 2, std::cmp::Ordering::Equal => 1, std::cmp::Ordering::Less => 0 };
                pairs += 2;
            }
        }
        prop_assert_eq!(auc(&ranked), Fraction::new(halves, pairs));
        // Each of the tied is in with the same chance.
        let places = places.min(ranked.len());
        let mut found = 0.0;
        for (score, _) in ranked.iter().filter(|(_, hit)| *hit) {
            let above = ranked.iter().filter(|(other, _)| other > score).count();
            let tied = ranked.iter().filter(|(other, _)| other == score).count();
            found += (places.saturating_sub(above).min(tied)) as f64 / tied as f64;
        }
        let precision = precision_at(&ranked, places);
        prop_assert!((precision.count as f64 / precision.of as f64 - found / places as f64).abs() < 1e-9);
    }
}

#[test]
fn a_simulated_city_is_judged_and_nothing_else_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let set = folder.path().join("set");
    let path = set.display().to_string();
    let said = mingchou(&["simulate", "--seed", "5", "--classes", "1500", "--out", &path]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let said = mingchou(&["quality", &path, "--json", "--capacity", "20", "--capacity", "1000"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let quality: serde_json::Value = serde_json::from_str(&said.out).expect("json");
    assert_eq!((quality["synthetic"].as_bool(), quality["classes"].as_u64()), (Some(true), Some(300)));
    for signal in quality["signals"].as_array().expect("signals") {
        let count = |side: &str| signal[side]["classes"].as_u64().expect("a count");
        assert_eq!(count("planted") + count("innocent") + signal["partners"].as_u64().expect("a count"), 300, "{signal}");
        // What is planted stands above what isn't, wherever enough is planted to say so.
        assert!(count("planted") < 5 || signal["auc"].as_i64().is_some_and(|auc| auc > 750), "{signal}");
    }
    let any = &quality["targets"][0];
    assert!(any["auc"].as_i64().is_some_and(|auc| auc > 700), "{any}");
    let (base, lift) = (any["base_rate"].as_i64().expect("a rate"), any["at"][0]["lift"].as_i64().expect("a lift"));
    assert!(lift > 2000, "{lift}");
    // With places for all nothing is gained, and a weighted draw lies between random selection and the first places.
    assert_eq!((any["at"][1]["lift"].as_i64(), any["at"][1]["recall"].as_i64()), (Some(1000), Some(1000)));
    let weighted = any["weighted_rate"].as_i64().expect("a rate");
    assert!(base < weighted && weighted < any["at"][0]["precision"].as_i64().expect("a rate"), "{any}");
    let bands = any["bands"].as_array().expect("bands");
    assert_eq!(bands.iter().map(|band| band["classes"].as_u64().unwrap_or(0)).sum::<u64>(), 300);
    // The truth of another set, one that can't be read, and none.
    let truth = set.join("truth/truth.parquet");
    let other = folder.path().join("other");
    assert_eq!(mingchou(&["simulate", "--seed", "6", "--classes", "6000", "--out", &other.display().to_string()]).exit, Exit::Done);
    let own = std::fs::read(&truth).expect("read");
    for (bytes, why) in [(std::fs::read(other.join("truth/truth.parquet")).expect("read"), "frame"), (own[..own.len() / 2].to_vec(), "wrong")] {
        std::fs::write(&truth, bytes).expect("written");
        let said = mingchou(&["quality", &path]);
        assert!(said.exit != Exit::Done && said.err.contains("truth.parquet") && said.err.contains(why), "{}", said.err);
    }
    std::fs::remove_file(&truth).expect("removed");
    assert!(mingchou(&["quality", &path]).err.contains("truth.parquet"));
    // A table that was altered is named before anything is scored.
    std::fs::write(&truth, own).expect("written");
    std::fs::write(set.join("visit.parquet"), b"altered").expect("written");
    let said = mingchou(&["quality", &path]);
    assert!(said.exit != Exit::Done && said.err.contains("visit.parquet"), "{}", said.err);
}
