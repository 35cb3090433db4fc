"""Ledgers: what stands in the cells."""

import datetime as dt

from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook.external_link.external import ExternalBook, ExternalLink

from .book import C, Sheet, compound, xlsx
from .ledgers_layout import PLAIN, SMALL, total
from .truth import D, REAL, case, id_number, klass


def serial(day, mac=False):
    return (day - (dt.date(1904, 1, 1) if mac else dt.date(1899, 12, 30))).days


@case("解放区台账（全角）.xlsx", "full-width digits, colon, tilde", county="410802")
def _(it):
    sheet = Sheet("Ｓｈｅｅｔ１")
    columns = [
        ("seq", "序号"),
        ("institution", "培训机构"),
        ("class_name", "班期名称"),
        ("occupation", "工　种"),
        ("period", "培训时间"),
        ("hours", "课时"),
        ("actual", "培训人数（人）"),
        ("contact_phone", "联系人及电话"),
        ("note", "备　注"),
    ]
    truths = [klass(n, hours=80, actual=36, contact="骆小苗", phone="10012345678") for n in (1, 2, 3)]
    truths[0] |= {"opens_on": D(11, 30), "ends_on": D(12, 15)}
    truths[1] |= {"opens_on": D(12, 1), "ends_on": D(12, 16)}
    truths[2] |= {"opens_on": D(12, 2), "ends_on": D(12, 17)}
    sheet.line("填报单位：解放区人社局　　填报时间：２０２６年１１月２７日")
    odd = {
        (0, "seq"): "１",
        (0, "period"): "２０２６．１１．３０～２０２６．１２．１５",
        (0, "hours"): "８０",
        (0, "actual"): "３６",
        (0, "contact_phone"): "骆小苗：１００１２３４５６７８",
        (1, "seq"): "２",
        (1, "period"): "１２月１日—１２月１６日",
        (1, "hours"): "８０课时",
        (1, "actual"): "３６人",
        (1, "contact_phone"): "骆小苗（１００１２３４５６７８）",
        (2, "seq"): "３",
        (2, "period"): "2026／12／2～2026／12／17",
        (2, "hours"): "　80　",
        (2, "actual"): "36 人",
        (2, "contact_phone"): "骆小苗　100-1234-5678",
    }
    for i in range(3):
        odd[i, "class_name"] = (
            ["２０２６年第１期", "2026年第２期", "2026年 第3期"][i],
            {"class_name": {"any": [["２０２６年第１期", "2026年第1期"], ["2026年第２期", "2026年第2期"], ["2026年 第3期", "2026年第3期"]][i]}},
        )
    it.table(sheet, columns, truths, odd)
    return xlsx(sheet)


DATES = [
    ("2026.11.30", D(11, 30)),
    ("2026.12.01", D(12, 1)),
    ("2026/12/2", D(12, 2)),
    ("2026年12月3日", D(12, 3)),
    ("2026年12月03日（周四）", D(12, 3)),
    ("12月4日", D(12, 4)),
    ("12.4", D(12, 4)),
    ("26.12.7", D(12, 7)),
    ("20261208", D(12, 8)),
    ("2026-12-09", D(12, 9)),
    ("2026－12－10", D(12, 10)),
    ("2026、12、11", D(12, 11)),
    ("2026.12.14日", D(12, 14)),
    ("2026 年 12 月 15 日", D(12, 15)),
    ("12/16", D(12, 16)),
    ("12-17", D(12, 17)),
    ("二〇二六年十二月十八日", D(12, 18)),
    ("2026-12-21 08:00:00", D(12, 21)),
    ("2026.12.22上午8:30", D(12, 22)),
    (dt.datetime(2026, 12, 23, 8, 30), D(12, 23)),
    (20261224, D(12, 24)),
    ("’2026.12.25", D(12, 25)),
    ("12月28号", D(12, 28)),
    ("2026。12。29", D(12, 29)),
]


