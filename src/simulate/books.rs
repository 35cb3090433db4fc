//! What a county would have sent for the week of the freeze: its ledger and timetable as cells, with invented names. Only for
//! small sets, to try the whole way from workbooks on.

use super::dice::scramble;
use super::papers;
use super::rows::{ClassRows, Column, Columns, Day};
use super::world::{Class, World};
use crate::canon::Date;

/// Classes of one county's workbooks at most: a county of a city, not a load test.
pub const MOST_CLASSES: usize = 60;

pub const LEDGER_HEADS: [&str; 21] = [
    "序号",
    "县（市、区）",
    "培训机构",
    "班期名称",
    "职业（工种）",
    "等级",
    "申请时间",
    "审核时间",
    "开班时间",
    "结业时间",
    "课时",
    "培训地点",
    "计划人数",
    "培训人数",
    "授课教师",
    "联系人",
    "联系电话",
    "是否录入系统",
    "补贴标准（元/人）",
    "补贴金额（元）",
    "备注",
];
pub const TIMETABLE_HEADS: [&str; 9] = ["序号", "培训机构", "班期名称", "日期", "上课时间", "课程内容", "课时", "授课教师", "地点"];

const OCCUPATION_NAMES: [&str; 40] = [
    "育婴员",
    "保育师",
    "养老护理员",
    "家政服务员",
    "中式烹调师",
    "中式面点师",
    "西式面点师",
    "电工",
    "焊工",
    "美容师",
    "美发师",
    "茶艺师",
    "叉车司机",
    "电子商务师",
    "互联网营销师",
    "砌筑工",
    "钢筋工",
    "车工",
    "钳工",
    "汽车维修工",
    "缝纫工",
    "农艺工",
    "果树工",
    "蔬菜园艺工",
    "家畜饲养员",
    "保安员",
    "消防设施操作员",
    "物业管理员",
    "餐厅服务员",
    "客房服务员",
    "评茶员",
    "调酒师",
    "花卉工",
    "盲人按摩师",
    "保健按摩师",
    "快递员",
    "起重工",
    "架子工",
    "防水工",
    "手工木工",
];
const SCHOOL_WORDS: [&str; 24] = [
    "启航", "春晖", "百业", "匠心", "新程", "惠民", "诚信", "育才", "金桥", "明德", "宏图", "创新", "博学", "立业", "远航", "兴业", "众创", "思源",
    "晨光", "鸿志", "精工", "长青", "同心", "广源",
];
const FAMILY: [&str; 20] = ["赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨", "朱", "秦", "许", "何"];
const GIVEN: [&str; 30] = [
    "安", "博", "晨", "东", "恩", "芳", "国", "海", "嘉", "凯", "兰", "明", "宁", "欧", "平", "清", "瑞", "胜", "婷", "伟", "晓", "雅", "泽", "志",
    "文", "慧", "建", "丽", "强", "秀",
];

/// A cell as a clerk would type it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(i64),
    Blank,
}

/// A county's two workbooks.
pub struct Book {
    /// The county's place in the list, from 0.
    pub county: usize,
    pub ledger: Vec<Vec<Cell>>,
    pub timetable: Vec<Vec<Cell>>,
}

impl World {
    /// The workbooks of every county, `names` being what the counties are called.
    pub fn books(&self, names: &[String]) -> Vec<Book> {
        self.counties.iter().zip(names).enumerate().map(|(county, (_, name))| self.book(county, name)).collect()
    }

    fn book(&self, county: usize, name: &str) -> Book {
        let of = &self.counties[county];
        let mut book = Book { county, ledger: Vec::new(), timetable: Vec::new() };
        for class in (of.frame..of.classes.end).take(MOST_CLASSES) {
            let number = i64::try_from(book.ledger.len() + 1).unwrap_or(0);
            book.ledger.push(self.ledger_row(class, number, name));
            self.add_timetable(class, name, &mut book.timetable);
        }
        book
    }

