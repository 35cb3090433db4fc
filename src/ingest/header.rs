//! What columns mean: header rows found by their words, one row or two, with merged parents.

use super::sheet::Sheet;
use super::values::{squeeze, weekday_in};
use crate::domain::DocumentKind;
use std::collections::BTreeMap;

/// A canonical column and the headers it is seen under, blanks and brackets removed. Source: forms of neighbouring regions.
type Synonyms = &'static [(&'static str, &'static [&'static str])];

/// What ledgers and timetables call alike.
const INSTITUTION: &[&str] = &[
    "培训机构",
    "机构名称",
    "培训机构名称",
    "培训学校",
    "学校名称",
    "承训机构",
    "承训单位",
    "培训单位",
    "办学机构",
    "实施机构",
    "定点机构",
    "培训学校名称",
    "承训机构名称",
    "承办机构",
    "培训单位名称",
    "机构",
    "实施单位",
    "承训学校",
    "定点培训机构",
];
const CLASS_NAME: &[&str] = &[
    "班期",
    "班期名称",
    "班次",
    "期次",
    "期数",
    "班级",
    "班级名称",
    "培训班名称",
    "批次",
    "培训班次",
    "培训班期",
    "开班班次",
    "培训期次",
    "培训批次",
    "培训班",
    "培训班级",
];
const TEACHERS: &[&str] = &[
    "授课教师",
    "任课教师",
    "授课老师",
    "师资",
    "主讲教师",
    "讲师",
    "教师",
    "任课老师",
    "教师姓名",
    "培训教师",
    "授课教师姓名",
    "师资情况",
    "老师",
    "授课人",
    "主讲人",
];
const VENUE: &[&str] = &[
    "培训地点",
    "培训地址",
    "上课地点",
    "授课地点",
    "教学地点",
    "办班地点",
    "培训场地",
    "地点",
    "理论培训地点",
    "教学场地",
    "培训详细地址",
    "教室",
    "场地",
    "上课教室",
];

