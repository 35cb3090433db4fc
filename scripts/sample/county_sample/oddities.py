"""Spoils a few classes on purpose, and says which: everything else is innocent."""

from datetime import date

from .days import W47, W48, add_workdays
from .model import MORNING, NIGHT, World, with_
from .schedule import in_order, scheduled
from .world import COUNTIES, FIRST, GROWING, LAST, Maker



class Planner:
    """Takes classes one by one, so that no class is odd twice."""

    def __init__(self, classes, world):
        self.classes = {k.id: k for k in classes}
        self.free = [k.id for k in classes if k.runs(FIRST, LAST)]
        self.world = world

    def take(self, county, fits=lambda k: True):
        """A class of `county`, or where none fits, of any county that has one."""
        fitting = [k for k in map(self.classes.get, self.free) if k.institution.name != self.growing().name and fits(k)]
        klass = min(fitting, key=lambda k: k.county != county)
        self.free.remove(klass.id)
        return klass

    def growing(self):
        return [k for k in self.classes.values() if k.county == GROWING and k.id.endswith("-00")][0].institution

    def mark(self, kind, klass, detail):
        self.classes[klass.id] = klass
        self.world.oddities.append((kind, klass, detail))


def plant(planner):
    late_applications(planner)
    reviews(planner)
    systems(planner)
    lessons(planner)
    clashes(planner)
    growth(planner)


def late_applications(p):
    for county in ("410802", "410811", "410821", "410825", "410882", "410883"):
        klass = p.take(county, lambda k: k.opens_on <= date(2026, 11, 30))
        klass = with_(klass, applied_on=add_workdays(klass.opens_on, -2), reviewed_on=add_workdays(klass.opens_on, -1))
        p.mark("late_application", klass, "开班前2个工作日才申请")


def reviews(p):
    for county in ("410804", "410822", "410882"):
        klass = p.take(county, lambda k: k.opens_on <= date(2026, 11, 19))
        klass = with_(klass, reviewed_on=add_workdays(klass.opens_on, 3))
        p.mark("opened_before_review", klass, "开班后第3个工作日才审核")
    for county in ("410803", "410823", "410802"):
        klass = p.take(county, lambda k: k.opens_on <= date(2026, 11, 23))
        p.mark("review_missing", with_(klass, reviewed_on=None), "已开班，无审核时间")


def systems(p):
    for county in ("410802", "410803", "410811", "410825"):
        p.mark("not_in_system", with_(p.take(county), in_system=False), "未录入系统")


def lessons(p):
    for county in ("410802", "410804", "410823"):
        klass = p.take(county, lambda k: k.hours >= 56)
        kept = tuple(l for i, l in enumerate(klass.lessons) if i % 4 != 1 or i == len(klass.lessons) - 1)
        p.mark("timetable_hours_short", with_(klass, lessons=kept), f"核定{klass.hours}课时，课程表{4 * len(kept)}课时")
    for county in ("410822", "410883"):
        klass = p.take(county, lambda k: at_night(k).runs(FIRST, LAST))
        p.mark("night_lessons", at_night(klass), "课程排在18:30-21:45")
    for county in ("410821", "410811"):
        klass = p.take(county, lambda k: k.pattern == "full" and len(places(k)) >= 8)
        p.mark("over_8_hours", crowded(klass), "一天12课时")
    for county in ("410803", "410825"):
        klass = p.take(county, lambda k: date(2026, 11, 9) <= k.opens_on <= date(2026, 11, 20) and k.ends_on >= FIRST)
        klass = scheduled(with_(klass, hours=max(klass.hours, 80)), skip=lambda d: FIRST <= d <= LAST)
        if klass.ends_on <= LAST:
            klass = scheduled(with_(klass, pattern="mwf", hours=80), skip=lambda d: FIRST <= d <= LAST)
        p.mark("no_lesson_in_window", klass, "本周无课，前后有课")
    for county in ("410802", "410811", "410822", "410823", "410882"):
        p.mark("no_timetable", with_(p.take(county), timetabled=False), "未报课程表")


def at_night(klass):
    return scheduled(with_(klass, pattern="night"))


def window_days(klass):
    return sorted({l.day for l in klass.lessons if FIRST <= l.day <= LAST})


