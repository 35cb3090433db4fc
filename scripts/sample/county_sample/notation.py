"""How a county writes a value. Each function gives the cell's value for the true value."""

from .days import cjk, cjk_short
from .grid import CJK_DATE, Cell

_FULL = str.maketrans("0123456789:~", "０１２３４５６７８９：～")

DATES = {
    "dot": lambda d: f"{d.year}.{d.month}.{d.day}",
    "dot0": lambda d: f"{d:%Y.%m.%d}",
    "slash": lambda d: f"{d.year}/{d.month}/{d.day}",
    "dash": lambda d: f"{d:%Y-%m-%d}",
    "cjk": cjk,
    "cjk_short": cjk_short,
    "short": lambda d: f"{d.month}.{d.day}",
    "yy": lambda d: f"{d:%y}.{d.month}.{d.day}",
    "compact": lambda d: f"{d:%Y%m%d}",
    "full": lambda d: full_width(cjk(d)),
    "excel": lambda d: Cell(d, number_format=CJK_DATE),
    "excel_iso": lambda d: Cell(d, number_format="yyyy-mm-dd"),
    "excel_slash": lambda d: Cell(d, number_format="mm-dd-yy"),
}
LEVELS = {
    "plain": {},
    "trade": {"五级": "初级工", "四级": "中级工", "三级": "高级工"},
    "short": {"五级": "初级", "四级": "中级", "三级": "高级"},
    "both": {"五级": "五级/初级工", "四级": "四级/中级工", "三级": "三级/高级工"},
}
YES_NO = {"yes": ("是", "否"), "tick": ("√", "×"), "entered": ("已录入", "未录入")}


def full_width(text):
    return str(text).translate(_FULL)


def span(first, last, style):
    """Both ends of a class in one cell."""
    if style == "short-":
        return f"{DATES['short'](first)}-{DATES['short'](last)}"
    if style == "dot—":
        return f"{DATES['dot'](first)}—{DATES['dot'](last)}"
    return f"{cjk_short(first)}至{cjk_short(last)}"


TIMES = {
    "plain": lambda a, b: f"{a.lstrip('0')}-{b}",
    "padded": lambda a, b: f"{a}—{b}",
    "full": lambda a, b: full_width(f"{a.lstrip('0')}~{b}"),
    "named": lambda a, b: f"{half_day(a)}{a.lstrip('0')}-{b}",
}


def half_day(start):
    return "上午" if start < "12:00" else "下午" if start < "18:00" else "晚上"
