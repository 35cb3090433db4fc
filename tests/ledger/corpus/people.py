"""Documents about people (rosters, attendance, checks, exports, histories) and teaching plans."""

import datetime as dt

from .book import C, Sheet, csv_text, ods, xls, xlsx
from .truth import D, ISO, SLASHED, case, id_number, name, phone, uscc

A, B = "砚溪职业技能培训学校", "榫合职业培训学校"
CLASS_A, CLASS_B = "2026年第1期电工班", "2026年第2期焊工班"
KINDS = ["农村转移就业劳动者", "城镇登记失业人员", "脱贫劳动力", "毕业年度高校毕业生", "就业困难人员"]


def person(n, **more):
    male = n % 2 == 0
    number = id_number(n, male=male)
    base = {
        "seq": n,
        "name": name(n),
        "sex": "男" if male else "女",
        "_id": number,
        "id_status": "valid",
        "age": 2026 - int(number[6:10]),
        "_nation": "汉",
        "_school": "初中",
        "address": f"云台乡石榴村{n}号",
        "category": KINDS[n % 5],
        "phone": phone(n),
        "certificate": f"4108990026{n:06d}",
        "insured": n % 3 == 0,
        "subsidies": n % 3,
    }
    return base | more


# The number itself and what is personal is never compared: only what may leave the reader.
HIDDEN = ("address", "certificate", "phone", "age")
ROSTER = [
    ("seq", "序号"),
    ("name", "姓名"),
    ("sex", "性别"),
    ("_id", "身份证号码"),
    ("age", "年龄"),
    ("_nation", "民族"),
    ("_school", "文化程度"),
    ("address", "户籍地址"),
    ("category", "人员类别"),
    ("phone", "联系电话"),
    ("certificate", "就业创业证号"),
    ("insured", "是否参保"),
    ("subsidies", "既往补贴次数"),
    ("_bank", "社保卡账号"),
    ("_note", "备注"),
]


def people_table(it, sheet, columns, people, odd=None, extra=None, **more):
    """Adds what the number is worth, and the class, to what each row must be."""
    before = len(it.rows)
    numbers = it.table(sheet, columns, people, odd, **more)
    it.secret += [one["_id"] for one in people]
    for want, one in zip(it.rows[before:], people):
        for key in HIDDEN:
            want.pop(key, None)
        want["id_status"] = one["id_status"]
        want |= extra or {}
    return numbers


@case(
    "修武县第1期花名册.xlsx",
    "roster",
    "merged title",
    "signature row",
    "ID numbers stored as numbers",
    kind="roster",
    county="410821",
    codes=["R1001", "R1002", "R1003", "R1004", "R1005"],
)
def _(it):
    sheet = Sheet("花名册")
    people = [person(n) for n in range(1, 15)]
    numbers = [one["_id"] for one in people]
    wrong = numbers[4][:17] + ("1" if numbers[4][17] != "1" else "2")
    cells = {
        0: (numbers[0], "valid"),
        1: (int(numbers[1][:15] + "000"), "damaged"),
        2: (float(numbers[2][:15] + "000"), "damaged"),
        3: (None, "missing"),
        4: (wrong, "checksum"),
        5: (numbers[5][:10] + "****" + numbers[5][14:], "masked"),
        6: (numbers[0], "duplicate"),
        7: (numbers[7][:6] + " " + numbers[7][6:14] + " " + numbers[7][14:], "valid"),
        8: ("'" + numbers[8], "valid"),
        9: (numbers[9][:17], "damaged"),
        10: ("4.10899E+17", "damaged"),
        11: (numbers[11] + "\n", "valid"),
        12: ("".join(chr(ord(c) + 0xFEE0) for c in numbers[12]), "valid"),
        13: ("无", "missing"),
    }
    sheet.title(f"{A}{CLASS_A}学员花名册", len(ROSTER))
    sheet.line(f"培训机构：{A}", None, None, None, f"班级名称：{CLASS_A}", None, None, None, "填报单位：修武县人社局")
    odd = {(at, "_bank"): f"99990000{at:011d}" for at in range(14)}
    it.secret += list(odd.values())
    for at, (cell, status) in cells.items():
        people[at]["id_status"] = status
        odd[at, "_id"] = (cell, {}) if cell is not None else (None, {})
    people_table(it, sheet, ROSTER, people, odd, {"institution": A, "class_name": CLASS_A})
    it.rows[13]["id_status"] = {"any": ["missing", "damaged"]}
    it.rows[2]["id_status"] = "damaged"
    sheet.line("合计", f"{len(people)}人")
    sheet.line("经办人：", None, None, "审核人：", None, None, "日期：2026年11月27日")
    return xlsx(sheet, borders=True)


