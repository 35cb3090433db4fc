#![no_main]
//! Tables put together from the words of the trade: the bytes say which word stands where, what is merged, struck or hidden.

use libfuzzer_sys::fuzz_target;
use mingchou::domain::DocumentKind;
use mingchou::ingest::lookup::synonyms;
use mingchou_fuzz::{escape, judge, package, workbook, workbook_rels, CONTENT_TYPES, ROOT_RELS};
use std::fmt::Write;
use std::sync::OnceLock;

const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><fonts><font/><font><strike/></font></fonts><cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="14" fontId="0"/><xf numFmtId="20" fontId="0"/><xf numFmtId="176" fontId="0"/><xf numFmtId="0" fontId="1"/></cellXfs></styleSheet>"#;

/// What stands in cells below headers, and in the lines above them.
const WORDS: &[&str] = &[
    "1",
    "2",
    "3",
    "10",
    "30",
    "56",
    "0",
    "-1",
    "无",
    "/",
    "同上",
    "〃",
    "是",
    "否",
    "√",
    "×",
    "△",
    "合计",
    "小计",
    "总计",
    "备注：",
    "填表说明",
    "修武县",
    "博爱县",
    "示范区",
    "焦作",
    "职业技能培训台账统计表",
    "课程表",
    "签到表",
    "考勤表",
    "花名册",
    "教学计划",
    "参保比对结果",
    "系统导出",
    "2026年11月第4周",
    "11月第4周",
    "第48周",
    "下周",
    "上周",
    "2026年11月23日-11月29日",
    "（11月23日至11月29日）",
    "填报时间：2026年11月20日",
    "2026-11-25",
    "2026/11/25",
    "2026.11.2",
    "20261125",
    "11.25",
    "11.2",
    "11月25日",
    "11月25日（周三）",
    "25日",
    "25",
    "2.29",
    "2月30日",
    "2026年",
    "11月",
    "12月31日-1月5日",
    "7.18-7.30",
    "11.2—2026.12.10",
    "11月25、26、27日",
    "星期一",
    "周二",
    "周三",
    "周四",
    "周五",
    "周六",
    "周日",
    "周末",
    "礼拜天",
    "上午",
    "下午",
    "晚上",
    "中午",
    "全天",
    "上",
    "下",
    "8:30",
    "8:30-11:30",
    "14:00-17:00",
    "上午8:30-12:00 下午2:00-5:30",
    "0830-1130",
    "8点半至11点",
    "24:00",
    "23:59-0:30",
    "第1节",
    "1-4节",
    "第一节 8:00-8:45",
    "午休",
    "考试",
    "开班仪式",
    "结业考核",
    "休息",
    "停课",
    "焦作市甲职业培训学校",
    "修武县乙技工学校",
    "电工（五级）第1期",
    "养老护理员第2期",
    "2026-001",
    "SW2026001",
    "电工",
    "育婴员",
    "保育师",
    "中级工",
    "五级",
    "三级至五级",
    "专项能力",
    "张三",
    "李四、王五",
    "张 三",
    "王建国和李四",
    "李老师",
    "张三(理论)李四(实操)",
    "主讲：张三",
    "10012345678",
    "张三 10012345678",
    "0391-7100000",
    "城关镇一街1号",
    "101教室",
    "修武县城关镇",
    "4",
    "8",
    "4课时",
    "56学时（7天）",
    "500元",
    "0.3万元",
    "1.2万",
    "1,500",
    "1.5E+10",
    "4.10899E+17",
    "410899199001010028",
    "410899198512123011",
    "410899200002290012",
    "４１０８９９１９９００１０１００２８",
    "41089919900101001X",
    "身份证410899199001010044号",
    "91410800MA00000000",
    "男",
    "女",
    "汉",
    "初中",
    "城镇登记失业人员",
    "农村转移就业劳动者",
    "脱贫劳动力",
    "就业技能培训",
    "岗位技能提升培训",
    "在保",
    "已参保",
    "未参保",
    "正常",
    "停保",
    "\n",
    " ",
    "　",
    "、",
    "-",
    "—",
    "至",
    "（",
    "）",
    "(",
    ")",
    "：",
    ":",
    ".",
    "/",
    ",",
    "；",
    "第",
    "期",
    "班",
    "年",
    "月",
    "日",
    "节",
    "人",
    "课时",
];

fn words() -> &'static [&'static str] {
    static ALL: OnceLock<Vec<&'static str>> = OnceLock::new();
    ALL.get_or_init(|| {
        let headers = DocumentKind::ALL.into_iter().flat_map(|kind| synonyms(kind).iter().flat_map(|(_, words)| words.iter().copied()));
        WORDS.iter().copied().chain(headers).collect()
    })
}

