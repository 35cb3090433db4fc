//! The tables of `synonyms` and `people_words`, looked up: each cell of the first rows asks for eight kinds of document.

use super::people_words;
use super::synonyms::{self, Synonyms, Telling, TellingEntry};
use super::values::first_shown;
use crate::domain::DocumentKind;
use std::collections::HashMap;
use std::sync::LazyLock;

pub fn synonyms(kind: DocumentKind) -> Synonyms {
    match kind {
        DocumentKind::Ledger => synonyms::LEDGER,
        DocumentKind::Timetable => synonyms::TIMETABLE,
        DocumentKind::Roster => people_words::ROSTER,
        DocumentKind::Attendance => people_words::ATTENDANCE,
        DocumentKind::Checks => people_words::CHECKS,
        DocumentKind::Export => people_words::EXPORT,
        DocumentKind::History => people_words::HISTORY,
        DocumentKind::TeachingPlan => people_words::TEACHING_PLAN,
    }
}

fn telling_words(kind: DocumentKind) -> Telling {
    match kind {
        DocumentKind::Ledger => synonyms::LEDGER_TELLING,
        DocumentKind::Timetable => synonyms::TIMETABLE_TELLING,
        DocumentKind::Roster => people_words::ROSTER_TELLING,
        DocumentKind::Attendance => people_words::ATTENDANCE_TELLING,
        DocumentKind::Checks => people_words::CHECKS_TELLING,
        DocumentKind::Export => people_words::EXPORT_TELLING,
        DocumentKind::History => people_words::HISTORY_TELLING,
        DocumentKind::TeachingPlan => people_words::TEACHING_PLAN_TELLING,
    }
}

/// What of one kind's tables answers most questions with no.
struct Index {
    whole: HashMap<&'static str, &'static str>,
    /// With which characters whole headers begin: one bit each, by the last twelve bits of its number.
    firsts: [u64; 64],
    /// Beside each entry of the telling words the characters it needs, as `letters` draws them together.
    telling: Vec<(u64, &'static TellingEntry)>,
}

impl Index {
    fn of(kind: DocumentKind) -> Self {
        let mut index = Self { whole: HashMap::new(), firsts: [0; 64], telling: Vec::new() };
        for (name, words) in synonyms(kind) {
            // Of two columns with the same word the first has it.
            words.iter().for_each(|word| _ = index.whole.entry(*word).or_insert(*name));
        }
        let spans = super::header::SPANS.iter().copied();
        for first in index.whole.keys().copied().chain(spans).filter_map(|word| word.chars().next()) {
            let (word, bit) = place(first);
            index.firsts[word] |= bit;
        }
        index.telling = telling_words(kind).iter().map(|entry| (entry.1.iter().fold(0, |all, word| all | letters(word)), entry)).collect();
        index
    }

    fn get(kind: DocumentKind) -> &'static Self {
        static ALL: LazyLock<[Index; DocumentKind::ALL.len()]> = LazyLock::new(|| DocumentKind::ALL.map(Index::of));
        // In the order of declaration, as `DocumentKind::ALL` has them.
        &ALL[kind as usize]
    }
}

fn place(c: char) -> (usize, u64) {
    let number = u32::from(c);
    ((number >> 6 & 63) as usize, 1 << (number & 63))
}

/// A bit for each character: a text that holds a word has all bits of it.
fn letters(text: &str) -> u64 {
    text.chars().fold(0, |all, c| all | 1 << (u32::from(c) & 63))
}

/// The column of which a text is a whole header.
pub fn whole_header(kind: DocumentKind, text: &str) -> Option<&'static str> {
    Index::get(kind).whole.get(text).copied()
}

/// Whether a text can be a whole header by its first character: data seldom begin like one.
pub fn may_begin_header(kind: DocumentKind, text: &str) -> bool {
    let Some(first) = first_shown(text) else { return false };
    if matches!(first, '(' | ')' | '[' | ']' | '【' | '】' | '〔' | '〕' | '*' | ':' | '：' | '、') {
        return true;
    }
    let (word, bit) = place(first);
    Index::get(kind).firsts[word] & bit != 0
}

/// The column that the telling words of a longer header point to.
pub fn telling(kind: DocumentKind, text: &str) -> Option<&'static str> {
    // A sentence is no header, however many telling words it has.
    if text.chars().count() > 20 || text.contains([':', '：', '。']) {
        return None;
    }
    let own = letters(text);
    let fits = |all: &[&str], none: &[&str]| all.iter().all(|word| text.contains(word)) && !none.iter().any(|word| text.contains(word));
    let entry = Index::get(kind).telling.iter().find(|(needed, (_, all, none))| needed & !own == 0 && fits(all, none));
    entry.map(|(_, (name, _, _))| *name)
}
