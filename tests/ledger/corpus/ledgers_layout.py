"""Ledgers: how the table stands on its sheets."""

from .book import C, Sheet, xlsx
from .truth import CHINESE, D, DOTTED, ISO, MONTH_DAY, REAL, SLASHED, case, klass

PLAIN = [
    ("seq", "序号"),
    ("institution", "培训机构"),
    ("class_name", "班期"),
    ("occupation", "培训工种"),
    ("level", "等级"),
    ("applied_on", "申报时间"),
    ("reviewed_on", "审核时间"),
    ("opens_on", "开班时间"),
    ("ends_on", "结业时间"),
    ("hours", "课时"),
    ("planned", "计划人数"),
    ("actual", "培训人数"),
    ("venue", "培训地点"),
    ("teachers", "授课教师"),
    ("contact", "班主任"),
    ("phone", "联系电话"),
    ("note", "备注"),
]
SMALL = [
    ("seq", "序号"),
    ("institution", "承训机构"),
    ("class_name", "班次"),
    ("occupation", "工种"),
    ("opens_on", "开班日期"),
    ("ends_on", "结业日期"),
    ("actual", "参训人数"),
    ("venue", "办班地点"),
    ("note", "备注"),
]


def total(truths, columns, label="合计", keys=("planned", "actual"), label_at=0):
    cells = [None] * len(columns)
    cells[label_at] = label
    for at, (key, _) in enumerate(columns):
        if key in keys:
            cells[at] = sum(truth[key] for truth in truths)
    return cells


@case(
    "修武县职业技能培训台账统计表.xlsx",
    "merged title",
    "填报单位/填报人/填报时间 line",
    "totals at the bottom",
    "备注：/注： lines",
    "signature row",
    county="410821",
)
def _(it):
    sheet, truths = Sheet("台账统计表"), [klass(n) for n in range(1, 6)]
    sheet.title("修武县补贴性职业技能培训台账统计表（2026年第48周）", len(PLAIN))
    sheet.title("填报单位：修武县人力资源和社会保障局（盖章）        填报人：骆小苗        填报时间：2026年11月27日", len(PLAIN))
    it.table(sheet, PLAIN, truths)
    row = sheet.line(*total(truths, PLAIN))
    sheet.merge(row, 1, row, 4)
    sheet.title("备注：1.本表每周五下班前报送；2.培训人数以实名制系统录入为准；3.停课、补课须提前1个工作日报告。", len(PLAIN))
    sheet.line()
    sheet.line("单位负责人：", None, None, None, "审核人：冉立冬", None, None, None, None, "填表人：骆小苗", None, None, "联系电话：10055667788")
    return xlsx(sheet, borders=True)


@case("博爱县2026年11月27日台账.xlsx", "two header rows", "line feeds in headers", "merged title", "numbers with units", county="410822")
def _(it):
    sheet, truths = Sheet("Sheet1"), [
        klass(n) | {"subsidy_standard": 1200, "subsidy_amount": 1200 * (28 + n * 3 % 15), "subsidy_source": "就业补助资金"} for n in (2, 3, 4, 6)
    ]
    columns = [
        ("seq", ""),
        ("institution", ""),
        ("uscc", ""),
        ("class_name", ""),
        ("occupation", ""),
        ("level", ""),
        ("opens_on", ""),
        ("ends_on", ""),
        ("hours", ""),
        ("planned", ""),
        ("actual", ""),
        ("_女", ""),
        ("subsidy_standard", ""),
        ("subsidy_amount", ""),
        ("subsidy_source", ""),
        ("note", ""),
    ]
    sheet.title("博爱县补贴性培训班次统计", len(columns))
    sheet.line(
        "序\n号",
        "培训机构\n（全称）",
        "统一社会\n信用代码",
        "班 次\n名 称",
        "培训工种",
        "培训\n等级",
        "培训时间",
        None,
        "总\n学\n时",
        "培训人数（人）",
        None,
        None,
        "补贴",
        None,
        None,
        "备 注",
    )
    sheet.line(None, None, None, None, None, None, "开班", "结业", None, "计划", "实际", "其中：女", "标准\n（元/人）", "金额\n（元）", "来源", None)
    for column in (1, 2, 3, 4, 5, 6, 9, 16):
        sheet.merge(2, column, 3, column)
    for first, last in ((7, 8), (10, 12), (13, 15)):
        sheet.merge(2, first, 2, last)
    odd = {(i, "_女"): 9 + i for i in range(4)}
    odd |= {(1, "hours"): ("80学时", 80), (2, "actual"): (f"{truths[2]['actual']}人", truths[2]["actual"])}
    truths[1]["hours"] = 80
    it.table(sheet, columns, truths, odd, date=CHINESE, heads=False)
    return xlsx(sheet, borders=True)


