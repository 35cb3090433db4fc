//! Ledgers（台账统计表）: one class a row.

use super::header::{Header, is_header_row};
use super::place::row_number;
use super::rows::{RowKind, first_header, is_data, is_example, is_numbering, note_others, note_unknown, row_kind, side_by_side};
use super::sheet::{Cell, NOTHING, Sheet};
use super::values::{self, DateRead, is_blank, squeeze};
use super::{Context, Notes};
use crate::canon::Date;
use crate::domain::Severity::{Information, MustMend, ShouldExplain};
use crate::domain::{DocumentKind, LedgerRow, mask};
use std::borrow::Cow;

/// Reads all current sheets in order.
pub fn read(sheets: &[&Sheet], context: &Context, notes: &mut Notes, columns: &mut Vec<(&'static str, String)>) -> Vec<LedgerRow> {
    let mut rows = Vec::new();
    let tables: Vec<Cow<Sheet>> = sheets.iter().flat_map(|sheet| side_by_side(sheet, DocumentKind::Ledger)).collect();
    for sheet in &tables {
        let sheet = sheet.as_ref();
        let Some(header) = first_header(sheet, DocumentKind::Ledger) else { continue };
        for (name, (_, text)) in &header.columns {
            if !columns.iter().any(|(known, _)| known == name) {
                columns.push((name, text.clone()));
            }
        }
        note_unknown(sheet, &header, notes);
        note_above(sheet, &header, notes);
        let mut group = Group::default();
        if header.column("institution").is_none() {
            // Each institution's own sheet names it in its title alone.
            group.institution = (0..header.first_row).find_map(|row| institution_in(sheet, row));
        }
        let mut reader = Reader { sheet, at: Columns::of(&header), header, context, above: Vec::new(), group };
        reader.read(notes, &mut rows);
    }
    if rows.is_empty() {
        notes.add("L1001", Information, "", None, None);
    }
    rows
}

/// Names rows above the header that hold data: a header that wasn't known stands over them.
fn note_above(sheet: &Sheet, header: &Header, notes: &mut Notes) {
    let is_left_out =
        |row: &usize| is_data(sheet, *row, 4) && row_kind(sheet, *row, None) == RowKind::Data && super::timetable::heading_in(sheet, *row).is_none();
    let rows: Vec<String> = (0..header.first_row).filter(is_left_out).map(|row| row_number(row).to_string()).collect();
    if !rows.is_empty() {
        notes.add("D1035", ShouldExplain, &sheet.name, None, None).values = vec![("rows", rows.join("、"))];
    }
}

/// The institution that a line above the table names: `培训机构：…`, or the beginning of its title.
fn institution_in(sheet: &Sheet, row: usize) -> Option<String> {
    let labelled = super::timetable::heading_in(sheet, row).and_then(|heading| heading.institution);
    labelled.or_else(|| super::timetable::split_institution(&squeeze(&sheet.line(row))).0)
}

/// What a line inside the table says of the rows below it: `一、就业技能培训`, or an institution's name.
#[derive(Default)]
struct Group {
    institution: Option<String>,
    training_type: Option<String>,
}

impl Group {
    fn of(label: &str) -> Self {
        let plain = super::dates::without_brackets(&squeeze(label));
        let name = plain.trim_start_matches(|c: char| "一二三四五六七八九十0123456789、.()".contains(c)).trim_end_matches(':').to_owned();
        let is_type =
            ["就业技能培训", "岗位技能提升培训", "创业培训", "企业新型学徒制", "项目制培训", "学徒制"].iter().any(|word| name.contains(word));
        let is_institution = ["学校", "中心", "公司", "学院", "机构", "协会", "基地"].iter().any(|end| name.ends_with(end));
        Self { institution: (is_institution && !is_type).then(|| name.clone()), training_type: is_type.then_some(name) }
    }
}

/// Whether a cell shows that a formula failed.
fn is_error(cell: &Cell) -> bool {
    values::first_shown(&cell.text) == Some('#') && squeeze(&cell.text).ends_with(['!', '?', 'A'])
}

/// Numbers that are a class's own: merged over several classes they are a sum.
const COUNTS: [&str; 3] = ["planned", "actual", "subsidy_amount"];

/// A column whose header names two numbers.
struct Both {
    column: usize,
    is_in_order: bool,
}

impl Both {
    fn of(header: &Header, names: [&str; 2], words: [&str; 2]) -> Option<Self> {
        let (column, text) =
            names.iter().filter_map(|name| header.columns.get(name)).find(|(_, text)| words.iter().all(|word| text.contains(word)))?;
        Some(Self { column: *column, is_in_order: text.find(words[0]) < text.find(words[1]) })
    }
}

/// Where each column stands: looked up once per header and not by name for every cell.
macro_rules! columns {
    ($($name:ident),*) => {
        #[derive(Default)]
        struct Columns {
            $($name: Option<usize>,)*
            people: Option<Both>,
            length: Option<Both>,
        }

        impl Columns {
            fn of(header: &Header) -> Self {
                Self {
                    $($name: header.column(stringify!($name)),)*
                    people: Both::of(header, ["planned", "actual"], ["计划", "实"]),
                    length: Both::of(header, ["hours", "days"], ["时", "天"]),
                }
            }
        }
    };
}
columns!(
    seq,
    county,
    institution,
    uscc,
    class_code,
    class_name,
    occupation,
    level,
    training_type,
    venue,
    practice_venue,
    applied_on,
    reviewed_on,
    opens_on,
    ends_on,
    period,
    hours,
    days,
    planned,
    actual,
    teachers,
    contact,
    phone,
    contact_phone,
    system_name,
    in_system,
    daily_check_on,
    daily_check_by,
    daily_check_count,
    subsidy_source,
    subsidy_standard,
    subsidy_amount,
    note
);

struct Reader<'a> {
    sheet: &'a Sheet,
    header: Header,
    at: Columns,
    context: &'a Context<'a>,
    /// The row of data above, as it was understood, for 同上.
    above: Vec<&'a Cell>,
    group: Group,
}

