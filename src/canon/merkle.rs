//! The Merkle tree of RFC 6962 over leaf data: root, inclusion and consistency proofs, and their verification.

use super::Hash;
use sha2::{Digest, Sha256};

/// Hash of a leaf's data: SHA-256 of 0x00 and the data (RFC 6962 §2.1).
pub fn leaf_hash(data: &[u8]) -> Hash {
    let mut state = Sha256::new();
    state.update([0]);
    state.update(data);
    Hash(state.finalize().into())
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1u8; 65];
    bytes[1..33].copy_from_slice(&left.0);
    bytes[33..].copy_from_slice(&right.0);
    Hash(Sha256::digest(bytes).into())
}

/// Root over leaf hashes; of no leaves, SHA-256 of nothing.
pub fn root(leaves: &[Hash]) -> Hash {
    if leaves.is_empty() {
        return Hash::of(b"");
    }
    // Level by level: an odd node at the end rises unchanged, which is RFC 6962's split at powers of two.
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = level.chunks(2).map(|pair| if let [l, r] = pair { node_hash(l, r) } else { pair[0] }).collect();
    }
    level[0]
}

/// A tree that only grows, as the roots of its full subtrees from the largest to the smallest: all that a further leaf needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn push(&mut self, leaf: Hash) {
        self.size += 1;
        self.peaks.push(leaf);
        // As many pairs of equal subtrees close as the new size has zeros at its end.
        for _ in 0..self.size.trailing_zeros() {
            if let (Some(right), Some(left)) = (self.peaks.pop(), self.peaks.pop()) {
                self.peaks.push(node_hash(&left, &right));
            }
        }
    }

    /// The root over all leaves so far; of none, SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        let fold = |right: Hash, left: &Hash| node_hash(left, &right);
        match self.peaks.split_last() {
            Some((last, larger)) => larger.iter().rev().fold(*last, fold),
            None => Hash::of(b""),
        }
    }
}

/// Inclusion proof of the leaf at `index`, from the leaf upwards; empty when out of range.
pub fn inclusion_proof(leaves: &[Hash], index: usize) -> Vec<Hash> {
    let mut proof = Vec::new();
    let (mut level, mut at) = (leaves.to_vec(), index);
    if index >= leaves.len() {
        return proof;
    }
    while level.len() > 1 {
        if let Some(sibling) = level.get(at ^ 1) {
            proof.push(*sibling);
        }
        level = level.chunks(2).map(|pair| if let [l, r] = pair { node_hash(l, r) } else { pair[0] }).collect();
        at /= 2;
    }
    proof
}

/// Verifies an inclusion proof (RFC 9162 §2.1.3.2).
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], expected_root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            while at % 2 == 0 && at != 0 {
                at /= 2;
                last /= 2;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        at /= 2;
        last /= 2;
    }
    last == 0 && hash == expected_root
}

/// Proof that the tree of the first `old` leaves is a prefix of this one (RFC 6962 §2.1.2).
pub fn consistency_proof(leaves: &[Hash], old: usize) -> Vec<Hash> {
    fn subproof(leaves: &[Hash], old: usize, complete: bool, proof: &mut Vec<Hash>) {
        if old == leaves.len() {
            if !complete {
                proof.push(root(leaves));
            }
            return;
        }
        let split = leaves.len().next_power_of_two() / 2;
        if old <= split {
            subproof(&leaves[..split], old, complete, proof);
            proof.push(root(&leaves[split..]));
        } else {
            subproof(&leaves[split..], old - split, false, proof);
            proof.push(root(&leaves[..split]));
        }
    }
    let mut proof = Vec::new();
    if old > 0 && old < leaves.len() {
        subproof(leaves, old, true, &mut proof);
    }
    proof
}

/// Verifies a consistency proof between two sizes (RFC 9162 §2.1.4.2).
pub fn verify_consistency(old: u64, new: u64, old_root: Hash, new_root: Hash, proof: &[Hash]) -> bool {
    if old == 0 || old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    let mut nodes = proof.iter();
    let (mut at, mut last) = (old - 1, new - 1);
    while at % 2 == 1 {
        at /= 2;
        last /= 2;
    }
    let first = if old.is_power_of_two() {
        old_root
    } else {
        match nodes.next() {
            Some(h) => *h,
            None => return false,
        }
    };
    let (mut old_hash, mut new_hash) = (first, first);
    for node in nodes {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            old_hash = node_hash(node, &old_hash);
            new_hash = node_hash(node, &new_hash);
            while at % 2 == 0 && at != 0 {
                at /= 2;
                last /= 2;
            }
        } else {
            new_hash = node_hash(&new_hash, node);
        }
        at /= 2;
        last /= 2;
    }
    last == 0 && old_hash == old_root && new_hash == new_root
}