const LEDGER: Synonyms = &[
    ("seq", &["序号", "编号", "No.", "NO.", "NO", "No", "项次", "序"]),
    ("county", &["县市区", "县区", "属地", "辖区", "所属区域", "所属县区", "所属县市区", "区县", "所在县区", "县"]),
    ("institution", INSTITUTION),
    ("uscc", &["统一社会信用代码", "信用代码", "社会信用代码", "机构代码", "统一信用代码"]),
    ("class_name", CLASS_NAME),
    ("class_code", &["班级编号", "班级代码", "系统班级编号", "开班编号", "系统编号", "班期编号", "系统开班编号", "班次编号"]),
    (
        "occupation",
        &[
            "工种",
            "职业工种",
            "职业",
            "培训职业工种",
            "培训职业",
            "培训工种",
            "培训专业",
            "专业",
            "培训项目",
            "工种名称",
            "职业名称",
            "专业工种",
            "培训内容",
            "培训工种名称",
        ],
    ),
    ("level", &["等级", "级别", "技能等级", "培训等级", "职业等级", "技能级别", "培训级别", "职业技能等级"]),
    ("training_type", &["培训类别", "培训类型", "补贴类别", "培训种类", "类别", "项目类别", "补贴类型"]),
    (
        "applied_on",
        &["申请时间", "申报时间", "申报日期", "开班申请日期", "备案日期", "申请日期", "开班申请时间", "备案时间", "开班申报时间", "开班申报日期"],
    ),
    (
        "reviewed_on",
        &[
            "审核时间",
            "审批日期",
            "批准日期",
            "审核通过时间",
            "批复时间",
            "审批时间",
            "审核日期",
            "批准时间",
            "审核通过日期",
            "批复日期",
            "开班审批时间",
        ],
    ),
    (
        "opens_on",
        &["开班时间", "开班日期", "开课时间", "培训开始时间", "开始时间", "开始日期", "开课日期", "培训开始日期", "开学时间", "起始日期", "起始时间"],
    ),
    (
        "ends_on",
        &[
            "结业时间",
            "结业日期",
            "结束时间",
            "培训结束时间",
            "结束日期",
            "培训结束日期",
            "终止日期",
            "结班时间",
            "结班日期",
            "结课时间",
            "结课日期",
            "截止日期",
        ],
    ),
    (
        "period",
        &[
            "培训时间",
            "培训起止时间",
            "起止日期",
            "培训周期",
            "起止时间",
            "培训起止日期",
            "开结业时间",
            "开班结业时间",
            "培训期限",
            "培训日期",
            "起止年月日",
        ],
    ),
    (
        "hours",
        &["课时", "学时", "总课时", "总学时", "标准课时", "培训课时", "培训学时", "课时数", "学时数", "标准学时", "计划课时", "规定课时", "计划学时"],
    ),
    ("days", &["培训天数", "天数"]),
    ("venue", VENUE),
    ("practice_venue", &["实训地点", "实操地点", "实训场地", "实训地址", "实操场地"]),
    ("planned", &["计划人数", "申报人数", "计划培训人数", "拟培训人数", "申请人数", "计划数", "申报培训人数"]),
    ("actual", &["培训人数", "实际人数", "开班人数", "参训人数", "学员数", "实际培训人数", "学员人数", "实有人数", "人数", "实训人数", "实到人数"]),
    ("teachers", TEACHERS),
    ("contact", &["负责人", "联系人", "班主任", "班主任姓名", "负责人姓名", "联系人姓名", "班级负责人"]),
    ("phone", &["联系电话", "电话", "手机", "联系方式", "手机号", "手机号码", "电话号码", "负责人电话", "班主任电话", "联系人电话"]),
    (
        "contact_phone",
        &[
            "班主任及电话",
            "联系人及电话",
            "负责人及电话",
            "联系人及联系电话",
            "负责人及联系方式",
            "负责人及联系电话",
            "联系人及联系方式",
            "班主任及联系电话",
            "班主任及联系方式",
            "联系人电话及姓名",
            "班主任/电话",
            "联系人/电话",
            "负责人/电话",
            "班主任电话及姓名",
        ],
    ),
    (
        "in_system",
        &[
            "是否录入系统",
            "系统录入情况",
            "是否实名制录入",
            "是否录入",
            "录入系统情况",
            "实名制录入",
            "是否已录入系统",
            "系统录入",
            "录入情况",
            "是否实名制",
            "是否入系统",
        ],
    ),
    ("system_name", &["录入系统名称", "系统名称", "所录系统", "录入系统", "录入平台"]),
    ("daily_check_on", &["日常检查情况", "检查日期", "日常检查日期", "检查时间", "日常检查时间", "日常检查"]),
    ("daily_check_by", &["检查人员", "检查人", "日常检查人员"]),
    ("daily_check_count", &["检查次数", "日常检查次数"]),
    ("subsidy_standard", &["补贴标准", "补贴标准元/人", "人均补贴标准", "补贴标准元", "人均补贴"]),
    ("subsidy_amount", &["补贴金额", "补贴金额元", "补贴总额", "申请补贴金额", "拟补贴金额", "补贴资金"]),
    ("subsidy_source", &["资金来源", "补贴来源", "补贴资金来源", "经费来源", "资金渠道"]),
    ("note", &["备注", "说明", "备注说明"]),
];