impl<'a> Reader<'a> {
    fn read(&mut self, notes: &mut Notes, rows: &mut Vec<LedgerRow>) {
        let first_index = rows.len();
        let mut totals = Vec::new();
        let mut others = Vec::new();
        let mut row = self.header.last_row + 1;
        while row < self.sheet.rows.len() {
            if let Some(again) = is_header_row(self.sheet, row, DocumentKind::Ledger) {
                row = again.last_row + 1;
                let is_other = again.columns.keys().ne(self.header.columns.keys());
                if is_other {
                    note_unknown(self.sheet, &again, notes);
                }
                self.at = Columns::of(&again);
                self.header.columns = again.columns;
                self.header.more_teachers = again.more_teachers;
                self.header.sexes = again.sexes;
                continue;
            }
            if self.is_other_head(row) && is_header_row(self.sheet, row + 1, DocumentKind::Ledger).is_some() {
                // The upper row of a header again, whose lower row says it all.
                row += 1;
                continue;
            }
            if self.is_other_head(row) {
                // A small table of sums, or a form for something else, below the list of classes.
                let rest: Vec<String> =
                    (row..self.sheet.rows.len()).filter(|at| !self.sheet.line(*at).is_empty()).map(|at| row_number(at).to_string()).collect();
                notes.add("L1019", ShouldExplain, &self.sheet.name, Some((row, None)), None).values = vec![("rows", rest.join("、"))];
                break;
            }
            match row_kind(self.sheet, row, self.at.seq) {
                RowKind::Blank => {}
                RowKind::Data if is_numbering(self.sheet, row) => {}
                RowKind::Data => self.data_row(row, notes, rows),
                RowKind::Total(label) if !label.contains("小计") && !label.starts_with("本页") => totals.push(row),
                RowKind::Total(_) | RowKind::Remark => others.push(row),
            }
            row += 1;
        }
        others.extend(&totals);
        others.sort_unstable();
        note_others(self.sheet, &self.header, &["class_name", "class_code", "occupation", "opens_on", "ends_on", "period"], &others, notes);
        for row in totals {
            self.compare_totals(row, &rows[first_index..], notes);
        }
    }

