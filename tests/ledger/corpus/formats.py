"""Ledgers in other formats than a fresh xlsx, and files that are large only on paper."""

from .book import C, Sheet, csv_text, ods, xls, xlsx
from .ledgers_layout import PLAIN, SMALL, total
from .truth import REAL, SLASHED, case, klass


def listing(it, county, numbers=(1, 2, 3), columns=PLAIN, top=True, odd=None, **more):
    sheet = Sheet("台账")
    truths = [klass(n) for n in numbers]
    if top:
        sheet.line(f"{county}职业技能培训台账")
        sheet.line(f"填报单位：{county}人社局", None, None, None, "填报时间：2026年11月27日")
    it.table(sheet, columns, truths, odd, **more)
    return sheet, truths


@case("修武县台账.csv", "GBK CSV", '="…"', county="410821")
def _(it):
    truths = [klass(n) for n in (1, 2, 3)]
    odd = {(i, "phone"): f'="{truth["phone"]}"' for i, truth in enumerate(truths)}
    sheet, truths = listing(it, "修武县", odd=odd)
    sheet.line(*total(truths, PLAIN))
    return csv_text(sheet).encode("gbk")


@case("沁阳市台账-gb18030.csv", "GB18030 (a 4-byte char)", county="410882")
def _(it):
    """A surname and a village name outside GBK."""
    odd = {
        (0, "contact"): ("㭎秀兰", "㭎秀兰"),
        (1, "venue"): ("㙍上村党群服务中心2楼", "㙍上村党群服务中心2楼"),
        (2, "teachers"): ("罗𬭎、贺秀兰", ["罗𬭎", "贺秀兰"]),
    }
    sheet, _ = listing(it, "沁阳市", odd=odd)
    it.may = ["D1009"]
    return csv_text(sheet).encode("gb18030")


@case("温县台账utf8.csv", "UTF-8(BOM) CSV", county="410825")
def _(it):
    odd = {
        (0, "venue"): ("桑麻路1号,2楼\n“东”教室", {"venue": {"any": ["桑麻路1号,2楼\n“东”教室", "桑麻路1号,2楼 “东”教室", "桑麻路1号,2楼“东”教室"]}}),
        (1, "note"): ('学员"自带"工具', '学员"自带"工具'),
    }
    sheet, _ = listing(it, "温县", odd=odd, date=SLASHED)
    return b"\xef\xbb\xbf" + csv_text(sheet).encode()


@case("孟州市台账（Unicode文本）.csv", "UTF-8(BOM) CSV", county="410883")
def _(it):
    """Excel's “Unicode text”: UTF-16 with tabs."""
    sheet, _ = listing(it, "孟州市")
    return b"\xff\xfe" + csv_text(sheet, "\t").encode("utf-16-le")


@case("博爱县台账（乱码一字）.csv", "csv with one undecodable byte", kind=None, codes=["D1005"])
def _(it):
    sheet = Sheet()
    sheet.line("博爱县职业技能培训台账")
    rows = it.rows
    it.table(sheet, SMALL, [klass(1), klass(2)])
    rows.clear()
    return csv_text(sheet).encode("gbk").replace("养老".encode("gbk"), b"\xd1\xff\xc0\xcf", 1)


@case("武陟县台账.xls", ".xls BIFF8", "merged title", "vertical merges", "hidden rows", county="410823")
def _(it):
    sheet = Sheet("台账统计表")
    truths = [klass(n, institution="钧陶职业技术学校") for n in (1, 2, 3)]
    sheet.title("武陟县职业技能培训台账统计表", len(PLAIN))
    sheet.title("填报单位：武陟县人力资源和社会保障局    填报时间：2026年11月27日", len(PLAIN))
    odd = {(1, "institution"): (None, "钧陶职业技术学校"), (2, "institution"): (None, "钧陶职业技术学校"), (0, "phone"): int(truths[0]["phone"])}
    rows = it.table(sheet, PLAIN, truths, odd, date=REAL)
    sheet.merge(rows[0], 2, rows[-1], 2)
    sheet.line(*total(truths, PLAIN))
    sheet.line("审核人：", None, None, None, "制表人：")
    return xls(sheet)