@case("沁阳市培训台账.xlsx", "vertical merges", "同上, 〃", "小计", "totals at the bottom", county="410882")
def _(it):
    sheet = Sheet("2026年第48周")
    columns = [
        ("institution", "培训学校名称"),
        ("class_name", "期次"),
        ("occupation", "培训专业"),
        ("level", "级别"),
        ("opens_on", "开课时间"),
        ("ends_on", "结束时间"),
        ("planned", "申报人数"),
        ("actual", "实际人数"),
        ("venue", "上课地点"),
        ("teachers", "任课教师"),
        ("note", "备注"),
    ]
    groups = [
        [klass(1, institution="砚溪职业技能培训学校"), klass(2, institution="砚溪职业技能培训学校"), klass(3, institution="砚溪职业技能培训学校")],
        [klass(4, institution="榫合职业培训学校"), klass(5, institution="榫合职业培训学校")],
    ]
    for truth in groups[0][1:]:
        truth |= {"venue": groups[0][0]["venue"], "occupation": groups[0][0]["occupation"]}
    groups[1][1] |= {"teachers": groups[1][0]["teachers"], "opens_on": groups[1][0]["opens_on"], "level": groups[1][0]["level"]}
    sheet.title("沁阳市补贴性职业培训情况表", len(columns))
    sheet.line("填报单位：沁阳市人社局", None, None, None, None, None, None, "填报日期：2026.11.27")
    sheet.line(*(head for _, head in columns))
    odd = {(1, "venue"): "同上", (2, "venue"): "同上", (1, "occupation"): "〃", (2, "occupation"): "〃"}
    rows = it.table(
        sheet,
        columns,
        groups[0],
        odd | {(1, "institution"): (None, "砚溪职业技能培训学校"), (2, "institution"): (None, "砚溪职业技能培训学校")},
        heads=False,
    )
    sheet.merge(rows[0], 1, rows[-1], 1)
    sheet.line(*total(groups[0], columns, "小计", label_at=1))
    odd = {(1, "teachers"): "″", (1, "opens_on"): "同上", (1, "level"): '"'}
    rows = it.table(sheet, columns, groups[1], odd | {(1, "institution"): (None, "榫合职业培训学校")}, heads=False)
    sheet.merge(rows[0], 1, rows[-1], 1)
    sheet.line(*total(groups[1], columns, "小  计", label_at=1))
    sheet.line(*total(groups[0] + groups[1], columns, "总  计"))
    it.may = ["L1011"]
    return xlsx(sheet)


@case("温县台账（合计在上）.xlsx", "totals right under the header", "example row (示例)", "a numbering row", county="410825")
def _(it):
    sheet, truths = Sheet("台账"), [klass(n) for n in (1, 2, 3)]
    sheet.title("温县职业技能培训班台账", len(PLAIN))
    sheet.line("填报单位：温县就业服务中心")
    sheet.line(*(head for _, head in PLAIN))
    sheet.line(*("甲" if i == 0 else i for i in range(len(PLAIN))))
    sheet.line(*total(truths, PLAIN))
    example = klass(9, institution="××职业培训学校", class_name="2026年第×期")
    it.explained.append(
        sheet.line(
            "示例",
            example["institution"],
            example["class_name"],
            "电工",
            "五级",
            "2026.3.2",
            "2026.3.6",
            "2026.3.9",
            "2026.3.20",
            80,
            40,
            38,
            "××路×号×楼",
            "张××、李××",
            "王××",
            "100××××××××",
            "此行请勿删除",
        )
    )
    it.table(sheet, PLAIN, truths)
    return xlsx(sheet, borders=True)


