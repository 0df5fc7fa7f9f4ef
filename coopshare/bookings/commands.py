"""What the verbs of bookings are given: frozen values, the same from every door."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum, StrEnum
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import Which, day_span, to_utc
from coopshare.kernel.recurrence import Rule
from coopshare.kernel.text import marked

MOST_DAYS = 366
"""No booking covers more whole days than a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So many of one resource."""

    resource_id: UUID
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTimes:
    """A span as people type it: local days and hours, at the place of the first resource."""

    first: date
    last: date
    """The last local day, included."""
    starts: time | None = None
    ends: time | None = None
    """Midnight on the first day is read as its end."""
    all_day: bool = False
    which: Which = None
    """Which hour is meant, in the night when clocks go back."""

    def at(self, place: ZoneInfo) -> Interval:
        """Return the span in UTC.

        Raises `Invalid` on the fields `ends_at` and `last_day`; `AmbiguousTime` and
        `NonexistentTime` in the two odd nights of the year.
        """
        days = (self.last - self.first).days
        if days < 0:
            raise Invalid.field("last_day", marked("Le dernier jour vient avant le premier."))
        if days >= MOST_DAYS:
            raise Invalid.field("last_day", marked("Une réservation dure un an au plus."))
        if self.all_day:
            return day_span(self.first, place, days + 1)
        missing = [
            name for name, hour in (("starts_at", self.starts), ("ends_at", self.ends)) if not hour
        ]
        if self.starts is None or self.ends is None:
            raise Invalid.field(
                missing[0], marked("Donnez une heure, ou cochez « toute la journée ».")
            )
        start = to_utc(datetime.combine(self.first, self.starts), place, which=self.which)
        if self.ends == time(0) and self.last == self.first:
            return Interval(start, day_span(self.last, place).end)
        end = datetime.combine(self.last, self.ends)
        return Interval(start, to_utc(end, place, which=self.which, field="ends_at"))


Times: TypeAlias = Interval | LocalTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalInstant:
    """An instant as people type it: a local day, and an hour where it is said."""

    day: date
    hour: time | None = None
    """None: the end of that day."""

    def at(self, place: ZoneInfo, field: str) -> datetime:
        """Return the instant; raises as `LocalTimes.at`, on the given field."""
        if self.hour is None:
            return day_span(self.day, place).end
        return to_utc(datetime.combine(self.day, self.hour), place, which="first", field=field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Reserve several resources over one span: all of them or none."""

    organisation_id: UUID
    title: str
    lines: tuple[Line, ...]
    span: Times
    timezone: str = ""
    """Where it takes place; empty: the zone of the first resource."""
    all_day: bool = False
    note: str = ""
    people: int | None = None
    """How many people come, where known: no place takes more than its capacity."""
    option_until: datetime | LocalInstant | None = None
    """Hold the slot without engagement until then, instead of booking it."""
    seen_cents: int | None = None
    """The price that was seen, before tax, deposits apart: another one is refused."""
    told: frozenset[str] | None = None
    """What the person was told of why it waits for an approver (`approval.keys`): anything else is
    refused, so that it is told first. None: send the request, whatever the reasons.
    """


class Unsaid(Enum):
    """What is not said, where None is already an answer."""

    UNSAID = "unsaid"


UNSAID: Final = Unsaid.UNSAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Move, shorten, lengthen, rename or refill a booking: what is None stays as it is."""

    booking_id: UUID
    version: int
    """The version that was seen."""
    title: str | None = None
    note: str | None = None
    lines: tuple[Line, ...] | None = None
    span: Times | None = None
    all_day: bool | None = None
    people: int | Unsaid | None = UNSAID
    """None: how many come is no longer known."""
    seen_cents: int | None = None
    """The price that was seen, before tax, deposits apart: another one is refused."""
    told: frozenset[str] | None = None
    """As in `Book`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Give a booking up."""

    booking_id: UUID
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """Make a booking of an option."""

    booking_id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """Say that one is there."""

    booking_id: UUID
    version: int | None = None
    """The version that was seen; None: whatever it is, as when one scans a code at the door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """End a booking that runs, and give the rest back."""

    booking_id: UUID
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddScreen:
    """Make the address of a screen at the door of a room."""

    resource_id: UUID
    name: str
    language: str = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """Approve or refuse a request: what the actor decides of it."""

    booking_id: UUID
    version: int
    reason: str = ""
    """Said to who asked, where it is refused: mandatory then."""
    resource_ids: frozenset[UUID] | None = None
    """Only these of the things the actor decides on; None: all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    """Offer another time, or other things, to who asked: what is None stays as it was asked."""

    booking_id: UUID
    version: int
    lines: tuple[Line, ...] | None = None
    span: Times | None = None
    note: str = ""
    """Said to who asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Accept or decline what an approver proposes instead."""

    booking_id: UUID
    version: int
    seen_cents: int | None = None
    """The price before tax that was shown with it; None: whatever it is."""


class Scope(StrEnum):
    """Which occurrences of a series a verb is about; those that are past never change."""

    THIS = "this"
    FOLLOWING = "following"
    """This one and all that come after it."""
    ALL = "all"
    """Every one to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """On which days a booking comes back, from its first day on."""

    rule: Rule
    skip_school_holidays: bool = False
    """Leave out the school holidays of the cooperative's zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is wanted of one date of a series, where the date as it is planned is not."""

    day: date
    """The local day of the rule, as the plan names it."""
    skip: bool = False
    lines: tuple[Line, ...] | None = None
    span: Times | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSeries:
    """Reserve the same on many days: all of them or none, but for what `choices` say."""

    book: Book
    """What is reserved each time; its span is that of the first day."""
    recurrence: Recurrence
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeries:
    """Change an occurrence, and others with it: what is None stays as it is."""

    booking_id: UUID
    """The occurrence that was acted on."""
    version: int
    """Its version that was seen."""
    scope: Scope
    title: str | None = None
    note: str | None = None
    lines: tuple[Line, ...] | None = None
    span: Times | None = None
    """Where the occurrence acted on goes: the others follow by as many days, to the same hours."""
    all_day: bool | None = None
    people: int | Unsaid | None = UNSAID
    seen_cents: int | None = None
    """The price before tax of all dates whose price changes, as it was shown."""
    recurrence: Recurrence | None = None
    """Another rule from here on: dates come and go."""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSeries:
    """Give an occurrence up, and others with it."""

    booking_id: UUID
    version: int
    scope: Scope
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideSeries:
    """Approve or refuse the occurrences that wait, together."""

    booking_id: UUID
    version: int
    scope: Scope = Scope.ALL
    reason: str = ""
    resource_ids: frozenset[UUID] | None = None
    """As in `Decide`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeSeries:
    """Have a single booking come back: it becomes the first occurrence."""

    booking_id: UUID
    version: int
    recurrence: Recurrence
    choices: tuple[Choice, ...] = ()
    seen_cents: int | None = None
    """The price before tax of the dates that are added, as it was shown; None: whatever it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveSeries:
    """Make an occurrence a single booking again."""

    booking_id: UUID
    version: int
    cancel_others: bool = False
    """Whether the other dates to come are given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDate:
    """Book a date of a series that was skipped or cancelled before."""

    booking_id: UUID
    """Any occurrence of the series."""
    day: date
    lines: tuple[Line, ...] | None = None
    span: Times | None = None
