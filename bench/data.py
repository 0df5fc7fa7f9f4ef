"""The same bookings for both: 10 areas x 20 rooms over two years, as in the peers' race."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher

from bench import baseline
from coopshare.bookings.models import Booking, BookingLine, BookingStatus
from coopshare.calendars.models import CalendarEntry, CalendarVersion, Feed, FeedDetail, FeedKind
from coopshare.db.work import Database, Work
from coopshare.holds.models import Hold, HoldSource
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.text import folded, sort_key
from coopshare.members.kinds import CooperativeKind, OrganisationKind, Standing
from coopshare.members.models import (
    Affiliation,
    ApiToken,
    Cooperative,
    Membership,
    Organisation,
    Person,
)
from coopshare.resources.kinds import ResourceKind
from coopshare.resources.models import Resource

ROOMS = 200
DAYS = 730
PASSWORD = "un banc pour mesurer"  # noqa: S105 - of a database that is thrown away
TOKEN = "bench-" + "t" * 40
FEED_TOKEN = "bench-" + "f" * 40
BATCH = 5000


@dataclass(frozen=True, slots=True)
class Site:
    """What the measured requests need to know."""

    cooperative_id: uuid.UUID
    organisation_id: uuid.UUID
    person_id: uuid.UUID
    rooms: tuple[uuid.UUID, ...]
    first_day: date


def hashed(token: str) -> str:
    """Return what is stored of a token."""
    return sha256(token.encode()).hexdigest()


def identifiers(generator: random.Random) -> Iterator[uuid.UUID]:
    """Return ids that look random and are the same in each run."""
    while True:
        yield uuid.UUID(int=generator.getrandbits(128), version=4)


def starts(count: int, first: datetime) -> Iterator[tuple[int, datetime]]:
    """Spread so many one-hour bookings over rooms and days: (room number, start), no overlap."""
    slots = ROOMS * DAYS * 12
    generator = random.Random(11)
    for number in sorted(generator.sample(range(slots), min(count, slots))):
        room, rest = number % ROOMS, number // ROOMS
        yield room, first + timedelta(days=rest // 12, hours=7 + rest % 12)


def fill(database: Database, bookings: int) -> Site:
    """Store a cooperative with its rooms and so many bookings; return what was made."""
    ids = identifiers(random.Random(7))
    now = database.clock()
    cooperative_id, organisation_id, person_id = next(ids), next(ids), next(ids)
    rooms = tuple(next(ids) for _ in range(ROOMS))
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS // 2)
    site = Site(cooperative_id, organisation_id, person_id, rooms, first.date())
    nobody = Actor(door="demo")
    inside = Actor(door="demo", cooperative_id=cooperative_id, person_id=person_id)
    database.write(nobody, _people, site)
    database.write(inside, _house, site)
    batch: list[tuple[uuid.UUID, uuid.UUID, datetime]] = []
    for room, start in starts(bookings, first):
        batch.append((next(ids), rooms[room], start))
        if len(batch) == BATCH:
            database.write(inside, _bookings, site, batch)
            batch = []
    database.write(inside, _bookings, site, batch)
    _bare(database, site, bookings, first)
    return site


def _people(work: Work, site: Site) -> None:
    work.session.add_all(
        [
            Cooperative(
                id=site.cooperative_id,
                name="Banc d'essai",
                slug="banc-d-essai",
                kind=CooperativeKind.SCIC,
                timezone="UTC",
                currency="EUR",
                created_at=work.now,
            ),
            Organisation(
                id=site.organisation_id,
                name="Atelier",
                sort_key="atelier",
                kind=OrganisationKind.ACI,
                created_at=work.now,
            ),
            Person(
                id=site.person_id,
                email="banc@example.org",
                name="Banc Essai",
                password_hash=PasswordHasher().hash(PASSWORD),
                sort_key="banc essai",
                created_at=work.now,
            ),
        ]
    )


def _house(work: Work, site: Site) -> None:
    session = work.session
    session.add(
        Membership(
            organisation_id=site.organisation_id, standing=Standing.ASSOCIATE, since=site.first_day
        )
    )
    session.flush()
    for role in (Role.MEMBER, Role.ADMINISTRATOR):
        session.add(
            Affiliation(
                organisation_id=site.organisation_id,
                person_id=site.person_id,
                role=role,
                created_at=work.now,
            )
        )
    session.add(
        ApiToken(
            token_hash=hashed(TOKEN),
            person_id=site.person_id,
            cooperative_id=site.cooperative_id,
            organisation_id=site.organisation_id,
            name="bench",
            created_at=work.now,
        )
    )
    session.add(
        Feed(
            token_hash=hashed(FEED_TOKEN),
            cooperative_id=site.cooperative_id,
            person_id=site.person_id,
            organisation_id=site.organisation_id,
            kind=FeedKind.RESOURCE,
            target_id=site.rooms[0],
            detail=FeedDetail.FULL,
            name="Salle",
            slug="salle",
            created_at=work.now,
        )
    )
    for number, room in enumerate(site.rooms):
        name = f"Salle {number // 20 + 1}.{number % 20 + 1:02}"
        session.add(
            Resource(
                id=room,
                kind=ResourceKind.PLACE,
                name=name,
                sort_key=sort_key(name),
                search_text=folded(name),
                owner_id=site.organisation_id,
                manager_id=site.organisation_id,
                capacity=10 + number % 30,
                timezone="UTC",
                closed_on_holidays=False,
                created_at=work.now,
                changed_at=work.now,
            )
        )
    session.add(CalendarVersion(scope_id=site.rooms[0], version=1, changed_at=work.now))


def _bookings(work: Work, site: Site, batch: list[tuple[uuid.UUID, uuid.UUID, datetime]]) -> None:
    hour = timedelta(hours=1)
    common = {"organisation_id": site.organisation_id, "person_id": site.person_id}
    bookings, lines, holds, entries = [], [], [], []
    for key, room, start in batch:
        span: dict[str, Any] = {"starts_at": start, "ends_at": start + hour}
        bookings.append(
            common
            | span
            | {
                "id": key,
                "title": "Réunion d'équipe",
                "note": "",
                "timezone": "UTC",
                "all_day": False,
                "status": BookingStatus.CONFIRMED,
                "sequence": 0,
                "created_at": work.now,
                "changed_at": work.now,
                "cancel_reason": "",
                "version": 1,
            }
        )
        lines.append(
            {"id": key, "booking_id": key, "resource_id": room, "quantity": 1, "position": 0}
        )
        holds.append(
            span
            | {
                "id": key,
                "resource_id": room,
                "quantity": 1,
                "live": True,
                "exclusive": True,
                "source_kind": HoldSource.BOOKING,
                "source_id": key,
            }
        )
        event = baseline.fragment(key, "Réunion d'équipe", start, start + hour)
        entries.append(
            common
            | span
            | {
                "source_id": key,
                "source_kind": "booking",
                "uid": f"{key}@bench",
                "timezone": "UTC",
                "status": "confirmed",
                "title": "Réunion d'équipe",
                "url": f"/reservations/{key}",
                "full": event,
                "busy": event,
            }
        )
    work.add_rows(Booking, bookings)
    work.add_rows(BookingLine, lines)
    work.add_rows(Hold, holds)
    work.add_rows(CalendarEntry, entries)


def _bare(database: Database, site: Site, bookings: int, first: datetime) -> None:
    ids = identifiers(random.Random(8))
    hour = timedelta(hours=1)
    with database.engine.begin() as connection:
        baseline.METADATA.create_all(connection)
        connection.execute(
            sa.insert(baseline.ROOMS),
            [
                {"id": room, "name": f"Salle {number}", "revision": 0}
                for number, room in enumerate(site.rooms)
            ],
        )
        rows = []
        for room, start in starts(bookings, first):
            key = next(ids)
            rows.append(
                {
                    "id": key,
                    "room_id": site.rooms[room],
                    "title": "Réunion d'équipe",
                    "starts_at": start.replace(tzinfo=None)
                    if database.engine.dialect.name == "sqlite"
                    else start,
                    "ends_at": (start + hour).replace(tzinfo=None)
                    if database.engine.dialect.name == "sqlite"
                    else start + hour,
                    "fragment": baseline.fragment(key, "Réunion d'équipe", start, start + hour),
                }
            )
        for at in range(0, len(rows), BATCH):
            connection.execute(sa.insert(baseline.BOOKINGS), rows[at : at + BATCH])
        if database.engine.dialect.name == "postgresql":
            connection.execute(sa.text("ANALYZE"))
