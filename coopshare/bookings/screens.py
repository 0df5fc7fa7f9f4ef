"""Screens at doors: whose a token is, and what its screen shows; read-only units only."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from uuid import UUID

from sqlalchemy import and_, select

from coopshare.bookings.arriving import asks
from coopshare.bookings.door import Day, Other, Span, offsets
from coopshare.bookings.models import Booking, DoorScreen
from coopshare.calendars.models import CalendarVersion
from coopshare.db.models import SnapshotMark
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Database, Work
from coopshare.holds.models import HoldSource
from coopshare.holds.queries import HoldUse, Occupation, closed, described, leaf_parts, uses
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import NotFound
from coopshare.kernel.intervals import Interval, merged, without
from coopshare.kernel.localtime import day_span, zone
from coopshare.members.kinds import DoorNames
from coopshare.members.models import Cooperative
from coopshare.members.queries import roll
from coopshare.resources.kinds import ResourceKind
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue

READER = Actor(door="feed")
MOST_OTHERS = 12
"""How many other rooms a screen knows."""
MOST_KEPT = 500
"""Of how many screens a process keeps the day."""
FORMAT = 1
"""Raised when what a screen is sent changes its shape."""


@dataclass(frozen=True, slots=True)
class Found:
    """A screen whose address was followed, and the tag of what it shows now."""

    screen: DoorScreen
    cooperative: str
    names: DoorNames
    tag: str
    day: Interval
    """The local day at the door."""


def find(database: Database, token_hash: str) -> Found:
    """Return the screen of a token: one statement; raises `NotFound` alike for all that end."""
    with database.read(READER) as work:
        query = (
            select(
                DoorScreen,
                Cooperative.name,
                Cooperative.door_names,
                CalendarVersion.version,
                SnapshotMark.mark,
                Resource.timezone,
            )
            .join(Cooperative, Cooperative.id == DoorScreen.cooperative_id)
            .join(Resource, Resource.id == DoorScreen.resource_id)
            .outerjoin(
                CalendarVersion,
                and_(
                    CalendarVersion.cooperative_id == DoorScreen.cooperative_id,
                    CalendarVersion.scope_id == DoorScreen.cooperative_id,
                ),
            )
            .outerjoin(SnapshotMark, SnapshotMark.cooperative_id == DoorScreen.cooperative_id)
            .where(DoorScreen.token_hash == token_hash, DoorScreen.revoked_at.is_(None))
            .execution_options(**EVERYWHERE)
        )
        row = work.session.execute(query).one_or_none()
        if row is None:
            raise NotFound
        screen, name, names, version, mark, timezone = row
        place = zone(timezone)
        day = day_span(work.now.astimezone(place).date(), place)
    parts = (FORMAT, screen.id, screen.version, version, mark, day.start.isoformat())
    tag = sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
    return Found(screen, name, names, tag, day)


class Days:
    """The days this process has made, by the tag of what they were made of; for its threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[str, Day]] = OrderedDict()

    def of(self, database: Database, found: Found) -> tuple[str, Day]:
        """Return the name of the room and its day, read only when something has changed."""
        with self._lock:
            if found.tag in self._kept:
                self._kept.move_to_end(found.tag)
                return self._kept[found.tag]
        made = _read(database, found)
        with self._lock:
            self._kept[found.tag] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made


DAYS = Days()
"""What this process keeps."""


def _read(database: Database, found: Found) -> tuple[str, Day]:
    screen = found.screen
    actor = replace(READER, cooperative_id=screen.cooperative_id)
    with database.read(actor) as work:
        room = catalogue(work).resources.get(screen.resource_id)
        if room is None:
            raise NotFound
        return room.name, day_of(work, room, found.day, found.names)


def day_of(work: Work, room: Resource, day: Interval, names: DoorNames) -> Day:
    """Return today and tomorrow of a room: two statements, whatever is booked."""
    place = zone(room.timezone)
    tomorrow = day_span(day.end.astimezone(place).date(), place)
    window = Interval(day.start, tomorrow.end)
    others = same_place(work, room)
    leaves = leaf_parts(work, [room.id, *(one.id for one in others)])
    everything = {leaf for found in leaves.values() for leaf in found}
    held = uses(work, everything, window)
    filled = _occupation(work, room, leaves[room.id], held, window)
    shut = [_span(one, "closed") for one in closed(work, room, window)]
    spans = [*_spans(work, room, filled, names), *shut]
    return Day(
        start=_seconds(window.start),
        today_ends=_seconds(day.end),
        end=_seconds(window.end),
        offsets=offsets(window.start, window.end, place),
        spans=tuple(sorted(spans, key=lambda span: (span.start, span.end, span.kind))),
        others=tuple(
            Other(
                name=one.name,
                free=tuple(
                    (_seconds(span.start), _seconds(span.end))
                    for span in without(
                        window,
                        [
                            *_occupation(work, one, leaves[one.id], held, window).busy(),
                            *closed(work, one, window),
                        ],
                    )
                ),
            )
            for one in others
        ),
    )