@case("孟州市台账（日期写法）.xlsx", "all date notations incl. without year", county="410883")
def _(it):
    sheet = Sheet("台账")
    columns = [
        ("seq", "序号"),
        ("institution", "培训机构"),
        ("class_name", "班期"),
        ("occupation", "工种"),
        ("opens_on", "开班时间"),
        ("actual", "培训人数"),
    ]
    truths = [klass(n, opens_on=day) for n, (_, day) in enumerate(DATES, 1)]
    sheet.line("孟州市职业技能培训台账")
    it.table(sheet, columns, truths, {(i, "opens_on"): text for i, (text, _) in enumerate(DATES)})
    return xlsx(sheet)


BAD_DATES = [
    ("2026.11.31", ["L1201"]),
    ("待定", []),
    ("11月底", ["L1201"]),
    (12.1, ["L1201"]),
    ("2026.13.2", ["L1201"]),
    ("12月", ["L1201"]),
    ("2026.2.30", ["L1201"]),
    ("下周一", ["L1201"]),
    ("2062.11.30", ["L1207"]),
    ("2025.11.30", ["L1207"]),
    ("#REF!", ["L1202"]),
    ("11.30或12.1", ["L1201"]),
]


@case("温县台账（日期有误）.xlsx", "all date notations: report, never guess", county="410825", codes=["L1201", "L1202", "L1207"])
def _(it):
    sheet = Sheet("台账")
    columns = [
        ("seq", "序号"),
        ("institution", "培训机构"),
        ("class_name", "班期"),
        ("occupation", "工种"),
        ("opens_on", "开班时间"),
        ("actual", "培训人数"),
    ]
    truths = [klass(n, opens_on=None) for n in range(1, len(BAD_DATES) + 1)]
    sheet.line("温县职业技能培训台账")
    odd = {}
    for i, (text, codes) in enumerate(BAD_DATES):
        truth = None
        if text == "2062.11.30":
            truth = {"opens_on": {"any": [None, dt.date(2062, 11, 30)]}}
        if text == "2025.11.30":
            truth = {"opens_on": {"any": [None, dt.date(2025, 11, 30)]}}
        odd[i, "opens_on"] = (text, truth)
    rows = it.table(sheet, columns, truths, odd)
    it.explained = rows
    return xlsx(sheet)


RANGES = [
    ("11.30-12.11", D(11, 30), D(12, 11)),
    ("11月30日至12月11日", D(11, 30), D(12, 11)),
    ("11月18日至30日", D(11, 18), D(11, 30)),
    ("2026.12.1—2026.12.18", D(12, 1), D(12, 18)),
    ("2026年12月1日-12月18日", D(12, 1), D(12, 18)),
    ("自2026年12月2日起至2026年12月19日止", D(12, 2), D(12, 19)),
    ("12.3～12.20", D(12, 3), D(12, 20)),
    ("2026/12/1-2026/12/9", D(12, 1), D(12, 9)),
    ("2026-12-01至2026-12-09", D(12, 1), D(12, 9)),
    ("2026-12-01 2026-12-09", D(12, 1), D(12, 9)),
    ("2026.12.1\n2026.12.9", D(12, 1), D(12, 9)),
    ("12.7-18", D(12, 7), D(12, 18)),
    ("20261201-20261209", D(12, 1), D(12, 9)),
    ("26.12.1-26.12.9", D(12, 1), D(12, 9)),
    ("12月21日—1月8日", D(12, 21), D(1, 8, 2027)),
    ("2026.12.1-", D(12, 1), None),
    ("12.1--12.9", D(12, 1), D(12, 9)),
    ("11.30-12.11（周末休息）", D(11, 30), D(12, 11)),
]


@case("修武县台账（起止时间一栏）.xlsx", "all date notations incl. ranges", county="410821")
def _(it):
    sheet = Sheet("台账")
    columns = [
        ("seq", "序号"),
        ("institution", "培训机构"),
        ("class_name", "班期"),
        ("occupation", "工种"),
        ("period", "培训起止时间"),
        ("actual", "培训人数"),
    ]
    truths = [klass(n, opens_on=opens, ends_on=ends) for n, (_, opens, ends) in enumerate(RANGES, 1)]
    sheet.line("修武县职业技能培训台账")
    it.table(sheet, columns, truths, {(i, "period"): row[0] for i, row in enumerate(RANGES)})
    it.may = ["L1201"]
    return xlsx(sheet)


