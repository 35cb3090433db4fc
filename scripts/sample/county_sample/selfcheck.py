"""Proves that only the planted oddities are odd, and that the sizes hold."""

from collections import defaultdict

from .days import lead_days
from .world import FIRST, LAST


def problems(files, world):
    found = [f"too large: {name} {len(data)}" for name, data in files.items() if len(data) >= 100_000]
    if sum(map(len, files.values())) >= 3_000_000:
        found.append("too large together")
    planted = defaultdict(set)
    for kind, klass, _ in world.oddities:
        planted[kind].add(klass.id)
    for kind, ids in seen(world).items():
        if ids != planted[kind]:
            found.append(f"{kind}: planted {sorted(planted[kind] - ids)} not seen, {sorted(ids - planted[kind])} not planted")
    return found


def seen(world):
    """Oddities recomputed from the classes themselves."""
    classes = list(world.classes.values())
    return {
        "late_application": {k.id for k in classes if lead_days(k.applied_on, k.opens_on) < 5},
        "opened_before_review": {k.id for k in classes if k.reviewed_on and k.opens_on < k.reviewed_on},
        "review_missing": {k.id for k in classes if not k.reviewed_on},
        "not_in_system": {k.id for k in classes if not k.in_system},
        "timetable_hours_short": {k.id for k in classes if 4 * len(k.lessons) < k.hours},
        "no_timetable": {k.id for k in classes if not k.timetabled},
        "no_lesson_in_window": {k.id for k in classes if k.runs(FIRST, LAST) and not any(FIRST <= l.day <= LAST for l in k.lessons)},
        "over_8_hours": {k.id for k in classes if any(sum(o.day == l.day for o in k.lessons) > 2 for l in k.lessons)},
        "night_lessons": {k.id for k in classes if all(l.slot[0] > "18" for l in k.lessons)},
        "teacher_in_two_places": _clashing(classes, lambda k, l: l.teacher),
        "room_double_booked": _clashing(classes, lambda k, l: (k.institution.name, l.room)),
    }


def _clashing(classes, what):
    places = defaultdict(set)
    for klass in classes:
        for lesson in klass.lessons:
            places[lesson.day, lesson.slot, what(klass, lesson)].add(klass.id)
    return {key for ids in places.values() if len(ids) > 1 for key in ids}
