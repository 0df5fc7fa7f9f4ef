"""What is possible instead: searched after the rollback, in a read-only unit, for every door."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.bookings import queries
from coopshare.bookings.commands import Book, Change, Line
from coopshare.bookings.errors import ApprovalToAsk
from coopshare.bookings.services.examining import Asked, asked, broken, people_after
from coopshare.bookings.services.pricing import price
from coopshare.db.work import Database, Work
from coopshare.holds import queries as holds
from coopshare.holds import services as holding
from coopshare.holds.errors import SlotTaken
from coopshare.holds.queries import Wish
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import LocalSpan
from coopshare.kernel.errors import CoopShareError, Refused
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import Sentence, Several, marked
from coopshare.resources.models import Resource

MOST_TIMES, MOST_OTHERS = 3, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """The same booking at another time, or with another resource: it would be accepted now."""

    span: Interval
    lines: tuple[Line, ...]
    sentence: Sentence
    timezone: str
    replaced: tuple[UUID, UUID] | None = None
    """(asked for, instead)."""

    def as_details(self) -> dict[str, object]:
        """Return it as programs read it; the surface says the sentence in the reader's language."""
        return {
            "starts_at": _written(self.span)[0],
            "ends_at": _written(self.span)[1],
            "timezone": self.timezone,
            "lines": [
                {"resource_id": str(line.resource_id), "quantity": line.quantity}
                for line in self.lines
            ],
            "detail": self.sentence,
        }


def _written(span: Interval) -> tuple[str, str]:
    start, end = (moment.isoformat().replace("+00:00", "Z") for moment in (span.start, span.end))
    return start, end


def alternatives(
    work: Work, what: Asked, *, taken: SlotTaken | None = None, booking_id: UUID | None = None
) -> list[Alternative]:
    """Return what is possible instead, each one checked whole against rules and holds."""
    if what.span.end <= work.now:
        return []
    stuck = _stuck(what, taken)
    found: list[Alternative] = []
    for resource in stuck[:1]:
        found += _other_times(work, what, resource, booking_id)
    if taken is not None and len(stuck) == 1:
        found += _other_things(work, what, stuck[0], booking_id)
    return found


def _stuck(what: Asked, taken: SlotTaken | None) -> list[Resource]:
    conflicts = taken.details.get("conflicts") if taken is not None else None
    ids = {str(c.get("resource_id")) for c in conflicts} if isinstance(conflicts, list) else set()
    named = [r for r in what.resources.values() if str(r.id) in ids]
    return named or list(what.resources.values())


def _would_pass(work: Work, what: Asked, booking_id: UUID | None) -> bool:
    if broken(work, what):
        return False
    person_id = work.actor.person_id
    without = [] if booking_id is None else [booking_id]
    if price(work, what, person_id=person_id, without=without).refusals:
        return False
    try:
        holding.check_free(
            work, list(what.resources.values()), what.wanted, what.span, source_id=booking_id
        )
    except SlotTaken:
        return False
    return True


def _other_times(
    work: Work, what: Asked, resource: Resource, booking_id: UUID | None
) -> list[Alternative]:
    quantity = next(x.quantity for x in what.lines if x.resource_id == resource.id)
    spans = holds.nearest_free(
        work, resource, what.span.minutes, what.span, quantity, limit=MOST_TIMES
    )
    place = ZoneInfo(what.timezone)
    year = work.now.astimezone(place).year
    return [
        Alternative(
            span=span,
            lines=what.lines,
            timezone=what.timezone,
            sentence=Sentence(marked("{when}"), {"when": LocalSpan(span, place, year=year)}),
        )
        for span in spans
        if span != what.span and _would_pass(work, replace(what, span=span), booking_id)
    ]


def _other_things(
    work: Work, what: Asked, resource: Resource, booking_id: UUID | None
) -> list[Alternative]:
    line = next(x for x in what.lines if x.resource_id == resource.id)
    answer = holds.answer(
        work,
        Wish(
            span=what.span,
            kind=resource.kind,
            quantity=line.quantity,
            min_capacity=what.people or resource.capacity,
        ),
    )
    found: list[Alternative] = []
    for offer in answer.free:
        other = offer.resource
        if other.id in what.resources or len(found) == MOST_OTHERS:
            continue
        lines = tuple(replace(x, resource_id=other.id) if x == line else x for x in what.lines)
        resources = {
            x.resource_id: other if x.resource_id == other.id else what.resources[x.resource_id]
            for x in lines
        }
        if _would_pass(work, replace(what, lines=lines, resources=resources), booking_id):
            sentence = Sentence(
                marked("{other} au lieu de {name}"),
                {"other": other.name, "name": resource.name},
            )
            found.append(
                Alternative(
                    span=what.span,
                    lines=lines,
                    sentence=sentence,
                    timezone=what.timezone,
                    replaced=(resource.id, other.id),
                )
            )
    return found


@contextmanager
def explained(database: Database, actor: Actor, command: Book | Change) -> Iterator[None]:
    """Let a refusal of the verb inside pass, with what is possible instead added to it.

    Every door runs `book` and `change` inside it; nothing is searched while anything is locked.
    """
    try:
        yield
    except ApprovalToAsk:
        raise  # nothing is refused: it is possible as it is
    except (SlotTaken, Refused) as error:
        with database.read(actor) as work:
            found = _for_command(work, command, error)
        error.details["alternatives"] = [one.as_details() for one in found]
        if found and error.possible is None:
            ways = Several(tuple(one.sentence for one in found), marked(" ; "))
            error.possible = Sentence(marked("Possible autrement : {ways}."), {"ways": ways})
        raise


def _for_command(work: Work, command: Book | Change, error: CoopShareError) -> list[Alternative]:
    taken = error if isinstance(error, SlotTaken) else None
    try:
        if isinstance(command, Book):
            what = asked(
                work,
                organisation_id=command.organisation_id,
                lines=command.lines,
                times=command.span,
                timezone=command.timezone,
                all_day=command.all_day,
                people=command.people,
            )
            return alternatives(work, what, taken=taken)
        booking = queries.get(work, command.booking_id)
        lines = tuple(Line(resource_id=x.resource_id, quantity=x.quantity) for x in booking.lines)
        what = asked(
            work,
            organisation_id=booking.organisation_id,
            lines=command.lines or lines,
            times=command.span or Interval(booking.starts_at, booking.ends_at),
            all_day=bool(command.all_day),
            people=people_after(booking, command),
        )
        return alternatives(work, what, taken=taken, booking_id=booking.id)
    except CoopShareError:
        return []  # what was asked for cannot even be looked up: the refusal says why