@case("中站区11月第4周台账.xlsx", "example row (样例)", "a numbering row", county="410803")
def _(it):
    sheet, truths = Sheet("Sheet1"), [klass(n) for n in (4, 5)]
    sheet.title("中站区职业技能培训开班台账", len(SMALL))
    sheet.line(*(head for _, head in SMALL))
    sheet.line(*(f"（{i}）" for i in range(1, len(SMALL) + 1)))
    it.explained.append(
        sheet.line("例", "某某职业培训学校", "2026年第1期", "电工", "2026-01-05", "2026-01-16", 40, "某某路1号", "样例，填报时请删除")
    )
    it.table(sheet, SMALL, truths, date=ISO)
    return xlsx(sheet)


@case("武陟县职业培训台账打印版.xlsx", "header repeated per printed page", "merged title", "blank rows", county="410823")
def _(it):
    sheet, truths = Sheet("打印"), [klass(n) for n in range(1, 9)]
    for page in range(2):
        sheet.title("武陟县职业技能培训台账统计表", len(PLAIN))
        sheet.line("填报单位：武陟县人社局", None, None, None, None, "第 %d 页 共 2 页" % (page + 1))
        it.table(sheet, PLAIN, truths[page * 4 : page * 4 + 4])
        sheet.line(*total(truths[page * 4 : page * 4 + 4], PLAIN, "本页小计"))
        sheet.line()
        sheet.line()
    sheet.line(*total(truths, PLAIN))
    return xlsx(sheet)


@case("孟州市台账.xlsx", "blank rows", "signature row", "备注：/注： lines", county="410883")
def _(it):
    """Bordered empty rows with their numbers already written, a second small table below."""
    sheet, truths = Sheet("Sheet1"), [klass(n) for n in (1, 2, 3)]
    sheet.line("孟州市补贴性职业技能培训台账")
    sheet.line(*(head for _, head in SMALL))
    it.table(sheet, SMALL, truths[:2], heads=False, date=SLASHED)
    sheet.line()
    it.table(sheet, SMALL, [truths[2]], heads=False, date=SLASHED)
    for number in (4, 5, 6):
        it.explained.append(sheet.line(number))
    sheet.line("注：空行为预留。")
    sheet.line()
    sheet.line("分工种统计")
    sheet.line(None, "工种", "班数", "人数")
    for truth in truths:
        sheet.line(None, truth["occupation"], 1, truth["actual"])
    sheet.line(None, "合计", 3, sum(truth["actual"] for truth in truths))
    sheet.line()
    sheet.line(None, "制表：", None, None, "复核：", None, None, "分管领导：")
    it.may = ["L1012", "L1014", "L1015"]
    it.note = "the little table of sums below is no class; whether it is told is the reader's choice, as long as no row of it becomes one"
    return xlsx(sheet, borders=True)


@case("解放区台账-筛选未取消.xlsx", "hidden rows", "hidden columns", county="410802")
def _(it):
    sheet, truths = Sheet("台账"), [klass(n) for n in range(1, 6)]
    columns = PLAIN[:3] + [("class_code", "系统班级编号")] + PLAIN[3:]
    sheet.title("解放区职业技能培训台账", len(columns))
    it.table(sheet, columns, truths)
    sheet.hidden_rows = {5}
    sheet.hidden_columns = {4}
    it.rows[2]["optional"] = True
    it.explained.append(5)
    it.note = "a filter left on hides a class: it may be a row or not, but it must be told"
    return xlsx(sheet)


@case("示范区台账（隐藏旧列）.xlsx", "hidden columns", county="410871")
def _(it):
    sheet, truths = Sheet("台账"), [klass(n) for n in range(1, 4)]
    columns = SMALL[:4] + [("_old", "开班日期")] + SMALL[4:]
    sheet.title("示范区培训班台账", len(columns))
    odd = {(i, "_old"): DOTTED(D(11, 9 + i)) for i in range(3)}
    odd |= {(i, "opens_on"): (DOTTED(t["opens_on"]), {"opens_on": {"any": [t["opens_on"], None]}}) for i, t in enumerate(truths)}
    it.table(sheet, columns, truths, odd)
    sheet.hidden_columns = {5}
    it.note = "the hidden column is the plan of before; never take it for the date shown"
    return xlsx(sheet)