@case("博爱县台账（WPS日期格式）.xlsx", "numFmtId 27–36, 50–58 with plain numbers", county="410822")
def _(it):
    sheet = Sheet("台账")
    columns = SMALL[:7]
    ids = [27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]
    truths = [klass(n, opens_on=D(11, 30) + dt.timedelta(days=n)) for n in range(1, len(ids) + 1)]
    sheet.line("博爱县职业技能培训台账")
    odd = {(i, "opens_on"): C(serial(truths[i]["opens_on"]), fid=number) for i, number in enumerate(ids)}
    odd |= {(i, "ends_on"): C(serial(truths[i]["ends_on"]), fid=31) for i in range(len(ids))}
    it.table(sheet, columns, truths, odd)
    return xlsx(sheet)


@case("武陟县台账（日期成数字）.xlsx", "numFmtId 27–36, 50–58 with plain numbers", county="410823")
def _(it):
    """The date's format was lost: 46356 in a column of dates is 2026-11-30 to anyone who knows, yet is a number."""
    sheet = Sheet("台账")
    truths = [klass(n) for n in (1, 2, 3)]
    sheet.line("武陟县职业技能培训台账")
    odd = {}
    for i, truth in enumerate(truths):
        for key in ("opens_on", "ends_on"):
            odd[i, key] = (serial(truth[key]), {key: {"any": [truth[key], None]}})
    odd[2, "opens_on"] = (str(serial(truths[2]["opens_on"])), {"opens_on": {"any": [truths[2]["opens_on"], None]}})
    it.table(sheet, SMALL, truths, odd)
    it.may = ["L1201"]
    return xlsx(sheet)


@case("中站区台账（苹果电脑）.xlsx", "1904 system", county="410803")
def _(it):
    sheet = Sheet("工作表1")
    truths = [klass(n) for n in (1, 2, 3)]
    sheet.line("中站区职业技能培训台账")
    odd = {(1, "opens_on"): C(serial(truths[1]["opens_on"], mac=True), fid=31), (1, "ends_on"): C(serial(truths[1]["ends_on"], mac=True), fid=57)}
    it.table(sheet, SMALL, truths, odd, date=REAL)
    return xlsx(sheet, mac=True)


@case("沁阳市台账（班期变日期）.xlsx", "class name turned into a date", county="410882", codes=["L1204", "L1209"])
def _(it):
    sheet = Sheet("台账")
    truths = [klass(n) for n in range(1, 7)]
    sheet.line("沁阳市职业技能培训台账")
    odd = {
        (0, "class_name"): (C(D(7, 1), fmt="yyyy\\-mm"), "2026-07"),
        (1, "class_name"): (C(D(3, 1), fmt="yyyy/m/d"), None),
        (2, "class_name"): (C(D(3, 1), fmt='m"月"d"日"'), None),
        (3, "class_name"): (C(D(11, 1), fmt="mmm\\-yy"), {"class_name": {"any": [None, "2026-11"]}}),
        (4, "class_name"): (C(D(12, 5), fid=58), None),
        (5, "class_name"): ("2026-08", "2026-08"),
    }
    it.explained = it.table(sheet, SMALL, truths, odd)[:5]
    it.may = ["L1101"]
    return xlsx(sheet)


