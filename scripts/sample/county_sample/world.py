"""Makes the counties' institutions and innocent classes; `oddities` then spoils a few."""

from datetime import date, timedelta

from . import names
from .catalog import APPRENTICESHIPS, OCCUPATIONS, POST
from .days import add_workdays, is_workday
from .dice import Dice
from .model import Institution, Klass, with_
from .schedule import PATTERNS, scheduled

FIRST, LAST = date(2026, 11, 30), date(2026, 12, 6)
COUNTIES = {
    "410802": "解放区", "410803": "中站区", "410804": "马村区", "410811": "山阳区", "410821": "修武县", "410822": "博爱县",
    "410823": "武陟县", "410825": "温县", "410871": "城乡一体化示范区", "410882": "沁阳市", "410883": "孟州市",
}
RUNNING = {"410802": 15, "410803": 11, "410804": 10, "410811": 18, "410821": 12, "410822": 11, "410823": 14,
           "410825": 12, "410871": 8, "410882": 16, "410883": 13}
INSTITUTIONS = {"410811": 6, "410871": 3, "410804": 4, "410803": 4, "410822": 4, "410825": 4, "410883": 4}
GROWING = "410823"  # here one institution has a single class in W47 and six in W48
SILENT = "410883"  # sends nothing in W48, so all its classes are known in W47
SYSTEMS = ["河南省技能人才管理服务信息系统", "互联网+就业创业系统"]
SOURCES = ["就业补助资金", "就业补助资金", "失业保险基金"]
ROOMS = ["一楼101教室", "一楼102教室", "二楼201教室", "二楼203教室", "三楼301教室", "三楼305教室", "四楼402教室", "实训楼一层",
         "实训楼二层", "多媒体教室", "东教学点1号教室", "东教学点2号教室"]
NOTES = ["送培训下乡", "与村委会联办", "使用企业车间实训", "补报材料已收"]


class Maker:
    """Makes each county in turn; names and phones are given out once."""

    def __init__(self):
        self.people = names.People()
        self.words = list(names.WORDS)

    def county(self, code):
        institutions = [self._institution(code, i) for i in range(INSTITUTIONS.get(code, 5))]
        checkers = tuple(self.people.name(code, "checker", i) for i in range(2))
        used, classes = {}, []
        kinds = ["running"] * RUNNING[code] + ["ended"] * (1 + Dice("ended", code).below(2))
        kinds += ["later"] * (1 + Dice("later", code).below(2))
        for i, kind in enumerate(kinds):
            owner = institutions[i % len(institutions)]
            if code == GROWING and kind == "running":
                owner = institutions[-1] if i < 6 else institutions[i % (len(institutions) - 1)]
            elif code == GROWING:
                owner = institutions[0]
            nth = used[owner.name] = used.get(owner.name, 0) + 1
            classes.append(self._klass(code, i, kind, owner, nth, checkers))
        return classes

    def _institution(self, code, i):
        dice = Dice("institution", code, i)
        word = self.words.pop(dice.below(len(self.words)))
        contacts = tuple((self.people.name(code, i, "contact", k), self.people.phone(code, i, k)) for k in range(2))
        teachers = tuple(self.people.name(code, i, "teacher", k) for k in range(40))
        address = f"{dice.pick(names.STREETS)}{dice.between(1, 199)}号"
        return Institution(word + dice.pick(names.ENDINGS), names.uscc("52" if dice.chance(600) else "91", code, i), address, contacts, teachers)

    def _klass(self, code, i, kind, owner, nth, checkers):
        dice = Dice("class", code, i)
        occupation = dice.pick(APPRENTICESHIPS) if dice.chance(50) else dice.pick(OCCUPATIONS)
        level = dice.pick(occupation.levels)
        hours = min(dice.pick(occupation.hours), 96)
        pattern = dice.pick(PATTERNS)
        label = level if level[1:] == "级" else ""
        first = 3 * (nth - 1)
        planned = dice.between(25, 45)
        room = ROOMS[(nth - 1) % len(ROOMS)]
        klass = Klass(
            id=f"{code}-{i:02d}", county=code, institution=owner, name=f"2026年第{nth}期{occupation.name}{label}班",
            code=f"{code}2026{dice.between(1, 9)}{i + 101:03d}", occupation=occupation, level=level, opens_on=FIRST,
            pattern=pattern, hours=hours, applied_on=None, reviewed_on=None, planned=planned,
            actual=planned - dice.below(4), room=room,
            teachers=owner.teachers[first:first + dice.between(1, 3)], contact=owner.contacts[nth % 2],
            system=SYSTEMS[1] if occupation.training_type in ("创业培训", POST) else SYSTEMS[0],
            source=dice.pick(SOURCES), checkers=checkers, note=dice.pick(NOTES) if dice.chance(120) else None)
        return self._dated(klass, kind, dice)

    def _dated(self, klass, kind, dice):
        fits = {"running": lambda k: k.runs(FIRST, LAST), "ended": lambda k: date(2026, 11, 6) <= k.ends_on < FIRST,
                "later": lambda k: k.opens_on > LAST}[kind]
        choices = []
        day = date(2026, 10, 19)
        while day <= date(2026, 12, 9):
            if is_workday(day):
                candidate = scheduled(with_(klass, opens_on=day))
                if fits(candidate):
                    choices.append(candidate)
            day += timedelta(days=1)
        klass = dice.pick(choices)
        lead = dice.between(6, 11)
        applied = min(add_workdays(klass.opens_on, -lead), date(2026, 11, 25))
        if klass.county == SILENT:
            applied = min(applied, date(2026, 11, 17))
        reviewed = add_workdays(applied, min(dice.between(1, 4), lead - 1))
        return with_(klass, applied_on=applied, reviewed_on=reviewed)
