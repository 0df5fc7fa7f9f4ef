"""Equipment of Le Phares handed over in person: some is out, some is late, one came back damaged.

Made by the verbs themselves, as people would have, some days and hours before now.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from coopshare.bookings import services
from coopshare.bookings.commands import Book, Line
from coopshare.bookings.handing import services as handing
from coopshare.bookings.handing.commands import Collect, GiveBack, Part
from coopshare.bookings.handing.models import Condition
from coopshare.bookings.models import Booking
from coopshare.db.work import Work
from coopshare.demo.build import Made
from coopshare.demo.case_a_waiting import Told
from coopshare.holds.errors import SlotTaken
from coopshare.kernel.errors import Refused
from coopshare.kernel.intervals import Interval

HANDED_OVER = ("chaises", "tables", "projecteurs", "velo-cargo", "sono", "barnums", "ordinateurs")
EARLIER = timedelta(days=6)
"""How long before its start each of these bookings was made."""
FARTHEST = 20
"""Days back within which a free moment is found in any season."""


def add(work: Work, made: Made) -> int:
    """Add these stories; return how many bookings came."""
    for key in HANDED_OVER:
        made.resources[key].hand_over = True
    work.session.flush()
    told = Told(work, made)
    _out(told)
    _late(told)
    _damaged(told)
    return 3


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _spans(now: datetime, hours: int) -> Iterator[Interval]:
    """Give spans of so many hours that are over, the latest first."""
    for back in range(1, FARTHEST):
        start = _hour(now) - timedelta(days=back)
        yield Interval(start, start + timedelta(hours=hours))


def _book(
    told: Told, organisation: str, title: str, spans: Iterator[Interval], *things: tuple[str, int]
) -> Booking:
    """Make a booking over the first span that is free."""
    for span in spans:
        then = told.as_(organisation, told.work.now - span.start + EARLIER)
        command = Book(
            organisation_id=told.made.organisations[organisation].id,
            title=title,
            lines=tuple(
                Line(resource_id=told.made.resources[key].id, quantity=count)
                for key, count in things
            ),
            span=span,
        )
        try:
            return services.book(then, command)
        except (SlotTaken, Refused):
            continue
    message = "no free moment for a hand-over"
    raise RuntimeError(message)


def _then(told: Told, organisation: str, at: datetime) -> Work:
    return told.as_(organisation, told.work.now - at)


def _out(told: Told) -> None:
    """Tell of chairs that left today, eight of twelve so far; the tent is still to collect."""
    start = _hour(told.work.now) - timedelta(hours=2)
    spans = (Interval(start, start + timedelta(hours=more)) for more in (10, 6, 4, 3))
    booking = _book(
        told, "atelier-nord", "Fête des voisins", spans, ("chaises", 12), ("barnums", 1)
    )
    chairs = told.made.resources["chaises"].id
    handing.collect(
        _then(told, "atelier-nord", start + timedelta(minutes=10)),
        Collect(
            booking_id=booking.id,
            parts=(
                Part(resource_id=chairs, quantity=7),
                Part(resource_id=chairs, quantity=1, state=Condition.WORN, note="Un pied rayé."),
            ),
        ),
    )


def _late(told: Told) -> None:
    """Tell of loudspeakers that should be back since yesterday."""
    booking = _book(
        told, "coup-de-pouce", "Café des métiers", _spans(told.work.now, 5), ("sono", 1)
    )
    handing.collect(
        _then(told, "coup-de-pouce", booking.starts_at + timedelta(minutes=5)),
        Collect(booking_id=booking.id),
    )


def _damaged(told: Told) -> None:
    """Tell of a projector that came back with a broken lamp: one is left."""
    spans = _spans(told.work.now - timedelta(days=1), 3)
    booking = _book(told, "ressourcerie", "Ciné-débat", spans, ("projecteurs", 1))
    handing.collect(
        _then(told, "ressourcerie", booking.starts_at + timedelta(minutes=5)),
        Collect(booking_id=booking.id),
    )
    handing.give_back(
        _then(told, "ressourcerie", booking.ends_at - timedelta(minutes=10)),
        GiveBack(booking_id=booking.id, state=Condition.DAMAGED, note="La lampe ne s'allume plus."),
    )
