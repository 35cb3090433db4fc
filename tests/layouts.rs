//! The same ledger in a hundred layouts: whatever a county does to titles, columns, dates and sums, the rows stay the same.

use chrono::Datelike;
use mingchou::canon::{Date, Week};
use mingchou::domain::{DocumentKind, LedgerRow, Level};
use mingchou::ingest::header::canonical;
use mingchou::ingest::lookup::synonyms;
use mingchou::ingest::{Context, Reading, Rows, read_document};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// Columns that stand together: a parent and its children where the header has two rows.
const GROUPS: [(&str, &[(&str, &str)]); 13] = [
    ("", &[("seq", "")]),
    ("", &[("institution", "")]),
    ("", &[("class_name", "")]),
    ("", &[("occupation", "")]),
    ("", &[("level", "")]),
    ("", &[("applied_on", "")]),
    ("", &[("reviewed_on", "")]),
    ("培训时间", &[("opens_on", "开始"), ("ends_on", "结束")]),
    ("", &[("hours", "")]),
    ("人数", &[("planned", "计划"), ("actual", "实际")]),
    ("", &[("teachers", "")]),
    ("负责人", &[("contact", "姓名"), ("phone", "电话")]),
    ("", &[("note", "")]),
];
const STRANGE: [&str; 3] = ["档案盒", "颜色", "距县城公里"];
const DATE_FORMATS: [&str; 5] = ["yyyy-mm-dd", "yyyy/m/d", "yyyy\"年\"m\"月\"d\"日\"", "m\"月\"d\"日\"", "[$-804]yyyy\\.mm\\.dd;@"];

#[derive(Clone, Debug)]
enum Totals {
    None,
    Above,
    Below,
}

/// How a county writes its ledger.
#[derive(Clone, Debug)]
struct Layout {
    titles: usize,
    has_two_rows: bool,
    /// Which of a column's words heads it.
    words: Vec<prop::sample::Index>,
    groups: Vec<usize>,
    strange: usize,
    /// Per row and column: which notation.
    notations: Vec<u8>,
    is_wide: bool,
    is_merged: bool,
    repeated_at: Option<usize>,
    totals: Totals,
    blank_before: Vec<usize>,
    remarks: bool,
    other_sheets: usize,
    is_csv: bool,
}

fn layout() -> impl Strategy<Value = Layout> {
    let head = (0..3usize, any::<bool>(), prop::collection::vec(any::<prop::sample::Index>(), 32), 0..3usize);
    let groups = Just((0..GROUPS.len()).collect::<Vec<_>>()).prop_shuffle();
    let body = (prop::collection::vec(any::<u8>(), 64), any::<bool>(), any::<bool>(), prop::option::of(1..6usize));
    let totals = prop_oneof![Just(Totals::None), Just(Totals::Above), Just(Totals::Below)];
    let around = (totals, prop::collection::vec(0..8usize, 0..3), any::<bool>(), 0..3usize, prop::bool::weighted(0.25));
    (head, groups, body, around).prop_map(|(head, groups, body, around)| Layout {
        titles: head.0,
        has_two_rows: head.1,
        words: head.2,
        groups,
        strange: head.3,
        notations: body.0,
        is_wide: body.1,
        is_merged: body.2,
        repeated_at: body.3,
        totals: around.0,
        blank_before: around.1,
        remarks: around.2,
        other_sheets: around.3,
        is_csv: around.4,
    })
}

fn day(offset: i64) -> Option<Date> {
    Date::from_ymd(2026, 10, 10).map(|first| first.plus_days(offset))
}

