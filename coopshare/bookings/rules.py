"""Pure decisions about bookings: plain values in, an answer or a refusal out."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from coopshare.bookings.commands import Line
from coopshare.bookings.errors import (
    AlreadyCancelled,
    AlreadyEnded,
    AlreadyLapsed,
    AlreadyReleased,
)
from coopshare.bookings.models import BookingStatus
from coopshare.kernel.errors import Invalid, Refused
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import Sentence, marked

MOST_LINES = 50
REMINDED_BEFORE = timedelta(hours=24)
WORTH_A_REMINDER = timedelta(hours=3)
"""No reminder for an option that is shorter."""
LIVE = frozenset({BookingStatus.PENDING, BookingStatus.OPTION, BookingStatus.CONFIRMED})
"""The states in which a booking holds its slot."""
COUNTED = LIVE | {BookingStatus.NO_SHOW}
"""The states in which a booking counts in quotas."""
LAPSING = frozenset({BookingStatus.PENDING, BookingStatus.OPTION})
"""The states that end by themselves once `lapses_at` is reached."""


def check_lines(lines: Sequence[Line]) -> None:
    """Refuse no line, too many, a quantity of none, or one resource asked for twice."""
    if not lines:
        raise Invalid.field("lines", marked("Choisissez au moins une chose à réserver."))
    if len(lines) > MOST_LINES:
        raise Invalid.field(
            "lines", marked("Une réservation a {most} lignes au plus."), most=MOST_LINES
        )
    if any(line.quantity < 1 for line in lines):
        raise Invalid.field("lines", marked("Demandez au moins une unité de chaque chose."))
    if len({line.resource_id for line in lines}) < len(lines):
        raise Invalid.field(
            "lines",
            marked("La même ressource est demandée deux fois : mettez tout sur une ligne."),
        )


def check_live(status: BookingStatus) -> None:
    """Refuse to act on a booking that was given up, refused, or ended by itself."""
    if status is BookingStatus.LAPSED:
        raise AlreadyLapsed
    if status is BookingStatus.NO_SHOW:
        raise AlreadyReleased
    if status not in LIVE:
        raise AlreadyCancelled


def check_not_ended(ends_at: datetime, now: datetime) -> None:
    """Refuse to act on a booking that is over."""
    if ends_at <= now:
        raise AlreadyEnded


def offered_until(now: datetime, starts_at: datetime, minutes: int) -> datetime:
    """Return until when what became free is offered: never past half of the time that is left.

    On a quarter of an hour where that leaves an hour or more: easy to say, easy to keep.
    """
    until = now + min(timedelta(minutes=minutes), (starts_at - now) / 2)
    whole = until.replace(second=0, microsecond=0)
    quarter = whole - timedelta(minutes=whole.minute % 15)
    if quarter - now >= timedelta(hours=1):
        return quarter
    return whole if whole > now else starts_at


def check_still_an_option(lapses_at: datetime | None, now: datetime) -> None:
    """Refuse to act on an option whose time ran out, even before the worker has passed."""
    if lapses_at is not None and lapses_at <= now:
        raise AlreadyLapsed


def reminder_at(now: datetime, until: datetime) -> datetime | None:
    """Return when to remind of an option: a day before its end, or half-way through a short one.

    None for one so short that its maker still has it in mind.
    """
    if until - now < WORTH_A_REMINDER:
        return None
    return until - min(REMINDED_BEFORE, (until - now) / 2)


def answer_due(now: datetime, delays: Iterable[int], span: Interval) -> datetime:
    """Return until when a request waits: the shortest of the delays (minutes; 0: none), never past
    its start; for a use that has begun, never past its end.
    """
    latest = span.start if span.start > now else span.end
    limits = [now + timedelta(minutes=delay) for delay in delays if delay]
    return min([latest, *limits])


def status_after(
    *,
    needs_decision: bool,
    before: BookingStatus | None = None,
    old: Interval | None = None,
    new: Interval | None = None,
    is_more: bool = True,
) -> BookingStatus:
    """Return the state of a booking once made or changed.

    A confirmed booking that only becomes shorter, or gives things back, stays confirmed; any other
    change of what needs approval asks for it again.
    """
    if not needs_decision:
        return BookingStatus.CONFIRMED
    stays = old is not None and new is not None and old.contains(new) and not is_more
    if before is BookingStatus.CONFIRMED and stays:
        return BookingStatus.CONFIRMED
    return BookingStatus.PENDING


def together(broken: Sequence[tuple[UUID, Refused]]) -> Refused:
    """Return the refusals of several rules as one: every rule is named, and what is possible."""
    sentences: dict[str, object] = {}
    possible: dict[str, object] = {}
    for number, (_, error) in enumerate(broken):
        sentences.setdefault(f"rule{number}", error.sentence)
        if error.possible is not None and error.possible not in possible.values():
            possible[f"possible{number}"] = error.possible
    first_id, first = broken[0]
    return Refused(
        message=" ".join(f"{{{name}}}" for name in sentences),
        possible=Sentence(" ".join(f"{{{name}}}" for name in possible), possible)
        if possible
        else None,
        details={
            "rule": first.code,
            "resource_id": str(first_id),
            "rules": [
                {"rule": error.code, "resource_id": str(resource_id)}
                for resource_id, error in broken
            ],
        },
        **sentences,
    )