#[derive(Default)]
struct Drawing {
    names: Vec<String>,
    sheets: Vec<String>,
    rows: String,
    merges: String,
    row: usize,
    column: usize,
}

impl Drawing {
    fn text(&mut self, text: &str, style: u8) {
        let (row, column) = (self.row, name_of(self.column));
        let text = escape(text);
        _ = write!(self.rows, r#"<c r="{column}{}" s="{style}" t="inlineStr"><is><t>{text}</t></is></c>"#, row + 1);
        self.column += 1;
    }

    fn number(&mut self, number: f64, style: u8) {
        let (row, column) = (self.row, name_of(self.column));
        _ = write!(self.rows, r#"<c r="{column}{}" s="{style}"><v>{number}</v></c>"#, row + 1);
        self.column += 1;
    }

    fn next_row(&mut self, skip: usize, is_hidden: bool) {
        self.row += 1 + skip;
        self.column = 0;
        _ = write!(self.rows, r#"</row><row r="{}"{}>"#, self.row + 1, if is_hidden { r#" hidden="1""# } else { "" });
    }

    fn merge(&mut self, size: u8) {
        let (down, right) = (usize::from(size / 16), usize::from(size % 16));
        let (first, last) = (name_of(self.column), name_of(self.column + right));
        _ = write!(self.merges, r#"<mergeCell ref="{first}{}:{last}{}"/>"#, self.row + 1, self.row + 1 + down);
    }

    fn next_sheet(&mut self, name: &str) {
        let rows = std::mem::take(&mut self.rows);
        let merges = std::mem::take(&mut self.merges);
        self.names.push(format!("{name}{}", self.names.len()));
        self.sheets.push(format!(r#"<worksheet><sheetData><row r="1">{rows}</row></sheetData><mergeCells>{merges}</mergeCells></worksheet>"#));
        (self.row, self.column) = (0, 0);
    }
}

fn name_of(column: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    if column < 26 {
        letter(column).to_string()
    } else {
        format!("{}{}", letter(column / 26 - 1), letter(column))
    }
}

/// Bytes to a workbook. Each step is one byte of what to do and one or two of which.
fn draw(bytes: &[u8]) -> Vec<u8> {
    let mut drawing = Drawing::default();
    let mut bytes = bytes.iter().copied();
    let mut open = String::new();
    while let (Some(what), Some(which)) = (bytes.next(), bytes.next()) {
        if drawing.column > 600 || drawing.sheets.len() > 7 {
            break;
        }
        let word = || words()[usize::from(which) % words().len()];
        match what % 32 {
            0..=9 => drawing.text(word(), 0),
            10..=17 => {
                let more = usize::from(bytes.next().unwrap_or(0));
                drawing.text(words()[(usize::from(which) * 256 + more) % words().len()], 0);
            }
            18..=20 => drawing.next_row(0, false),
            21 => drawing.next_row(usize::from(which % 8), which > 200),
            22 => drawing.merge(which),
            23 => drawing.number(f64::from(which), 0),
            24 => drawing.number(46_300.0 + f64::from(which), 1),
            25 => drawing.number(f64::from(which) / 96.0, 2),
            26 => drawing.number(46_300.0 + f64::from(which) + 0.354_166_7, which % 4),
            27 => drawing.text(word(), 4),
            28 => drawing.column += usize::from(which % 16),
            29 => drawing.next_sheet(word()),
            30 => open.push_str(word()),
            _ => {
                open.push_str(word());
                drawing.text(&std::mem::take(&mut open), 0);
            }
        }
    }
    drawing.next_sheet("Sheet");
    let (names, rels) = (workbook(&drawing.names), workbook_rels(drawing.sheets.len()));
    let parts: Vec<String> = (1..=drawing.sheets.len()).map(|number| format!("xl/worksheets/sheet{number}.xml")).collect();
    let mut all: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", CONTENT_TYPES.as_bytes()),
        ("_rels/.rels", ROOT_RELS.as_bytes()),
        ("xl/workbook.xml", names.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
    ];
    all.extend(parts.iter().map(String::as_str).zip(drawing.sheets.iter().map(String::as_bytes)));
    package(&all)
}

fuzz_target!(init: mingchou_fuzz::install_hook(), |bytes: &[u8]| {
    let bytes = draw(bytes);
    // What a table looks like, for whoever studies a find.
    if let Ok(path) = std::env::var("FUZZ_WRITE") {
        std::fs::write(path, &bytes).expect("writable");
    }
    judge("修武县台账.xlsx", &bytes);
});