@case("博爱县花名册（两栏）.xlsx", "roster", "extra columns", kind="roster", county="410822")
def _(it):
    """Two tables beside each other to save paper."""
    sheet = Sheet("Sheet1")
    people = [person(n) for n in range(1, 9)]
    sheet.title("博爱县职业技能培训学员花名册", 9)
    sheet.line("序号", "姓名", "身份证号", "联系电话", None, "序号", "姓名", "身份证号", "联系电话")
    for left, right in zip(people[:4], people[4:]):
        row = sheet.line(left["seq"], left["name"], left["_id"], left["phone"], None, right["seq"], right["name"], right["_id"], right["phone"])
        for one in (left, right):
            it.want(row, {"seq": one["seq"], "name": one["name"], "id_status": "valid"})
    it.key = ["name"]
    return xlsx(sheet)


@case("武陟县花名册.csv", "roster", "GBK CSV", '="…"', "ID numbers stored as numbers", kind="roster", county="410823", codes=["R1002"])
def _(it):
    sheet = Sheet()
    people = [person(n) for n in range(1, 7)]
    columns = [
        ("seq", "序号"),
        ("_school_name", "培训学校"),
        ("class_name", "班级"),
        ("name", "姓名"),
        ("_id", "居民身份证号码"),
        ("sex", "性别"),
        ("phone", "手机号"),
    ]
    odd = {}
    for i, one in enumerate(people):
        one |= {"class_name": CLASS_A}
        odd[i, "_school_name"] = (A, {"institution": A})
        odd[i, "_id"] = (
            ('="%s"' % one["_id"], one["_id"] + "\t", "4.10899E+17", one["_id"][:15] + "000", "'" + one["_id"], one["_id"].lower())[i],
            {},
        )
    people[2]["id_status"] = "damaged"
    people[3]["id_status"] = {"any": ["damaged", "checksum"]}
    sheet.line("武陟县培训学员花名册")
    people_table(it, sheet, columns, people, odd)
    it.may = ["R1003"]
    return csv_text(sheet).encode("gbk")


@case("温县花名册（分班）.xls", "roster", ".xls BIFF8", "blank rows", "several sheets", kind="roster", county="410825")
def _(it):
    """One sheet for each class; below the title a line with class and institution; numbers begin anew."""
    sheets = []
    for at, (school, title) in enumerate(((A, CLASS_A), (B, CLASS_B))):
        sheet = Sheet(f"{at + 1}班")
        sheet.title("温县职业技能培训学员花名册", 6)
        sheet.title(f"培训机构：{school}      班级：{title}      培训工种：电工", 6)
        people = [person(at * 5 + n) | {"seq": n} for n in range(1, 5)]
        columns = [
            ("seq", "序号"),
            ("name", "学员姓名"),
            ("sex", "性别"),
            ("_id", "公民身份号码"),
            ("category", "人员类型"),
            ("phone", "本人联系电话"),
        ]
        people_table(it, sheet, columns, people, extra={"institution": school, "class_name": title}, sheet_key=True)
        sheet.line()
        sheet.line("备注：以上人员均为本人签到。")
        sheets.append(sheet)
    return xls(*sheets)


@case("示范区花名册.ods", "roster", "ods", "two header rows", kind="roster", county="410871")
def _(it):
    sheet = Sheet("学员")
    sheet.title(f"示范区{B}{CLASS_B}培训人员名单", 7)
    sheet.line("序号", "学员基本信息", None, None, None, "培训\n对象类别", "备注")
    sheet.line(None, "姓名", "性别", "身份证号码", "手机号码", None, None)
    sheet.merge(2, 2, 2, 5)
    for column in (1, 6, 7):
        sheet.merge(2, column, 3, column)
    columns = [("seq", ""), ("name", ""), ("sex", ""), ("_id", ""), ("phone", ""), ("category", ""), ("_note", "")]
    people_table(it, sheet, columns, [person(n) for n in (1, 2, 3)], extra={"class_name": CLASS_B}, heads=False)
    return ods(sheet)