@case(
    "马村区台账（含取消班次）.xlsx",
    "struck-through cancelled rows (whole row; only the class name; part of a cell)",
    county="410804",
    codes=["L1013"],
)
def _(it):
    sheet, truths = Sheet("台账"), [klass(n) for n in range(1, 7)]
    sheet.title("马村区职业技能培训台账", len(PLAIN))
    sheet.line(*(head for _, head in PLAIN))
    it.table(sheet, PLAIN, [truths[0]], heads=False)
    cancelled = sheet.line(
        *(
            C(cell, strike=True)
            for cell in (
                2,
                truths[1]["institution"],
                truths[1]["class_name"],
                truths[1]["occupation"],
                "五级",
                "2026.11.17",
                "2026.11.21",
                "2026.12.1",
                "2026.12.16",
                80,
                33,
                31,
                truths[1]["venue"],
                "罗启明",
                "贺秀兰",
                truths[1]["phone"],
            )
        )
    )
    it.explained.append(cancelled)
    name = truths[2]["class_name"]
    rows = it.table(
        sheet, PLAIN, [truths[2]], {(0, "class_name"): C(name, strike=True), (0, "note"): ("学员不足，暂缓", "学员不足，暂缓")}, heads=False
    )
    it.rows[-1]["optional"] = True
    it.explained += rows
    odd = {
        (0, "venue"): (C(parts=[("东关大街12号", True), ("西关街8号3楼", False)]), "西关街8号3楼"),
        (0, "opens_on"): (C(parts=[("2026.11.30", True), ("2026.12.3", False)]), D(12, 3)),
        (0, "teachers"): (C(parts=[("庞德顺", True), ("阮云霞", False)]), ["阮云霞"]),
    }
    it.table(sheet, PLAIN, [truths[3]], odd, heads=False)
    it.table(sheet, PLAIN, [truths[4]], {(0, "actual"): (C(parts=[("38", True), ("36", False)]), 36)}, heads=False)
    # The whole row struck but its number and a remark, as is done when the number must stay in order.
    row = sheet.line(
        6,
        *(
            C(cell, strike=True)
            for cell in (
                truths[5]["institution"],
                truths[5]["class_name"],
                truths[5]["occupation"],
                "五级",
                "2026.11.18",
                "2026.11.22",
                "2026.12.2",
                "2026.12.17",
                80,
                40,
                38,
                truths[5]["venue"],
                "罗启明",
                "贺秀兰",
                truths[5]["phone"],
            )
        ),
        "已取消",
    )
    it.explained.append(row)
    it.want(row, {"class_name": truths[5]["class_name"]})
    it.rows[-1]["optional"] = True
    return xlsx(sheet, borders=True)


@case("山阳区台账汇总.xlsx", "several sheets, only the last current", county="410811", codes=["D1020"])
def _(it):
    sheets = []
    for week, numbers in ((46, (1, 2)), (47, (1, 2, 3)), (48, (2, 3, 4, 5))):
        sheet = Sheet(f"第{week}周")
        sheet.title(f"山阳区职业技能培训台账（第{week}周）", len(SMALL))
        if week == 48:
            it.table(sheet, SMALL, [klass(n) for n in numbers], sheet_key=True)
        else:
            keep = it.rows
            it.rows = []
            it.table(sheet, SMALL, [klass(n) for n in numbers])
            it.rows = keep
        sheets.append(sheet)
    return xlsx(*sheets, active=2)


@case("沁阳市台账按周（日期命名）.xlsx", "several sheets, only the last current", county="410882")
def _(it):
    sheets = []
    for title, numbers in (("11.13", (1, 2)), ("11.20", (1, 2, 3)), ("11.27", (1, 2, 3, 4)), ("Sheet2", ()), ("Sheet3", ())):
        sheet = Sheet(title)
        if numbers:
            sheet.line("沁阳市培训台账")
            keep, it.rows = it.rows, []
            it.table(sheet, SMALL, [klass(n) for n in numbers], date=MONTH_DAY, sheet_key=True)
            it.rows = it.rows if title == "11.27" else keep
        sheets.append(sheet)
    it.codes = ["D1020|D1023"]
    return xlsx(*sheets, active=2)


