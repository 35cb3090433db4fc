//! Vectors and programs of outside origin: RFC 8439, RFC 6962, C2SP notes and tiles, Tessera's test log, drand rounds.
//! Where each file comes from is told in tests/vectors/README.md.

use crate::ingest::root;
use mingchou::bundle::beacon;
use mingchou::canon::hash::parse_hex;
use mingchou::canon::{Hash, Secret, merkle};
use mingchou::draw::rng::Rng;
use mingchou::tlog::ed25519::verifies;
use mingchou::tlog::tiles::tiles;
use mingchou::tlog::witness::Request;
use mingchou::tlog::{Checkpoint, KeyType, NoteKey, VerifierKey};
use serde_json::Value;
use signed_note::{Note, StandardVerifier, VerifierList};

fn read(name: &str) -> Vec<u8> {
    std::fs::read(root().join("tests/vectors").join(name)).expect("a vector")
}

fn json(name: &str) -> Value {
    serde_json::from_slice(&read(name)).expect("json")
}

fn text(name: &str) -> String {
    String::from_utf8(read(name)).expect("text")
}

fn hash(value: &Value) -> Hash {
    Hash::parse(value.as_str().expect("hex")).expect("a hash")
}

fn hashes(value: &Value) -> Vec<Hash> {
    value.as_array().expect("a list").iter().map(hash).collect()
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

#[test]
fn the_key_stream_is_that_of_rfc_8439() {
    let vectors = json("chacha/chacha20_rfc8439_a1.json");
    let mut seen = 0;
    for vector in vectors["vectors"].as_array().expect("a list").iter().filter(|vector| vector["nonce"] == "0".repeat(24)) {
        let mut rng = Rng::new(hash(&vector["key"]));
        // A block has eight words; `below` of a power of two takes the low bits of one word.
        (0..8 * number(&vector["counter"])).for_each(|_| _ = rng.below(1));
        let stream = parse_hex::<64>(vector["keystream"].as_str().expect("hex")).expect("64 bytes");
        for bytes in stream.chunks_exact(8) {
            let word = u64::from_le_bytes(bytes.try_into().expect("eight"));
            assert_eq!(rng.below(1 << 63), word % (1 << 63), "{}", vector["id"]);
        }
        seen += 1;
    }
    assert!(seen >= 3, "{seen}");
}

#[test]
fn roots_and_proofs_are_those_of_rfc_6962() {
    let vectors = json("merkle/rfc6962_vectors.json");
    let decode = |leaf: &Value| {
        leaf.as_str()
            .expect("hex")
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("hex"), 16).expect("hex"))
            .collect::<Vec<u8>>()
    };
    let leaves: Vec<Hash> = vectors["leaves_hex"].as_array().expect("a list").iter().map(|leaf| merkle::leaf_hash(&decode(leaf))).collect();
    let roots = hashes(&vectors["roots_by_size"]);
    for (size, expected) in roots.iter().enumerate() {
        assert_eq!(merkle::root(&leaves[..size]), *expected, "size {size}");
    }
    let index = |value: &Value| usize::try_from(number(value)).expect("small");
    for case in vectors["inclusion_computed_here"].as_array().expect("a list") {
        let (size, at, proof) = (index(&case["size"]), index(&case["index"]), hashes(&case["proof"]));
        assert_eq!(merkle::inclusion_proof(&leaves[..size], at), proof);
        let holds = |at: usize, proof: &[Hash]| merkle::verify_inclusion(leaves[at], at as u64, size as u64, proof, roots[size]);
        assert!(holds(at, &proof));
        assert!(!holds((at + 1) % leaves.len(), &proof) || size == 1 && at == 0 && leaves.len() == 1, "{case}");
        assert!(!holds(at, &[proof.as_slice(), &[roots[1]]].concat()), "{case}");
    }
    for case in vectors["consistency_computed_here"].as_array().expect("a list") {
        let (old, new, proof) = (index(&case["old"]), index(&case["new"]), hashes(&case["proof"]));
        assert_eq!(merkle::consistency_proof(&leaves[..new], old), proof);
        let holds = |root: Hash, proof: &[Hash]| merkle::verify_consistency(old as u64, new as u64, root, roots[new], proof);
        assert!(holds(roots[old], &proof));
        assert!(!holds(roots[(old + 1) % 8], &proof), "{case}");
        assert!(!holds(roots[old], &[proof.as_slice(), &[roots[1]]].concat()), "{case}");
    }
}