    fn ledger_row(&self, number: u32, row: i64, county: &str) -> Vec<Cell> {
        let class = self.class(number);
        let mut rows = ClassRows::default();
        papers::add_class(self, number, &mut rows);
        let rows = rows.into_columns();
        let level = class.level.map_or("专项职业能力", |level| ["五级", "四级", "三级"][(5 - level.clamp(3, 5)) as usize]);
        let teachers = if class.teachers[0] == class.teachers[1] { &class.teachers[..1] } else { &class.teachers[..] };
        let teachers: Vec<String> = teachers.iter().map(|teacher| person_name(*teacher)).collect();
        let in_system = match number_of(&rows, "in_system") {
            Cell::Number(1) => text("是"),
            Cell::Number(_) => text("否"),
            other => other,
        };
        vec![
            Cell::Number(row),
            text(county),
            Cell::Text(self.school_name(class, county)),
            Cell::Text(class_name(number, class)),
            text(OCCUPATION_NAMES[class.occupation as usize % OCCUPATION_NAMES.len()]),
            text(level),
            number_of(&rows, "applied_on"),
            number_of(&rows, "reviewed_on"),
            number_of(&rows, "opens_on"),
            number_of(&rows, "ends_on"),
            number_of(&rows, "hours"),
            Cell::Text(room_name(class.room)),
            number_of(&rows, "planned"),
            number_of(&rows, "actual"),
            Cell::Text(teachers.join("、")),
            Cell::Text(person_name(class.institution + 7000)),
            // No telephone begins so.
            Cell::Text(format!("100{:08}", scramble(u64::from(class.institution)) % 100_000_000)),
            in_system,
            number_of(&rows, "standard"),
            number_of(&rows, "amount"),
            text("合成数据"),
        ]
    }

    fn add_timetable(&self, number: u32, county: &str, rows: &mut Vec<Vec<Cell>>) {
        let class = self.class(number);
        let timetable = papers::timetable(self, number);
        for ((lesson, teacher), room) in timetable.lessons.iter().zip(&timetable.teachers).zip(&timetable.rooms) {
            let day = Day::try_from(lesson.starts.div_euclid(24 * 60)).unwrap_or(0);
            let clock = |minute: i64| format!("{:02}:{:02}", minute.rem_euclid(24 * 60) / 60, minute.rem_euclid(60));
            rows.push(vec![
                Cell::Number(i64::try_from(rows.len() + 1).unwrap_or(0)),
                Cell::Text(self.school_name(class, county)),
                Cell::Text(class_name(number, class)),
                date(day),
                Cell::Text(format!("{}-{}", clock(lesson.starts), clock(lesson.ends))),
                Cell::Text(format!("{}实训", OCCUPATION_NAMES[class.occupation as usize % OCCUPATION_NAMES.len()])),
                Cell::Number(super::timetable::LESSON_HOURS),
                Cell::Text(person_name(*teacher)),
                room.map_or(Cell::Blank, |room| Cell::Text(room_name(room))),
            ]);
        }
    }

    fn school_name(&self, class: &Class, county: &str) -> String {
        let index = (class.institution - self.counties[class.county as usize].institutions.start) as usize;
        let round = index / SCHOOL_WORDS.len();
        let round = if round == 0 { String::new() } else { format!("第{}", round + 1) };
        format!("{county}{}{round}职业培训学校", SCHOOL_WORDS[index % SCHOOL_WORDS.len()])
    }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn class_name(number: u32, class: &Class) -> String {
    format!("{}第{}期", OCCUPATION_NAMES[class.occupation as usize % OCCUPATION_NAMES.len()], number + 1)
}

fn room_name(room: u32) -> String {
    format!("{}号教室", room + 1)
}

/// One of eighteen thousand names, each number another.
fn person_name(number: u32) -> String {
    let number = number as usize;
    format!("{}{}{}", FAMILY[number % 20], GIVEN[number / 20 % 30], GIVEN[number / 600 % 30])
}

fn date(day: Day) -> Cell {
    Cell::Text(Date(chrono::NaiveDate::default()).plus_days(i64::from(day)).to_string())
}

/// The only value of a column.
fn number_of(rows: &Columns, name: &str) -> Cell {
    let column = rows.iter().find(|(column, _)| *column == name).map(|(_, column)| column);
    match column {
        Some(Column::MaybeNumber(rows)) => rows.first().copied().flatten().map_or(Cell::Blank, Cell::Number),
        Some(Column::MaybeDay(rows)) => rows.first().copied().flatten().map_or(Cell::Blank, date),
        Some(Column::MaybeBool(rows)) => rows.first().copied().flatten().map_or(Cell::Blank, |is| Cell::Number(i64::from(is))),
        _ => Cell::Blank,
    }
}