@case("孟州市各机构台账.xlsx", "several sheets", "vertical merges", county="410883")
def _(it):
    """One sheet for each institution, all current; the institution stands in the title and the sheet's name alone."""
    sheets = []
    columns = [column for column in SMALL if column[0] != "institution"]
    for at, (short, full) in enumerate((("砚溪", "砚溪职业技能培训学校"), ("榫合", "榫合职业培训学校"), ("沐稷", "沐稷家政职业培训学校"))):
        sheet = Sheet(short)
        sheet.title(f"{full}培训台账", len(columns))
        sheet.line("填报单位：孟州市人社局")
        before = len(it.rows)
        it.table(sheet, columns, [klass(at * 2 + 1), klass(at * 2 + 2)], sheet_key=True)
        for row in it.rows[before:]:
            row["institution"] = full
        sheets.append(sheet)
    return xlsx(*sheets)


@case("修武县台账（含填写说明、字典）.xlsx", "several sheets", county="410821")
def _(it):
    guide, lists, sheet = Sheet("填报说明"), Sheet("字典", hidden=True), Sheet("台账")
    guide.line("填报说明")
    guide.line("一、本表由各县（市、区）人社局填报，每周五下班前报送。")
    guide.line("二、开班时间、结业时间按“2026-11-02”格式填写。")
    guide.line("三、培训地点须写明街道、门牌号、楼层、教室。")
    lists.line("工种", "等级", "是否")
    for row in (("电工", "五级", "是"), ("焊工", "四级", "否"), ("育婴员", "三级", None)):
        lists.line(*row)
    sheet.title("修武县职业技能培训台账", len(PLAIN))
    it.table(sheet, PLAIN, [klass(1), klass(2)], date=REAL)
    return xlsx(guide, lists, sheet, active=2)


@case("武陟县台账（空两列起）.xlsx", "extra columns", "blank rows", "line feeds in headers", county="410823")
def _(it):
    """The table begins at C5, columns in an order of their own, some nobody asked for."""
    sheet = Sheet("Sheet1", left=2, top=2)
    columns = [
        ("note", "备 注"),
        ("seq", "编号"),
        ("training_type", "培训\n类别"),
        ("occupation", "职业\n（工种）"),
        ("level", "技能\n等级"),
        ("class_name", "班级\n名称"),
        ("institution", "定点\n机构"),
        ("_licence", "办学\n许可证号"),
        ("_address", "机构地址"),
        ("period", "培训起止\n时间"),
        ("days", "培训\n天数"),
        ("hours", "总课时\n（节）"),
        ("_signup", "报名日期"),
        ("planned", "计划\n人数"),
        ("actual", "参训人数\n（人）"),
        ("_passed", "合格人数"),
        ("_certified", "取证人数"),
        ("venue", "教学\n地点"),
        ("practice_venue", "实训\n地点"),
        ("teachers", "主讲\n教师"),
        ("contact_phone", "班主任\n及电话"),
        ("in_system", "是否\n录入系统"),
        ("system_name", "录入系统\n名称"),
    ]
    truths = [klass(n, practice_venue=f"{n}号实训车间", system_name="省职业培训管理系统") for n in (3, 5, 7)]
    sheet.line("武陟县职业技能培训台账")
    sheet.line("填报单位：武陟县职业技能鉴定中心")
    odd = {}
    for i in range(3):
        odd |= {
            (i, "_licence"): "人社民410899000000%d号" % i,
            (i, "_address"): "稻香路99号",
            (i, "_signup"): "2026.10.8",
            (i, "_passed"): 20,
            (i, "_certified"): 18,
        }
    it.table(sheet, columns, truths, odd, join={"period": "{}-{}", "contact_phone": "{} {}"})
    it.may = ["D1021"]
    return xlsx(sheet, borders=True)


@case("温县台账（分组）.xlsx", "merged title", "小计", "totals at the bottom", county="410825")
def _(it):
    sheet = Sheet("Sheet1")
    sheet.title("温县2026年度补贴性培训台账", len(SMALL))
    sheet.line(*(head for _, head in SMALL))
    groups = [("一、就业技能培训", [1, 2]), ("二、岗位技能提升培训", [3]), ("三、创业培训", [])]
    everything = []
    for heading, numbers in groups:
        row = sheet.line(heading)
        sheet.merge(row, 1, row, len(SMALL))
        it.explained.append(row)
        truths = [klass(n) for n in numbers]
        everything += truths
        it.table(sheet, SMALL, truths, heads=False)
        if not truths:
            sheet.line(None, "无")
        sheet.line(*total(truths, SMALL, "小计", label_at=1))
    sheet.line(*total(everything, SMALL, "合    计"))
    it.may = ["L1010", "L1014"]
    return xlsx(sheet)


