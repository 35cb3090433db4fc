"""How a class's lessons fall on the days from its opening."""

from datetime import timedelta

from .days import is_workday
from .model import AFTERNOON, LESSON_HOURS, MORNING, NIGHT, Lesson, with_

_DAYS = {"full": "01234", "am": "01234", "pm": "01234", "night": "01234", "mwf": "024", "tt": "13", "two": "34"}
_SLOTS = {"am": (MORNING,), "pm": (AFTERNOON,), "night": (NIGHT,)}
PATTERNS = ["full", "full", "full", "am", "pm", "mwf", "mwf", "tt", "two"]


def scheduled(klass, skip=lambda day: False):
    """The class with lessons for all its hours; days that `skip` names have none."""
    count, places = -(-klass.hours // LESSON_HOURS), []
    day = klass.opens_on
    while len(places) < count:
        if is_workday(day) and (str(day.weekday()) in _DAYS[klass.pattern] or not places) and not skip(day):
            places += [(day, slot) for slot in _SLOTS.get(klass.pattern, (MORNING, AFTERNOON))]
        day += timedelta(days=1)
    places = places[:count]
    courses = klass.occupation.courses
    lessons = []
    for i, (day, slot) in enumerate(places):
        course, mode = courses[i * len(courses) // count]
        teacher = klass.teachers[-1 if mode == "实操" else 0]
        lessons.append(Lesson(day, slot, course, mode, teacher, klass.room))
    return with_(klass, lessons=tuple(lessons))


def in_order(lessons):
    return tuple(sorted(lessons, key=lambda l: (l.day, l.slot)))
