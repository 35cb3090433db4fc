//! Lessons (课次) of a county's timetables for a week, one row each, in the order in which they were given.
//!
//! | column | type | |
//! | --- | --- | --- |
//! | unit | text? | the class, where it is known |
//! | institution, class_name, course, mode, venue, sheet | text? | as in `domain::Lesson` |
//! | date | text? | `YYYY-MM-DD` |
//! | start_minutes, end_minutes | int64? | after midnight |
//! | teachers | list of text | |
//! | hours | int64? | 学时 of 45 minutes, as stated |
//! | row | int64 | spreadsheet row, from 1 |
//!
//! `?`: may be null. Parquet format 1, Zstandard at its usual level, no statistics, row groups of 65 536: settled here so
//! that the same rows give the same bytes. Another release of polars may write others; hashes of old files stay good.

use super::{Facts, failed};
use crate::canon::{Code, Date, Hash, Refusal, Result, Week};
use crate::domain::{ClockTime, Lesson};
use polars::prelude::*;
use std::io::Cursor;
use std::path::Path;

const KIND: &str = "lesson";

impl Facts {
    /// Writes lessons and gives the file's hash, durable once this returns.
    pub fn write_lessons(&self, week: Week, county: &Code, lessons: &[(Option<Code>, Lesson)]) -> Result<Hash> {
        let mut frame = to_frame(lessons).map_err(|error| failed(&self.dir, error))?;
        self.write_frame(KIND, week, county, &mut frame)
    }

    /// Reads lessons as they were written; a missing or altered file is refused by name.
    pub fn read_lessons(&self, week: Week, county: &Code, hash: &Hash) -> Result<Vec<(Option<Code>, Lesson)>> {
        let path = self.path(KIND, week, county, hash);
        let bytes = self.read(&path, hash)?;
        let frame = ParquetReader::new(Cursor::new(bytes)).finish().map_err(|error| failed(&path, error))?;
        from_frame(&path, &frame)
    }

    /// Scans lessons lazily after verifying the file's hash; columns as above.
    pub fn scan_lessons(&self, week: Week, county: &Code, hash: &Hash) -> Result<LazyFrame> {
        let path = self.path(KIND, week, county, hash);
        self.read(&path, hash)?;
        // The folder's name may hold `*` or `[`: it is a name, not a pattern.
        let arguments = ScanArgsParquet { glob: false, ..ScanArgsParquet::default() };
        let scanned = PlRefPath::try_from_path(&path).and_then(|file| LazyFrame::scan_parquet(file, arguments));
        scanned.map_err(|error| failed(&path, error))
    }
}

fn to_frame(lessons: &[(Option<Code>, Lesson)]) -> PolarsResult<DataFrame> {
    type Pick = fn(&Lesson) -> Option<&str>;
    let text = |name: &str, pick: Pick| Column::new(name.into(), lessons.iter().map(|(_, lesson)| pick(lesson)).collect::<Vec<_>>());
    let clock = |name: &str, pick: fn(&Lesson) -> Option<ClockTime>| {
        let minutes = lessons.iter().map(|(_, lesson)| pick(lesson).map(|time| i64::from(time.minutes())));
        Column::new(name.into(), minutes.collect::<Vec<_>>())
    };
    let units: Vec<Option<&str>> = lessons.iter().map(|(unit, _)| unit.as_ref().map(Code::as_str)).collect();
    let dates: Vec<Option<String>> = lessons.iter().map(|(_, lesson)| lesson.date.map(|date| date.to_string())).collect();
    let hours: Vec<Option<i64>> = lessons.iter().map(|(_, lesson)| lesson.hours).collect();
    let rows: Vec<i64> = lessons.iter().map(|(_, lesson)| i64::from(lesson.row)).collect();
    let mut teachers = ListStringChunkedBuilder::new("teachers".into(), lessons.len(), lessons.len());
    for (_, lesson) in lessons {
        teachers.append_values_iter(lesson.teachers.iter().map(String::as_str));
    }
    let columns = vec![
        Column::new("unit".into(), units),
        text("institution", |lesson| lesson.institution.as_deref()),
        text("class_name", |lesson| lesson.class_name.as_deref()),
        Column::new("date".into(), dates),
        clock("start_minutes", |lesson| lesson.start),
        clock("end_minutes", |lesson| lesson.end),
        text("course", |lesson| lesson.course.as_deref()),
        teachers.finish().into_series().into_column(),
        text("mode", |lesson| lesson.mode.as_deref()),
        Column::new("hours".into(), hours),
        text("venue", |lesson| lesson.venue.as_deref()),
        text("sheet", |lesson| lesson.sheet.as_deref()),
        Column::new("row".into(), rows),
    ];
    DataFrame::new(lessons.len(), columns)
}

fn from_frame(path: &Path, frame: &DataFrame) -> Result<Vec<(Option<Code>, Lesson)>> {
    let wrong = |column: &'static str| Refusal::new("facts_schema").with("file", path.display()).with("column", column);
    let text = |name: &'static str| frame.column(name).and_then(Column::str).map_err(|_| wrong(name));
    let number = |name: &'static str| frame.column(name).and_then(Column::i64).map_err(|_| wrong(name));
    let (units, institutions, class_names, dates) = (text("unit")?, text("institution")?, text("class_name")?, text("date")?);
    let (starts, ends, hours, rows) = (number("start_minutes")?, number("end_minutes")?, number("hours")?, number("row")?);
    let (courses, modes, venues, sheets) = (text("course")?, text("mode")?, text("venue")?, text("sheet")?);
    let teachers = frame.column("teachers").and_then(Column::list).map_err(|_| wrong("teachers"))?;
    let owned = |column: &StringChunked, index: usize| column.get(index).map(str::to_owned);
    let mut lessons = Vec::with_capacity(frame.height());
    for index in 0..frame.height() {
        let lesson = Lesson {
            institution: owned(institutions, index),
            class_name: owned(class_names, index),
            date: dates.get(index).map(Date::parse).transpose().map_err(|_| wrong("date"))?,
            start: starts.get(index).map(to_clock).transpose().map_err(|()| wrong("start_minutes"))?,
            end: ends.get(index).map(to_clock).transpose().map_err(|()| wrong("end_minutes"))?,
            course: owned(courses, index),
            teachers: names(teachers, index).ok_or_else(|| wrong("teachers"))?,
            mode: owned(modes, index),
            hours: hours.get(index),
            venue: owned(venues, index),
            sheet: owned(sheets, index),
            row: rows.get(index).and_then(|row| u32::try_from(row).ok()).ok_or_else(|| wrong("row"))?,
        };
        lessons.push((units.get(index).map(Code::parse).transpose().map_err(|_| wrong("unit"))?, lesson));
    }
    Ok(lessons)
}

fn names(teachers: &ListChunked, index: usize) -> Option<Vec<String>> {
    let series = teachers.get_as_series(index)?;
    series.str().ok()?.iter().map(|name| name.map(str::to_owned)).collect()
}

fn to_clock(minutes: i64) -> std::result::Result<ClockTime, ()> {
    u16::try_from(minutes).ok().and_then(ClockTime::from_minutes).ok_or(())
}