#[test]
fn proofs_of_random_trees_satisfy_another_program() {
    use tlog_tiles::tlog::{Hash as Theirs, check_record, check_tree};
    let theirs = |list: &[Hash]| list.iter().map(|hash| Theirs(hash.0)).collect::<Vec<_>>();
    let leaves: Vec<Hash> = (0u32..70).map(|n| merkle::leaf_hash(&n.to_be_bytes())).collect();
    for size in 1..leaves.len() {
        let tree = &leaves[..size];
        let top = Theirs(merkle::root(tree).0);
        for at in 0..size {
            let proof = theirs(&merkle::inclusion_proof(tree, at));
            check_record(&proof, size as u64, top, at as u64, Theirs(leaves[at].0)).expect("their check holds");
            let proof = theirs(&merkle::consistency_proof(tree, at + 1));
            check_tree(&proof, size as u64, top, at as u64 + 1, Theirs(merkle::root(&tree[..=at]).0)).expect("their check holds");
        }
    }
}

/// The text of a signed note, without the empty line before its signatures.
fn body(note: &str) -> &str {
    &note[..note.find("\n\n").expect("a note") + 1]
}

#[test]
fn signatures_of_other_notes_verify_here() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let example = text("c2sp/signed-note-example.txt");
    let key = VerifierKey::parse(text("c2sp/signed-note-example.vkey").trim_end(), KeyType::Log).expect("a key");
    let line = example.lines().last().and_then(|line| line.rsplit(' ').next()).expect("a signature");
    let blob = STANDARD.decode(line).expect("base64");
    let signature: [u8; 64] = blob[4..].try_into().expect("64 bytes");
    assert_eq!(blob[..4], key.id());
    assert!(verifies(&key.key.0, body(&example).as_bytes(), &signature));
    assert!(!verifies(&key.key.0, body(&example).to_uppercase().as_bytes(), &signature));
    assert!(VerifierKey::parse(text("c2sp/signed-note-example.vkey").trim_end(), KeyType::Witness).is_err());
}

#[test]
fn our_checkpoints_verify_by_another_program() {
    let key = NoteKey::new("mingchou.example/log", KeyType::Log, &Secret([7; 32]));
    let note = key.sign(5, &Hash([9; 32]));
    let verifier = StandardVerifier::new(&key.verifier().to_string()).expect("their reading of our key");
    let known = VerifierList::new(vec![Box::new(verifier)]);
    let (verified, unverified) = Note::from_bytes(note.as_bytes()).expect("a note").verify(&known).expect("verified");
    assert_eq!((verified.len(), unverified.len()), (1, 0));
    let theirs = tlog_tiles::checkpoint::Checkpoint::from_bytes(body(&note).as_bytes()).expect("a checkpoint");
    assert_eq!((theirs.origin(), theirs.size(), theirs.hash().0), ("mingchou.example/log", 5, [9; 32]));
}

#[test]
fn a_cosignature_is_that_of_tlog_cosignature() {
    let log = NoteKey::new("mingchou.example/log", KeyType::Log, &Secret([7; 32]));
    let witness = NoteKey::new("witness.example/w1", KeyType::Witness, &Secret([8; 32]));
    let note = log.sign(5, &Hash([9; 32]));
    let checkpoint = Checkpoint::parse(&note).expect("a checkpoint");
    let line = witness.cosign(&checkpoint, 1_679_315_147);
    let both = Checkpoint::parse(&format!("{note}{line}")).expect("a checkpoint");
    let key = witness.verifier();
    let seen = both.verify(&log.verifier(), &[&key]).expect("both verify");
    assert_eq!((seen.len(), seen[0].time, seen[0].key), (1, 1_679_315_147, key.key));
    assert!(both.verify(&log.verifier(), &[]).is_err(), "a line by an unknown key is refused");
    assert!(Checkpoint::parse(&format!("{note}{line}{line}")).expect("a note").verify(&log.verifier(), &[&key]).is_err(), "a line twice");
    // The specification publishes no key for its example: only its form can be read.
    let example = Checkpoint::parse(&text("c2sp/cosigned-checkpoint-example.txt")).expect("a checkpoint");
    assert_eq!((example.origin.as_str(), example.size), ("example.com/behind-the-sofa", 20_852_163));
}