const TIMETABLE: Synonyms = &[
    ("seq", &["序号", "编号"]),
    ("institution", INSTITUTION),
    ("class_name", CLASS_NAME),
    ("date", &["日期", "上课日期", "授课日期", "培训日期", "课程日期", "教学日期", "授课时间日期"]),
    ("weekday", &["星期", "周次", "周几", "星期几"]),
    ("period", &["时段", "节次", "时间段", "午别", "上下午", "节", "课节"]),
    ("time", &["上课时间", "授课时间", "时间", "起止时间", "具体时间", "教学时间", "上课时段", "培训时间", "授课时段", "课程时间"]),
    ("start", &["开始时间", "起始时间", "上课开始时间", "开始", "起"]),
    ("end", &["结束时间", "终止时间", "下课时间", "上课结束时间", "结束", "止"]),
    ("course", &["课程内容", "课程", "授课内容", "教学内容", "课程名称", "培训内容", "内容", "科目", "授课课题", "培训课程", "课题", "教学课题"]),
    ("mode", &["授课方式", "教学方式", "授课形式", "培训方式", "教学形式", "方式", "理论/实操", "理论实操", "课程类型", "教学类型"]),
    ("hours", &["课时", "学时", "课时数", "学时数", "节数"]),
    ("teachers", TEACHERS),
    ("venue", VENUE),
    ("note", &["备注", "说明"]),
];

const ROSTER: Synonyms = &[
    ("seq", &["序号", "编号"]),
    ("name", &["姓名", "学员姓名", "学员", "培训学员姓名", "参训人员姓名", "人员姓名"]),
    ("sex", &["性别"]),
    ("id", &["身份证号", "身份证号码", "身份证", "公民身份号码", "证件号码", "证件号", "居民身份证号", "居民身份证号码", "公民身份证号码"]),
    ("age", &["年龄"]),
    ("ethnicity", &["民族"]),
    ("education", &["文化程度", "学历"]),
    ("address", &["户籍地址", "家庭住址", "户籍所在地", "住址", "家庭地址", "户口所在地"]),
    ("category", &["人员类别", "人员类型", "学员类别", "培训对象类别"]),
    ("phone", &["联系电话", "电话", "手机", "手机号", "手机号码", "联系方式"]),
    ("certificate", &["就业创业证号", "就业创业证", "就业失业登记证号"]),
    ("insured", &["是否参保", "参保情况"]),
    ("subsidies", &["既往补贴次数", "已享受补贴次数", "补贴次数"]),
    ("note", &["备注", "说明"]),
];

/// Headers that look like a column and are none.
const NOT_COLUMNS: &[&str] =
    &["办学许可证号", "合格人数", "取证人数", "报名日期", "报名时间", "就业人数", "发证人数", "结业人数", "鉴定时间", "考试时间", "考核时间"];

pub fn synonyms(kind: DocumentKind) -> Synonyms {
    match kind {
        DocumentKind::Ledger => LEDGER,
        DocumentKind::Timetable => TIMETABLE,
        DocumentKind::Roster => ROSTER,
    }
}

/// A header found in a sheet: which column holds what.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    pub first_row: usize,
    pub last_row: usize,
    /// By canonical name: column and the header's text.
    pub columns: BTreeMap<&'static str, (usize, String)>,
}

impl Header {
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.get(name).map(|(column, _)| *column)
    }
}

/// The canonical name of one header text.
pub fn canonical(kind: DocumentKind, text: &str) -> Option<&'static str> {
    let plain = squeeze(text);
    let without_brackets = strip_brackets(&plain);
    let joined: String =
        plain.chars().filter(|c| !matches!(c, '(' | ')' | '[' | ']' | '【' | '】' | '〔' | '〕' | '*' | ':' | '：' | '、')).collect();
    if plain.is_empty() || NOT_COLUMNS.contains(&without_brackets.as_str()) {
        return None;
    }
    let table = synonyms(kind);
    let find = |text: &str| table.iter().find(|(_, names)| names.contains(&text)).map(|(name, _)| *name);
    let trimmed = without_brackets.trim_matches(['*', ':', '：']);
    find(&joined)
        .or_else(|| find(trimmed))
        .or_else(|| trimmed.strip_suffix("元/人").and_then(find))
        .or_else(|| trimmed.strip_suffix('元').and_then(find))
}