@case("山阳区台账（带单位）.xlsx", "numbers with units", "8课时/天", county="410811")
def _(it):
    sheet = Sheet("台账")
    columns = [
        ("seq", "序号"),
        ("institution", "培训机构"),
        ("class_name", "班期"),
        ("hours", "课时"),
        ("days", "天数"),
        ("planned", "计划人数"),
        ("actual", "实际人数"),
        ("subsidy_standard", "补贴标准"),
        ("subsidy_amount", "补贴金额"),
        ("opens_on", "开班时间"),
    ]
    rows = [
        ("80课时", 80, "10天", 10, "40人", 40, "38人", 38, "1200元/人", 1200, "45600元", 45600),
        ("56学时（7天）", 56, "7天", 7, "40名", 40, "共38人", 38, "1,200", 1200, "45,600.00", 45600),
        ("8课时/天", None, 10, 10, 40, 40, 38, 38, 1200, 1200, "4.56万元", 45600),
        ("80节", 80, "十天", 10, "40", 40, "38（女12人）", 38, "1200元", 1200, "￥45600", 45600),
        ("共80学时", 80, "10", 10, " 40 ", 40, "38+2", None, "1200.00", 1200, 45600.0, 45600),
        ("每天8课时", None, "10天", 10, "30-40人", None, "约40人", None, "—", None, "/", None),
        ("80学时/10天", 80, 10, 10, "40人/班", 40, "38名学员", 38, 1200, 1200, "肆万伍仟陆佰元", None),
        ("理论20、实操60", None, 10, 10, "不超过40人", None, "38/40", None, 1200, 1200, 45600, 45600),
    ]
    truths = [klass(n, subsidy_standard=1200, subsidy_amount=45600) for n in range(1, len(rows) + 1)]
    keys = ["hours", "days", "planned", "actual", "subsidy_standard", "subsidy_amount"]
    odd = {(i, key): (row[at * 2], row[at * 2 + 1]) for i, row in enumerate(rows) for at, key in enumerate(keys)}
    odd[7, "hours"] = ("理论20、实操60", {"hours": {"any": [80, None]}})
    odd[4, "actual"] = ("38+2", {"actual": {"any": [40, None]}})
    odd[6, "subsidy_amount"] = ("肆万伍仟陆佰元", {"subsidy_amount": {"any": [45600, None]}})
    odd[6, "planned"] = ("40人/班", {"planned": {"any": [40, None]}})
    odd[5, "actual"] = ("约40人", {"actual": {"any": [40, None]}})
    sheet.line("山阳区职业技能培训台账")
    numbers = it.table(sheet, columns, truths, odd)
    it.explained = [numbers[2], numbers[5]]
    it.codes = ["L1203"]
    it.note = "8课时/天 is a pace, not the sum: never 8, and 80 only by somebody who asks"
    return xlsx(sheet)


@case("武陟县台账（电话）.xlsx", "phones as 1.38E+10", '="…"', county="410823", codes=["L1208", "L1210"])
def _(it):
    sheet = Sheet("台账")
    columns = [
        ("seq", "序号"),
        ("institution", "培训机构"),
        ("class_name", "班期"),
        ("occupation", "工种"),
        ("opens_on", "开班时间"),
        ("contact", "联系人"),
        ("phone", "联系方式"),
    ]
    cells = [
        ("1.00E+10", None),
        (10012345678, "10012345678"),
        (C(10012345678, fmt="0.00E+00"), "10012345678"),
        ('="10012345678"', "10012345678"),
        ("100 1234 5678", "10012345678"),
        ("100-1234-5678", "10012345678"),
        ("1001234567", {"phone": {"any": ["1001234567", None]}}),
        ("'10012345678", "10012345678"),
        ("１００１２３４５６７８", "10012345678"),
        (10012345678.0, "10012345678"),
        ("10012345678\n（微信同号）", "10012345678"),
        (C("10012345678", quote=True), "10012345678"),
        ("10012345678、10087654321", {"phone": {"any": ["10012345678", "10012345678、10087654321", "10012345678/10087654321"]}}),
    ]
    truths = [klass(n) for n in range(1, len(cells) + 1)]
    sheet.line("武陟县职业技能培训台账")
    rows = it.table(sheet, columns, truths, {(i, "phone"): cell for i, cell in enumerate(cells)})
    it.explained = [rows[0], rows[6]]
    return xlsx(sheet)


@case("马村区台账（公式）.xlsx", "formulas with cached values", county="410804")
def _(it):
    sheet = Sheet("台账")
    truths = [klass(n, subsidy_standard=1200) for n in (1, 2, 3)]
    columns = PLAIN[:12] + [("subsidy_standard", "补贴标准"), ("subsidy_amount", "补贴金额")]
    sheet.line("马村区职业技能培训台账")
    odd = {}
    for i, truth in enumerate(truths):
        truth["subsidy_amount"] = truth["actual"] * 1200
        row = i + 3
        odd[i, "seq"] = C(formula="ROW()-2", cached=i + 1)
        odd[i, "subsidy_amount"] = C(formula=f"L{row}*M{row}", cached=truth["subsidy_amount"])
        odd[i, "ends_on"] = C(formula=f"H{row}+15", cached=serial(truth["ends_on"]), fmt="yyyy-mm-dd")
        odd[i, "class_name"] = C(formula=f'"2026年第"&A{row}&"期"', cached=truth["class_name"])
    it.table(sheet, columns, truths, odd, date=REAL)
    row = sheet.line("合计")
    sheet.rows[row - 1] = (
        ["合计"]
        + [None] * 9
        + [
            C(formula="SUM(K3:K5)", cached=sum(t["planned"] for t in truths)),
            C(formula="SUM(L3:L5)", cached=sum(t["actual"] for t in truths)),
            None,
            C(formula="SUM(N3:N5)", cached=sum(t["subsidy_amount"] for t in truths)),
        ]
    )
    return xlsx(sheet)