fn rows() -> impl Strategy<Value = Vec<LedgerRow>> {
    let names = prop::sample::subsequence(vec!["张三", "李小四", "王五", "欧阳明", "赵六"], 1..4);
    let levels = prop::option::of(prop::sample::select(vec![Level::Five, Level::Four, Level::Three, Level::SpecialAbility, Level::Certificate]));
    let what = (0..3usize, prop::sample::select(vec!["家政服务员", "中式烹调师", "电工", "育婴员"]), levels);
    let when = (prop::option::of(0..10i64), prop::option::of(0..10i64), 10..50i64, 0..30i64);
    let numbers = (1..500i64, 1..60i64, prop::option::of(0..60i64), 0..100u32);
    let rest = (names, prop::option::of(prop::sample::select(vec!["含实训", "夜校", "第二次申报"])));
    let row = (what, when, numbers, rest).prop_map(|(what, when, numbers, rest)| LedgerRow {
        institution: Some(["阳光职业培训学校", "博爱县技工学校", "示范家政服务有限公司"][what.0].to_owned()),
        occupation: Some(what.1.to_owned()),
        level: what.2,
        applied_on: when.0.and_then(day),
        reviewed_on: when.1.and_then(day),
        opens_on: day(when.2),
        ends_on: day(when.2 + when.3),
        hours: Some(numbers.0),
        planned: Some(numbers.1),
        actual: numbers.2,
        contact: Some("陈静".to_owned()),
        phone: Some(format!("100{:08}", numbers.3)),
        teachers: rest.0.into_iter().map(str::to_owned).collect(),
        note: rest.1.map(str::to_owned),
        ..LedgerRow::default()
    });
    prop::collection::vec(row, 1..8).prop_map(|mut rows| {
        for (number, row) in (1..).zip(&mut rows) {
            row.seq = Some(number);
            row.class_name = Some(format!("{}第{number}期", row.occupation.as_deref().unwrap_or_default()));
        }
        rows
    })
}

/// A cell before it is written.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Empty,
    Text(String),
    Number(i64),
    Moment(Date, usize),
}

impl Value {
    fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Moment(date, _) => date.to_string(),
        }
    }
}

fn wide(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).and_then(|digit| char::from_u32(0xFF10 + digit)).unwrap_or(c)).collect()
}