@case(
    "沁阳市花名册（汇总多班）.xlsx",
    "roster",
    "vertical merges",
    "struck-through cancelled rows (whole row; only the class name; part of a cell)",
    "header repeated per printed page",
    kind="roster",
    county="410882",
    codes=["L1013"],
)
def _(it):
    sheet = Sheet("花名册")
    columns = [("seq", "序号"), ("class_name", "班级名称"), ("name", "姓名"), ("_id", "身份证号"), ("phone", "联系电话"), ("_note", "备注")]
    people = [person(n, class_name=CLASS_A if n < 4 else CLASS_B) for n in range(1, 7)]
    sheet.title("沁阳市补贴性培训学员花名册", 6)
    odd = {(1, "class_name"): (None, CLASS_A), (2, "class_name"): (None, CLASS_A)}
    rows = people_table(it, sheet, columns, people[:3], odd)
    sheet.merge(rows[0], 2, rows[-1], 2)
    gone = person(9)
    it.explained.append(sheet.line(*(C(cell, strike=True) for cell in ("—", CLASS_A, gone["name"], gone["_id"], gone["phone"], "中途退出"))))
    odd = {(1, "class_name"): (None, CLASS_B), (2, "class_name"): (None, CLASS_B)}
    rows = people_table(it, sheet, columns, people[3:], odd)
    sheet.merge(rows[0], 2, rows[-1], 2)
    return xlsx(sheet)


MARKS = {
    "√": "present",
    "×": "absent",
    "假": "leave",
    "迟": "late",
    "早退": "left_early",
    "事假": "leave",
    "旷课": "absent",
    "○": "late",
    "△": "leave",
    "●": "present",
}


def grid(it, sheet, row, who, sessions, marks, meaning, **extra):
    for (day, part), mark in zip(sessions, marks):
        if mark is not None:
            it.want(row, {"name": who["name"], "date": day, "half": part, "mark": meaning.get(mark)} | extra)


@case("修武县签到表（半天）.xlsx", "attendance", "two header rows", "merged title", kind="attendance", county="410821", key=["name", "date", "half"])
def _(it):
    """A date over two half-days; the legend below; a trainee's own name as a signature."""
    sheet = Sheet("签到表")
    days = [D(11, 23), D(11, 24), D(11, 25)]
    sheet.title(f"修武县{A}{CLASS_A}学员签到表", 9)
    sheet.title(f"班级名称：{CLASS_A}    培训机构：{A}", 9)
    heads, halves = ["序号", "姓名", "身份证号码"], [None, None, None]
    for at, day in enumerate(days):
        heads += [f"{day.month}月{day.day}日", None]
        halves += ["上午", "下午"]
        sheet.merge(3, 4 + at * 2, 3, 5 + at * 2)
    sheet.line(*heads)
    sheet.line(*halves)
    for column in (1, 2, 3):
        sheet.merge(3, column, 4, column)
    sessions = [(day, part) for day in days for part in ("morning", "afternoon")]
    for n, marks in enumerate(
        (["√", "√", "×", "假", "√", "√"], ["√", "迟", "√", "√", "早退", "√"], [name(3)] * 6, ["√", None, "√", "√", "事假", "旷课"]), 1
    ):
        who = person(n)
        row = sheet.line(n, who["name"], who["_id"], *marks)
        grid(it, sheet, row, who, sessions, marks, MARKS | {name(3): "present"}, class_name=CLASS_A, id_status="valid")
    sheet.line("说明：√出勤，×旷课，“迟”迟到，“假”请假")
    sheet.line("班主任签字：", None, None, "督导签字：")
    return xlsx(sheet, borders=True)


@case("博爱县11月考勤表.xlsx", "attendance", "monthly numbers", kind="attendance", county="410822", key=["name", "date"])
def _(it):
    """The days of the month as numbers, weekend columns empty, sums at the right."""
    sheet = Sheet("11月")
    sheet.title(f"{B}2026年11月学员考勤表", 34)
    sheet.line(f"班级：{CLASS_B}")
    sheet.line("序号", "姓名", *range(1, 31), "出勤天数", "备注")
    for n in range(1, 5):
        who = person(n)
        cells = []
        for day in range(1, 31):
            date = D(11, day)
            mark = None if date.weekday() > 4 or day < 16 or day > 27 else ("√", "√", "迟到", "请假", "√")[(n + day) % 5]
            cells.append(mark)
            if mark:
                it.want(
                    None, {"name": who["name"], "date": date, "mark": {"√": "present", "迟到": "late", "请假": "leave"}[mark], "class_name": CLASS_B}
                )
        sheet.line(n, who["name"], *cells, sum(mark == "√" for mark in cells), None)
    it.may = ["A1002"]
    return xlsx(sheet)


