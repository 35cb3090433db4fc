"""Ledgers: what clerks do to a table that has grown for years."""

import io
import zipfile

from .book import C, Sheet, csv_text, repack, xlsx
from .ledgers_layout import PLAIN, SMALL
from .truth import REAL, case, klass


@case("温县台账（汇总加明细）.xlsx", "several sheets", "totals at the bottom", county="410825")
def _(it):
    """The first sheet only counts the second's classes by institution: none of its lines is a class."""
    front, sheet = Sheet("汇总"), Sheet("明细")
    truths = [klass(1, institution="砚溪职业技能培训学校"), klass(2, institution="砚溪职业技能培训学校"), klass(3, institution="榫合职业培训学校")]
    front.title("温县补贴性培训情况汇总", 4)
    front.line("序号", "培训机构", "开班数（个）", "培训人数")
    front.line(1, "砚溪职业技能培训学校", 2, truths[0]["actual"] + truths[1]["actual"])
    front.line(2, "榫合职业培训学校", 1, truths[2]["actual"])
    front.line("合计", None, 3, sum(t["actual"] for t in truths))
    sheet.title("温县补贴性培训台账明细", len(PLAIN))
    it.table(sheet, PLAIN, truths, sheet_key=True)
    return xlsx(front, sheet)


@case("沁阳市台账（一班两行）.xlsx", "vertical merges", county="410882")
def _(it):
    """One class over two lines: theory and practice have their own teacher and place, the rest is merged."""
    sheet = Sheet("台账")
    columns = [
        ("seq", "序号"),
        ("institution", "培训机构"),
        ("class_name", "班次"),
        ("occupation", "工种"),
        ("opens_on", "开班日期"),
        ("ends_on", "结业日期"),
        ("actual", "培训人数"),
        ("_part", "培训环节"),
        ("venue", "培训地点"),
        ("teachers", "授课教师"),
    ]
    sheet.title("沁阳市职业技能培训台账", len(columns))
    sheet.line(*(head for _, head in columns))
    for n in (1, 2):
        truth = klass(n)
        first, second = truth["teachers"]
        rows = it.table(
            sheet, columns, [truth], {(0, "_part"): "理论", (0, "teachers"): (first, {"teachers": {"any": [[first], [first, second]]}})}, heads=False
        )
        sheet.line(None, None, None, None, None, None, None, "实操", f"实训楼{n}号车间", second)
        it.explained.append(rows[0] + 1)
        for column in range(1, 8):
            sheet.merge(rows[0], column, rows[0] + 1, column)
    it.note = "two lines, one class: the second line is told, and never counts as another class"
    return xlsx(sheet, borders=True)


@case("孟州市台账（说明在前）.xlsx", "备注：/注： lines", "merged title", county="410883")
def _(it):
    sheet = Sheet("台账")
    sheet.title("孟州市职业技能培训台账", len(PLAIN))
    for text in (
        "填表说明：",
        "1.序号：按开班时间先后填写。",
        "2.培训机构：填写营业执照或办学许可证上的全称。",
        "3.班期：填写系统中的班期名称，不得简写。",
        "4.等级：填写五级、四级、三级、二级、一级或专项职业能力。",
        "5.申报时间、审核时间、开班时间、结业时间：填写年月日。",
        "6.培训地点：写明街道、门牌号、楼层、教室。",
        "7.授课教师：两人以上的用顿号隔开。",
    ):
        sheet.title(text, len(PLAIN))
    sheet.line()
    sheet.line("填报单位：", "孟州市人社局", None, None, "填报人：", "骆小苗", None, None, "填报时间：", "2026年11月27日")
    it.table(sheet, PLAIN, [klass(1), klass(2)])
    return xlsx(sheet)


@case("修武县台账（各校拼接）.xlsx", "header repeated per printed page", "extra columns", "blank rows", county="410821")
def _(it):
    """Each school's own table pasted under the other's: the second has its columns in another order."""
    sheet = Sheet("Sheet1")
    sheet.line("修武县职业技能培训台账")
    sheet.line("（一）砚溪职业技能培训学校")
    it.table(sheet, SMALL, [klass(1, institution="砚溪职业技能培训学校"), klass(2, institution="砚溪职业技能培训学校")])
    sheet.line()
    sheet.line("（二）榫合职业培训学校")
    other = [
        ("seq", "序号"),
        ("class_name", "班级名称"),
        ("institution", "学校名称"),
        ("venue", "上课地点"),
        ("occupation", "专业"),
        ("actual", "人数"),
        ("opens_on", "开始时间"),
        ("ends_on", "结束时间"),
        ("contact_phone", "联系人及电话"),
    ]
    it.table(sheet, other, [klass(3, institution="榫合职业培训学校"), klass(4, institution="榫合职业培训学校")])
    return xlsx(sheet)


@case("马村区台账（新旧班分段）.xlsx", "blank rows", "totals at the bottom", "备注：/注： lines", county="410804")
def _(it):
    sheet = Sheet("台账")
    truths = [klass(n) for n in range(1, 5)]
    sheet.title("马村区职业技能培训台账", len(SMALL))
    sheet.line(*(head for _, head in SMALL))
    it.explained.append(sheet.line("以下为上周延续班次："))
    it.table(sheet, SMALL, truths[:2], heads=False)
    it.explained.append(sheet.line("以下为本周新开班次："))
    it.table(sheet, SMALL, truths[2:], heads=False)
    sheet.line("   ", " ", "　")
    sheet.line(None, f"共计4个班，培训{sum(t['actual'] for t in truths)}人")
    sheet.line("以下空白")
    it.may = ["L1012", "L1014", "L1015"]
    return xlsx(sheet)


