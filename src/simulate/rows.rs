//! The rows that come out, as plain vectors: one struct of vectors per table of `docs/SIGNALS.md`.

/// Days since 1970-01-01.
pub type Day = i32;

/// A column as plain values; which of them a table has is fixed by its type below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    Text(Vec<String>),
    Code(Vec<u32>),
    MaybeCode(Vec<Option<u32>>),
    Key(Vec<u64>),
    MaybeKey(Vec<Option<u64>>),
    Number(Vec<i64>),
    MaybeNumber(Vec<Option<i64>>),
    Day(Vec<Day>),
    MaybeDay(Vec<Option<Day>>),
    Bool(Vec<bool>),
    MaybeBool(Vec<Option<bool>>),
}

impl Column {
    pub fn len(&self) -> usize {
        match self {
            Column::Text(rows) => rows.len(),
            Column::Code(rows) => rows.len(),
            Column::MaybeCode(rows) => rows.len(),
            Column::Key(rows) => rows.len(),
            Column::MaybeKey(rows) => rows.len(),
            Column::Number(rows) => rows.len(),
            Column::MaybeNumber(rows) => rows.len(),
            Column::Day(rows) => rows.len(),
            Column::MaybeDay(rows) => rows.len(),
            Column::Bool(rows) => rows.len(),
            Column::MaybeBool(rows) => rows.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

macro_rules! column_from {
    ($($kind:ident $of:ty),*) => {
        $(impl From<Vec<$of>> for Column {
            fn from(rows: Vec<$of>) -> Self {
                Column::$kind(rows)
            }
        })*
    };
}
column_from!(Text String, Code u32, MaybeCode Option<u32>, Key u64, MaybeKey Option<u64>, Number i64, MaybeNumber Option<i64>);
column_from!(Day Day, MaybeDay Option<Day>, Bool bool, MaybeBool Option<bool>);

/// Columns in the order of the schema.
pub type Columns = Vec<(&'static str, Column)>;

/// A row's struct, the vectors of many, and the columns they become.
macro_rules! table {
    ($row:ident $rows:ident { $($column:ident: $of:ty),* $(,)? }) => {
        pub struct $row {
            $(pub $column: $of),*
        }

        #[derive(Default)]
        pub struct $rows {
            $($column: Vec<$of>),*
        }

        impl $rows {
            pub fn push(&mut self, row: $row) {
                $(self.$column.push(row.$column);)*
            }

            pub fn into_columns(self) -> Columns {
                vec![$((stringify!($column), self.$column.into())),*]
            }
        }
    };
}

table!(ClassRow ClassRows {
    class: u32, unit: String, county: u32, institution: Option<u32>, occupation: Option<u32>, level: Option<u32>,
    applied_on: Option<Day>, reviewed_on: Option<Day>, opens_on: Option<Day>, ends_on: Option<Day>, lead_days: Option<i64>,
    hours: Option<i64>, planned: Option<i64>, actual: Option<i64>, in_system: Option<bool>, standard: Option<i64>,
    amount: Option<i64>, one_employer: bool, in_frame: bool, first_seen: Day, known_at: i64,
});
table!(ChangeRow ChangeRows { class: u32, at: i64, field: u32, known_at: i64 });
table!(RecordRow RecordRows { class: u32, ends: i64, recorded: i64, known_at: i64 });
table!(SubmissionRow SubmissionRows { county: u32, week: Day, due: Option<i64>, received: Option<i64>, versions: i64, known_at: i64 });
table!(SystemRow SystemRows { class: u32, found: bool, compared: i64, differing: i64, known_at: i64 });
table!(RosterRow RosterRows {
    class: u32, row: u32, person: Option<u64>, phone: Option<u64>, account: Option<u64>, address: Option<u64>,
    id_gap: Option<i64>, outside: Option<bool>, fit: Option<bool>, known_at: i64,
});
table!(LessonRow LessonRows { class: u32, starts: i64, ends: i64, hours: Option<i64>, room: Option<u64>, known_at: i64 });
table!(TeachingRow TeachingRows { class: u32, teacher: u64, starts: i64, ends: i64, room: Option<u64>, known_at: i64 });
table!(AttendanceRow AttendanceRows { class: u32, starts: i64, expected: i64, present: i64, known_at: i64 });
table!(SignInRow SignInRows {
    class: u32, starts: i64, person: Option<u64>, at: i64, metres: Option<i64>, matched: Option<bool>, known_at: i64,
});
table!(CheckRow CheckRows { class: u32, person: u64, result: u32, known_at: i64 });
table!(HistoryRow HistoryRows {
    person: u64, occupation: Option<u32>, level: Option<u32>, institution: Option<u32>, paid_on: Day, known_at: i64,
});
table!(VisitRow VisitRows { institution: u32, class: Option<u32>, on: Day, severity: i64, known_at: i64 });
table!(ComplaintRow ComplaintRows { institution: u32, source: u64, on: Day, weight: i64, known_at: i64 });
table!(ExamRow ExamRows { institution: u32, occupation: u32, on: Day, taken: i64, passed: i64, known_at: i64 });
table!(TeacherRow TeacherRows { teacher: u64, occupation: u32, qualified: bool, known_at: i64 });
table!(RoomRow RoomRows { room: u64, capacity: Option<i64>, site: Option<u64>, x: Option<i64>, y: Option<i64>, known_at: i64 });
table!(RegisterRow RegisterRows { institution: u32, contact: Option<u64>, account: Option<u64>, site: Option<u64>, known_at: i64 });
table!(DayOffRow DayOffRows { date: Day });
table!(TruthRow TruthRows { class: u32, pattern: String, signal: String, role: String });