fn strip_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// The canonical name of a header of two rows: what the child says, read under its parent.
fn canonical_pair(kind: DocumentKind, parent: &str, child: &str) -> Option<&'static str> {
    let (parent, child) = (strip_brackets(&squeeze(parent)), squeeze(child));
    if child.is_empty() || parent == child {
        return canonical(kind, &parent);
    }
    if NOT_COLUMNS.contains(&child.as_str()) || ["合格", "取证", "就业", "发证", "鉴定"].iter().any(|word| child.contains(word)) {
        return None;
    }
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    if kind == DocumentKind::Ledger {
        let time = has(&parent, &["时间", "日期", "起止", "周期"]) || parent.is_empty();
        if time && has(&child, &["开班", "开始", "开课", "起", "始", "自"]) {
            return Some("opens_on");
        }
        if time && has(&child, &["结业", "结束", "结班", "止", "终", "至"]) {
            return Some("ends_on");
        }
        if has(&parent, &["人数", "规模"]) {
            return if has(&child, &["计划", "申报", "拟"]) {
                Some("planned")
            } else if has(&child, &["实际", "实", "参训", "开班", "培训"]) {
                Some("actual")
            } else {
                None
            };
        }
        if has(&parent, &["补贴"]) {
            return if has(&child, &["标准"]) {
                Some("subsidy_standard")
            } else if has(&child, &["金额", "总额", "合计"]) {
                Some("subsidy_amount")
            } else if has(&child, &["来源"]) {
                Some("subsidy_source")
            } else {
                canonical(kind, &child)
            };
        }
        if has(&parent, &["检查"]) {
            return if has(&child, &["日期", "时间"]) {
                Some("daily_check_on")
            } else if has(&child, &["人"]) {
                Some("daily_check_by")
            } else if has(&child, &["次"]) {
                Some("daily_check_count")
            } else {
                None
            };
        }
        if has(&parent, &["联系", "负责", "班主任"]) {
            return if has(&child, &["电话", "手机", "方式"]) {
                Some("phone")
            } else if has(&child, &["姓名", "人"]) {
                Some("contact")
            } else {
                None
            };
        }
        if has(&parent, &["系统"]) {
            return if has(&child, &["名称"]) {
                Some("system_name")
            } else if has(&child, &["是否", "录入"]) {
                Some("in_system")
            } else {
                canonical(kind, &child)
            };
        }
        if has(&parent, &["申报", "申请"]) && has(&child, &["时间", "日期"]) {
            return Some("applied_on");
        }
        if has(&parent, &["审核", "审批"]) && has(&child, &["时间", "日期"]) {
            return Some("reviewed_on");
        }
    }
    canonical(kind, &format!("{parent}{child}")).or_else(|| canonical(kind, &child)).or_else(|| canonical(kind, &parent))
}

/// Reads the row as a header, alone or with the one below; answers the better reading.
pub fn header_at(sheet: &Sheet, row: usize, kind: DocumentKind) -> Header {
    let single = read_header(sheet, row, row, kind);
    // Two rows only where something is merged: a parent over several columns, or a header down two rows.
    let spans = |m: &&(usize, usize, usize, usize)| m.0 == row && (m.2 == row + 1 && m.1 == m.3 || m.2 == row && m.3 > m.1);
    let is_merged = sheet.merges.iter().filter(spans).count() > 0 || sheet.merges.is_empty();
    let filled = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default().iter().filter(|cell| !cell.is_empty()).count();
    if is_merged && filled > 2 {
        let double = read_header(sheet, row, row + 1, kind);
        if double.columns.len() > single.columns.len() && looks_like_words(sheet, row + 1) {
            return double;
        }
    }
    single
}

/// A second header row holds words, not data: no digits in most of its cells.
fn looks_like_words(sheet: &Sheet, row: usize) -> bool {
    let cells: Vec<_> = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default().iter().filter(|cell| !cell.is_empty()).collect();
    !cells.is_empty()
        && cells.iter().all(|cell| cell.number.is_none() && cell.moment.is_none() && cell.text.chars().filter(char::is_ascii_digit).count() < 3)
}