@case("中站区台账（年月日分栏）.xlsx", "two header rows", "dates in columns of month and day", county="410803")
def _(it):
    """A paper form's head: month and day of the opening in columns of their own."""
    sheet = Sheet("Sheet1")
    sheet.title("中站区2026年职业技能培训台账", 9)
    sheet.line("序号", "培训机构", "班期", "工种", "开班时间", None, "结业时间", None, "培训人数")
    sheet.line(None, None, None, None, "月", "日", "月", "日", None)
    for column in (1, 2, 3, 4, 9):
        sheet.merge(2, column, 3, column)
    sheet.merge(2, 5, 2, 6)
    sheet.merge(2, 7, 2, 8)
    for n in (1, 2):
        t = klass(n)
        row = sheet.line(
            n,
            t["institution"],
            t["class_name"],
            t["occupation"],
            t["opens_on"].month,
            t["opens_on"].day,
            t["ends_on"].month,
            t["ends_on"].day,
            t["actual"],
        )
        it.want(
            row,
            {
                "seq": n,
                "institution": t["institution"],
                "class_name": t["class_name"],
                "opens_on": {"any": [t["opens_on"], None]},
                "ends_on": {"any": [t["ends_on"], None]},
                "actual": t["actual"],
            },
        )
    it.may = ["L1201"]
    return xlsx(sheet)


@case("博爱县台账（班期为数字）.xlsx", "class name turned into a date", "numbers with units", county="410822")
def _(it):
    """Classes named by bare numbers, with an end for each school; a class code as a number of 14 digits and one too long."""
    sheet = Sheet("台账")
    truths = [klass(n) for n in range(1, 6)]
    columns = SMALL[:3] + [("class_code", "系统班级编号")] + SMALL[3:]
    cells = [(1, "1"), ("第二期", "第二期"), (3.0, "3"), ("四", "四"), ("05", "05")]
    odd = {(i, "class_name"): cell for i, cell in enumerate(cells)}
    odd |= {
        (0, "class_code"): (41089920260001, "41089920260001"),
        (1, "class_code"): (C(41089920260002, fmt="0"), "41089920260002"),
        (2, "class_code"): (4.1089920260003e17, None),
        (3, "class_code"): ("410899-2026-0004", "410899-2026-0004"),
        (4, "class_code"): ("4.1E+13", None),
    }
    sheet.line("博爱县职业技能培训台账")
    rows = it.table(sheet, columns, truths, odd)
    it.explained = [rows[2], rows[4]]
    it.codes = ["L1211"]
    return xlsx(sheet)


@case("山阳区台账（严格格式）.xlsx", "strict Open XML", county="410811")
def _(it):
    """Saved as “Strict Open XML”, the entry beneath the usual one in the list of Excel's formats."""
    sheet = Sheet("台账")
    sheet.line("山阳区职业技能培训台账")
    it.table(sheet, SMALL, [klass(1), klass(2)])
    names = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/drawingml/2006/main": b"http://purl.oclc.org/ooxml/drawingml/main",
    }
    data = xlsx(sheet)

    def strict(part):
        for old, new in names.items():
            part = part.replace(old, new)
        return part

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return repack(data, {name: strict for name in parts.namelist()})


@case("沁阳市台账（无标题）.csv", "UTF-8(BOM) CSV", "blank rows", county="410882")
def _(it):
    """UTF-8 without a mark and without a title; the county stands in the file's name alone; rows of commas below."""
    sheet = Sheet()
    it.table(sheet, SMALL, [klass(1), klass(2)])
    for _ in range(5):
        sheet.line(None)
    return csv_text(sheet).encode()


@case("示范区台账（右侧草稿）.xlsx", "extra columns", "hidden columns", county="410871")
def _(it):
    """Sums and notes to self beside the table, a stray number far to the right."""
    sheet = Sheet("台账")
    truths = [klass(n) for n in (1, 2, 3)]
    sheet.line("示范区职业技能培训台账")
    rows = it.table(sheet, SMALL, truths)
    sheet.rows[rows[0] - 1] += [None, None, "问一下砚溪", 31]
    sheet.rows[rows[1] - 1] += [None, None, "已电话核实", 65]
    sheet.rows[rows[2] - 1] += [None] * 20 + [99]
    return xlsx(sheet)


@case("解放区台账（下拉未填）.xlsx", "blank rows", "numbers with units", county="410802")
def _(it):
    """Rows prepared with formulas and defaults that nobody filled: 是 in one column, 0 in another, dates of 1900."""
    sheet = Sheet("台账")
    truths = [klass(n) for n in (1, 2)]
    columns = PLAIN[:-1] + [("in_system", "是否录入系统"), ("subsidy_amount", "补贴金额")]
    for truth in truths:
        truth["subsidy_amount"] = truth["actual"] * 1200
    sheet.line("解放区职业技能培训台账")
    it.table(sheet, columns, truths, date=REAL)
    for n in (3, 4, 5):
        empty = [None] * len(columns)
        empty[0], empty[8], empty[-2], empty[-1] = n, C(0, fmt="yyyy-mm-dd"), "是", 0
        it.explained.append(sheet.line(*empty))
    it.may = ["L1201", "L1207"]
    return xlsx(sheet)