@case("武陟县到课情况统计.xlsx", "attendance", "counts per day", "totals at the bottom", kind="attendance", county="410823")
def _(it):
    sheet = Sheet("Sheet1")
    sheet.title("武陟县培训班到课情况统计表（考勤）", 9)
    columns = [
        ("institution", "培训机构"),
        ("class_name", "班级"),
        ("date", "日期"),
        ("_half", "时段"),
        ("expected", "应到人数"),
        ("present", "实到人数"),
        ("leave", "请假人数"),
        ("absent", "旷课人数"),
        ("_note", "备注"),
    ]
    rows, odd = [], {}
    for n in range(6):
        gone, away = n % 3, n // 3
        rows.append(
            {
                "institution": A,
                "class_name": CLASS_A,
                "date": D(11, 23 + n // 2),
                "expected": 38,
                "present": 38 - gone - away,
                "leave": gone,
                "absent": away,
            }
        )
        odd[n, "_half"] = (("上午", "下午")[n % 2], {"half": ("morning", "afternoon")[n % 2]})
        if n % 2:
            odd[n, "date"] = (None, rows[n]["date"])
    odd[4, "present"] = (f"{rows[4]['present']}人", rows[4]["present"])
    numbers = it.table(sheet, columns, rows, odd)
    for n in range(0, 6, 2):
        sheet.merge(numbers[n], 3, numbers[n + 1], 3)
    sheet.line("合计", None, None, None, *(sum(row[key] for row in rows) for key in ("expected", "present", "leave", "absent")))
    return xlsx(sheet)


@case("温县签到表（符号说明）.xls", "attendance", "legend signs", ".xls BIFF8", kind="attendance", county="410825", key=["name", "date", "half"])
def _(it):
    """The sheet's own signs: here ○ is absent and × is leave."""
    sheet = Sheet("考勤")
    sheet.title("温县职业培训考勤表", 8)
    sheet.line(f"培训班名称：{CLASS_A}")
    sheet.line("注：●出勤  ▲迟到  ×请假  ○旷课")
    heads = ["序号", "姓名"] + [f"11.{day}{part}" for day in (23, 24) for part in ("上午", "下午")]
    sheet.line(*heads)
    sessions = [(D(11, day), part) for day in (23, 24) for part in ("morning", "afternoon")]
    signs = {"●": "present", "▲": "late", "×": "leave", "○": "absent"}
    for n, marks in enumerate((["●", "●", "○", "●"], ["▲", "●", "×", "×"], ["●", "?", "●", "●"]), 1):
        who = person(n)
        row = sheet.line(n, who["name"], *marks)
        grid(it, sheet, row, who, sessions, marks, signs)
    it.codes = ["A1002"]
    return xls(sheet)


@case("孟州市签到表（当日）.xlsx", "attendance", "date in the heading of a one-day table", kind="attendance", county="410883", key=["name", "half"])
def _(it):
    """A page for one day: the date stands in the heading, the trainees sign under 上午 and 下午."""
    sheet = Sheet("签到")
    sheet.title("孟州市补贴性培训学员签到表", 6)
    sheet.title(f"培训机构：{A}   班级：{CLASS_A}   日期：2026年11月25日", 6)
    sheet.line("序号", "姓名", "联系电话", "上午签到", "下午签到", "备注")
    for n in range(1, 5):
        who = person(n)
        pair = [who["name"], None if n == 2 else who["name"]]
        row = sheet.line(n, who["name"], who["phone"], *pair)
        for part, mark in zip(("morning", "afternoon"), pair):
            if mark:
                it.want(row, {"name": who["name"], "date": D(11, 25), "half": part, "mark": "present", "class_name": CLASS_A})
    it.may = ["A1003"]
    return xlsx(sheet)


@case("沁阳市考勤表（真日期）.xlsx", "attendance", "legend signs", "hidden rows", kind="attendance", county="410882", key=["name", "date"])
def _(it):
    """Real dates over the columns in the short CJK format; the legend in words; a trainee who left is hidden."""
    sheet = Sheet("Sheet1")
    days = [D(11, day) for day in (23, 24, 25, 26, 27)]
    sheet.line("沁阳市培训考勤表", None, None, f"班级：{CLASS_B}")
    sheet.line("序号", "学员姓名", *(C((day - dt.date(1899, 12, 30)).days, fid=58) for day in days))
    for n, marks in enumerate((["1", "1", "1", "0", "1"], [1, 1, 0, 1, 1], ["√", "√", "√", "√", "／"], ["√", None, None, None, None]), 1):
        who = person(n)
        row = sheet.line(n, who["name"], *marks)
        for day, mark in zip(days, marks):
            if mark is not None:
                it.want(
                    row,
                    {
                        "name": who["name"],
                        "date": day,
                        "mark": {"any": ["absent", None]} if mark == "／" else "present" if str(mark) in "1√" else "absent",
                    },
                )
                if n == 4:
                    it.rows[-1]["optional"] = True
    sheet.hidden_rows = {6}
    it.explained = [6]
    it.may = ["A1002", "A1003"]
    it.note = "a hidden trainee is told, whether read or not; ／ is explained nowhere"
    return xlsx(sheet)


@case("修武县参保比对结果.xlsx", "checks", "numbers with units", kind="checks", county="410821", codes=["P1203"])
def _(it):
    sheet = Sheet("比对结果")
    sheet.title("修武县补贴性培训学员参保比对结果反馈表", 7)
    sheet.line("反馈单位：修武县社会保险中心    反馈时间：2026年11月26日")
    results = ["未参保", "城乡居民养老保险", "企业职工养老保险参保缴费", "已退休领取待遇", None, "查无此人"]
    people = [person(n, class_name=CLASS_A, result=results[n - 1], checked_on=D(11, 26)) for n in range(1, 7)]
    columns = [
        ("seq", "序号"),
        ("class_name", "班级名称"),
        ("name", "姓名"),
        ("_id", "身份证号"),
        ("result", "社保比对结果"),
        ("checked_on", "比对日期"),
        ("_note", "备注"),
    ]
    people_table(it, sheet, columns, people)
    for want in it.rows:
        want.pop("seq")
    return xlsx(sheet)


@case("博爱县核查结果.csv", "checks", "GBK CSV", kind="checks", county="410822", codes=["R1005"])
def _(it):
    """The insurance side hides the middle of the number; the results are codes."""
    sheet = Sheet()
    results = ["0", "1-正常参保", "2-已死亡", "0"]
    people = [person(n, result=results[n - 1], checked_on=D(11, 25), id_status="masked") for n in range(1, 5)]
    columns = [("seq", "序号"), ("name", "姓名"), ("_id", "证件号码"), ("result", "核查结果"), ("checked_on", "核查时间")]
    odd = {(i, "_id"): one["_id"][:6] + "********" + one["_id"][14:] for i, one in enumerate(people)}
    sheet.line("博爱县培训学员数据核查结果")
    people_table(it, sheet, columns, people, odd, date=lambda day: f"{day} 15:20:31")
    for want in it.rows:
        want.pop("seq")
    return csv_text(sheet).encode("gbk")


CLASSES = [
    {
        "_n": n,
        "institution": (A, B)[n % 2],
        "uscc": uscc(n % 2),
        "class_code": f"4108992026{n:04d}",
        "class_name": f"2026年第{n}期",
        "occupation": ("电工", "焊工")[n % 2],
        "level": ("五级", "四级")[n % 2],
        "planned": 40,
        "actual": 30 + n,
        "hours": 80,
        "applied_on": D(11, 10 + n),
        "reviewed_on": D(11, 16 + n),
        "opens_on": D(11, 22 + n),
        "ends_on": D(12, 10 + n),
        "state": ("审核通过", "待审核", "已开班")[n % 3],
    }
    for n in range(1, 5)
]
EXPORT = [
    ("_n", "序号"),
    ("class_code", "班级编号"),
    ("class_name", "班级名称"),
    ("institution", "培训机构名称"),
    ("uscc", "统一社会信用代码"),
    ("occupation", "职业（工种）"),
    ("level", "培训等级"),
    ("planned", "计划人数"),
    ("actual", "实名制人数"),
    ("hours", "总课时"),
    ("applied_on", "申请时间"),
    ("reviewed_on", "审核时间"),
    ("opens_on", "开班时间"),
    ("ends_on", "结业时间"),
    ("state", "班级状态"),
    ("_user", "经办人"),
]


@case("修武县系统班级信息导出.xlsx", "export of classes", "date-times", kind="export", county="410821")
def _(it):
    sheet = Sheet("sheet1")
    sheet.title("河南省职业培训信息管理系统班级信息导出（修武县）", len(EXPORT))
    odd = {(i, "class_code"): C(int(row["class_code"]), fmt="0") for i, row in enumerate(CLASSES)}
    odd |= {(i, "_user"): "admin_410821" for i in range(4)}
    it.table(sheet, EXPORT, CLASSES, odd, date=lambda day: f"{day} 00:00:00")
    for want in it.rows:
        want["system"] = "河南省职业培训信息管理系统"
    return xlsx(sheet)


@case("博爱县系统导出数据.csv", "export of classes", "UTF-8(BOM) CSV", kind="export", county="410822")
def _(it):
    """A web system's download: tabs behind long numbers so that Excel leaves them alone, no title."""
    sheet = Sheet()
    odd = {}
    for i, row in enumerate(CLASSES):
        odd |= {(i, "class_code"): row["class_code"] + "\t", (i, "uscc"): row["uscc"] + "\t"}
    it.table(sheet, EXPORT, CLASSES, odd, date=ISO)
    return b"\xef\xbb\xbf" + csv_text(sheet).encode()


@case("武陟县实名制学员导出.xlsx", "export of persons", kind="export", county="410823", asked="export")
def _(it):
    sheet = Sheet("学员信息")
    people = [
        person(n)
        | {"class_code": "41089920260001", "class_name": CLASS_A, "institution": A, "occupation": "电工", "state": ("已审核", "已退回")[n % 2]}
        for n in range(1, 5)
    ]
    columns = [
        ("class_code", "开班编号"),
        ("class_name", "班级名称"),
        ("institution", "机构名称"),
        ("occupation", "培训职业（工种）"),
        ("name", "学员姓名"),
        ("_id", "证件号码"),
        ("phone", "手机号码"),
        ("state", "学员状态"),
    ]
    odd = {(i, "class_code"): C(41089920260001, fmt="0") for i in range(4)}
    people_table(it, sheet, columns, people, odd)
    return xlsx(sheet)


@case("温县学员历年享受补贴情况.xlsx", "subsidy history", "numbers with units", kind="history", county="410825")
def _(it):
    sheet = Sheet("Sheet1")
    sheet.title("温县学员历年享受培训补贴情况表", 9)
    sheet.line("导出日期：2026年11月20日")
    rows = [
        (D(6, 18, 2024), "2024.6.18", 1200, "1200元"),
        (D(12, 5, 2025), "2025年12月5日", 960, "960"),
        (None, "2025年", 1500, "1,500.00"),
        (None, None, 1200, 1200),
        (D(3, 9, 2026), D(3, 9, 2026), 800, "¥800"),
    ]
    people = []
    odd = {}
    for i, (day, cell, amount, money) in enumerate(rows):
        people.append(
            person(i + 1)
            | {"occupation": "电工", "level": "五级", "training_type": "就业技能培训", "paid_on": day, "amount": amount, "institution": A}
        )
        odd |= {(i, "paid_on"): (cell, day), (i, "amount"): (money, amount), (i, "level"): ("初级", "五级")}
        odd[i, "_year"] = ({0: 2024, 1: "2025年", 3: 2023}.get(i), {"year": (2024, 2025, 2025, 2023, 2026)[i]})
    columns = [
        ("seq", "序号"),
        ("name", "姓名"),
        ("_id", "身份证号码"),
        ("occupation", "补贴工种"),
        ("level", "等级"),
        ("training_type", "补贴类别"),
        ("_year", "补贴年度"),
        ("paid_on", "拨付时间"),
        ("amount", "补贴金额（元）"),
        ("institution", "培训机构"),
    ]
    people_table(it, sheet, columns, people, odd)
    for want in it.rows:
        want.pop("seq")
    sheet.line("合计", None, None, None, None, None, None, None, sum(row[2] for row in rows))
    return xlsx(sheet)


@case("沁阳市补贴发放历史.csv", "subsidy history", "GB18030 (a 4-byte char)", kind="history", county="410882", may=["D1009"])
def _(it):
    sheet = Sheet()
    people = [
        person(n)
        | {
            "name": "㭎" + name(n)[1:] if n == 2 else name(n),
            "class_name": "2025年第3期",
            "occupation": "养老护理员",
            "paid_on": D(n, 10, 2025),
            "amount": 1000 + n,
            "year": 2025,
        }
        for n in range(1, 5)
    ]
    columns = [
        ("name", "姓名"),
        ("_id", "身份证号"),
        ("class_name", "培训班名称"),
        ("occupation", "工种"),
        ("paid_on", "补贴发放时间"),
        ("amount", "发放金额"),
        ("year", "年度"),
    ]
    people_table(it, sheet, columns, people, date=SLASHED)
    return csv_text(sheet).encode("gb18030")


PLAN = [("道德与法规", 4, 0), ("安全用电", 8, 4), ("仪表使用", 6, 10), ("照明线路", 4, 20), ("电动机控制", 4, 16), ("综合实训", 0, 4)]


@case("修武县第1期教学计划.xlsx", "teaching plan", "two header rows", "vertical merges", "totals at the bottom", kind="plan", county="410821")
def _(it):
    sheet = Sheet("教学计划")
    sheet.title("修武县电工（五级）培训教学计划", 7)
    sheet.title(f"培训机构：{A}    班级名称：{CLASS_A}    培训工种：电工", 7)
    sheet.line("序号", "模块", "课程内容", "课时分配", None, None, "授课教师")
    sheet.line(None, None, None, "理论", "实操", "小计", None)
    for column in (1, 2, 3, 7):
        sheet.merge(3, column, 4, column)
    sheet.merge(3, 4, 3, 6)
    for n, (course, theory, practice) in enumerate(PLAN, 1):
        row = sheet.line(n, "公共基础" if n == 1 else "专业技能" if n == 2 else None, course, theory, practice, theory + practice, name(n))
        it.want(
            row,
            {
                "course": course,
                "theory_hours": theory,
                "practice_hours": practice,
                "hours": theory + practice,
                "teachers": [name(n)],
                "class_name": CLASS_A,
                "institution": A,
            },
        )
    sheet.merge(6, 2, 10, 2)
    sheet.line("合计", None, None, sum(row[1] for row in PLAN), sum(row[2] for row in PLAN), sum(row[1] + row[2] for row in PLAN))
    return xlsx(sheet, borders=True)


@case("博爱县培训计划大纲.xls", "teaching plan", ".xls BIFF8", "numbers with units", "totals right under the header", kind="plan", county="410822")
def _(it):
    sheet = Sheet("Sheet1")
    sheet.title("博爱县焊工（四级）教学计划与大纲", 6)
    sheet.line("序号", "培训内容", "理论学时", "实训学时", "总学时", "备注")
    sheet.line("合计", None, sum(row[1] for row in PLAN), sum(row[2] for row in PLAN), sum(row[1] + row[2] for row in PLAN), None)
    for n, (course, theory, practice) in enumerate(PLAN, 1):
        row = sheet.line(n, course, f"{theory}学时" if theory else "—", practice or "/", theory + practice, None)
        it.want(
            row,
            {
                "course": course,
                "theory_hours": theory or {"any": [None, 0]},
                "practice_hours": practice or {"any": [None, 0]},
                "hours": theory + practice,
            },
        )
    return xls(sheet)


@case("温县教学计划（带日期）.xlsx", "teaching plan", "timetable list", kind="timetable", county="410825", asked="timetable")
def _(it):
    """Called a plan, yet each line has its day and hour: it is the timetable."""
    sheet = Sheet("教学计划")
    sheet.title("温县电工班教学计划及课程安排", 6)
    sheet.line(f"培训机构：{A}    班级名称：{CLASS_A}")
    sheet.line("日期", "时间", "教学内容", "课时", "授课教师", "教学地点")
    for n in range(4):
        row = sheet.line(D(11, 30) + dt.timedelta(days=n), "8:30-11:30", PLAN[n][0], 4, name(n), "1号教室")
        it.want(
            row,
            {
                "institution": A,
                "class_name": CLASS_A,
                "date": D(11, 30) + dt.timedelta(days=n),
                "start": "08:30",
                "end": "11:30",
                "course": PLAN[n][0],
                "teachers": [name(n)],
                "venue": "1号教室",
            },
        )
    return xlsx(sheet)
