"""The same bookings for both: 10 areas x 20 rooms over two years, as in the peers' race.

A cooperative holds at most 100,000 of them: ten times as many are ten cooperatives in one database.
"""

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from itertools import islice
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
MOST = 100_000
"""Bookings of one cooperative."""
PASSWORD = "un banc pour mesurer"  # noqa: S105 - of a database that is thrown away
TOKEN = "bench-" + "t" * 40
FEED_TOKEN = "bench-" + "f" * 40
BATCH = 5000


@dataclass(frozen=True, slots=True)
class Site:
    """One cooperative: what the measured requests need to know."""

    number: int
    cooperative_id: uuid.UUID
    organisation_id: uuid.UUID
    person_id: uuid.UUID
    rooms: tuple[uuid.UUID, ...]
    first_day: date
    bookings: int


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
    """Store cooperatives with their rooms and so many bookings; return the first of them."""
    ids = identifiers(random.Random(7))
    sites = []
    with roomy_cache(database):
        for done in range(0, bookings, MOST):
            sites.append(_fill_one(database, min(MOST, bookings - done), ids, len(sites)))
        _bare(database, sites)
    return sites[0]


@contextmanager
def roomy_cache(database: Database) -> Iterator[None]:
    """Give SQLite's writer a gigabyte of pages while it fills: keys come in no order."""
    if database.engine.dialect.name != "sqlite":
        yield
        return
    for kibibytes in (1_000_000, 16_000):
        with database.engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA cache_size=-{kibibytes}")
        if kibibytes > 16_000:
            yield


def _fill_one(database: Database, bookings: int, ids: Iterator[uuid.UUID], number: int) -> Site:
    now = database.clock()
    cooperative_id, organisation_id, person_id = next(ids), next(ids), next(ids)
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS // 2)
    site = Site(
        number=number,
        cooperative_id=cooperative_id,
        organisation_id=organisation_id,
        person_id=person_id,
        rooms=tuple(next(ids) for _ in range(ROOMS)),
        first_day=first.date(),
        bookings=bookings,
    )
    nobody = Actor(door="demo")
    inside = Actor(door="demo", cooperative_id=cooperative_id, person_id=person_id)
    database.write(nobody, _people, site)
    database.write(inside, _house, site)
    booked = starts(bookings, first)
    while batch := [(next(ids), site.rooms[room], at) for room, at in islice(booked, BATCH)]:
        database.write(inside, _bookings, site, batch)
    return site


def _people(work: Work, site: Site) -> None:
    work.session.add_all(
        [
            Cooperative(
                id=site.cooperative_id,
                name="Banc d'essai",
                slug=f"banc-d-essai-{site.number}",
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
                email="banc@example.org" if site.number == 0 else f"banc{site.number}@example.org",
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
            token_hash=hashed(f"{TOKEN}{site.number or ''}"),
            person_id=site.person_id,
            cooperative_id=site.cooperative_id,
            organisation_id=site.organisation_id,
            name="bench",
            created_at=work.now,
        )
    )
    session.add(
        Feed(
            token_hash=hashed(f"{FEED_TOKEN}{site.number or ''}"),
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


def _bare(database: Database, sites: list[Site]) -> None:
    ids = identifiers(random.Random(8))
    hour = timedelta(hours=1)
    # The baseline's own columns read and write local values on SQLite.
    zone = None if database.engine.dialect.name == "sqlite" else UTC
    with database.engine.begin() as connection:
        baseline.METADATA.create_all(connection)
        for site in sites:
            connection.execute(
                sa.insert(baseline.ROOMS),
                [
                    {"id": room, "house": site.number, "name": f"Salle {number}", "revision": 0}
                    for number, room in enumerate(site.rooms)
                ],
            )
            first = datetime.combine(site.first_day, time(), zone)
            booked = starts(site.bookings, first)
            while rows := [
                {
                    "id": (key := next(ids)),
                    "room_id": site.rooms[room],
                    "title": "Réunion d'équipe",
                    "starts_at": start,
                    "ends_at": start + hour,
                    "fragment": baseline.fragment(key, "Réunion d'équipe", start, start + hour),
                }
                for room, start in islice(booked, BATCH)
            ]:
                connection.execute(sa.insert(baseline.BOOKINGS), rows)
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as free:
            free.execute(sa.text("SET statement_timeout = 0"))
            free.execute(sa.text("ANALYZE"))
            free.execute(sa.text("RESET statement_timeout"))
    else:
        with database.engine.begin() as connection:
            connection.execute(sa.text("ANALYZE"))
