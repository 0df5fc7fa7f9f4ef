"""The shapes of the forms of series: how something comes back, which dates are meant."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from marshmallow import fields, post_load, pre_load, validate

from coopshare.bookings.commands import Book, BookSeries, LocalTimes, Recurrence, Scope
from coopshare.bookings.schemas import BookFormSchema, ChangeFormSchema, ReasonFormSchema
from coopshare.kernel.errors import Invalid
from coopshare.kernel.recurrence import (
    FIELD,
    MOST_DATES,
    MOST_INTERVAL,
    Frequency,
    Rule,
    first_from,
)
from coopshare.kernel.text import Sentence, marked
from coopshare.web.schemas import Day, Schema, Whole

CHOICES = ("choice-", "from-", "to-")
"""How the names of the fields begin that say what is wanted of one date."""
BUTTONS = frozenset({"do", "instead", "lines", "skip", "keep", "seen_cents"})
WEEK = 7
END_OF_SEASON = (6, 30)
SHORTEST_SEASON = 60
"""In how many days the end of a season is too near to be proposed."""
NEVER = "never"
REPEATS = (NEVER, *Frequency)


class RepeatFormSchema(Schema):
    """How something comes back, as one chooses it in a form."""

    repeat = fields.String(load_default=NEVER, validate=validate.OneOf(REPEATS))
    every = Whole(1, MOST_INTERVAL, load_default=1)
    weekdays = fields.List(Whole(0, WEEK - 1), load_default=list)
    month_by = fields.String(load_default="day", validate=validate.OneOf(["day", "nth"]))
    month_day = Whole(-1, 31, load_default=None)
    nth_rank = Whole(-1, 4, load_default=1)
    nth_weekday = Whole(0, WEEK - 1, load_default=0)
    ends = fields.String(load_default="until", validate=validate.OneOf(["until", "times"]))
    until = Day(load_default=None)
    times = Whole(1, MOST_DATES, load_default=None)
    skip_school_holidays = fields.Boolean(load_default=False)

    @pre_load
    def without_choices(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Leave out the buttons, and what is said of single dates: read apart."""
        return {
            name: value
            for name, value in data.items()
            if name not in BUTTONS and not name.startswith(CHOICES)
        }

    def recurrence_of(self, data: Mapping[str, Any]) -> Recurrence | None:
        """Return how it comes back, or None where it does not; raises `Invalid` on its fields."""
        if data["repeat"] == NEVER:
            return None
        frequency, is_until = Frequency(data["repeat"]), data["ends"] == "until"
        if is_until and data["until"] is None:
            raise Invalid.field("until", marked("Dites jusqu'à quel jour cela se répète."))
        if not is_until and data["times"] is None:
            raise Invalid.field("times", marked("Dites combien de fois cela se répète."))
        is_monthly = frequency is Frequency.MONTHLY
        by_rank = is_monthly and data["month_by"] == "nth"
        with on_repeat():
            rule = Rule(
                frequency,
                interval=data["every"],
                weekdays=tuple(data["weekdays"]) if frequency is Frequency.WEEKLY else (),
                month_day=data["month_day"] if is_monthly and not by_rank else None,
                nth=(data["nth_rank"], data["nth_weekday"]) if by_rank else None,
                until=data["until"] if is_until else None,
                count=None if is_until else data["times"],
            )
        return Recurrence(rule=rule, skip_school_holidays=data["skip_school_holidays"])


