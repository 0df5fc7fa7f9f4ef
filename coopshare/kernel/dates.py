"""Dates, hours and durations as people say them, in French and in English.

French: « mardi 10 mars 2027, 9 h – 12 h 30 », « 1 h 30 »; the current year is not said.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from coopshare.kernel.intervals import Interval

NARROW = "\u202f"
NO_BREAK = "\u00a0"

DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def say_day(day: date, language: str = "fr", *, year: int | None = None) -> str:
    """Say a day; its year only where it differs from `year` (None: always said)."""
    weekday, month = DAYS[language][day.weekday()], MONTHS[language][day.month - 1]
    if language == "fr":
        number = "1er" if day.day == 1 else str(day.day)
        said = f"{weekday} {number}{NO_BREAK}{month}"
    else:
        said = f"{weekday} {day.day}{NO_BREAK}{month}"
    return said if day.year == year else f"{said}{NO_BREAK}{day.year}"


def say_time(moment: time, language: str = "fr") -> str:
    """Say an hour of the day: « 9 h », « 12 h 30 », "12:30"."""
    if language != "fr":
        return f"{moment.hour:02}:{moment.minute:02}"
    said = f"{moment.hour}{NARROW}h"
    return f"{said}{NARROW}{moment.minute:02}" if moment.minute else said


def say_minute_of_day(minute: int, language: str = "fr") -> str:
    """Say a minute of the day, 0 to 1440: the last one is « 24 h »."""
    if minute == 24 * 60:
        return f"24{NARROW}h" if language == "fr" else "24:00"
    return say_time(time(minute // 60, minute % 60), language)


def say_duration(minutes: int, language: str = "fr") -> str:
    """Say a duration in minutes: « 45 min », « 1 h 30 », « 2 jours »."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days and not rest:
        word = {"fr": "jour", "en": "day"}[language]
        return f"{days}{NO_BREAK}{word}{'s' if days > 1 else ''}"
    hours += days * 24
    if not hours:
        return f"{left}{NARROW}min"
    return f"{hours}{NARROW}h{NARROW}{left:02}" if left else f"{hours}{NARROW}h"


def say_hours(minutes: int, language: str = "fr") -> str:
    """Say an amount of time in hours, however long: « 1 240 h », « 31 h 30 », « 45 min »."""
    hours, left = divmod(minutes, 60)
    if not hours:
        return f"{left}{NARROW}min"
    grouped = f"{hours:,}".replace(",", NARROW if language == "fr" else ",")
    return f"{grouped}{NARROW}h{NARROW}{left:02}" if left else f"{grouped}{NARROW}h"


@dataclass(frozen=True, slots=True)
class LocalSpan:
    """A span to be said at its place: UTC inside, local time when said."""

    span: Interval
    zone: ZoneInfo
    all_day: bool = False
    year: int | None = None

    def say(self, language: str = "fr") -> str:
        """Say the span: one day said once, whole days without hours."""
        start, end = self.span.start.astimezone(self.zone), self.span.end.astimezone(self.zone)
        if self.all_day or (start.time() == time(0) and end.time() == time(0)):
            last = (end - timedelta(minutes=1)).date()
            if last == start.date():
                whole = {"fr": "toute la journée", "en": "all day"}[language]
                return f"{say_day(last, language, year=self.year)}, {whole}"
            return self._days(start.date(), last, language)
        day = say_day(start.date(), language, year=self.year)
        begin, finish = say_time(start.time(), language), say_time(end.time(), language)
        if end.date() == start.date():
            return f"{day}, {begin}{NO_BREAK}–{NO_BREAK}{finish}"
        if end.time() == time(0) and (end - timedelta(minutes=1)).date() == start.date():
            return f"{day}, {begin}{NO_BREAK}–{NO_BREAK}{say_minute_of_day(1440, language)}"
        words = {"fr": ("du", "au"), "en": ("from", "to")}[language]
        other = say_day(end.date(), language, year=self.year)
        return f"{words[0]} {day}, {begin} {words[1]} {other}, {finish}"

    def _days(self, first: date, last: date, language: str) -> str:
        words = {"fr": ("du", "au"), "en": ("from", "to")}[language]
        said = (say_day(day, language, year=self.year) for day in (first, last))
        return f"{words[0]} {next(said)} {words[1]} {next(said)}"


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """An instant to be said at its place: « mardi 10 mars, 9 h »."""

    moment: datetime
    zone: ZoneInfo
    year: int | None = None

    def say(self, language: str = "fr") -> str:
        """Say the day and the hour."""
        local = self.moment.astimezone(self.zone)
        return (
            f"{say_day(local.date(), language, year=self.year)}, {say_time(local.time(), language)}"
        )


@dataclass(frozen=True, slots=True)
class Duration:
    """A duration in minutes, to be said."""

    minutes: int

    def say(self, language: str = "fr") -> str:
        """Say the duration."""
        return say_duration(self.minutes, language)


@dataclass(frozen=True, slots=True)
class InHours:
    """Minutes said in hours however many they are, as people count what they use: « 26 h 30 »."""

    minutes: int

    def say(self, language: str = "fr") -> str:
        """Say the hours; less than one in minutes."""
        hours, rest = divmod(self.minutes, 60)
        if not hours and rest:
            return say_duration(rest, language)
        said = f"{hours}{NARROW}h"
        return f"{said}{NARROW}{rest:02}" if rest else said


@dataclass(frozen=True, slots=True)
class Day:
    """A day, to be said: « mardi 2 mars »; its year only where it differs from `year`."""

    day: date
    year: int | None = None

    def say(self, language: str = "fr") -> str:
        """Say the day."""
        return say_day(self.day, language, year=self.year)


@dataclass(frozen=True, slots=True)
class MinuteOfDay:
    """A minute of the day, 0 to 1440, to be said: « 9 h »."""

    minute: int

    def say(self, language: str = "fr") -> str:
        """Say the hour."""
        return say_minute_of_day(self.minute, language)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return an instant in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