def same_place(work: Work, room: Resource) -> list[Resource]:
    """Return the other rooms at the same address (or place), by name; none that shares a part."""
    shared = catalogue(work)
    near = shared.sharing([room.id])
    mine = room.address or room.location
    found = [
        one
        for one in shared.resources.values()
        if one.kind is ResourceKind.PLACE
        and one.is_listed
        and one.id not in near
        and (one.address or one.location) == mine
        and one.timezone == room.timezone
    ]
    return found[:MOST_OTHERS]


def _occupation(
    work: Work,
    room: Resource,
    leaves: Iterable[UUID],
    held: Mapping[UUID, list[HoldUse]],
    window: Interval,
) -> Occupation:
    mine = frozenset(leaves)
    return Occupation(
        resource_id=room.id,
        window=window,
        quantities={leaf.id: leaf.quantity for leaf in described(work, mine).values()},
        held={leaf: held[leaf] for leaf in mine},
    )


def _spans(work: Work, room: Resource, filled: Occupation, names: DoorNames) -> list[Span]:
    """Return what fills a room: each booking by itself, where there is one of the room."""
    if room.quantity > 1:
        return [_span(one, "booking") for one in filled.busy()]
    by_source: dict[UUID, list[HoldUse]] = {}
    for held in filled.held.values():
        for use in held:
            by_source.setdefault(use.source_id, []).append(use)
    booked = [key for key, found in by_source.items() if found[0].source_kind is HoldSource.BOOKING]
    known = _bookings(work, booked)
    spans: list[Span] = []
    for key, found in by_source.items():
        whole = merged(use.span for use in found)
        booking = known.get(key)
        if booking is None:
            is_shut = found[0].source_kind is HoldSource.CLOSURE
            spans += [_span(one, "closed" if is_shut else "between") for one in whole]
            continue
        own = Interval(booking.starts_at, booking.ends_at)
        spans.append(_booked(work, room, booking, names))
        spans += [_span(rest, "between") for one in whole for rest in without(one, [own])]
    return spans


def _bookings(work: Work, ids: Iterable[UUID]) -> dict[UUID, Booking]:
    asked = sorted(ids)
    if not asked:
        return {}
    columns = (
        Booking.id,
        Booking.organisation_id,
        Booking.title,
        Booking.starts_at,
        Booking.ends_at,
        Booking.changed_at,
        Booking.status,
        Booking.checked_in_at,
        Booking.released_at,
    )
    rows = work.session.execute(select(*columns).where(Booking.id.in_(asked)))
    return {
        row[0]: Booking(**dict(zip((c.key for c in columns), row, strict=True))) for row in rows
    }


def _booked(work: Work, room: Resource, booking: Booking, names: DoorNames) -> Span:
    words = ""
    if names is DoorNames.ORGANISATION:
        words = roll(work).names.get(booking.organisation_id, "")
    elif names is DoorNames.TITLE:
        words = booking.title
    until: datetime | None = None
    waits = booking.status == "confirmed" and booking.checked_in_at is None
    if waits and booking.released_at is None and asks(room, booking.starts_at):
        since = max(booking.starts_at, booking.changed_at)
        until = since + timedelta(minutes=room.check_in_within)
    return Span(
        start=_seconds(booking.starts_at),
        end=_seconds(booking.ends_at),
        kind="booking",
        words=words,
        until=_seconds(until) if until else 0,
        here=booking.checked_in_at is not None,
    )


def _span(span: Interval, kind: str) -> Span:
    return Span(start=_seconds(span.start), end=_seconds(span.end), kind=kind)  # type: ignore[arg-type]


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def of_resource(work: Work, resource_id: UUID) -> list[DoorScreen]:
    """Return the screens of a resource, those that were stopped apart, by name."""
    query = (
        select(DoorScreen)
        .where(DoorScreen.resource_id == resource_id, DoorScreen.revoked_at.is_(None))
        .order_by(DoorScreen.name, DoorScreen.id)
    )
    return list(work.session.scalars(query))


def listing(work: Work, resource_ids: Iterable[UUID]) -> list[DoorScreen]:
    """Return the screens of some resources that were not stopped, by name."""
    query = (
        select(DoorScreen)
        .where(DoorScreen.resource_id.in_(sorted(resource_ids)), DoorScreen.revoked_at.is_(None))
        .order_by(DoorScreen.name, DoorScreen.id)
    )
    return list(work.session.scalars(query))


def get(work: Work, screen_id: UUID) -> DoorScreen:
    """Return a screen of the cooperative; raises `NotFound` for any other, or a stopped one."""
    found = work.session.scalars(
        select(DoorScreen).where(DoorScreen.id == screen_id, DoorScreen.revoked_at.is_(None))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found