@case("焦作各县区汇总.xlsx", "two counties in one file", county=None)
def _(it):
    sheet = Sheet("汇总")
    columns = [("seq", "序号"), ("county", "县（市、区）")] + SMALL[1:]
    truths = [klass(1, county="修武县"), klass(2, county="修武县"), klass(3, county="博爱县"), klass(4, county="博爱县")]
    sheet.title("职业技能培训台账汇总表", len(columns))
    rows = it.table(sheet, columns, truths, {(1, "county"): (None, "修武县"), (3, "county"): (None, "博爱县")})
    sheet.merge(rows[0], 2, rows[1], 2)
    sheet.merge(rows[2], 2, rows[3], 2)
    return xlsx(sheet)


@case("博爱县、武陟县培训台账.xlsx", "two counties in one file", "several sheets", county=None)
def _(it):
    sheets = []
    for title, number in (("博爱县", 1), ("武陟县", 3)):
        sheet = Sheet(title)
        sheet.line(f"填报单位：{title}人力资源和社会保障局")
        it.table(sheet, SMALL, [klass(number), klass(number + 1)], sheet_key=True)
        sheets.append(sheet)
    return xlsx(*sheets)


@case("马村区零报告.xlsx", "empty ledger with 本周无开班（零报告）", county="410804", codes=["L1001"])
def _(it):
    sheet = Sheet("台账")
    sheet.title("马村区职业技能培训台账统计表（第48周）", len(PLAIN))
    sheet.line("填报单位：马村区人社局", None, None, None, "填报时间：2026年11月27日")
    sheet.line(*(head for _, head in PLAIN))
    row = sheet.line("本周无开班（零报告）")
    sheet.merge(row, 1, row, len(PLAIN))
    sheet.line("合计", *[None] * 9, 0, 0)
    it.may = ["L1012", "L1014", "L1015", "L1010"]
    return xlsx(sheet, borders=True)


@case("中站区台账（无班）.xlsx", "empty ledger with 本周无开班（零报告）", county="410803", codes=["L1001"])
def _(it):
    """Zero written into the first row, with the rest of the row 无."""
    sheet = Sheet("Sheet1")
    sheet.line("中站区职业技能培训台账")
    sheet.line(*(head for _, head in SMALL))
    it.explained.append(sheet.line(1, "无", "无", "无", "无", "无", 0, "无", "本周无新开班"))
    it.may = ["L1012", "L1014", "L1010", "L1201"]
    return xlsx(sheet)


@case("示范区培训台账（竖排表头）.xlsx", "line feeds in headers", "two header rows", "numbers with units", county="410871")
def _(it):
    sheet = Sheet("Sheet1")
    truths = [klass(n, daily_check_on=D(11, 24 + n), daily_check_by="骆小苗、冉立冬", daily_check_count=n) for n in (1, 2)]
    columns = [
        ("seq", ""),
        ("institution", ""),
        ("class_name", ""),
        ("occupation", ""),
        ("opens_on", ""),
        ("ends_on", ""),
        ("actual", ""),
        ("contact", ""),
        ("phone", ""),
        ("daily_check_on", ""),
        ("daily_check_by", ""),
        ("daily_check_count", ""),
        ("_result", ""),
    ]
    sheet.title("城乡一体化示范区职业培训台账", len(columns))
    sheet.line(
        "序\n号", "培\n训\n机\n构", "班\n级\n名\n称", "工\n种", "培训周期", None, "实\n际\n人\n数", "负责人", None, "日常检查情况", None, None, None
    )
    sheet.line(None, None, None, None, "起", "止", None, "姓名", "电话", "检查日期", "检查人员", "检查次数", "检查结果")
    for column in (1, 2, 3, 4, 7):
        sheet.merge(2, column, 3, column)
    for first, last in ((5, 6), (8, 9), (10, 13)):
        sheet.merge(2, first, 2, last)
    odd = {(0, "_result"): "正常", (1, "_result"): "正常", (1, "daily_check_count"): ("2次", 2)}
    it.table(sheet, columns, truths, odd, heads=False)
    it.may = ["D1021"]
    return xlsx(sheet, borders=True)