class on_repeat:  # noqa: N801 - reads as a sentence after `with`
    """Have what is said of the rule shown where the form asks for it."""

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Say the refusal on the field `repeat`."""
        if isinstance(error, Invalid) and FIELD in error.fields:
            told: dict[str, list[Sentence]] = dict(error.fields)
            told["repeat"] = told.pop(FIELD)
            raise Invalid(told) from error


class RepeatedBookFormSchema(RepeatFormSchema, BookFormSchema):
    """The booking form, with how it comes back."""

    @post_load
    def to_book(self, data: dict[str, Any], **options: Any) -> Book | BookSeries:
        """Return the command: one booking, or a series from the first day its rule names."""
        book: Book = super().to_book(data, **options)
        recurrence = self.recurrence_of(data)
        if recurrence is None:
            return book
        assert isinstance(book.span, LocalTimes)  # noqa: S101 - a form has local times
        first = first_from(recurrence.rule, book.span.first)
        return BookSeries(book=replace(book, span=moved(book.span, first)), recurrence=recurrence)


def moved(times: LocalTimes, first: date) -> LocalTimes:
    """Return the same hours from another first day."""
    return replace(times, first=first, last=first + (times.last - times.first))


class MakeSeriesFormSchema(RepeatFormSchema):
    """Having a booking come back."""

    version = Whole(1, required=True)


class ChangeSeriesFormSchema(RepeatFormSchema, ChangeFormSchema):
    """The form that changes an occurrence, or others with it."""

    scope = fields.Enum(Scope, by_value=True, load_default=Scope.THIS)


class CancelFormSchema(ReasonFormSchema):
    """Giving up a booking, or others of its series with it."""

    scope = fields.Enum(Scope, by_value=True, load_default=Scope.THIS)


class LeaveFormSchema(Schema):
    """Making an occurrence a single booking again."""

    version = Whole(1, required=True)
    others = fields.String(load_default="keep", validate=validate.OneOf(["keep", "cancel"]))


class AddDateFormSchema(Schema):
    """Booking a date of a series again."""

    day = Day(required=True)

    @pre_load
    def without_choices(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Leave out the buttons, and what is said of the date: read apart."""
        return {
            name: value
            for name, value in data.items()
            if name not in BUTTONS and not name.startswith(CHOICES)
        }


def proposed(day: date) -> dict[str, Any]:
    """Return what the fields hold before anything is chosen, from the day of the booking."""
    end = date(day.year, *END_OF_SEASON)
    if end - day < timedelta(days=SHORTEST_SEASON):
        end = date(day.year + 1, *END_OF_SEASON)
    rank = (day.day - 1) // WEEK + 1
    return {
        "repeat": NEVER,
        "every": "1",
        "weekdays": [str(day.weekday())],
        "month_by": "day",
        "month_day": str(day.day),
        "nth_rank": str(rank if rank <= 4 else -1),  # noqa: PLR2004 - a fifth one is the last
        "nth_weekday": str(day.weekday()),
        "ends": "until",
        "until": end.isoformat(),
        "times": "10",
        "skip_school_holidays": "",
    }


def values_of(recurrence: Recurrence, first: date) -> dict[str, Any]:
    """Return what the fields hold for a rule that is there."""
    rule = recurrence.rule
    found = proposed(first) | {
        "repeat": str(rule.frequency),
        "every": str(rule.interval),
        "ends": "until" if rule.until else "times",
        "skip_school_holidays": "1" if recurrence.skip_school_holidays else "",
    }
    if rule.weekdays:
        found["weekdays"] = [str(day) for day in rule.weekdays]
    if rule.month_day is not None:
        found["month_day"] = str(rule.month_day)
    if rule.nth is not None:
        found |= {
            "month_by": "nth",
            "nth_rank": str(rule.nth[0]),
            "nth_weekday": str(rule.nth[1]),
        }
    if rule.until is not None:
        found["until"] = rule.until.isoformat()
    if rule.count is not None:
        found["times"] = str(rule.count)
    return found


def completed(rule: Rule, first: date) -> Rule:
    """Return a rule with the days that go without saying: two that say the same are equal."""
    if rule.frequency is Frequency.WEEKLY and not rule.weekdays:
        return replace(rule, weekdays=(first.weekday(),))
    if rule.frequency is Frequency.MONTHLY and rule.month_day is None and rule.nth is None:
        return replace(rule, month_day=first.day)
    return rule
