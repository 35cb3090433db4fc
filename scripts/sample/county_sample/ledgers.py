"""Writes a county's ledger in its form, and with it what is to be read from it."""

from .days import W46, add_workdays, cjk, cjk_short
from .grid import Cell, Sheet
from .ledger_forms import FORMS
from .notation import DATES, LEVELS, YES_NO, full_width, span
from .world import COUNTIES

KEYS = """seq institution uscc class_name class_code occupation level training_type applied_on reviewed_on opens_on ends_on hours
days planned actual venue teachers contact phone in_system system_name daily_check_on daily_check_by daily_check_count
subsidy_standard subsidy_amount subsidy_source note""".split()
DAYS = {"applied_on", "reviewed_on", "opens_on", "ends_on", "daily_check_on"}
JOINED = {"period": ("opens_on", "ends_on"), "contact_phone": ("contact", "phone"), "hours_days": ("hours", "days")}
# (week, county, nth row) → field and what stands in the cell: nothing a reader could take for a value.
BAD = {
    ("2026-W48", "410802", 4): ("ends_on", "2026.13.5"),
    ("2026-W47", "410804", 2): ("phone", "1.00E+10"),
    ("2026-W48", "410804", 6): ("phone", "1.00E+10"),
    ("2026-W48", "410811", 7): ("opens_on", "2026年11月31日"),
    ("2026-W48", "410821", 3): ("hours", "若干"),
    ("2026-W47", "410823", 5): ("actual", "待定"),
    ("2026-W48", "410825", 8): ("ends_on", "12月32日"),
}


def facts(klass, seq, week):
    """What the county knows of a class on a Friday; dates as dates."""
    checks = [add_workdays(klass.opens_on, n) for n in (3, 8, 15)]
    checks = [day for day in checks if day <= min(week.friday, klass.ends_on)]
    reviewed = klass.reviewed_on if klass.reviewed_on and klass.reviewed_on <= week.friday else None
    actual = klass.actual if klass.opens_on <= week.monday else None
    return {
        "seq": seq, "institution": klass.institution.name, "uscc": klass.institution.uscc, "class_name": klass.name,
        "class_code": klass.code, "occupation": klass.occupation.name, "level": klass.level,
        "training_type": klass.occupation.training_type, "applied_on": klass.applied_on, "reviewed_on": reviewed,
        "opens_on": klass.opens_on, "ends_on": klass.ends_on, "hours": klass.hours, "days": klass.days,
        "planned": klass.planned, "actual": actual, "venue": klass.venue, "teachers": list(klass.teachers),
        "contact": klass.contact[0], "phone": klass.contact[1], "in_system": klass.in_system,
        "system_name": klass.system if klass.in_system else None,
        "daily_check_on": checks[-1] if checks else None, "daily_check_by": "、".join(klass.checkers) if checks else None,
        "daily_check_count": len(checks) or None, "subsidy_standard": klass.standard,
        "subsidy_amount": klass.standard * (actual or klass.planned), "subsidy_source": klass.source, "note": klass.note,
    }


def written(form, key, fact):
    """The cell for a column."""
    if key == "period":
        return span(fact["opens_on"], fact["ends_on"], form["period"])
    if key == "contact_phone":
        return f"{fact['contact']}{form.get('joint', ' ')}{fact['phone']}"
    if key == "hours_days":
        return f"{fact['hours']}学时（{fact['days']}天）"
    value = fact[key]
    if value is None or value == []:
        return None
    if key in DAYS:
        return DATES[form.get("date_of", {}).get(key, form["date"])](value)
    if key == "level":
        return LEVELS[form.get("level", "plain")].get(value, value)
    if key == "teachers":
        return form.get("between", "、").join(value)
    if key == "in_system":
        return YES_NO[form.get("yes", "yes")][0 if value else 1]
    if key == "phone":
        return int(value) if form.get("phone") == "number" else value
    if isinstance(value, int) and key in form.get("unit", {}):
        return f"{value}{form['unit'][key]}"
    if isinstance(value, int) and key in form.get("wide", ()):
        return full_width(value)
    return value


def understood(form, fact, spoilt):
    """The row as a perfect reader has it."""
    columns = [key for key, _ in form["columns"]]
    known = {k for key in columns for k in JOINED.get(key, (key,))} - {spoilt}
    row = {key: fact[key] if key in known else None for key in KEYS}
    row["teachers"] = fact["teachers"] if "teachers" in known else []
    return {key: value.isoformat() if key in DAYS and value else value for key, value in row.items()}


