"""A small cooperative with a room, chairs, and people who book."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from werkzeug.test import TestResponse

from coopshare.bookings import services
from coopshare.bookings.cli import booking as booking_group
from coopshare.bookings.commands import Book, Cancel, Change, Decide, Line
from coopshare.bookings.models import Booking
from coopshare.db.work import Database
from coopshare.holds.models import Hold
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import CoopShareError
from coopshare.kernel.intervals import Interval
from coopshare.members.kinds import Standing
from coopshare.members.models import Cooperative, Organisation
from coopshare.resources.kinds import ResourceKind
from coopshare.resources.models import Resource
from coopshare.web.console import Console, exit_code_of
from tests.make import Maker


def hours(start: int, end: int, day: int = 10) -> Interval:
    """Return hours of March 2027 in UTC (one less than in Paris)."""
    return Interval(utc(2027, 3, day, start), utc(2027, 3, day, end))


@dataclass
class House:
    """Le Phares in small."""

    database: Database
    make: Maker
    phares: Cooperative
    scic: Organisation
    atelier: Organisation
    cantine: Organisation
    room: Resource
    chairs: Resource
    member: Actor
    colleague: Actor
    stranger: Actor
    keeper: Actor
    """Manages the resources of the SCIC."""
    coordinator: Actor

    def command(self, *lines: tuple[Resource, int], **fields: Any) -> Book:
        """Return a command: the room, 10 March 2027 from 9 to 11 UTC, unless said otherwise."""
        wanted = lines or ((self.room, 1),)
        values: dict[str, Any] = {
            "organisation_id": self.atelier.id,
            "title": "Réunion d'équipe",
            "lines": tuple(Line(resource_id=r.id, quantity=n) for r, n in wanted),
            "span": hours(9, 11),
        }
        return Book(**(values | fields))

    def book(
        self, *lines: tuple[Resource, int], actor: Actor | None = None, **fields: Any
    ) -> Booking:
        """Make a booking."""
        who = actor or self.member
        if "organisation_id" not in fields:
            fields["organisation_id"] = who.organisation_id
        command = self.command(*lines, **fields)
        with services.explained(self.database, who, command):
            return self.database.write(who, services.book, command)

    def change(self, booking: Booking, actor: Actor | None = None, **fields: Any) -> Booking:
        """Change a booking as it stands."""
        values: dict[str, Any] = {"booking_id": booking.id, "version": booking.version}
        command = Change(**(values | fields))
        who = actor or self.member
        with services.explained(self.database, who, command):
            return self.database.write(who, services.change, command)

    def cancel(self, booking: Booking, actor: Actor | None = None, reason: str = "") -> Booking:
        """Cancel a booking as it stands."""
        command = Cancel(booking_id=booking.id, version=booking.version, reason=reason)
        return self.database.write(actor or self.member, services.cancel, command)

    def decide(self, verb: Callable[..., Booking], booking: Booking, actor: Actor) -> Booking:
        """Approve or refuse a booking as it stands."""
        command = Decide(booking_id=booking.id, version=booking.version, reason="Complet")
        return self.database.write(actor, verb, command)

    def holds(self, booking: Booking) -> list[tuple[Any, int, datetime, datetime, bool]]:
        """Return the holds of a booking, live or not: (id, quantity, start, end, live)."""
        with self.database.read(self.coordinator) as work:
            rows = work.session.query(Hold).where(Hold.source_id == booking.id).all()
            found = [(h.id, h.quantity, h.starts_at, h.ends_at, h.live) for h in rows]
        return sorted(found, key=str)


@pytest.fixture
def house(database: Database, make: Maker) -> House:
    """Return a house with people in it."""
    phares = make.cooperative()
    scic = make.organisation(phares, "SCIC Le Phares")
    atelier = make.organisation(phares, "Atelier Nord")
    cantine = make.organisation(phares, "La Cantine", Standing.TENANT)
    person = make.person("Samira Haddad")
    return House(
        database=database,
        make=make,
        phares=phares,
        scic=scic,
        atelier=atelier,
        cantine=cantine,
        room=make.resource(phares, scic, "Verrière", capacity=14),
        chairs=make.resource(phares, scic, "Chaises", quantity=10, kind=ResourceKind.EQUIPMENT),
        member=make.actor(phares, atelier, person=person),
        colleague=make.actor(phares, atelier, person=make.person("Jo Petit")),
        stranger=make.actor(
            phares, cantine, person=make.person("Alix Roux"), standing=Standing.TENANT
        ),
        keeper=make.actor(phares, scic, Role.RESOURCE_MANAGER, person=make.person("Noé Blanc")),
        coordinator=make.actor(phares, scic, Role.ADMINISTRATOR, person=make.person("Lou Martin")),
    )


class Doors:
    """The three doors onto one house: pages, operations, commands."""

    def __init__(self, app: Flask, house: House) -> None:
        self.app, self.house = app, house
        self.actor = house.member
        app.extensions["coopshare"].current_actor = lambda: self.actor
        self.client = app.test_client()

    def as_(self, actor: Actor) -> "Doors":
        """Have somebody else knock."""
        self.actor = actor
        return self

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **options)

    def fill(self, path: str, page: str | None = None, **fields: Any) -> TestResponse:
        """Send a form as a browser does: its page is read for the hidden values."""
        text = self.get(page or path).text
        hidden = {
            name: re.findall(rf'name="{name}"\s+value="([^"]*)"', text)
            for name in ("csrf_token", "_key", "version", "organisation_id", "told")
        }
        values = {name: found[0] for name, found in hidden.items() if found}
        return self.client.post(path, data=values | fields)

    def api(self, method: str, path: str = "", **options: Any) -> TestResponse:
        """Call an operation with a token."""
        headers = {"Authorization": "Bearer x"} | options.pop("headers", {})
        return self.client.open(
            f"/api/v1/bookings{path}", method=method, headers=headers, **options
        )

    def command(self, *words: str) -> tuple[int, str, str]:
        """Run a command: (exit code, output, what is said on the standard error)."""
        console = Console(
            open_database=lambda: self.house.database,
            find_actor=lambda *_words: replace(self.actor, door="cli"),
            make_worker=lambda database: database,
            acting="somebody@example.org",
        )
        runner = CliRunner()
        result = runner.invoke(booking_group, list(words), obj=console)
        if isinstance(result.exception, CoopShareError):
            return exit_code_of(result.exception), result.stdout, result.exception.say()
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout.strip(), result.stderr


@pytest.fixture
def doors(app: Flask, house: House) -> Doors:
    """Return the doors, with the member of Atelier Nord before them."""
    return Doors(app, house)