impl Layout {
    fn columns(&self) -> Vec<&'static str> {
        self.groups.iter().flat_map(|group| GROUPS[*group].1.iter().map(|(name, _)| *name)).chain(STRANGE.into_iter().take(self.strange)).collect()
    }

    fn word(&self, at: usize, name: &str) -> String {
        let words: Vec<&str> = synonyms(DocumentKind::Ledger)
            .iter()
            .filter(|(known, _)| *known == name)
            .flat_map(|(known, words)| words.iter().filter(|word| canonical(DocumentKind::Ledger, word) == Some(*known)))
            .copied()
            .collect();
        if words.is_empty() { name.to_owned() } else { (*self.words[at % self.words.len()].get(&words)).to_owned() }
    }

    /// One or two rows of headers, and the merges that belong to them, from the row given.
    fn header(&self, first: usize, merges: &mut Vec<[usize; 4]>) -> Vec<Vec<Value>> {
        let (mut top, mut below) = (Vec::new(), Vec::new());
        let text = |text: &str| if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) };
        for group in &self.groups {
            let (parent, children) = GROUPS[*group];
            for (place, (name, child)) in children.iter().enumerate() {
                let column = top.len();
                let has_parent = self.has_two_rows && !parent.is_empty();
                top.push(if !has_parent { text(&self.word(column, name)) } else { text(if place == 0 { parent } else { "" }) });
                below.push(text(if has_parent { child } else { "" }));
                if !has_parent && self.has_two_rows {
                    merges.push([first, column, first + 1, column]);
                } else if has_parent && place == 0 {
                    merges.push([first, column, first, column + children.len() - 1]);
                }
            }
        }
        for word in STRANGE.into_iter().take(self.strange) {
            if self.has_two_rows {
                merges.push([first, top.len(), first + 1, top.len()]);
            }
            top.push(text(word));
            below.push(Value::Empty);
        }
        if self.has_two_rows { vec![top, below] } else { vec![top] }
    }

    fn value(&self, row: &LedgerRow, at: usize, name: &str) -> Value {
        let notation = self.notations[(at * 7 + name.len()) % self.notations.len()];
        let text = |text: Option<&String>| text.map_or(Value::Empty, |text| Value::Text(text.clone()));
        match name {
            "seq" => row.seq.map_or(Value::Empty, Value::Number),
            "institution" => text(row.institution.as_ref()),
            "class_name" => text(row.class_name.as_ref()),
            "occupation" => text(row.occupation.as_ref()),
            "level" => row.level.map_or(Value::Empty, |level| Value::Text(level.as_str().to_owned())),
            "applied_on" => self.date(row.applied_on, notation),
            "reviewed_on" => self.date(row.reviewed_on, notation),
            "opens_on" => self.date(row.opens_on, notation),
            "ends_on" => self.date(row.ends_on, notation),
            "hours" => self.number(row.hours, ["学时", "课时", "节"], notation),
            "planned" => self.number(row.planned, ["人", "名", "人"], notation),
            "actual" => self.number(row.actual, ["人", "名", "名学员"], notation),
            "teachers" => Value::Text(row.teachers.join(["、", "，", " ", "\n"][usize::from(notation) % 4])),
            "contact" => text(row.contact.as_ref()),
            "phone" => text(row.phone.as_ref()),
            "note" => text(row.note.as_ref()),
            _ => Value::Text("甲".to_owned()),
        }
    }

    fn date(&self, date: Option<Date>, notation: u8) -> Value {
        let Some(date) = date else { return Value::Empty };
        let (year, month, day) = (date.0.year(), date.0.month(), date.0.day());
        let text = match notation % 8 {
            0 => format!("{year}-{month:02}-{day:02}"),
            1 => format!("{year}.{month}.{day}"),
            2 => format!("{year}/{month}/{day}"),
            3 => format!("{year}年{month}月{day}日"),
            4 => format!("{month}月{day}日"),
            5 => format!("{year}{month:02}{day:02}"),
            other => return Value::Moment(date, usize::from(notation / 8 + other)),
        };
        Value::Text(if self.is_wide { wide(&text) } else { text })
    }

    fn number(&self, number: Option<i64>, units: [&str; 3], notation: u8) -> Value {
        let Some(number) = number else { return Value::Empty };
        let text = match notation % 4 {
            0 => return Value::Number(number),
            1 => number.to_string(),
            _ => format!("{number}{}", units[usize::from(notation / 4) % 3]),
        };
        Value::Text(if self.is_wide { wide(&text) } else { text })
    }

    fn totals(&self, rows: &[LedgerRow]) -> Vec<Value> {
        let value = |(at, name): (usize, &&str)| match *name {
            _ if at == 0 => Value::Text("合计".to_owned()),
            "planned" => Value::Number(rows.iter().filter_map(|row| row.planned).sum()),
            "actual" => Value::Number(rows.iter().filter_map(|row| row.actual).sum()),
            _ => Value::Empty,
        };
        self.columns().iter().enumerate().map(value).collect()
    }

    /// The sheet as cells, with its merges.
    fn sheet(&self, title: &str, rows: &[LedgerRow]) -> (Vec<Vec<Value>>, Vec<[usize; 4]>) {
        let (mut grid, mut merges) = (Vec::new(), Vec::new());
        let columns = self.columns();
        let titles = [title, "填报单位：博爱县人力资源和社会保障局    填报时间：2026年11月27日"];
        grid.extend(titles.into_iter().take(self.titles).map(|title| vec![Value::Text(title.to_owned())]));
        grid.extend(self.header(grid.len(), &mut merges));
        if matches!(self.totals, Totals::Above) {
            grid.push(self.totals(rows));
        }
        let institution = columns.iter().position(|name| *name == "institution").unwrap_or(0);
        let mut above: Option<(usize, &LedgerRow)> = None;
        for (at, row) in rows.iter().enumerate() {
            let is_parted = self.repeated_at == Some(at) || self.blank_before.contains(&at);
            grid.extend(self.blank_before.contains(&at).then(Vec::new));
            if self.repeated_at == Some(at) {
                grid.extend(self.header(grid.len(), &mut merges));
            }
            let mut cells: Vec<Value> = columns.iter().map(|name| self.value(row, at, name)).collect();
            let first = above.filter(|(_, above)| !is_parted && self.is_merged && !self.is_csv && above.institution == row.institution);
            if let Some((first, _)) = first {
                cells[institution] = Value::Empty;
                merges.retain(|m| m[0] != first || m[1] != institution);
                merges.push([first, institution, grid.len(), institution]);
            }
            above = Some((first.map_or(grid.len(), |(first, _)| first), row));
            grid.push(cells);
        }
        if matches!(self.totals, Totals::Below) {
            grid.push(self.totals(rows));
        }
        if self.remarks {
            grid.push(vec![Value::Text("备注：本表每周五12点前报送。".to_owned())]);
            grid.push(vec![Value::Empty, Value::Text("填表人：陈静".to_owned()), Value::Empty, Value::Text("审核人：周平".to_owned())]);
        }
        (grid, merges)
    }

    fn write(&self, rows: &[LedgerRow]) -> Result<(String, Vec<u8>), XlsxError> {
        let title = "2026年第48周职业技能培训班期台账统计表";
        let (grid, merges) = self.sheet(title, rows);
        if self.is_csv {
            let quoted = |value: &Value| format!("\"{}\"", value.text());
            let lines: Vec<String> = grid.iter().map(|cells| cells.iter().map(quoted).collect::<Vec<_>>().join(",") + "\r\n").collect();
            return Ok(("台账.csv".to_owned(), lines.concat().into_bytes()));
        }
        let mut book = Workbook::new();
        for week in 0..self.other_sheets {
            let mut earlier = rows.to_vec();
            earlier.iter_mut().for_each(|row| row.class_name = row.class_name.as_ref().map(|name| format!("{name}（往期{week}）")));
            let name = format!("第{}周", 46 + week);
            let (grid, merges) = self.sheet(&title.replace("第48周", &name), &earlier);
            write_sheet(book.add_worksheet().set_name(name)?, &grid, &merges)?;
        }
        write_sheet(book.add_worksheet().set_name("第48周")?, &grid, &merges)?;
        Ok(("台账.xlsx".to_owned(), book.save_to_buffer()?))
    }
}

