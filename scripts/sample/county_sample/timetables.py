"""Writes a county's timetable in its form, and with it the lessons to be read from it."""

from datetime import date, timedelta

from .days import WEEKDAYS, cjk_short
from .grid import Cell, Sheet
from .ledger_forms import columns_of
from .model import AFTERNOON, LESSON_HOURS, MORNING, NIGHT
from .notation import DATES, TIMES, half_day
from .world import COUNTIES

KEYS = "institution class_name date start end course teachers mode hours venue".split()
LIST = "institution:培训机构 class_name:班级 date:日期 weekday:星期 time:上课时间 course:课程内容 mode:授课方式 hours:课时 teachers:授课教师 venue:地点"
FORMS = {
    "410802": {"kind": "list", "file": "解放区课程表.xlsx", "columns": columns_of(LIST), "date": "dot", "time": "plain"},
    "410804": {"kind": "list", "file": "马村区课程表.xlsx", "columns": columns_of("seq:序号 date:上课日期 time:时段 institution:承训机构 class_name:班次 course:课程 teachers:授课老师 venue:授课地点 hours:学时"), "date": "slash", "time": "named", "by_day": True},
    "410821": {"kind": "list", "file": "修武县课程表.xlsx", "columns": columns_of("institution:培训学校 class_name:培训班名称 date:日期 start:起始时间 end:结束时间 course:培训内容 mode:授课方式 hours:学时 teachers:主讲教师 venue:教学地点"), "date": "cjk_short", "time": "plain", "ditto": "〃"},
    "410822": {"kind": "list", "file": "博爱县课程表.ods", "columns": columns_of("institution:办学机构 class_name:班级名称 date:日期 weekday:星期 time:上课时间 course:课程内容 hours:课时 teachers:讲师 venue:地点"), "date": "excel", "time": "full", "wide": True},
    "410825": {"kind": "list", "file": "温县课程表.xls", "columns": columns_of("class_name:班期 institution:实施机构 date:日期 time:上课时间 course:课程内容 mode:授课方式 hours:课时 teachers:师资 venue:上课地点"), "date": "cjk", "time": "padded", "vertical": True},
    "410882": {"kind": "list", "file": "沁阳市课程表.xlsx", "columns": columns_of(LIST), "date": "dot", "time": "padded", "bad": {"2026-W48": (9, "date", "2026.11.31")}},
    "410803": {"kind": "sections", "file": "中站区课程表.xlsx", "columns": columns_of("date:日期 weekday:星期 time:上课时间 course:课程内容 mode:授课方式 hours:课时 teachers:授课教师 venue:地点"), "date": "excel_iso", "time": "plain"},
    "410823": {"kind": "sections", "file": "武陟县课程表.xlsx", "columns": columns_of("date:日期 time:时间 course:课程 teachers:教师 hours:课时 venue:地点"), "date": "compact", "time": "full"},
    "410811": {"kind": "grid", "file": "山阳区课程表.xlsx", "corner": "节次"},
    "410883": {"kind": "grid", "file": "孟州市课程表.xlsx", "corner": "时间"},
    "410871": {"kind": "grid", "file": "示范区下周课程表.xlsx", "corner": "时间", "names_only": True},
}
_FROM = date(2026, 11, 23)
_MESSES = {"list": [], "sections": ["heading_lines"], "grid": ["heading_lines", "grid"]}
_WIDTHS = {"institution": 26, "class_name": 28, "course": 20, "date": 16, "time": 18, "venue": 18}


def timetable(county, classes, week):
    form = FORMS[county]
    ordered = sorted((k for k in classes if k.timetabled), key=lambda k: (k.institution.name, k.id))
    sheet = Sheet("课程表")
    write = {"list": _list, "sections": _sections, "grid": _grids}[form["kind"]]
    rows, bad = write(sheet, county, form, ordered, week)
    messes = ["merged_title"] + _MESSES[form["kind"]]
    messes += [word for key, word in [("ditto", "ditto"), ("vertical", "merged_cells"), ("names_only", "weekdays_only"),
                                      ("by_day", "classes_interleaved"), ("wide", "full_width_digits")] if form.get(key)]
    messes += ["bad_cells"] if bad else []
    return [sheet], {"kind": "timetable", "county": county, "rows": rows, "bad": bad, "messes": messes}


def lesson_row(klass, lesson, known, spoilt=None):
    """A lesson as a perfect reader has it, `known` being what the file says."""
    row = {
        "institution": klass.institution.name, "class_name": klass.name, "date": lesson.day.isoformat(),
        "start": lesson.slot[0], "end": lesson.slot[1], "course": lesson.course, "teachers": [lesson.teacher],
        "mode": lesson.mode, "hours": LESSON_HOURS, "venue": lesson.room,
    }
    return {key: row[key] if key in known and key != spoilt else None for key in KEYS}


