//! Which class a lesson or a person's row is about, found once by key and not by looking through the ledger for each.

use super::key;
use crate::domain::{AttendanceRow, CheckRow, ClassName, ExportRow, HistoryRow, LedgerRow, Lesson, Person, RosterRow, Source};
use std::collections::HashMap;

/// A ledger's rows by name and number. Numbers returned are positions in that ledger.
pub struct ClassIndex {
    by_name: HashMap<String, Vec<usize>>,
    by_code: HashMap<String, Vec<usize>>,
    institutions: Vec<String>,
}

impl ClassIndex {
    pub fn new(rows: &[LedgerRow]) -> Self {
        let mut index = Self { by_name: HashMap::new(), by_code: HashMap::new(), institutions: Vec::with_capacity(rows.len()) };
        for (at, row) in rows.iter().enumerate() {
            index.institutions.push(row.institution.as_deref().map(key).unwrap_or_default());
            if let Some(name) = row.class_name.as_deref().map(key) {
                index.by_name.entry(name).or_default().push(at);
            }
            if let Some(code) = row.class_code.as_deref().map(key) {
                index.by_code.entry(code).or_default().push(at);
            }
        }
        index
    }

    /// The row by institution and name, or by a name only one class has.
    fn find_named(&self, institution: &str, class: &str) -> Option<usize> {
        match self.by_name.get(class).map(Vec::as_slice)? {
            [only] => Some(*only),
            several => {
                let mut same = several.iter().filter(|at| self.institutions.get(**at).is_some_and(|known| known == institution));
                same.next().copied().filter(|_| same.next().is_none())
            }
        }
    }

    /// The row that a document about people means: by the class's number, or by its names unless another institution
    /// is named.
    pub fn find(&self, class: &ClassName) -> Option<usize> {
        let by_code = class.class_code.as_deref().and_then(|code| self.by_code.get(&key(code)));
        if let Some([only]) = by_code.map(Vec::as_slice) {
            return Some(*only);
        }
        let institution = class.institution.as_deref().map(key).unwrap_or_default();
        let found = self.find_named(&institution, &key(class.class_name.as_deref()?))?;
        let known = self.institutions.get(found).map(String::as_str).unwrap_or_default();
        (institution.is_empty() || known.is_empty() || known.contains(&institution) || institution.contains(known)).then_some(found)
    }
}

/// Lessons beside the ledger they belong to, matched once for all checks.
pub struct Matched<'a> {
    pub rows: &'a [LedgerRow],
    pub lessons: &'a [Lesson],
    /// Per lesson its class: below the number of rows a row's position, above it a class that the ledger lacks.
    classes: Vec<usize>,
    /// The lessons of each row.
    of_rows: Vec<Vec<&'a Lesson>>,
}

impl<'a> Matched<'a> {
    pub fn new(rows: &'a [LedgerRow], lessons: &'a [Lesson]) -> Self {
        let index = ClassIndex::new(rows);
        let mut others: HashMap<(String, String), usize> = HashMap::new();
        let mut classes: Vec<usize> = Vec::with_capacity(lessons.len());
        for (at, lesson) in lessons.iter().enumerate() {
            // Lessons of a class mostly stand together.
            let before = at.checked_sub(1).and_then(|before| Some((lessons.get(before)?, *classes.get(before)?)));
            let same = before.filter(|(other, _)| other.class_name == lesson.class_name && other.institution == lesson.institution);
            classes.push(match same {
                Some((_, class)) => class,
                None => {
                    let (institution, class) = names(lesson);
                    let found = (!class.is_empty()).then(|| index.find_named(&institution, &class)).flatten();
                    let next = rows.len() + others.len();
                    found.unwrap_or_else(|| *others.entry((institution, class)).or_insert(next))
                }
            });
        }
        let mut of_rows: Vec<Vec<&Lesson>> = vec![Vec::new(); rows.len()];
        for (lesson, class) in lessons.iter().zip(&classes) {
            if let Some(list) = of_rows.get_mut(*class) {
                list.push(lesson);
            }
        }
        Self { rows, lessons, classes, of_rows }
    }