def ledger(county, classes, week):
    """(sheets, expected entry)."""
    form = FORMS[county]
    ordered = sorted(classes, key=lambda k: (k.institution.name, k.id))
    facts_ = [facts(k, i + 1, week) for i, k in enumerate(ordered)]
    sheet = Sheet(f"第{week.number}周" if form.get("old_sheet") else form.get("sheet", "台账统计表"))
    rows, bad = _fill(sheet, county, form, facts_, week)
    sheets = [sheet]
    if form.get("old_sheet"):
        old = Sheet(f"第{W46.number}周")
        _fill(old, county, form, [f for f in facts_ if f["opens_on"] <= W46.friday], W46)
        sheets = [old, sheet]
    return sheets, {"kind": "ledger", "county": county, "rows": rows, "bad": bad, "messes": form["messes"]}


def _fill(sheet, county, form, facts_, week):
    columns, width, at = form["columns"], len(form["columns"]), 0
    for text, look in _above(form, county, week):
        sheet.across(at, text, width, look)
        at += 1
    at = _header(sheet, at, columns)
    total = _total(form, facts_)
    if form.get("total") == "top":
        sheet.row(at, total)
        at += 1
    rows, bad, places, middle = [], [], [], len(facts_) // 2
    for i, fact in enumerate(facts_):
        if i in form.get("blank", ()):
            sheet.row(at, [None] * width)
            at += 1
        if form.get("repeat") and i == middle:
            at = _header(sheet, at, columns)
        spoilt, text = BAD.get((week.id, county, i), (None, None))
        if spoilt:
            bad.append({"row": i, "field": spoilt})
        cells = [text if key == spoilt else written(form, key, fact) for key, _ in columns]
        _same_as_above(form, columns, cells, fact, facts_[i - 1] if i else None, i)
        sheet.row(at, cells)
        rows.append(understood(form, fact, spoilt))
        places.append((at, fact["institution"]))
        at += 1
    if form.get("vertical"):
        _merge_runs(sheet, [key for key, _ in columns].index("institution"), places)
    if form.get("total") == "bottom":
        sheet.row(at, total)
        at += 1
    for text in form.get("below", ()):
        sheet.across(at, text, width, "line")
        at += 1
    for column, (key, header) in enumerate(columns):
        sheet.widths[column] = _WIDTHS.get(key, 12)
    return rows, bad


_WIDTHS = {"seq": 5, "institution": 26, "uscc": 22, "class_name": 28, "venue": 26, "contact_phone": 20, "occupation": 16,
           "system_name": 26, "period": 24, "teachers": 18, "phone": 14, "class_code": 18, "hours_days": 16, "hours": 8,
           "days": 8, "planned": 8, "actual": 8, "level": 10}


def _above(form, county, week):
    yield form["title"].format(county=COUNTIES[county], week=week.number, span=week.span), "title"
    if form.get("above"):
        yield form["above"].format(county=COUNTIES[county], day=cjk(week.friday), short=cjk_short(week.friday)), "line"


def _header(sheet, at, columns):
    """One header row; two where a header is written 上/下."""
    double = any("／" in header for _, header in columns)
    if not double:
        sheet.row(at, [header for _, header in columns], "head")
        return at + 1
    left = 0
    for column, (_, header) in enumerate(columns):
        top, _, below = header.partition("／")
        same = column and columns[column - 1][1].partition("／")[0] == top and below
        sheet.put(at, column, None if same else top, "head")
        sheet.put(at + 1, column, below or None, "head")
        if not below:
            sheet.merge(at, column, at + 1, column)
        elif not same:
            left = column
        last = column + 1 == len(columns) or columns[column + 1][1].partition("／")[0] != top
        if below and last:
            sheet.merge(at, left, at, column)
    return at + 2


def _total(form, facts_):
    cells = []
    for key, _ in form["columns"]:
        if key in ("planned", "actual", "subsidy_amount"):
            total = sum(f[key] or 0 for f in facts_)
            cells.append(f"{total}{form.get('unit', {}).get(key, '')}" if form.get("unit") else total)
        else:
            cells.append(None)
    place = [key for key, _ in form["columns"]].index(form.get("total_at", "institution"))
    cells[place] = form.get("total_word", "合计")
    return cells


def _same_as_above(form, columns, cells, fact, previous, i):
    if not form.get("ditto") or previous is None or i in form.get("blank", ()):
        return
    for column, (key, _) in enumerate(columns):
        if key in form["ditto"] and fact[key] and fact[key] == previous[key]:
            cells[column] = form["ditto"][key]


def _merge_runs(sheet, column, places):
    start = 0
    for i in range(1, len(places) + 1):
        if i == len(places) or places[i][1] != places[start][1]:
            sheet.merge(places[start][0], column, places[i - 1][0], column)
            for row, _ in places[start + 1:i]:
                sheet.cells[row, column] = Cell(None)
            start = i