@case("示范区台账（公式无缓存）.xlsx", "formulas without cached values", county="410871")
def _(it):
    """As a script writes it: nobody ever computed the formulas, so what they would show is not in the file."""
    sheet = Sheet("台账")
    truths = [klass(n) for n in (1, 2)]
    sheet.line("示范区职业技能培训台账")
    odd = {(i, "ends_on"): (C(formula=f"E{i + 3}+15", fmt="yyyy-mm-dd"), {"ends_on": {"any": [None, truths[i]["ends_on"]]}}) for i in range(2)}
    odd |= {(i, "actual"): (C(formula="20+10"), {"actual": {"any": [None, 30]}}) for i in range(2)}
    rows = it.table(sheet, SMALL, truths, odd, date=REAL)
    it.explained = rows
    it.note = "an uncomputed formula is not an empty cell: it must be told, or else computed"
    return xlsx(sheet, inline=True)


@case("温县台账（特殊字符）.xlsx", "a value that begins with = + - @ as text (injection)", county="410825")
def _(it):
    sheet = Sheet("台账")
    truths = [klass(n) for n in range(1, 7)]
    texts = ['=HYPERLINK("http://example.invalid","点这里")', "+1+1", "-电工班", "@SUM(A1)", "\t=1+1", "<script>alert(1)</script>"]
    sheet.line("温县职业技能培训台账")
    it.table(
        sheet,
        SMALL,
        truths,
        {(i, "note"): (text, text.strip()) for i, text in enumerate(texts)}
        | {(1, "class_name"): ("+第2期", "+第2期"), (2, "class_name"): ("-第3期", "-第3期")},
    )
    return xlsx(sheet)


@case("孟州市台账（外部链接）.xlsx", "external links", county="410883")
def _(it):
    sheet = Sheet("台账")
    truths = [klass(n) for n in (1, 2)]
    sheet.line("孟州市职业技能培训台账")
    odd = {(i, "actual"): C(formula=f"[1]花名册!$B${i + 2}", cached=truths[i]["actual"]) for i in range(2)}
    odd[1, "venue"] = (C(formula="[1]花名册!$C$9", cached="#REF!"), None)
    it.table(sheet, SMALL, truths, odd, date=REAL)
    it.codes = ["L1202"]

    def prepare(book):
        link = ExternalLink(externalBook=ExternalBook(id="rId1"))
        link.file_link = Relationship(type="externalLinkPath", Target="file:///D:/台账/花名册汇总.xlsx", TargetMode="External", Id="rId1")
        book._external_links.append(link)

    return xlsx(sheet, prepare=prepare)


@case("沁阳市台账（带宏）.xlsm", ".xlsm with a vbaProject part", county="410882")
def _(it):
    sheet = Sheet("台账")
    sheet.line("沁阳市职业技能培训台账")
    it.table(sheet, SMALL, [klass(1), klass(2)], date=REAL)
    types = lambda xml: xml.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    ).replace(b"</Types>", b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>')
    links = lambda xml: xml.replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>',
    )
    macro = compound([("PROJECT", b'ID="{00000000-0000-0000-0000-000000000000}"\r\nModule=Module1\r\nName="VBAProject"\r\n')])
    return xlsx(sheet, change={"[Content_Types].xml": types, "xl/_rels/workbook.xml.rels": links}, add={"xl/vbaProject.bin": macro})


