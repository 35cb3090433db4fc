"""Timetables: lists, grids and sections."""

import datetime as dt

from .book import C, Sheet, csv_text, ods, xls, xlsx
from .truth import CHINESE, D, DOTTED, ISO, MONTH_DAY, REAL, case, name

A, B = "砚溪职业技能培训学校", "榫合职业培训学校"
CLASS_A, CLASS_B = "2026年第1期电工班", "2026年第2期焊工班"
COURSES = ["职业道德与安全用电", "电工仪表使用", "照明线路安装", "电动机控制", "故障排除实训", "综合复习"]
WEEKDAYS = "一二三四五六日"
MONDAY = D(11, 30)


def lesson(n, day, start, end, **more):
    base = {
        "institution": A,
        "class_name": CLASS_A,
        "date": day,
        "start": start,
        "end": end,
        "course": COURSES[n % len(COURSES)],
        "teachers": [name(n + 2)],
        "mode": "理论" if n % 2 == 0 else "实操",
        "hours": 4,
        "venue": f"{n % 3 + 1}号教室",
    }
    return base | more


def lessons(count=6, **more):
    return [lesson(n, MONDAY + dt.timedelta(days=n // 2), *(("08:30", "11:30"), ("14:30", "17:30"))[n % 2], **more) for n in range(count)]


def half(row):
    return "上午" if row["start"] < "12:00" else "下午"


FULL = [
    ("seq", "序号"),
    ("institution", "培训机构"),
    ("class_name", "班级名称"),
    ("date", "日期"),
    ("_weekday", "星期"),
    ("_half", "时段"),
    ("_time", "上课时间"),
    ("course", "课程内容"),
    ("mode", "授课方式"),
    ("hours", "课时"),
    ("teachers", "授课教师"),
    ("venue", "授课地点"),
]


def list_table(it, sheet, columns, rows, odd=None, clock="{}-{}", date=DOTTED, heads=True, **more):
    """A list whose column `_time` is both start and end."""
    odd = dict(odd or {})
    for i, row in enumerate(rows):
        row.setdefault("seq", i + 1)
        odd.setdefault((i, "_weekday"), "星期" + WEEKDAYS[row["date"].weekday()])
        odd.setdefault((i, "_half"), half(row))
        odd.setdefault((i, "_time"), (clock.format(row["start"].lstrip("0"), row["end"].lstrip("0")), {}))
        special = odd[i, "_time"]
        truth = special[1] if isinstance(special, tuple) else {}
        odd[i, "_time"] = (special[0] if isinstance(special, tuple) else special, {"start": row["start"], "end": row["end"]} | truth)
    numbers = it.table(sheet, columns, rows, odd, date=date, heads=heads, **more)
    for want in it.rows:
        want.pop("seq", None)
    return numbers


@case("修武县课程表.xlsx", "timetable list", "vertical merges", "merged title", kind="timetable", county="410821")
def _(it):
    sheet, rows = Sheet("课程表"), lessons()
    sheet.title("修武县职业技能培训课程表（2026年11月30日—12月4日）", len(FULL))
    sheet.line("填报单位：修武县人社局")
    odd = {}
    for i, row in enumerate(rows):
        if i:
            odd |= {(i, "institution"): (None, A), (i, "class_name"): (None, CLASS_A)}
        if i % 2:
            odd |= {(i, "date"): (None, row["date"]), (i, "_weekday"): None}
    numbers = list_table(it, sheet, FULL, rows, odd)
    for column in (2, 3):
        sheet.merge(numbers[0], column, numbers[-1], column)
    for i in range(0, 6, 2):
        for column in (4, 5):
            sheet.rows[numbers[i + 1] - 1][column - 1] = None
            sheet.merge(numbers[i], column, numbers[i + 1], column)
    return xlsx(sheet, borders=True)


TIMES = [
    ("８：３０～１１：３０", "08:30", "11:30"),
    ("8:30—11:30", "08:30", "11:30"),
    ("8：30-11：30", "08:30", "11:30"),
    ("08.30-11.30", "08:30", "11:30"),
    ("8点30分至11点30分", "08:30", "11:30"),
    ("8点半-11点半", "08:30", "11:30"),
    ("0830-1130", "08:30", "11:30"),
    ("上午8:30-11:30", "08:30", "11:30"),
    ("8:30--11:30", "08:30", "11:30"),
    ("8:30\n-\n11:30", "08:30", "11:30"),
    ("8：30—11：30（3小时）", "08:30", "11:30"),
    ("8:30~11:30", "08:30", "11:30"),
    ("12:30-2:00", "12:30", "14:00"),
    ("下午2:30-5:30", "14:30", "17:30"),
    ("14:30-17:30", "14:30", "17:30"),
    ("下午2点半—5点半", "14:30", "17:30"),
    ("晚7:00-9:00", "19:00", "21:00"),
    ("晚上19:00-21:00", "19:00", "21:00"),
    ("11:00-1:00", "11:00", "13:00"),
    ("2:30-5:30", "14:30", "17:30"),
]


@case(
    "博爱县课程表（时间写法）.xlsx",
    "full-width digits, colon, tilde",
    "12:30-2:00",
    "timetable list",
    kind="timetable",
    county="410822",
    may=["T1103"],
)
def _(it):
    sheet = Sheet("Sheet1")
    columns = [("class_name", "班级"), ("date", "上课日期"), ("_time", "授课时间"), ("course", "授课内容"), ("teachers", "任课教师")]
    rows = [lesson(n, MONDAY + dt.timedelta(days=n % 5), start, end) for n, (_, start, end) in enumerate(TIMES)]
    sheet.line("博爱县培训课程表")
    odd = {(i, "_time"): text for i, (text, _, _) in enumerate(TIMES)}
    odd[19, "_time"] = ("2:30-5:30", {"start": {"any": ["14:30", None]}, "end": {"any": ["17:30", None]}})
    list_table(it, sheet, columns, rows, odd, date=ISO)
    it.note = "2:30-5:30 with nothing beside it is an afternoon to any clerk; never half past two at night"
    return xlsx(sheet)


@case("武陟县课程表（时间成小数）.xlsx", "times as unformatted fractions", "timetable list", kind="timetable", county="410823")
def _(it):
    sheet, rows = Sheet("Sheet1"), lessons(4)
    columns = [
        ("institution", "承训机构"),
        ("class_name", "班次"),
        ("date", "日期"),
        ("start", "开始时间"),
        ("end", "结束时间"),
        ("course", "课程"),
        ("teachers", "讲师"),
        ("venue", "教室"),
    ]
    fraction = lambda text: (int(text[:2]) * 60 + int(text[3:])) / 1440
    odd = {}
    for i, row in enumerate(rows):
        odd |= {(i, "start"): fraction(row["start"]), (i, "end"): fraction(row["end"])}
    odd |= {(1, "start"): dt.time(14, 30), (1, "end"): dt.time(17, 30)}
    odd[2, "start"] = C(fraction("08:30"), fmt="h:mm AM/PM")
    odd[2, "end"] = "11:30"
    odd[3, "end"] = C(46357 + fraction("17:30"), fmt="h:mm")
    sheet.line("武陟县培训课程表")
    it.table(sheet, columns, rows, odd, date=REAL)
    return xlsx(sheet)


@case(
    "温县课程表（分班）.xlsx",
    "timetable sections",
    "blank rows",
    "header repeated per printed page",
    "signature row",
    kind="timetable",
    county="410825",
)
def _(it):
    sheet = Sheet("下周课表")
    sheet.title("温县补贴性培训下周课程表", 7)
    columns = [
        ("date", "日期"),
        ("_weekday", "星期"),
        ("_time", "时间"),
        ("course", "课程"),
        ("teachers", "教师"),
        ("hours", "学时"),
        ("venue", "地点"),
    ]
    for at, (school, title) in enumerate(((A, CLASS_A), (B, CLASS_B))):
        row = sheet.line(f"培训机构：{school}    班级：{title}    班主任：骆小苗")
        sheet.merge(row, 1, row, 7)
        before = len(it.rows)
        list_table(it, sheet, columns, lessons(4 if at == 0 else 3, institution=school, class_name=title), date=MONTH_DAY)
        for want in it.rows[before:]:
            want |= {"institution": school, "class_name": title}
        sheet.line()
    sheet.line("制表人：骆小苗", None, None, "审核人：冉立冬")
    return xlsx(sheet)


@case("沁阳市课程表（周课表）.xlsx", "timetable grid", "merged title", kind="timetable", county="410882", key=["class_name", "date", "start"])
def _(it):
    """Weekdays with their dates across, halves of the day down; a cell holds course, teacher and room."""
    sheet = Sheet("课表")
    days = [MONDAY + dt.timedelta(days=n) for n in range(5)]
    sheet.title("沁阳市职业技能培训周课程表", 7)
    sheet.title(f"培训机构：{A}    班级：{CLASS_A}", 7)
    sheet.line("时段", "时间", *(f"星期{WEEKDAYS[d.weekday()]}\n{d.month}月{d.day}日" for d in days))
    for at, (text, start, end) in enumerate((("上午", "08:30", "11:30"), ("下午", "14:30", "17:30"))):
        cells = []
        for n, day in enumerate(days):
            if (n, at) == (2, 1):
                cells.append("休息")
                continue
            row = lesson(n * 2 + at, day, start, end)
            cells.append(f"{row['course']}\n{row['teachers'][0]}\n{row['venue']}")
            it.want(None, {k: row[k] for k in ("institution", "class_name", "date", "start", "end", "course", "teachers", "venue")})
        sheet.line(text, f"{start.lstrip('0')}-{end}", *cells)
        if at == 0:
            sheet.title("午        休", 7)
    return xlsx(sheet, borders=True)


@case("孟州市下周课程表.xlsx", "timetable grid", kind="timetable", county="410883", key=["class_name", "date", "start"], codes=["T1210"])
def _(it):
    """No date anywhere: the coming week's. One sheet for each class, named after it."""
    sheets = []
    for at, title in enumerate(("第1期电工班", "第2期焊工班")):
        sheet = Sheet(title)
        sheet.title(f"{(A, B)[at]}{title}课程表", 6)
        sheet.line("节次", *("星期" + d for d in WEEKDAYS[:5]))
        for half_at, (head, start, end) in enumerate((("上午\n8:30-11:30", "08:30", "11:30"), ("下午\n14:30-17:30", "14:30", "17:30"))):
            cells = []
            for n in range(5):
                row = lesson(n + half_at + at, MONDAY + dt.timedelta(days=n), start, end, class_name=title)
                cells.append(f"{row['course']}（{row['teachers'][0]}）")
                it.want(None, {k: row[k] for k in ("date", "start", "end", "course", "teachers", "class_name")})
            sheet.line(head, *cells)
        sheets.append(sheet)
    return xlsx(*sheets)


@case("解放区一天课程安排.xlsx", "date in the heading of a one-day table", "timetable list", kind="timetable", county="410802")
def _(it):
    sheet = Sheet("Sheet1")
    sheet.title("解放区职业技能培训课程安排表", 5)
    sheet.title(f"{A}{CLASS_A}    日期：2026年12月1日（星期二）", 5)
    columns = [("_time", "上课时间"), ("course", "课程内容"), ("teachers", "授课教师"), ("hours", "课时"), ("venue", "地点")]
    rows = [lesson(0, D(12, 1), "08:30", "10:00"), lesson(1, D(12, 1), "10:10", "11:40"), lesson(2, D(12, 1), "14:30", "17:30")]
    list_table(it, sheet, columns, rows)
    for want, row in zip(it.rows, rows):
        want["date"] = row["date"]
    return xlsx(sheet)


@case(
    "山阳区课程表（多日一行）.xlsx",
    "all date notations incl. ranges",
    "8课时/天",
    "timetable list",
    kind="timetable",
    county="410811",
    codes=["T1211"],
)
def _(it):
    sheet = Sheet("Sheet1")
    sheet.line("山阳区课程表")
    sheet.line("培训机构", "班级", "培训日期", "上课时间", "培训内容", "教师", "课时", "地点")
    row = sheet.line(A, CLASS_A, "11.30-12.4", "8:30-11:30 14:30-17:30", "电工基础理论", "罗启明", "8课时/天", "1号教室")
    for n in range(5):
        for start, end in (("08:30", "11:30"), ("14:30", "17:30")):
            it.want(
                row,
                {
                    "institution": A,
                    "class_name": CLASS_A,
                    "date": MONDAY + dt.timedelta(days=n),
                    "start": start,
                    "end": end,
                    "course": "电工基础理论",
                    "teachers": ["罗启明"],
                    "venue": "1号教室",
                },
            )
    row = sheet.line(A, CLASS_A, "12.7、12.8", "上午8:30-11:30", "仪表使用", "贺秀兰", 4, "1号教室")
    for day in (D(12, 7), D(12, 8)):
        it.want(row, {"date": day, "start": "08:30", "end": "11:30", "course": "仪表使用"})
    it.key = ["row", "date", "start"]
    it.may = ["T1203"]
    return xlsx(sheet)


@case("示范区课程表.xls", ".xls BIFF8", "timetable grid", "vertical merges", kind="timetable", county="410871", key=["class_name", "date", "start"])
def _(it):
    """Days down, halves of the day across, course and teacher in columns of their own."""
    sheet = Sheet("课程表")
    sheet.title("示范区培训课程表", 8)
    sheet.title(f"班级名称：{CLASS_B}    培训机构：{B}    教室：桑麻路9号2楼", 8)
    sheet.line("日期", "星期", "上午（8:30-11:30）", None, None, "下午（14:30-17:30）", None, None)
    sheet.line(None, None, "课程", "教师", "课时", "课程", "教师", "课时")
    for column in (1, 2):
        sheet.merge(3, column, 4, column)
    sheet.merge(3, 3, 3, 5)
    sheet.merge(3, 6, 3, 8)
    for n in range(4):
        day = MONDAY + dt.timedelta(days=n)
        pair = [lesson(n * 2, day, "08:30", "11:30", class_name=CLASS_B), lesson(n * 2 + 1, day, "14:30", "17:30", class_name=CLASS_B)]
        sheet.line(day, "周" + WEEKDAYS[n], *(cell for row in pair for cell in (row["course"], row["teachers"][0], row["hours"])))
        for row in pair:
            it.want(None, {k: row[k] for k in ("class_name", "date", "start", "end", "course", "teachers", "hours")} | {"institution": B})
    return xls(sheet)


@case("马村区课程表.ods", "ods", "timetable list", kind="timetable", county="410804")
def _(it):
    sheet, rows = Sheet("课程表"), lessons(4)
    sheet.title("马村区培训课程表", 9)
    columns = FULL[1:4] + FULL[6:]
    odd = {(i, "_time"): text for i, text in enumerate(("8:30-11:30", "下午2:30-5:30", "8:30至11:30", "14:30－17:30"))}
    list_table(it, sheet, columns, rows, odd, date=REAL)
    return ods(sheet)


@case("中站区课程表.csv", "GBK CSV", "timetable list", kind="timetable", county="410803")
def _(it):
    sheet, rows = Sheet(), lessons(4)
    sheet.line("中站区培训课程表")
    columns = FULL[1:4] + FULL[6:]
    odd = {(1, "date"): "同上", (3, "date"): "同上", (1, "institution"): "〃", (1, "class_name"): "〃"}
    list_table(it, sheet, columns, rows, odd, date=CHINESE)
    return csv_text(sheet).encode("gbk")


@case("修武县课程表（跨年）.xlsx", "dates in a year-less form around New Year", "timetable list", kind="timetable", county="410821", week="2026-W53")
def _(it):
    sheet = Sheet("课程表")
    days = [D(12, 30), D(12, 31), D(1, 4, 2027), D(1, 5, 2027)]
    rows = [lesson(n, day, "08:30", "11:30") for n, day in enumerate(days)]
    sheet.line("修武县培训课程表（12月28日—1月8日）")
    columns = FULL[1:4] + FULL[6:]
    odd = {(0, "date"): "12.30", (1, "date"): "12月31日", (2, "date"): "1.4", (3, "date"): "1月5日"}
    list_table(it, sheet, columns, rows, odd)
    return xlsx(sheet)


@case("博爱县课程表（节次）.xlsx", "timetable list", "line feeds in headers", kind="timetable", county="410822")
def _(it):
    """第1-4节 tells no time of day, so none may be made up; the rows stay."""
    sheet, rows = Sheet("Sheet1"), lessons(4)
    columns = [
        ("class_name", "班 级"),
        ("date", "日 期"),
        ("_weekday", "星\n期"),
        ("_period", "节\n次"),
        ("course", "课 程\n内 容"),
        ("teachers", "授 课\n教 师"),
    ]
    sheet.line("博爱县培训课程表")
    odd = {(i, "_period"): ("第1-4节", "第5-8节")[i % 2] for i in range(4)}
    odd |= {(i, "_weekday"): "星期" + WEEKDAYS[row["date"].weekday()] for i, row in enumerate(rows)}
    it.table(sheet, columns, rows, odd)
    for want in it.rows:
        want |= {"start": None, "end": None}
    it.may = ["T1202"]
    return xlsx(sheet)


@case(
    "温县课程表（停课调课）.xlsx",
    "struck-through cancelled rows (whole row; only the class name; part of a cell)",
    "timetable list",
    kind="timetable",
    county="410825",
)
def _(it):
    sheet, rows = Sheet("课程表"), lessons(4)
    sheet.line("温县培训课程表")
    columns = FULL[1:4] + FULL[6:]
    list_table(it, sheet, columns, rows[:2])
    gone = sheet.line(*(C(cell, strike=True) for cell in (A, CLASS_A, "2026.12.1", "8:30-11:30", "照明线路安装", "理论", 4, "罗启明", "1号教室")))
    it.explained.append(gone)
    moved = {
        (0, "date"): (C(parts=[("2026.12.1", True), ("2026.12.3", False)]), D(12, 3)),
        (0, "_time"): C(parts=[("14:30-17:30", True), (" 8:30-11:30", False)]),
    }
    list_table(it, sheet, columns, [rows[3] | {"date": D(12, 3), "start": "08:30", "end": "11:30"}], moved, heads=False)
    return xlsx(sheet)


@case("沁阳市各班课程表汇总.xlsx", "timetable list", "several sheets, only the last current", kind="timetable", county="410882", codes=["D1020"])
def _(it):
    sheets = []
    columns = FULL[1:4] + FULL[6:]
    for title, first in (("11.16-11.20", D(11, 16)), ("11.23-11.27", D(11, 23)), ("11.30-12.4", D(11, 30))):
        sheet = Sheet(title)
        sheet.line(f"沁阳市培训课程表（{title}）")
        keep, it.rows = it.rows, []
        list_table(it, sheet, columns, [lesson(n, first + dt.timedelta(days=n), "08:30", "11:30") for n in range(3)], sheet_key=True)
        it.rows = keep + it.rows if title != "11.16-11.20" else keep
        if title == "11.23-11.27":
            for want in it.rows:
                want["optional"] = True
        sheets.append(sheet)
    it.note = "what counts at the end of week 48 is the coming week's sheet; the current week's may be read beside it"
    return xlsx(*sheets, active=2)


@case("马村区课程表（一格两门）.xlsx", "timetable grid", "hidden columns", kind="timetable", county="410804", key=["date", "start", "course"])
def _(it):
    """Real dates over the columns, a lesson in cells merged over two days, Saturday hidden and empty."""
    sheet = Sheet("课表")
    days = [MONDAY + dt.timedelta(days=n) for n in range(6)]
    sheet.title(f"{B}（{CLASS_B}）课程表", 7)
    sheet.line("马村区", *(C(d, fmt='m"月"d"日"') for d in days))
    sheet.line(None, *("周" + WEEKDAYS[d.weekday()] for d in days))
    row = sheet.line("08:30-11:30", "焊接安全 罗启明", "平焊 贺秀兰", None, "立焊 贺秀兰", "横焊 庞德顺", None)
    sheet.merge(row, 3, row, 4)
    sheet.line("14:30-17:30", "实训 阮云霞", "实训 阮云霞", "实训 阮云霞", "实训 阮云霞", "考核 骆小苗", None)
    sheet.hidden_columns = {7}
    morning = [("焊接安全", "罗启明"), ("平焊", "贺秀兰"), ("平焊", "贺秀兰"), ("立焊", "贺秀兰"), ("横焊", "庞德顺")]
    afternoon = [("实训", "阮云霞")] * 4 + [("考核", "骆小苗")]
    for start, end, row in (("08:30", "11:30", morning), ("14:30", "17:30", afternoon)):
        for day, (course, teacher) in zip(days, row):
            it.want(None, {"date": day, "start": start, "end": end, "course": course, "teachers": [teacher]})
    return xlsx(sheet)


@case("山阳区课程表（班级横排）.xlsx", "timetable grid", "vertical merges", kind="timetable", county="410811", key=["class_name", "date", "start"])
def _(it):
    """Days and halves down, classes across."""
    sheet = Sheet("下周课程")
    titles = ["第1期电工班", "第2期焊工班", "第3期育婴员班"]
    sheet.title("山阳区技能培训课程表", 5)
    sheet.line("日期", "时间", *titles)
    for n in range(3):
        day = MONDAY + dt.timedelta(days=n)
        for half_at, (start, end) in enumerate((("08:30", "11:30"), ("14:30", "17:30"))):
            cells = []
            for at, title in enumerate(titles):
                row = lesson(n + half_at + at, day, start, end, class_name=title)
                cells.append(f"{row['course']}\n{row['teachers'][0]}")
                it.want(None, {k: row[k] for k in ("class_name", "date", "start", "end", "course", "teachers")})
            number = sheet.line(f"{day.month}月{day.day}日" if half_at == 0 else None, f"{start.lstrip('0')}-{end}", *cells)
        sheet.merge(number - 1, 1, number, 1)
    return xlsx(sheet, borders=True)


@case("孟州市课程表（两班同表）.xlsx", "timetable list", "同上, 〃", "signature row", kind="timetable", county="410883")
def _(it):
    """Morning and afternoon in columns of one row: two lessons a line."""
    sheet = Sheet("Sheet1")
    sheet.title("孟州市培训课程安排表", 8)
    sheet.line("班级名称", "日期", "上午", None, "下午", None, "教师", "地点")
    sheet.line(None, None, "时间", "课程", "时间", "课程", None, None)
    for column in (1, 2, 7, 8):
        sheet.merge(2, column, 3, column)
    sheet.merge(2, 3, 2, 4)
    sheet.merge(2, 5, 2, 6)
    for n in range(3):
        day = MONDAY + dt.timedelta(days=n)
        row = sheet.line(
            CLASS_A if n == 0 else "同上",
            f"12.{day.day}" if day.month == 12 else "11.30",
            "8:30-11:30",
            COURSES[n],
            "2:30-5:30",
            COURSES[n + 1],
            "罗启明" if n == 0 else "〃",
            "1号教室",
        )
        for start, end, course in (("08:30", "11:30", COURSES[n]), ("14:30", "17:30", COURSES[n + 1])):
            it.want(
                row, {"class_name": CLASS_A, "date": day, "start": start, "end": end, "course": course, "teachers": ["罗启明"], "venue": "1号教室"}
            )
    sheet.line("制表：骆小苗", None, None, "审核：冉立冬")
    it.key = ["row", "start"]
    return xlsx(sheet, borders=True)


@case("解放区课程表（按机构分表头）.xls", "timetable sections", ".xls BIFF8", "merged title", kind="timetable", county="410802")
def _(it):
    """A heading in cells of its own over each class; times of .xls as fractions with a format."""
    sheet = Sheet("课程表")
    columns = [("date", "日期"), ("start", "开始时间"), ("end", "结束时间"), ("course", "课程内容"), ("mode", "授课方式"), ("teachers", "授课教师")]
    for school, title in ((A, CLASS_A), (B, CLASS_B)):
        sheet.title("解放区职业技能培训课程表", 6)
        sheet.line("培训机构", school, None, "班级", title)
        before = len(it.rows)
        rows = lessons(3, institution=school, class_name=title)
        clock = lambda text: dt.time(int(text[:2]), int(text[3:]))
        odd = {(i, key): clock(row[key]) for i, row in enumerate(rows) for key in ("start", "end")}
        it.table(sheet, columns, rows, odd, date=REAL)
        for want in it.rows[before:]:
            want |= {"institution": school, "class_name": title}
        sheet.line()
    return xls(sheet)