def crowded(klass):
    """The afternoons of two days move to the evenings before."""
    days, moved = window_days(klass), []
    earlier = {days[1]: days[0], days[3]: days[2]}
    for lesson in klass.lessons:
        if lesson.day in earlier and lesson.slot != MORNING:
            day = earlier[lesson.day]
            lesson = type(lesson)(day, NIGHT, lesson.course, lesson.mode, lesson.teacher, lesson.room)
        moved.append(lesson)
    return with_(klass, lessons=in_order(moved))


def places(klass):
    return {(l.day, l.slot) for l in klass.lessons if FIRST <= l.day <= LAST}


def clashes(p):
    for one, two in (("410802", "410802"), ("410882", "410883")):
        first = p.take(one, lambda k: len(places(k)) >= 4)
        second = p.take(two, lambda k: k.institution != first.institution and len(places(k) & places(first)) >= 2)
        teacher = first.lessons[-1].teacher
        for klass in (first, second):
            klass = with_(klass, teachers=(teacher,), lessons=tuple(with_(l, teacher=teacher) for l in klass.lessons))
            p.mark("teacher_in_two_places", klass, f"{teacher}同一时段在两处授课")
    for county in ("410811", "410804"):
        first, second = pair_in_one_institution(p, county)
        p.mark("room_double_booked", first, f"{first.room}同一时段两个班")
        moved = with_(second, room=first.room, lessons=tuple(with_(l, room=first.room) for l in second.lessons))
        p.mark("room_double_booked", moved, f"{first.room}同一时段两个班")


def pair_in_one_institution(p, county):
    mine = [p.classes[key] for key in p.free if p.classes[key].county == county]
    for i, first in enumerate(mine):
        for second in mine[i + 1:]:
            if first.institution == second.institution and len(places(first) & places(second)) >= 2:
                p.free.remove(first.id)
                p.free.remove(second.id)
                return first, second
    raise LookupError(county)


def growth(p):
    """Five new classes at once: applied in the week of 23 November, opening from the 30th or after."""
    name = p.growing().name
    mine = [k for k in p.classes.values() if k.institution.name == name]
    for klass in mine[1:]:
        opens = add_workdays(FIRST, int(klass.id[-2:]) % 3)
        applied = add_workdays(opens, -5)
        moved = scheduled(with_(klass, opens_on=opens, applied_on=applied, reviewed_on=add_workdays(applied, 2)))
        p.mark("sudden_growth", moved, "上周1个班，本周6个班")
        p.free.remove(klass.id)


def versions(p, world):
    """What the county believed on each Friday."""
    now = dict(p.classes)
    before = {key: k for key, k in now.items() if k.applied_on <= W47.friday}
    for klass, earlier, what in changes(p):
        before[klass.id] = earlier
        world.changes.append((klass, what, earlier))
    for county in ("410811", "410825"):
        klass = p.take(county, lambda k: k.ends_on > date(2026, 12, 1) and k.id in before and k.ends_on.month == 12)
        del now[klass.id]
        world.missing.append(klass)
    world.classes = p.classes
    world.versions = {W47.id: list(before.values()), W48.id: list(now.values())}


def changes(p):
    known = lambda k: k.applied_on <= date(2026, 11, 19)
    opened = lambda k: known(k) and k.opens_on <= date(2026, 11, 20)
    for county in ("410804", "410871", "410882"):
        klass = p.take(county, lambda k: known(k) and date(2026, 11, 23) <= k.opens_on)
        yield klass, scheduled(with_(klass, opens_on=add_workdays(klass.opens_on, -1))), "opens_on"
    for county in ("410803", "410821"):
        klass = p.take(county, opened)
        yield klass, scheduled(with_(klass, hours=klass.hours + 8)), "hours"
    for county in ("410802", "410823", "410882"):
        klass = p.take(county, opened)
        room = "老校区6号教室"
        yield klass, with_(klass, room=room, lessons=tuple(with_(l, room=room) for l in klass.lessons)), "venue"
    for county in ("410811", "410822", "410825"):
        klass = p.take(county, opened)
        old = klass.institution.teachers[-1]
        yield klass, scheduled(with_(klass, teachers=(old,))), "teachers"


def make_world():
    maker, world = Maker(), World()
    planner = Planner([k for code in COUNTIES for k in maker.county(code)], world)
    plant(planner)
    versions(planner, world)
    return world