    /// Lessons with their class's number, and its row where the ledger has one.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Option<&'a LedgerRow>, &'a Lesson)> {
        self.lessons.iter().zip(&self.classes).map(|(lesson, class)| (*class, self.rows.get(*class), lesson))
    }

    /// How many lessons each row of the ledger has.
    pub fn lesson_counts(&self) -> impl Iterator<Item = usize> {
        self.of_rows.iter().map(Vec::len)
    }

    /// The rows of the ledger that have lessons, with them.
    pub fn by_row(&self) -> impl Iterator<Item = (&'a LedgerRow, &[&'a Lesson])> {
        self.rows.iter().zip(self.of_rows.iter().map(Vec::as_slice)).filter(|(_, lessons)| !lessons.is_empty())
    }
}

/// Institution and class as lessons are compared by.
pub fn names(lesson: &Lesson) -> (String, String) {
    let text = |field: &Option<String>| field.as_deref().map(key).unwrap_or_default();
    (text(&lesson.institution), text(&lesson.class_name))
}

/// A row of any document about people.
pub trait AboutPerson {
    fn class(&self) -> &ClassName;
    fn person(&self) -> &Person;
    fn source(&self) -> &Source;
}

macro_rules! about_person {
    ($($row:ty),*) => {$(
        impl AboutPerson for $row {
            fn class(&self) -> &ClassName {
                &self.class
            }
            fn person(&self) -> &Person {
                &self.person
            }
            fn source(&self) -> &Source {
                &self.source
            }
        }
    )*};
}

about_person!(RosterRow, AttendanceRow, CheckRow, ExportRow, HistoryRow);

/// The rows of a document that are about one class.
pub struct Group<'a, T> {
    /// Comparable between documents grouped by the same `Classes`.
    pub class: usize,
    pub ledger: Option<&'a LedgerRow>,
    /// As the document's first row says it.
    pub name: &'a ClassName,
    pub rows: Vec<&'a T>,
}

/// Numbers classes of several documents alike, whether the ledger has them or not.
pub struct Classes<'a> {
    ledger: &'a [LedgerRow],
    index: ClassIndex,
    others: HashMap<(String, String, String), usize>,
}

impl<'a> Classes<'a> {
    pub fn new(ledger: &'a [LedgerRow]) -> Self {
        Self { ledger, index: ClassIndex::new(ledger), others: HashMap::new() }
    }

    fn number(&mut self, class: &ClassName) -> usize {
        let text = |field: &Option<String>| field.as_deref().map(key).unwrap_or_default();
        let next = self.ledger.len() + self.others.len();
        let of_ledger = self.index.find(class);
        of_ledger.unwrap_or_else(|| *self.others.entry((text(&class.institution), text(&class.class_name), text(&class.class_code))).or_insert(next))
    }

    /// Groups rows by class, in order of first appearance.
    pub fn group<T: AboutPerson>(&mut self, rows: &'a [T]) -> Vec<Group<'a, T>> {
        let mut groups: Vec<Group<'a, T>> = Vec::new();
        let mut known: HashMap<usize, usize> = HashMap::new();
        let mut before: Option<(&ClassName, usize)> = None;
        for row in rows {
            let class = match before {
                Some((name, class)) if name == row.class() => class,
                _ => self.number(row.class()),
            };
            before = Some((row.class(), class));
            let at = *known.entry(class).or_insert(groups.len());
            match groups.get_mut(at) {
                Some(group) => group.rows.push(row),
                None => groups.push(Group { class, ledger: self.ledger.get(class), name: row.class(), rows: vec![row] }),
            }
        }
        groups
    }
}

impl<T> Group<'_, T> {
    /// The class as people call it.
    pub fn shown(&self) -> String {
        let ledger = self.ledger.and_then(|row| row.class_name.as_ref());
        let name = ledger.or(self.name.class_name.as_ref()).or(self.name.class_code.as_ref());
        name.cloned().unwrap_or_else(|| "@class_unnamed".to_owned())
    }
}

/// Groups by their class, to find the same class in another document.
pub fn by_class<'g, 'a, T>(groups: &'g [Group<'a, T>]) -> HashMap<usize, &'g Group<'a, T>> {
    groups.iter().map(|group| (group.class, group)).collect()
}
