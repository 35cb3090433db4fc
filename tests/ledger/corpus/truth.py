"""Fictional institutions, classes and people, and how a case says what a careful clerk would read."""

import datetime as dt

D = lambda month, day, year=2026: dt.date(year, month, day)

INSTITUTIONS = ["砚溪职业技能培训学校", "榫合职业培训学校", "穗渡技能培训中心", "钧陶职业技术学校", "蓼风创业培训中心", "沐稷家政职业培训学校"]
SURNAMES = "罗贺庞阮骆冉虞柯仝晁郜逯巩苌宓"
GIVEN = ["启明", "秀兰", "德顺", "云霞", "建营", "小苗", "文博", "巧珍", "立冬", "海棠", "长河", "玉梅", "新禾", "广田", "晓棠", "书琴"]
ROADS = ["桑麻路", "听泉街", "稻香路", "石榴巷", "云台北街"]
OCCUPATIONS = ["电工", "养老护理员", "中式面点师", "家政服务员", "焊工", "育婴员", "保育师", "电子商务师"]
LEVELS = ["五级", "四级", "三级"]


def check_uscc(head):
    """The check character of GB 32100."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(letters.index(c) * pow(3, i, 31) for i, c in enumerate(head))
    return head + letters[(31 - total % 31) % 31]


def uscc(n):
    return check_uscc(f"52410899MAY{n:03d}K8G"[:17].ljust(17, "H"))


def id_number(n, birth=None, male=None):
    """A well formed number of a region that does not exist."""
    birth = birth or dt.date(1972 + n * 7 % 30, 1 + n * 5 % 12, 1 + n * 11 % 28)
    order = (n * 37 + 11) % 900 + (0 if male is None else (n % 2 == 0) == male)
    body = f"410899{birth:%Y%m%d}{order:03d}"
    total = sum(int(c) * w for c, w in zip(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)))
    return body + "10X98765432"[total % 11]


def name(n):
    return SURNAMES[n % len(SURNAMES)] + GIVEN[(n * 7 + n // 15) % len(GIVEN)]


def phone(n):
    return f"100{(n * 7919 + 12345) % 100000000:08d}"


def klass(n, **more):
    """The truth about one class; everything in it fits together."""
    opens = dt.date(2026, 11, 30) + dt.timedelta(days=n % 4)
    size = 28 + n * 3 % 15
    base = {
        "seq": n,
        "institution": INSTITUTIONS[n % len(INSTITUTIONS)],
        "uscc": uscc(n % len(INSTITUTIONS)),
        "class_name": f"2026年第{n}期",
        "class_code": f"4108992026{n:04d}",
        "occupation": OCCUPATIONS[n % len(OCCUPATIONS)],
        "level": LEVELS[n % 3],
        "training_type": "就业技能培训",
        "applied_on": dt.date(2026, 11, 16) + dt.timedelta(days=n % 4),
        "reviewed_on": dt.date(2026, 11, 20) + dt.timedelta(days=n % 4),
        "opens_on": opens,
        "ends_on": opens + dt.timedelta(days=15),
        "hours": 80 + n % 3 * 16,
        "days": 10 + n % 3 * 2,
        "venue": f"{ROADS[n % 5]}{10 + n}号{n % 3 + 1}楼教室",
        "planned": size + 2,
        "actual": size,
        "teachers": [name(n + 3), name(n + 5)],
        "contact": name(n + 8),
        "phone": phone(n),
        "in_system": True,
        "note": None,
    }
    return base | more


DOTTED = lambda d: f"{d.year}.{d.month}.{d.day}"
SHORT = lambda d: f"{d.month}.{d.day}"
SLASHED = lambda d: f"{d.year}/{d.month}/{d.day}"
CHINESE = lambda d: f"{d.year}年{d.month}月{d.day}日"
MONTH_DAY = lambda d: f"{d.month}月{d.day}日"
ISO = lambda d: d.isoformat()
REAL = lambda d: d

# A column that holds two things, and what they are.
JOINED = {
    "period": ("opens_on", "ends_on"),
    "contact_phone": ("contact", "phone"),
    "theory_practice": ("theory_hours", "practice_hours"),
}


def shown(key, truth, date, join):
    """How a clerk who does nothing odd would write it."""
    if key in JOINED:
        first, second = (truth[name] for name in JOINED[key])
        return join.get(key, "{}{}").format(
            date(first) if isinstance(first, dt.date) else first, date(second) if isinstance(second, dt.date) else second
        )
    value = truth.get(key)
    if isinstance(value, dt.date):
        return date(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value) or None
    return value


def wanted(key, truth):
    keys = JOINED.get(key, (key,))
    return {k: truth.get(k) for k in keys if not k.startswith("_")}


class Case:
    """One file and what is right about it."""

    def __init__(self, file, mess, kind="ledger", county=None, asked=None, codes=(), may=(), week="2026-W48", note=None, key=None):
        self.file, self.mess, self.kind, self.county, self.asked, self.week = file, mess, kind, county, asked, week
        self.codes, self.may, self.note, self.key = list(codes), list(may), note, key
        self.rows, self.explained, self.secret = [], [], []
        self.data = None
        self.late = False
        self.any_rows = False

    def table(self, sheet, columns, truths, odd=None, date=DOTTED, join=None, heads=True, put=None, only=None, sheet_key=False):
        """Writes a header (unless it stands already) and a row for each truth.

        `columns` are (key, header); a key with `_` in front is read as nothing. `odd` maps (index, key) to the cell as
        written, or to (cell, truth) where the truth differs.
        """
        odd, join = odd or {}, join or {}
        if heads:
            sheet.line(*(head for _, head in columns))
        numbers = []
        for index, truth in enumerate(truths):
            cells, want = [], {}
            for key, _ in columns:
                special = odd.get((index, key))
                if isinstance(special, tuple):
                    cells.append(special[0])
                    want |= special[1] if isinstance(special[1], dict) and "any" not in special[1] else {key: special[1]}
                elif special is not None:
                    cells.append(special)
                    want |= wanted(key, truth)
                else:
                    cells.append(shown(key, truth, date, join))
                    want |= wanted(key, truth)
            row = sheet.line(*cells)
            numbers.append(row)
            self.want(row, want, sheet if sheet_key else None)
        return numbers

    def want(self, row, values, sheet=None):
        place = {"sheet": sheet.name} if sheet is not None else {}
        clean = {key: value for key, value in values.items() if not key.startswith("_")}
        self.rows.append(place | ({"row": row} if row is not None else {}) | clean)

    def expected(self):
        plainly = lambda value: (
            value.isoformat()
            if isinstance(value, dt.date)
            else (
                {k: plainly(v) for k, v in value.items()}
                if isinstance(value, dict)
                else [plainly(v) for v in value] if isinstance(value, list) else value
            )
        )
        out = {"file": self.file, "kind": self.kind, "county": self.county, "week": self.week}
        if self.asked:
            out["asked"] = self.asked
        if self.late:
            out["late"] = True
        if self.key:
            out["key"] = self.key
        out["rows"] = None if self.any_rows else [{k: plainly(v) for k, v in row.items()} for row in self.rows]
        out["codes"], out["may"] = self.codes, self.may
        if self.secret:
            out["secret"] = self.secret
        if self.explained:
            out["explained"] = self.explained
        out["mess"] = self.mess
        if self.note:
            out["note"] = self.note
        return out


CASES = []


def case(file, *mess, **more):
    """Registers a function that fills a case and answers the file's bytes."""

    def register(build):
        CASES.append((file, list(mess), more, build))
        return build

    return register