fn read_header(sheet: &Sheet, first_row: usize, last_row: usize, kind: DocumentKind) -> Header {
    let width = (first_row..=last_row).filter_map(|row| sheet.rows.get(row)).map(Vec::len).max().unwrap_or(0);
    let mut header = Header { first_row, last_row, ..Header::default() };
    let mut parent = String::new();
    for column in 0..width {
        let top = sheet.merged_text(first_row, column).to_owned();
        let name = if first_row == last_row {
            canonical(kind, &top)
        } else {
            let child = sheet.merged_text(last_row, column).to_owned();
            // Where merges are not reported (ods, csv) a parent stands over the empty cells after it.
            parent = if top.trim().is_empty() && !child.trim().is_empty() { parent } else { top };
            canonical_pair(kind, &parent, &child)
        };
        let text = if first_row == last_row {
            sheet.merged_text(first_row, column).to_owned()
        } else {
            format!("{parent} {}", sheet.merged_text(last_row, column)).trim().to_owned()
        };
        if let Some(name) = name {
            header.columns.entry(name).or_insert((column, text.replace(['\n', '\r'], "")));
        }
    }
    header
}

/// How well a header fits its kind; 0 where what the kind can't do without is missing.
fn fitness(kind: DocumentKind, header: &Header) -> usize {
    let has = |name: &str| header.columns.contains_key(name);
    let essential = match kind {
        DocumentKind::Ledger => {
            let who = usize::from(has("institution")) + usize::from(has("class_name")) + usize::from(has("occupation"));
            let when = has("opens_on") || has("ends_on") || has("period") || has("planned") || has("actual");
            who >= 2 && when && !has("date")
        }
        DocumentKind::Timetable => {
            has("date") && (has("course") || has("teachers")) || (has("course") && (has("time") || has("start")) && has("weekday"))
        }
        DocumentKind::Roster => has("name") && (has("id") || has("sex") && has("category")),
    };
    if essential { header.columns.len() } else { 0 }
}

/// The best header of a kind in the first rows of a sheet.
pub fn find_header(sheet: &Sheet, kind: DocumentKind) -> Option<Header> {
    let rows = 0..sheet.rows.len().min(40);
    let headers = rows.map(|row| header_at(sheet, row, kind)).filter(|header| fitness(kind, header) > 0);
    // The first of the best: a header repeated further down is the same one again.
    headers.max_by_key(|header| (fitness(kind, header), std::cmp::Reverse(header.first_row)))
}

/// Whether a row is a header of this kind (again).
pub fn is_header_row(sheet: &Sheet, row: usize, kind: DocumentKind) -> Option<Header> {
    let header = header_at(sheet, row, kind);
    (fitness(kind, &header) > 0).then_some(header)
}

/// Columns of a grid's weekdays, where a row has at least three of them.
pub fn weekday_columns(sheet: &Sheet, row: usize) -> Vec<(usize, i64)> {
    let cells = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default();
    let found: Vec<(usize, i64)> = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| cell.text.chars().count() < 30)
        .filter_map(|(column, cell)| weekday_in(&cell.text).map(|day| (column, day)))
        .collect();
    if found.len() >= 3 { found } else { Vec::new() }
}

/// What a sheet is, by its headers.
pub fn recognise(sheet: &Sheet) -> Option<DocumentKind> {
    let score = |kind| find_header(sheet, kind).map_or(0, |header| fitness(kind, &header));
    let best = DocumentKind::ALL.into_iter().max_by_key(|kind| score(*kind)).filter(|kind| score(*kind) > 0);
    if best == Some(DocumentKind::Ledger) || best == Some(DocumentKind::Roster) {
        return best;
    }
    let has_grid = (0..sheet.rows.len().min(60)).any(|row| !weekday_columns(sheet, row).is_empty());
    if has_grid { Some(DocumentKind::Timetable) } else { best }
}
