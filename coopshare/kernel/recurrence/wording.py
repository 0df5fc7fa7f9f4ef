"""A rule as one says it: « chaque mardi de 9 h à 12 h jusqu'au 30 juin »."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from coopshare.kernel.dates import DAYS, MONTHS, NO_BREAK, Duration, MinuteOfDay
from coopshare.kernel.recurrence.expanding import months_without
from coopshare.kernel.recurrence.rule import LAST, Frequency, Rule
from coopshare.kernel.text import Sentence, enumerated, marked

WEEK: Final = 7
WORKING_DAYS: Final = (0, 1, 2, 3, 4)
DAY: Final = 24 * 60
NUMBERS: Final = {
    "fr": "zéro une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
    " seize",
    "en": "zero one two three four five six seven eight nine ten eleven twelve",
}
RANKS: Final = {
    "fr": ("premier", "deuxième", "troisième", "quatrième", "dernier"),
    "en": ("first", "second", "third", "fourth", "last"),
}
ORDINALS: Final = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
AND: Final = {"fr": "et", "en": "and"}


def sentence(
    rule: Rule,
    first: date,
    *,
    starts: int | None = None,
    minutes: int = 0,
    all_day: bool = False,
    is_outside_school_holidays: bool = False,
    school_zone: str | None = None,
    year: int | None = None,
) -> Sentence:
    """Say a rule from its first day on, with its hours and its end, without a capital.

    `starts` is the local minute of the day and `minutes` the length by the clock on the wall; with
    neither them nor `all_day` no hour is said. The year is said where it is not `year` (None:
    always). Months that are too short for the rule are told.
    """
    said = _when(rule, first)
    hours = _hours(starts, minutes, is_all_day=all_day)
    if hours is not None:
        said = Sentence(marked("{when} {hours}"), {"when": said, "hours": hours})
    if rule.until is not None:
        said = Sentence(
            marked("{when} jusqu'au {until}"), {"when": said, "until": _Day(rule.until, year)}
        )
    elif rule.count == 1:
        said = Sentence(marked("{when}, une seule fois"), {"when": said})
    else:
        said = Sentence(
            marked("{when}, {count} fois"), {"when": said, "count": _Number(rule.count or 0)}
        )
    if is_outside_school_holidays and school_zone:
        said = Sentence(
            marked("{when}, sauf vacances scolaires zone {zone}"),
            {"when": said, "zone": school_zone.removeprefix("Zone ")},
        )
    elif is_outside_school_holidays:
        said = Sentence(marked("{when}, sauf vacances scolaires"), {"when": said})
    if months_without(rule, first):
        said = Sentence(marked("{when} (les mois plus courts n'ont pas de date)"), {"when": said})
    return said


def _when(rule: Rule, first: date) -> Sentence:
    match rule.frequency:
        case Frequency.DAILY:
            return _each(rule, marked("chaque jour"), marked("tous les {n} jours"))
        case Frequency.WEEKLY:
            return _weekly(rule, first)
        case Frequency.MONTHLY:
            return _monthly(rule, first)
        case Frequency.YEARLY:
            return _each(
                rule,
                marked("chaque année le {day}"),
                marked("tous les {n} ans, le {day}"),
                day=_Day(first, first.year),
            )


def _each(rule: Rule, one: str, several: str, **data: object) -> Sentence:
    """Say one message for an interval of one, another one for a longer one."""
    if rule.interval == 1:
        return Sentence(one, data)
    return Sentence(several, {"n": _Number(rule.interval), **data})


def _weekly(rule: Rule, first: date) -> Sentence:
    days = rule.weekdays or (first.weekday(),)
    if len(days) == WEEK:
        return _each(
            rule, marked("chaque jour"), marked("une semaine sur {n}, du lundi au dimanche")
        )
    if days == WORKING_DAYS:
        return _each(
            rule,
            marked("chaque jour du lundi au vendredi"),
            marked("une semaine sur {n}, du lundi au vendredi"),
        )
    if len(days) > 1:
        return _each(
            rule,
            marked("chaque {days}"),
            marked("une semaine sur {n}, les {days}"),
            days=_Weekdays(days),
        )
    every_other = marked("un {days} sur deux")
    several = every_other if rule.interval == 2 else marked("un {days} sur {n}")  # noqa: PLR2004
    return _each(rule, marked("chaque {days}"), several, days=_Weekdays(days))


def _monthly(rule: Rule, first: date) -> Sentence:
    if rule.nth is not None:
        return _each(
            rule,
            marked("le {rank} {days} de chaque mois"),
            marked("tous les {n} mois, le {rank} {days}"),
            rank=_Rank(rule.nth[0]),
            days=_Weekdays((rule.nth[1],)),
        )
    if rule.month_day == LAST:
        return _each(
            rule,
            marked("le dernier jour de chaque mois"),
            marked("tous les {n} mois, le dernier jour"),
        )
    return _each(
        rule,
        marked("le {day} de chaque mois"),
        marked("tous les {n} mois, le {day}"),
        day=_MonthDay(rule.month_day or first.day),
    )


def _hours(starts: int | None, minutes: int, *, is_all_day: bool) -> Sentence | None:
    if is_all_day:
        if minutes > DAY:
            return Sentence(marked("pendant {length}"), {"length": Duration(minutes)})
        return Sentence(marked("toute la journée"))
    if starts is None:
        return None
    days, end = divmod(starts + minutes, DAY)
    if not days or (days == 1 and not end):
        data = {"start": MinuteOfDay(starts), "end": MinuteOfDay(DAY if days else end)}
        return Sentence(marked("de {start} à {end}"), data)
    if days == 1:
        data = {"start": MinuteOfDay(starts), "end": MinuteOfDay(end)}
        return Sentence(marked("de {start} à {end} le lendemain"), data)
    return Sentence(
        marked("à partir de {start}, pendant {length}"),
        {"start": MinuteOfDay(starts), "length": Duration(minutes)},
    )


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of things that are feminine in French; small ones in letters."""

    number: int

    def say(self, language: str = "fr") -> str:
        """Say the number."""
        words = NUMBERS[language].split()
        return words[self.number] if self.number < len(words) else str(self.number)


@dataclass(frozen=True, slots=True)
class _Rank:
    rank: int

    def say(self, language: str = "fr") -> str:
        """Say which of the month: the first, the last."""
        return RANKS[language][LAST if self.rank == LAST else self.rank - 1]


@dataclass(frozen=True, slots=True)
class _MonthDay:
    day: int

    def say(self, language: str = "fr") -> str:
        """Say the day of the month."""
        if language == "fr":
            return "1er" if self.day == 1 else str(self.day)
        return f"{self.day}{ORDINALS.get(self.day, 'th')}"


@dataclass(frozen=True, slots=True)
class _Weekdays:
    days: tuple[int, ...]

    def say(self, language: str = "fr") -> str:
        """Say the weekdays, one after the other."""
        return enumerated([DAYS[language][day] for day in self.days], AND[language])


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of the year without its weekday; its year only where it is not the given one."""

    day: date
    year: int | None

    def say(self, language: str = "fr") -> str:
        """Say the day."""
        number = "1er" if language == "fr" and self.day.day == 1 else str(self.day.day)
        said = f"{number}{NO_BREAK}{MONTHS[language][self.day.month - 1]}"
        return said if self.day.year == self.year else f"{said}{NO_BREAK}{self.day.year}"