fn write_sheet(sheet: &mut Worksheet, grid: &[Vec<Value>], merges: &[[usize; 4]]) -> Result<(), XlsxError> {
    let row = |number: usize| u32::try_from(number).unwrap_or(0);
    let column = |number: usize| u16::try_from(number).unwrap_or(0);
    let centred = Format::new().set_align(FormatAlign::Center);
    for [first_row, first_column, last_row, last_column] in merges.iter().filter(|m| m[0] != m[2] || m[1] != m[3]) {
        sheet.merge_range(row(*first_row), column(*first_column), row(*last_row), column(*last_column), "", &centred)?;
    }
    for (at, cells) in grid.iter().enumerate() {
        for (place, value) in cells.iter().enumerate() {
            let (at, place) = (row(at), column(place));
            match value {
                Value::Empty => continue,
                Value::Text(text) => sheet.write(at, place, text)?,
                Value::Number(number) => sheet.write(at, place, *number)?,
                Value::Moment(date, format) => {
                    let moment = ExcelDateTime::parse_from_str(&date.to_string())?;
                    sheet.write_with_format(at, place, moment, &Format::new().set_num_format(DATE_FORMATS[format % DATE_FORMATS.len()]))?
                }
            };
        }
    }
    Ok(())
}

fn read(name: &str, bytes: &[u8]) -> Reading {
    let week = Week::parse("2026-W48").expect("a week");
    read_document(name, bytes, &Context { week, kind: None, units: &[], headers: &[] })
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("MINGCHOU_LAYOUTS").ok().and_then(|number| number.parse().ok()).unwrap_or(64);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_ledger_reads_the_same_in_every_layout(rows in rows(), layout in layout()) {
        let (name, bytes) = layout.write(&rows).expect("a workbook can be written");
        let reading = read(&name, &bytes);
        prop_assert_eq!(reading.kind, Some(DocumentKind::Ledger), "{:?}", reading.findings);
        let Rows::Ledger(read) = reading.rows else { return Err(TestCaseError::fail("no ledger")) };
        let plain: Vec<LedgerRow> = read.into_iter().map(|row| LedgerRow { sheet: None, row: 0, ..row }).collect();
        prop_assert_eq!(plain, rows, "{:?}", reading.findings);
    }
}

/// A trainee as a roster's row: name, ID number, telephone, sex and category.
#[derive(Clone, Debug, PartialEq)]
struct Trainee {
    name: String,
    id: String,
    phone: String,
    category: Option<String>,
}