@case("解放区台账（删除线）.xls", ".xls BIFF8", "struck-through cancelled rows (whole row; only the class name; part of a cell)", county="410802")
def _(it):
    sheet, truths = Sheet("Sheet1"), [klass(n) for n in (1, 2, 3)]
    sheet.line("解放区职业技能培训台账")
    it.table(sheet, SMALL, [truths[0]])
    struck = truths[1]
    row = sheet.line(
        *(
            C(cell, strike=True)
            for cell in (2, struck["institution"], struck["class_name"], struck["occupation"], "2026.12.2", "2026.12.17", 34, struck["venue"])
        )
    )
    it.want(row, {"class_name": struck["class_name"]})
    it.rows[-1]["optional"] = True
    it.explained.append(row)
    it.table(sheet, SMALL, [truths[2]], heads=False)
    it.note = "a cancelled class: left out and told, or kept and told"
    return xls(sheet)


@case(
    "示范区台账.ods",
    "ods",
    "vertical merges",
    "struck-through cancelled rows (whole row; only the class name; part of a cell)",
    county="410871",
    may=["L1011"],
)
def _(it):
    sheet = Sheet("台账")
    truths = [klass(n, institution="蓼风创业培训中心") for n in (1, 2, 3)]
    sheet.title("城乡一体化示范区职业培训台账", len(SMALL))
    odd = {(1, "institution"): (None, "蓼风创业培训中心"), (2, "institution"): (None, "蓼风创业培训中心")}
    rows = it.table(sheet, SMALL, truths, odd, date=REAL)
    sheet.merge(rows[0], 2, rows[-1], 2)
    struck = klass(4)
    row = sheet.line(
        *(
            C(cell, strike=True)
            for cell in (4, struck["institution"], struck["class_name"], struck["occupation"], "2026.12.2", "2026.12.17", 34, struck["venue"])
        )
    )
    it.want(row, {"class_name": struck["class_name"]})
    it.rows[-1]["optional"] = True
    it.explained.append(row)
    return ods(sheet)


@case("中站区台账（列合并）.ods", "ods", "two header rows", "同上, 〃", county="410803", may=["L1011"])
def _(it):
    sheet = Sheet("Sheet1")
    columns = [
        ("seq", ""),
        ("institution", ""),
        ("class_name", ""),
        ("occupation", ""),
        ("opens_on", ""),
        ("ends_on", ""),
        ("planned", ""),
        ("actual", ""),
        ("venue", ""),
    ]
    sheet.title("中站区培训台账", len(columns))
    sheet.line("序号", "培训机构", "班次", "工种", "培训时间", None, "人数", None, "培训地点")
    sheet.line(None, None, None, None, "开始", "结束", "计划", "实际", None)
    for column in (1, 2, 3, 4, 9):
        sheet.merge(2, column, 3, column)
    sheet.merge(2, 5, 2, 6)
    sheet.merge(2, 7, 2, 8)
    truths = [klass(n) for n in (1, 2, 3)]
    truths[1] |= {"venue": truths[0]["venue"], "institution": truths[0]["institution"]}
    it.table(sheet, columns, truths, {(1, "venue"): "同上", (1, "institution"): "〃"}, date=REAL, heads=False)
    return ods(sheet)


@case("马村区台账.xls", ".xls that is really xlsx", county="410804")
def _(it):
    return xlsx(listing(it, "马村区")[0])


@case("山阳区台账.xlsx", ".xls BIFF8", county="410811")
def _(it):
    """BIFF8 with the new ending: renamed by hand, because “only .xlsx is accepted”."""
    return xls(listing(it, "山阳区", date=REAL)[0])


@case("温县台账.et", "fake .et", county="410825")
def _(it):
    """WPS saves .et as BIFF8 in the same container; only the ending is its own, so it can be read."""
    return xls(listing(it, "温县", date=REAL)[0])


@case("孟州市台账（满屏边框）.xlsx", "1 000 000 empty formatted rows", county="410883")
def _(it):
    """A table with a thousand empty bordered rows, and a dimension that claims the whole sheet."""
    sheet, _ = listing(it, "孟州市")
    sheet.dimension = "A1:XFD1048576"
    sheet.bare_rows = 1000
    return xlsx(sheet, borders=False)


@case("博爱县台账（百万空行）.xlsx", "1 000 000 empty formatted rows", county="410822", late=True)
def _(it):
    sheet, _ = listing(it, "博爱县")
    sheet.bare_rows = 1_000_000
    return xlsx(sheet)


@case("博爱县台账（末行有字）.xlsx", "1 000 000 empty formatted rows", county="410822")
def _(it):
    """Something was typed by accident in the last row of the sheet: it must be told, or be of no account."""
    sheet, _ = listing(it, "博爱县")
    last = lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>')
    it.may = ["L1010"]
    return xlsx(sheet, change={"xl/worksheets/sheet1.xml": last})