#[test]
fn a_witness_request_reads_and_writes_as_tlog_witness_shows() {
    let shown = text("c2sp/witness-add-checkpoint-body.txt");
    let request = Request::parse(&shown).expect("a request");
    assert_eq!((request.old_size, request.proof.len(), request.to_text()), (20_852_014, 4, shown));
}

#[test]
fn tessera_s_test_log_has_the_same_roots_tiles_and_signatures() {
    let folder = "c2sp/tessera-testlog";
    let key = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
    let key = VerifierKey::parse(key, KeyType::Log).expect("a key");
    let bundle = read(&format!("{folder}/entries-000.p-15"));
    let mut entries: Vec<&[u8]> = Vec::new();
    let mut rest = bundle.as_slice();
    while let [high, low, more @ ..] = rest {
        let (entry, after) = more.split_at(usize::from(u16::from_be_bytes([*high, *low])));
        entries.push(entry);
        rest = after;
    }
    assert_eq!(entries.len(), 15);
    for size in 1..=15u64 {
        let checkpoint = Checkpoint::parse(&text(&format!("{folder}/checkpoint.{size}"))).expect("a checkpoint");
        checkpoint.verify_origin(&key).expect("signed");
        let leaves: Vec<Hash> = entries[..usize::try_from(size).expect("small")].iter().map(|entry| merkle::leaf_hash(entry)).collect();
        assert_eq!((checkpoint.size, checkpoint.root), (size, merkle::root(&leaves)));
    }
    for size in [1, 7, 15] {
        let ours = tiles(&entries[..size]);
        assert_eq!(ours[&format!("tile/0/000.p/{size}")], read(&format!("{folder}/tile-0-000.p-{size}")));
        assert_eq!(ours[&format!("tile/entries/000.p/{size}")], read(&format!("{folder}/entries-000.p-{size}")));
    }
}

#[test]
fn tiles_of_a_larger_log_are_where_another_program_looks_for_them() {
    use tlog_tiles::tile::Tile;
    let entries: Vec<Vec<u8>> = (0u32..70_000).map(|n| n.to_be_bytes().to_vec()).collect();
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let ours = tiles(&entries);
    for tile in Tile::new_tiles(8, 0, entries.len() as u64).into_iter().filter(|tile| !tile.is_data()) {
        // Their paths name the height of a tile, which tlog-tiles fixes at 8.
        let path = tile.path().replacen("tile/8/", "tile/", 1);
        assert!(ours.contains_key(&path), "{path}");
    }
    assert_eq!(ours["tile/2/000.p/1"], merkle::root(&entries[..65_536].iter().map(|entry| merkle::leaf_hash(entry)).collect::<Vec<_>>()).0);
    assert!(ours.contains_key("tile/entries/273.p/112"));
}

#[test]
fn rounds_of_drand_verify_and_others_do_not() {
    let quicknet = &json("drand/beacons.json")["quicknet"];
    let rounds: Vec<(String, String)> = quicknet["rounds"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|round| (round["round"].to_string(), round["signature"].as_str().expect("hex").to_owned()))
        .collect();
    assert_eq!(rounds.len(), 2);
    for (round, signature) in &rounds {
        assert_eq!(beacon::check(round, signature), Some(true), "round {round}");
        assert_eq!(beacon::check(&(round.parse::<u64>().expect("a number") + 1).to_string(), signature), Some(false), "off by one");
    }
    assert_eq!(beacon::check(&rounds[0].0, &rounds[1].1), Some(false), "another round's");
    assert_eq!(beacon::check("1", &"00".repeat(48)), Some(false));
}