    /// Whether another table begins in a row after a gap: nothing but headers, and not those of a ledger.
    fn is_other_head(&self, row: usize) -> bool {
        let cells = || self.sheet.rows[row].iter().filter(|cell| !cell.is_empty());
        let is_words = cells().all(|cell| cell.number.is_none() && cell.moment.is_none() && !cell.text.chars().any(|c| c.is_ascii_digit()));
        // Asked of every row of data, so the cheap questions come first.
        if !is_words || cells().nth(1).is_none() {
            return false;
        }
        let above = &self.sheet.rows[row - 1];
        let has_gap = above.iter().filter(|cell| !cell.is_empty()).count() < 2 || row_kind(self.sheet, row - 1, None) == RowKind::Remark;
        let is_known = |cell: &&Cell| super::header::canonical(DocumentKind::Ledger, &cell.text).is_some();
        let is_number = |cell: &Cell| cell.number.is_some() || values::read_integer(&cell.text).flatten().is_some();
        has_gap && cells().filter(is_known).nth(1).is_some() && self.sheet.rows.get(row + 1).is_some_and(|cells| cells.iter().any(is_number))
    }

    /// The cell of a column: its own, the top one of a vertical merge, or the one above for 同上.
    fn cell(&self, row: usize, column: Option<usize>) -> (&'a Cell, usize) {
        let Some(column) = column else { return (&NOTHING, 0) };
        // An error is told once for its cell, and holds nothing.
        let cell = self.resolved(row, column);
        (if is_error(cell) { &NOTHING } else { cell }, column)
    }