@case("博爱县台账（占位符）.xlsx", "numbers with units", "extra columns", county="410822")
def _(it):
    """Cells that say nothing in many ways; levels in all wordings; people parted by any sign."""
    sheet = Sheet("台账")
    columns = [
        ("seq", "项次"),
        ("institution", "实施机构"),
        ("class_name", "批次"),
        ("occupation", "培训项目"),
        ("level", "等级"),
        ("reviewed_on", "审核通过时间"),
        ("opens_on", "开班时间"),
        ("venue", "培训地点"),
        ("teachers", "师资"),
        ("contact_phone", "班主任及电话"),
        ("in_system", "是否录入系统"),
        ("note", "说明"),
    ]
    rows = [
        ("初级工", "五级", "—", None, "无", None, "罗启明、贺秀兰", ["罗启明", "贺秀兰"], "骆小苗10012345678", "是", True, "/"),
        ("中级", "四级", "/", None, "—", None, "罗启明 贺秀兰", ["罗启明", "贺秀兰"], "骆小苗 10012345678", "已录入", True, "无"),
        ("高级工（三级）", "三级", "未审核", None, "待定", None, "罗启明/贺秀兰", ["罗启明", "贺秀兰"], "10012345678骆小苗", "否", False, "-"),
        ("技师", "二级", "", None, "暂无", None, "罗启明；贺秀兰", ["罗启明", "贺秀兰"], "骆小苗\n10012345678", "未录入", False, "——"),
        ("高级技师/一级", "一级", "审核中", None, "\\", None, "罗启明\n贺秀兰", ["罗启明", "贺秀兰"], "骆小苗：10012345678", "√", True, ""),
        (
            "专项能力",
            "专项职业能力",
            "2026.11.23通过",
            D(11, 23),
            "同培训机构地址",
            "同培训机构地址",
            "罗启明,贺秀兰",
            ["罗启明", "贺秀兰"],
            "骆小苗,10012345678",
            "×",
            False,
            "无",
        ),
        (
            "培训合格证",
            "培训合格证",
            "2026.11.24",
            D(11, 24),
            "稻香路3号",
            "稻香路3号",
            "罗启明（理论）、贺秀兰（实操）",
            ["罗启明", "贺秀兰"],
            "骆小苗（10012345678）",
            "正在录入",
            {"in_system": {"any": [False, None]}},
            None,
        ),
        (
            "5级",
            "五级",
            "2026.11.25",
            D(11, 25),
            "稻香路3号",
            "稻香路3号",
            "罗启明 ",
            ["罗启明"],
            "骆小苗/10012345678",
            "Y",
            {"in_system": {"any": [True, None]}},
            None,
        ),
        ("无", None, "2026.11.26", D(11, 26), "稻香路3号", "稻香路3号", "待定", [], "待定", None, None, None),
    ]
    truths = [klass(n, contact="骆小苗", phone="10012345678", note=None) for n in range(1, len(rows) + 1)]
    odd = {}
    for i, row in enumerate(rows):
        odd |= {
            (i, "level"): (row[0], row[1]),
            (i, "reviewed_on"): (row[2], row[3]),
            (i, "venue"): (row[4], row[5]),
            (i, "teachers"): (row[6], row[7]),
            (i, "contact_phone"): row[8],
            (i, "in_system"): (row[9], row[10]),
            (i, "note"): (row[11], None),
        }
    odd[2, "venue"] = ("待定", {"venue": {"any": [None, "待定"]}})
    odd[3, "venue"] = ("暂无", {"venue": {"any": [None, "暂无"]}})
    odd[8, "contact_phone"] = ("待定", {"contact": {"any": [None, "待定"]}, "phone": None})
    sheet.line("博爱县职业技能培训台账")
    it.table(sheet, columns, truths, odd)
    it.may = ["L1206", "L1212", "L1205"]
    return xlsx(sheet)