/// A made-up number of the region that nobody has, with its check character (GB 11643).
fn id_number(days: i64, serial: u32) -> String {
    let born = Date::from_ymd(1966, 1, 1).map_or_else(String::new, |first| first.plus_days(days).to_string().replace('-', ""));
    let body = format!("410899{born}{serial:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).filter_map(|(c, weight)| c.to_digit(10).map(|digit| digit * weight)).sum();
    let check = "10X98765432".as_bytes()[sum as usize % 11];
    format!("{body}{}", char::from(check))
}

fn trainees() -> impl Strategy<Value = Vec<Trainee>> {
    let category = prop::option::of(prop::sample::select(vec!["农村转移就业劳动者", "城镇登记失业人员", "企业职工"]));
    let one = (0..14_000i64, 0..1_000u32, 0..1_000u32, category);
    prop::collection::vec(one, 1..10).prop_map(|list| {
        let mut trainees: Vec<Trainee> = Vec::new();
        for (days, serial, phone, category) in list {
            let name =
                format!("{}{}", ["张", "李", "王", "欧阳"][usize::try_from(days % 4).unwrap_or(0)], ["明", "小红", "建国"][serial as usize % 3]);
            let trainee = Trainee { name, id: id_number(days, serial), phone: format!("100{phone:08}"), category: category.map(str::to_owned) };
            if trainees.iter().all(|known| known.id != trainee.id) {
                trainees.push(trainee);
            }
        }
        trainees
    })
}

fn roster(trainees: &[Trainee], order: &[usize], words: &[prop::sample::Index], flags: [bool; 4]) -> Result<Vec<u8>, XlsxError> {
    let [has_title, is_wide, has_blank, is_spaced] = flags;
    let names = ["seq", "name", "id", "phone", "category"];
    let mut grid: Vec<Vec<Value>> = Vec::new();
    if has_title {
        grid.push(vec![Value::Text("阳光职业培训学校 家政服务员第1期学员花名册".to_owned())]);
    }
    let word = |name: &str| {
        let known = synonyms(DocumentKind::Roster).iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, words)| *words);
        let known: Vec<&str> = known.iter().copied().filter(|word| canonical(DocumentKind::Roster, word) == Some(name)).collect();
        (*words[name.len()].get(&known)).to_owned()
    };
    grid.push(order.iter().map(|at| Value::Text(word(names[*at]))).collect());
    for (number, trainee) in (1..).zip(trainees) {
        grid.extend((has_blank && number == 2).then(Vec::new));
        let id = if is_wide { wide(&trainee.id) } else { trainee.id.clone() };
        let id = if is_spaced { format!(" {} {} {}", &trainee.id[..6], &trainee.id[6..14], trainee.id[14..].to_lowercase()) } else { id };
        let value = |at: &usize| match names[*at] {
            "seq" => Value::Number(number),
            "name" => Value::Text(trainee.name.clone()),
            "id" => Value::Text(id.clone()),
            "phone" => Value::Text(trainee.phone.clone()),
            _ => trainee.category.clone().map_or(Value::Empty, Value::Text),
        };
        grid.push(order.iter().map(value).collect());
    }
    let mut book = Workbook::new();
    write_sheet(book.add_worksheet().set_name("花名册")?, &grid, &[])?;
    book.save_to_buffer()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_roster_reads_the_same_in_every_layout(
        trainees in trainees(),
        order in Just(vec![0usize, 1, 2, 3, 4]).prop_shuffle(),
        words in prop::collection::vec(any::<prop::sample::Index>(), 12),
        flags in any::<[bool; 4]>(),
    ) {
        let bytes = roster(&trainees, &order, &words, flags).expect("a workbook can be written");
        let reading = read("花名册.xlsx", &bytes);
        prop_assert_eq!(reading.kind, Some(DocumentKind::Roster), "{:?}", reading.findings);
        let Rows::Roster(rows) = reading.rows else { return Err(TestCaseError::fail("no roster")) };
        let text = |text: &Option<mingchou::domain::PersonalText>| text.as_ref().map(|text| text.reveal().to_owned()).unwrap_or_default();
        let read: Vec<Trainee> = rows
            .iter()
            .map(|row| Trainee {
                name: text(&row.person.name),
                id: row.person.id.as_ref().map(|id| id.reveal().to_owned()).unwrap_or_default(),
                phone: text(&row.person.phone),
                category: row.category.clone(),
            })
            .collect();
        prop_assert_eq!(read, trainees, "{:?}", reading.findings);
    }
}