    fn resolved(&self, row: usize, column: usize) -> &'a Cell {
        self.sheet.resolved(row, column, self.header.last_row, &self.above)
    }

    fn data_row(&mut self, row: usize, notes: &mut Notes, rows: &mut Vec<LedgerRow>) {
        let width = self.sheet.rows[row].len();
        let cells = self.sheet.resolved_row(row, self.header.last_row, &self.above);
        let seq_column = self.at.seq;
        let own = |column: usize| self.sheet.cell(row, column).is_some_and(|cell| !is_blank(&cell.text));
        let is_number =
            seq_column.and_then(|column| self.sheet.cell(row, column)).is_some_and(|cell| values::read_integer(&cell.text).flatten().is_some());
        if is_number && !(0..width).any(|column| Some(column) != seq_column && own(column)) {
            // A prepared line with nothing but its number.
            notes.add("L1010", Information, &self.sheet.name, Some((row, None)), None);
            return;
        }
        if self.skip(row, &cells, notes) {
            return;
        }
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| is_error(cell)) {
            notes.add("L1202", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text.clone()));
        }
        let mut ledger =
            LedgerRow { sheet: (!self.sheet.name.is_empty()).then(|| self.sheet.name.clone()), row: row_number(row), ..LedgerRow::default() };
        self.texts(row, &mut ledger, notes);
        self.dates(row, &mut ledger, notes);
        self.numbers(row, &mut ledger, notes);
        self.people(row, &mut ledger, notes);
        self.fill_down(row, &mut ledger, rows.last(), notes);
        self.above = cells;
        rows.push(ledger);
    }

    /// Whether a row is no class though it has words in it; each such row is told.
    fn skip(&mut self, row: usize, cells: &[&Cell], notes: &mut Notes) -> bool {
        let own: Vec<(usize, &Cell)> =
            cells.iter().copied().enumerate().filter(|(column, _)| self.sheet.cell(row, *column).is_some_and(|cell| !cell.is_empty())).collect();
        if is_example(&own, self.at.seq) {
            notes.add("L1018", Information, &self.sheet.name, Some((row, None)), None);
            return true;
        }
        let seq = self.at.seq;
        let is_struck = |(column, _): &(usize, &Cell)| Some(*column) == seq || self.sheet.struck_cells.contains(&(row, *column));
        if self.sheet.struck_rows.contains(&row) || own.len() > 2 && own.iter().all(is_struck) {
            notes.add("L1013", ShouldExplain, &self.sheet.name, Some((row, None)), None);
            return true;
        }
        // A lone text that is repeated over a merged row, or stands by itself, heads the rows below.
        if let [(column, cell)] = own.as_slice()
            && ![self.at.class_name, self.at.occupation, self.at.class_code].contains(&Some(*column))
        {
            let group = Group::of(&cell.text);
            notes.add("L1012", Information, &self.sheet.name, Some((row, Some(*column))), Some(crate::canon::code::clip(&cell.text)));
            if group.institution.is_some() {
                self.group.institution = group.institution;
            }
            if group.training_type.is_some() {
                self.group.training_type = group.training_type;
            }
            return true;
        }
        let at = &self.at;
        let identity = [at.institution, at.class_name, at.class_code, at.occupation, at.opens_on, at.ends_on, at.period, at.applied_on];
        // 0, 无 and the day zero of an empty date cell say as little as an empty cell.
        let says = |cell: &Cell| !is_blank(&cell.text) && squeeze(&cell.text) != "0" && cell.number.is_none_or(|number| number != 0.0);
        let says_nothing = !identity.into_iter().flatten().any(|column| own.iter().any(|(at, cell)| *at == column && says(cell)));
        if says_nothing {
            let text = own.first().map(|(_, cell)| crate::canon::code::clip(&cell.text));
            notes.add("L1014", ShouldExplain, &self.sheet.name, Some((row, None)), text);
        }
        says_nothing
    }

    /// An institution given once for several rows: in a line above them, or in a merge that the format doesn't tell.
    fn fill_down(&self, row: usize, ledger: &mut LedgerRow, above: Option<&LedgerRow>, notes: &mut Notes) {
        ledger.training_type = ledger.training_type.take().or_else(|| self.group.training_type.clone());
        if ledger.institution.is_some() {
            return;
        }
        ledger.institution.clone_from(&self.group.institution);
        if ledger.institution.is_none()
            && !self.sheet.tells_merges
            && let Some(institution) = above.and_then(|above| above.institution.clone())
        {
            let column = self.at.institution;
            notes.add("L1011", Information, &self.sheet.name, Some((row, column)), Some(institution.clone()));
            ledger.uscc = ledger.uscc.take().or_else(|| above.and_then(|above| above.uscc.clone()));
            ledger.institution = Some(institution);
        }
    }

    fn text(&self, row: usize, column: Option<usize>) -> Option<String> {
        let (cell, _) = self.cell(row, column);
        let text = one_line(&cell.text);
        (!is_blank(&text)).then_some(text)
    }

    fn texts(&self, row: usize, ledger: &mut LedgerRow, notes: &mut Notes) {
        ledger.county = self.text(row, self.at.county);
        ledger.institution = self.text(row, self.at.institution);
        ledger.uscc = self.code(row, self.at.uscc, notes).map(|code| code.to_uppercase());
        ledger.class_code = self.code(row, self.at.class_code, notes);
        ledger.occupation = self.text(row, self.at.occupation);
        ledger.training_type = self.text(row, self.at.training_type);
        ledger.venue = self.text(row, self.at.venue);
        ledger.practice_venue = self.text(row, self.at.practice_venue);
        ledger.system_name = self.text(row, self.at.system_name);
        ledger.subsidy_source = self.text(row, self.at.subsidy_source);
        ledger.note = self.text(row, self.at.note);
        ledger.class_name = self.class_name(row, notes);
        let (cell, column) = self.cell(row, self.at.level);
        let joined = self.occupation_in_level(&cell.text);
        ledger.level = match values::read_level(&cell.text) {
            level if ledger.occupation.is_none() && joined.is_some() => {
                ledger.occupation = joined;
                level.flatten()
            }
            Some(None) => {
                notes.add("L1205", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text.clone()));
                None
            }
            level => level.flatten(),
        };
        let (cell, column) = self.cell(row, self.at.in_system);
        ledger.in_system = match values::read_bool(&cell.text) {
            Some(None) => {
                notes.add("L1206", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text.clone()));
                None
            }
            answer => answer.flatten(),
        };
    }

    /// The occupation in `中式烹调师（五级）`, where one column is headed 工种及等级 and none has the occupation alone.
    fn occupation_in_level(&self, text: &str) -> Option<String> {
        let (_, head) = self.header.columns.get("level")?;
        let is_joined = head.contains("工种") || head.contains("专业") || head.contains("职业") && head.contains(['及', '与', '/', '、', '和']);
        if self.at.occupation.is_some() || !is_joined {
            return None;
        }
        let text = values::narrow(text);
        let words = ["五级", "四级", "三级", "二级", "一级", "初级", "中级", "高级", "专项", "合格证", "技师"];
        // A name such as 汽车维修技师 is all occupation: only what a sign parts, or an ordinal, is a level.
        let parted = ['(', '/', ' ', '-', '、', ','].into_iter().find_map(|sign| {
            let (occupation, level) = text.rsplit_once(sign)?;
            words.iter().any(|word| level.contains(word)).then(|| occupation.trim().to_owned())
        });
        let joined = || ["五级", "四级", "三级", "二级", "一级"].iter().find_map(|word| text.strip_suffix(word)).map(str::to_owned);
        let whole = || values::read_level(&text).flatten().is_none().then(|| text.trim().to_owned());
        parted.or_else(joined).or_else(whole).filter(|occupation| !is_blank(occupation))
    }

    /// A code, unless it is a number whose last digits the spreadsheet has lost.
    fn code(&self, row: usize, at: Option<usize>, notes: &mut Notes) -> Option<String> {
        let (cell, column) = self.cell(row, at);
        let is_lost =
            values::is_scientific(&cell.text) || cell.number.is_some() && squeeze(&cell.text).chars().filter(char::is_ascii_digit).count() > 15;
        if is_lost {
            notes.add("L1211", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text.clone()));
            return None;
        }
        self.text(row, at).map(|code| squeeze(&code).trim_start_matches('\'').to_owned())
    }

    /// A class name that the spreadsheet took for a date is read only where the cell still shows what was typed: 2026-07.
    fn class_name(&self, row: usize, notes: &mut Notes) -> Option<String> {
        let (cell, column) = self.cell(row, self.at.class_name);
        let Some(moment) = cell.moment else { return self.text(row, self.at.class_name) };
        let at = Some((row, Some(column)));
        if !cell.shows_month {
            notes.add("L1204", MustMend, &self.sheet.name, at, Some(cell.text.clone()));
            return None;
        }
        let text = moment.format("%Y-%m").to_string();
        notes.add("L1209", ShouldExplain, &self.sheet.name, at, Some(cell.text.clone())).values = vec![("read", text.clone())];
        Some(text)
    }

    fn dates(&self, row: usize, ledger: &mut LedgerRow, notes: &mut Notes) {
        let mut one = |at: Option<usize>| {
            let (cell, column) = self.cell(row, at);
            let read = values::read_date_cell(cell, self.context.week);
            self.note_date(read, row, column, &cell.text, notes)
        };
        ledger.applied_on = one(self.at.applied_on);
        ledger.reviewed_on = one(self.at.reviewed_on);
        ledger.opens_on = one(self.at.opens_on);
        ledger.ends_on = one(self.at.ends_on);
        self.daily_check(row, ledger, notes);
        let period = [(true, self.at.period), (false, self.at.opens_on)].into_iter().map(|(is_period, at)| (is_period, self.cell(row, at)));
        for (is_period, (cell, column)) in period {
            let is_range = is_period
                || (ledger.opens_on.is_none() && ledger.ends_on.is_none() && !values::date_ranges_in(&cell.text, self.context.week).is_empty());
            if !is_range || is_blank(&cell.text) || (is_period && self.at.period.is_none()) {
                continue;
            }
            let (opens, ends) = values::read_date_range(&cell.text, self.context.week);
            if !is_period {
                // Both dates in the opening column: the complaint about it as a single date is withdrawn.
                notes.list.retain(|f| !(f.code == "L1201" && f.place.row == Some(row_number(row)) && f.value.as_deref() == Some(cell.text.as_str())));
            }
            ledger.opens_on = self.note_date(opens, row, column, &cell.text, notes);
            ledger.ends_on =
                if opens == DateRead::Bad && ends == DateRead::Bad { None } else { self.note_date(ends, row, column, &cell.text, notes) };
            break;
        }
    }

    /// The latest day of a cell that may list several or tell a story: `11月5日、11月12日各检查一次`, `未检查`.
    fn daily_check(&self, row: usize, ledger: &mut LedgerRow, notes: &mut Notes) {
        let (cell, column) = self.cell(row, self.at.daily_check_on);
        let read = values::read_date_cell(cell, self.context.week);
        if read != DateRead::Bad {
            ledger.daily_check_on = self.note_date(read, row, column, &cell.text, notes);
            return;
        }
        let (last, count) = values::last_date_in(&cell.text, self.context.week);
        ledger.daily_check_on = last;
        if count > 1 && self.at.daily_check_count.is_none() {
            ledger.daily_check_count = i64::try_from(count).ok();
        }
        // A check that has not happened is told in words, and words alone are no fault.
        if last.is_none() && cell.text.chars().any(|c| c.is_ascii_digit()) {
            self.note_date(DateRead::Bad, row, column, &cell.text, notes);
        }
    }

    fn note_date(&self, read: DateRead, row: usize, column: usize, text: &str, notes: &mut Notes) -> Option<Date> {
        // “未审核” in a date's place is an answer, not a mistake.
        let is_pending = read == DateRead::Bad && Some(column) == self.at.reviewed_on && !text.chars().any(|c| c.is_ascii_digit());
        if is_pending && ["未", "待", "审核中", "审批中", "不"].iter().any(|word| text.contains(word)) {
            notes.add("L1212", Information, &self.sheet.name, Some((row, Some(column))), Some(text.to_owned()));
            return None;
        }
        let code = match read {
            DateRead::Bad => "L1201",
            DateRead::Far(_) => "L1207",
            DateRead::Empty | DateRead::Good(_) => return read.date(),
        };
        let is_key = [self.at.opens_on, self.at.ends_on, self.at.period].contains(&Some(column));
        let severity = if read == DateRead::Bad && is_key { MustMend } else { ShouldExplain };
        notes.add(code, severity, &self.sheet.name, Some((row, Some(column))), Some(text.to_owned()));
        read.date()
    }

    /// The last row of a merged cell that covers more than one class.
    fn shared_until(&self, row: usize, column: usize) -> Option<usize> {
        let (first, _, last, _) = self.sheet.merges.over(row, column).filter(|m| m.0 > self.header.last_row && m.2 > m.0)?;
        let class = self.at.class_name.or(self.at.occupation)?;
        let (from, to) = self.sheet.merges.over(row, class).map_or((row, row), |m| (m.0, m.2));
        // A class written over two rows has its numbers merged likewise.
        (first < from || to < last).then_some(last)
    }

    /// Men and women together, where the ledger has no column of their sum.
    fn both_sexes(&self, row: usize) -> Option<i64> {
        let count = |column: &usize| values::read_integer(&self.resolved(row, *column).text).flatten();
        let sexes = &self.header.sexes;
        (sexes.len() == 2 && self.at.actual.is_none()).then(|| sexes.iter().map(count).sum::<Option<i64>>())?
    }

    /// The two numbers of a column that holds both, such as 计划/实际人数 with `40/38`, in the order of the header's words.
    fn both(&self, row: usize, both: &Option<Both>) -> Option<[i64; 2]> {
        let both = both.as_ref()?;
        let text = squeeze(&self.cell(row, Some(both.column)).0.text);
        let (first, last) = text.split_once(['/', '、', '('])?;
        let numbers = [values::read_integer(first)??, values::read_integer(last.trim_end_matches(')'))??];
        Some(if both.is_in_order { numbers } else { [numbers[1], numbers[0]] })
    }

    fn numbers(&self, row: usize, ledger: &mut LedgerRow, notes: &mut Notes) {
        let people = self.both(row, &self.at.people);
        let length = self.both(row, &self.at.length);
        let is_both = |name: &str| people.is_some() && ["planned", "actual"].contains(&name) || length.is_some() && ["hours", "days"].contains(&name);
        let mut one = |name: &str, at: Option<usize>, read: fn(&str) -> Option<Option<i64>>| {
            if at.is_none() || is_both(name) {
                return None;
            }
            let (cell, column) = self.cell(row, at);
            if let Some(last) = self.shared_until(row, column).filter(|_| COUNTS.contains(&name)) {
                // A number merged over several classes is that of none of them.
                if self.sheet.cell(row, column).is_some_and(|own| !own.is_empty()) {
                    let finding = notes.add("L1214", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(cell.text.clone()));
                    finding.values = vec![("rows", format!("{}–{}", row_number(row), row_number(last)))];
                }
                return None;
            }
            let is_in_wan = name.starts_with("subsidy")
                && !is_blank(&cell.text)
                && !cell.text.contains(['万', '元'])
                && self.header.columns.get(name).is_some_and(|(_, text)| text.contains("万元"));
            let text = if is_in_wan { Cow::Owned(format!("{}万元", cell.text)) } else { Cow::Borrowed(&cell.text) };
            let number = read(&text)?;
            if number.is_none() {
                notes.add("L1203", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(text.into_owned()));
            }
            number
        };
        ledger.hours = one("hours", self.at.hours, values::read_integer);
        ledger.days = one("days", self.at.days, values::read_integer);
        ledger.planned = one("planned", self.at.planned, values::read_integer);
        ledger.actual = one("actual", self.at.actual, values::read_integer).or_else(|| self.both_sexes(row));
        ledger.daily_check_count = one("daily_check_count", self.at.daily_check_count, values::read_integer).or(ledger.daily_check_count);
        ledger.subsidy_standard = one("subsidy_standard", self.at.subsidy_standard, values::read_yuan);
        ledger.subsidy_amount = one("subsidy_amount", self.at.subsidy_amount, values::read_yuan);
        if let Some([planned, actual]) = people {
            (ledger.planned, ledger.actual) = (Some(planned), Some(actual));
        }
        if let Some([hours, days]) = length {
            (ledger.hours, ledger.days) = (Some(hours), Some(days));
        }
        let (cell, _) = self.cell(row, self.at.seq);
        ledger.seq = values::read_integer(&cell.text).flatten();
        let (cell, _) = self.cell(row, self.at.hours);
        ledger.days = ledger.days.or_else(|| values::days_in_brackets(&cell.text));
    }

    fn people(&self, row: usize, ledger: &mut LedgerRow, notes: &mut Notes) {
        ledger.teachers = values::read_names(&self.cell(row, self.at.teachers).0.text);
        for column in &self.header.more_teachers {
            let further = values::read_names(&self.resolved(row, *column).text);
            let new: Vec<String> = further.into_iter().filter(|name| !ledger.teachers.contains(name)).collect();
            ledger.teachers.extend(new);
        }
        ledger.daily_check_by = self.text(row, self.at.daily_check_by);
        let is_filled = |at: &Option<usize>| at.is_some() && !is_blank(&self.cell(row, *at).0.text);
        let (contact, contact_column) = self.cell(row, [self.at.contact_phone, self.at.contact].into_iter().find(is_filled).flatten());
        (ledger.contact, ledger.phone) = values::split_contact(&contact.text);
        let (cell, column) = self.cell(row, self.at.phone);
        let own = (!is_blank(&cell.text)).then(|| values::tidy_phone(&cell.text));
        let column = if own.is_some() { column } else { contact_column };
        if values::is_scientific(&cell.text) || contact.text.split_whitespace().any(values::is_scientific) {
            notes.add("L1208", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(mask(&cell.text)));
            ledger.phone = None;
            return;
        }
        // A name in the telephone's column, where the contact's is empty or missing.
        if own.as_deref().is_some_and(|text| !text.chars().any(|c| c.is_ascii_digit())) {
            ledger.contact = ledger.contact.take().or(own);
        } else if let Some(own) = own {
            let (name, phone) = if values::is_phone(&own) { (None, Some(own)) } else { values::split_contact(&cell.text) };
            ledger.contact = ledger.contact.take().or(name);
            ledger.phone = phone.or_else(|| Some(values::tidy_phone(&cell.text)));
        }
        if let Some(phone) = ledger.phone.as_deref().filter(|phone| !values::is_phone(phone)) {
            notes.add("L1210", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(mask(phone)));
        }
    }

    /// Holds a totals row against the sum of the rows.
    fn compare_totals(&self, row: usize, rows: &[LedgerRow], notes: &mut Notes) {
        type Field = fn(&LedgerRow) -> Option<i64>;
        let fields: [(&str, Field); 3] = [("planned", |r| r.planned), ("actual", |r| r.actual), ("subsidy_amount", |r| r.subsidy_amount)];
        for (name, field) in fields {
            let Some(column) = self.header.column(name) else { continue };
            let text = self.sheet.cell(row, column).map(|cell| cell.text.clone()).unwrap_or_default();
            let Some(Some(stated)) = values::read_yuan(&text) else { continue };
            let above = || rows.iter().filter(|class| class.row < row_number(row));
            // A sum in the middle is of the rows above it, one above them all of all.
            let sum: i64 = if above().next().is_some() { above().filter_map(field).sum() } else { rows.iter().filter_map(field).sum() };
            if stated != sum {
                let finding = notes.add("L1030", ShouldExplain, &self.sheet.name, Some((row, Some(column))), Some(text));
                finding.values = vec![("expected", sum.to_string()), ("found", stated.to_string())];
            }
        }
    }
}

/// A text on one line. Line feeds beside Chinese characters are where the cell was too narrow; blanks are the clerk's.
fn one_line(text: &str) -> String {
    if !text.contains(char::is_whitespace) {
        return text.to_owned();
    }
    let is_wide = |c: Option<char>| c.is_some_and(|c| u32::from(c) > 0x2E80);
    let mut line = String::new();
    for part in text.split(['\n', '\r']).map(str::trim).filter(|part| !part.is_empty()) {
        if !line.is_empty() && !is_wide(line.chars().last()) && !is_wide(part.chars().next()) {
            line.push(' ');
        }
        line.push_str(&part.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    line
}