def _cells(form, klass, lesson, seq):
    start, end = lesson.slot
    values = {
        "seq": seq, "institution": klass.institution.name, "class_name": klass.name, "date": DATES[form["date"]](lesson.day),
        "weekday": f"星期{WEEKDAYS[lesson.day.weekday()]}", "time": TIMES[form["time"]](start, end), "start": start.lstrip("0"),
        "end": end, "course": lesson.course, "mode": lesson.mode, "hours": LESSON_HOURS, "teachers": lesson.teacher,
        "venue": lesson.room,
    }
    if form.get("wide"):
        values["hours"] = "４"
    return [values[key] for key, _ in form["columns"]]


def _known(form):
    keys = {key for key, _ in form["columns"]} | {"institution", "class_name"}
    return keys | ({"start", "end"} if "time" in keys else set())


def _widths(sheet, form):
    for column, (key, _) in enumerate(form["columns"]):
        sheet.widths[column] = _WIDTHS.get(key, 12)


def _list(sheet, county, form, classes, week):
    width = len(form["columns"])
    sheet.across(0, f"{COUNTIES[county]}补贴性职业培训课程表", width, "title")
    sheet.across(1, f"填报单位：{COUNTIES[county]}人社局    第{week.number}周", width, "line")
    sheet.row(2, [header for _, header in form["columns"]], "head")
    pairs = [(klass, lesson) for klass in classes for lesson in klass.lessons]
    if form.get("by_day"):
        pairs.sort(key=lambda p: (p[1].day, p[1].slot, p[0].institution.name, p[0].id))
    rows, bad, runs = [], [], []
    bad_at, field, text = form.get("bad", {}).get(week.id, (None, None, None))
    keys = [key for key, _ in form["columns"]]
    for i, (klass, lesson) in enumerate(pairs):
        cells = _cells(form, klass, lesson, i + 1)
        if i == bad_at:
            cells[keys.index(field)] = text
            bad.append({"row": i, "field": field})
        if form.get("ditto") and i and pairs[i - 1][0] is klass:
            cells[keys.index("institution")] = cells[keys.index("class_name")] = form["ditto"]
        sheet.row(3 + i, cells)
        if not i or pairs[i - 1][0] is not klass:
            runs.append([3 + i, 3 + i])
        runs[-1][1] = 3 + i
        rows.append(lesson_row(klass, lesson, _known(form), field if i == bad_at else None))
    if form.get("vertical"):
        for column in (keys.index("institution"), keys.index("class_name")):
            for first, last in runs:
                sheet.merge(first, column, last, column)
                for row in range(first + 1, last + 1):
                    sheet.cells[row, column] = Cell(None)
    _widths(sheet, form)
    return rows, bad


def _sections(sheet, county, form, classes, week):
    width, rows = len(form["columns"]), []
    sheet.across(0, f"{COUNTIES[county]}培训班课程表", width, "title")
    at = 1
    for klass in classes:
        sheet.across(at, f"班级：{klass.name}    培训机构：{klass.institution.name}", width, "line")
        sheet.row(at + 1, [header for _, header in form["columns"]], "head")
        at += 2
        for lesson in klass.lessons:
            sheet.row(at, _cells(form, klass, lesson, None))
            rows.append(lesson_row(klass, lesson, _known(form)))
            at += 1
        at += 1
    _widths(sheet, form)
    return rows, []


def _grids(sheet, county, form, classes, week):
    rows = []
    title = "下周课程表" if form.get("names_only") else "培训班周课程表"
    sheet.across(0, f"{COUNTIES[county]}{title}", 6, "title")
    first = week.monday if form.get("names_only") else min(week.monday, _FROM)
    mondays = [first + timedelta(days=7 * i) for i in range(1 if form.get("names_only") else 2)]
    at = 1
    for klass in classes:
        for monday in mondays:
            lessons = {(l.day, l.slot): l for l in klass.lessons if monday <= l.day < monday + timedelta(days=7)}
            if lessons:
                at = _grid(sheet, at, form, klass, monday, lessons, rows)
    sheet.widths = {0: 14, **{column: 20 for column in range(1, 6)}}
    return rows, []



def _grid(sheet, at, form, klass, monday, lessons, rows):
    days = [monday + timedelta(days=i) for i in range(5)]
    names = [f"星期{WEEKDAYS[d.weekday()]}" + ("" if form.get("names_only") else f"（{cjk_short(d)}）") for d in days]
    sheet.across(at, f"班级：{klass.name}    培训机构：{klass.institution.name}", 6, "line")
    sheet.row(at + 1, [form["corner"], *names], "head")
    at += 2
    for slot in (MORNING, AFTERNOON, NIGHT):
        if slot == NIGHT and not any(s == NIGHT for _, s in lessons):
            continue
        sheet.put(at, 0, f"{half_day(slot[0])}\n{slot[0].lstrip('0')}-{slot[1]}", "head")
        for column, day in enumerate(days, 1):
            lesson = lessons.get((day, slot))
            sheet.put(at, column, f"{lesson.course}\n{lesson.teacher}\n{lesson.room}" if lesson else None)
            if lesson:
                rows.append(lesson_row(klass, lesson, set(KEYS) - {"mode", "hours"}))
        at += 1
    return at + 1
