"""Institutions, classes and lessons as they truly are."""

from dataclasses import dataclass, field, replace
from datetime import date

from .catalog import LEVEL_FACTOR

MORNING, AFTERNOON, NIGHT = ("08:30", "11:45"), ("14:00", "17:15"), ("18:30", "21:45")
LESSON_HOURS = 4


@dataclass(frozen=True)
class Institution:
    name: str
    uscc: str
    address: str
    contacts: tuple  # of (name, phone)
    teachers: tuple


@dataclass(frozen=True)
class Lesson:
    day: date
    slot: tuple
    course: str
    mode: str
    teacher: str
    room: str


@dataclass(frozen=True)
class Klass:
    """One version of a class; `pattern` says how its lessons fall on the week."""

    id: str
    county: str
    institution: Institution
    name: str
    code: str
    occupation: object
    level: str
    opens_on: date
    pattern: str
    hours: int
    applied_on: date
    reviewed_on: object
    planned: int
    actual: int
    room: str
    teachers: tuple
    contact: tuple
    system: str
    source: str
    checkers: tuple
    in_system: bool = True
    note: str = None
    lessons: tuple = ()
    timetabled: bool = True

    @property
    def ends_on(self):
        return max(lesson.day for lesson in self.lessons)

    @property
    def days(self):
        return len({lesson.day for lesson in self.lessons})

    @property
    def venue(self):
        return self.institution.address + self.room

    @property
    def standard(self):
        return self.occupation.standard * LEVEL_FACTOR[self.level] // 10

    def runs(self, first, last):
        return self.opens_on <= last and self.ends_on >= first


@dataclass
class World:
    """`classes` as they truly are, by id; `versions[week id]` as the county knows them that Friday; then what was planted."""

    classes: dict = field(default_factory=dict)
    versions: dict = field(default_factory=dict)
    oddities: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    missing: list = field(default_factory=list)


def with_(klass, **changes):
    return replace(klass, **changes)