@case("修武县台账（元旦前后）.xlsx", "dates in a year-less form around New Year", county="410821", week="2026-W53")
def _(it):
    sheet = Sheet("台账")
    sheet.line("修武县职业技能培训台账")
    sheet.line("填报时间：12月31日")
    truths = [klass(n) for n in range(1, 6)]
    dates = [
        ("12.25", D(12, 25), "1.8", D(1, 8, 2027)),
        ("12月28日", D(12, 28), "1月15日", D(1, 15, 2027)),
        ("1.4", D(1, 4, 2027), "1.20", D(1, 20, 2027)),
        ("1月5日", D(1, 5, 2027), "1月22日", D(1, 22, 2027)),
        ("12.30", D(12, 30), "2.5", D(2, 5, 2027)),
    ]
    applied = [("12.10", D(12, 10)), ("12.18", D(12, 18)), ("12.25", D(12, 25)), ("12.28", D(12, 28)), ("11.30", D(11, 30))]
    odd = {}
    for i, (opens, first, ends, last) in enumerate(dates):
        odd |= {(i, "opens_on"): (opens, first), (i, "ends_on"): (ends, last), (i, "applied_on"): applied[i]}
    columns = SMALL[:4] + [("applied_on", "申报时间")] + SMALL[4:]
    it.table(sheet, columns, truths, odd)
    return xlsx(sheet)


@case("温县台账（新年第一周）.xlsx", "dates in a year-less form around New Year", county="410825", week="2027-W01")
def _(it):
    sheet = Sheet("台账")
    sheet.line("温县职业技能培训台账")
    truths = [klass(n) for n in range(1, 4)]
    dates = [("12.21-1.8", D(12, 21), D(1, 8, 2027)), ("1.11-1.29", D(1, 11, 2027), D(1, 29, 2027)), ("12月28日—1月15日", D(12, 28), D(1, 15, 2027))]
    columns = [("seq", "序号"), ("institution", "培训机构"), ("class_name", "班期"), ("period", "培训时间"), ("actual", "培训人数")]
    odd = {(i, "period"): (text, {"opens_on": first, "ends_on": last}) for i, (text, first, last) in enumerate(dates)}
    it.table(sheet, columns, truths, odd)
    return xlsx(sheet)


@case("解放区台账（合计不符）.xlsx", "totals at the bottom", county="410802", codes=["L1030"])
def _(it):
    sheet, truths = Sheet("台账"), [klass(n) for n in (1, 2, 3)]
    sheet.line("解放区职业技能培训台账")
    it.table(sheet, PLAIN, truths)
    cells = total(truths, PLAIN, "合 计（共3个班）")
    cells[11] += 1
    sheet.line(*cells)
    return xlsx(sheet)


@case("山阳区台账（带身份证）.xlsx", "extra columns", "ID numbers stored as numbers", county="410811", codes=["D1026"])
def _(it):
    sheet, truths = Sheet("台账"), [klass(n) for n in (1, 2)]
    columns = SMALL + [("_id", "班主任身份证号")]
    sheet.line("山阳区职业技能培训台账")
    it.table(sheet, columns, truths, {(0, "_id"): id_number(1), (1, "_id"): int(id_number(2)[:15] + "000")})
    it.may = ["D1021"]
    it.secret = [id_number(1), id_number(2)[:15]]
    for want in it.rows:
        want |= {"contact": None, "phone": None}
    return xlsx(sheet)


@case("马村区台账（名称带换行空格）.xlsx", "line feeds in headers", "vertical merges", "blank rows", county="410804")
def _(it):
    """Text pasted from chat and web pages: no-break spaces, line feeds inside names, zero-width characters, trailing tabs."""
    sheet, truths = Sheet("台账"), [klass(n) for n in (1, 2, 3, 4)]
    sheet.line("马村区职业技能培训台账")
    clean = lambda n, key: truths[n][key]
    odd = {
        (0, "institution"): ("砚溪职业技能\n培训学校", {"institution": {"any": ["砚溪职业技能培训学校", "砚溪职业技能 培训学校"]}}),
        (1, "institution"): ("\u00a0" + clean(1, "institution") + "\u00a0", clean(1, "institution")),
        (2, "institution"): ("\u200b" + clean(2, "institution"), clean(2, "institution")),
        (3, "institution"): (clean(3, "institution") + "\t", clean(3, "institution")),
        (1, "opens_on"): ("\u00a02026.12.2\u00a0", D(12, 2)),
        (2, "opens_on"): ("2026.12.3\u200b", D(12, 3)),
        (3, "actual"): ("\u00a032\u00a0", 32),
        (2, "actual"): ("36\u200b", 36),
        (3, "ends_on"): ("2026.12.15\n", D(12, 15)),
    }
    it.table(sheet, SMALL, truths, odd)
    return xlsx(sheet)
