"""Every page of the demonstration, as each kind of reader, in a real browser.

The pages come from the application's own routes, so that a new one is walked or this fails. On
each, at every width, by day and by night: axe finds nothing, nothing scrolls sideways, there is one
h1 in one main, a title of its own, and the browser complains of nothing, of the
Content-Security-Policy least of all. Printed and at 200 % zoom nothing is cut off either.
"""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import ConsoleMessage, Page, ViewportSize
from sqlalchemy import select

from coopshare.bookings import series
from coopshare.bookings.models import Booking, BookingSeries, BookingStatus
from coopshare.config import Settings
from coopshare.db.models import KeptFile
from coopshare.db.work import Database, Work
from coopshare.demo import case_a_doors
from coopshare.exchanges.models import Statement
from coopshare.kernel.actor import Actor, Role
from coopshare.members import queries as members
from coopshare.members import tokens
from coopshare.members.models import Affiliation, Invitation, PasswordReset
from coopshare.resources.kinds import QuotaHolder, QuotaMeasure, QuotaPeriod
from coopshare.resources.models import Quota, Resource, ResourceLabel
from coopshare.resources.templates_of_goods import GOODS
from tests.browser import AXE, scrolls_sideways, violations
from tests.journeys.team import add_team
from tests.web.matrix import WHO, Call, Relation, Verdict, calls, verdict

pytestmark = [
    pytest.mark.browser,
    pytest.mark.demonstration,
    pytest.mark.parametrize("engine_name", ["sqlite"]),
]

PASSWORD = "phare-mutualise-2026"
READERS = {
    "anonymous": None,
    "member": "membre@atelier-nord.example.org",
    "resource_manager": "salles@phares.example.org",
    "administrator": "coordination@phares.example.org",
}
WIDE, PRINTED, ZOOMED, PHONE, NARROW = (1280, 800), (794, 1123), (640, 400), (390, 844), (320, 640)
"""A desk, A4, the desk at 200 %, a phone, the narrowest."""
COLOURS = ["color-contrast", "link-in-text-block"]
LOOKED_AT = (WIDE, PHONE, NARROW)

NO_PAGES = frozenset(
    {
        "api-docs.openapi_json",
        "appearance.choose",
        "bookings.event",
        "door.day",
        "bookings.exported",
        "exchanges.pdf",
        "handing.photo",
        "handing.thumbnail",
        "exchanges.table",
        "members.importing_template",
        "resources.importing_template",
        "health.healthz",
        "health.readyz",
        "ical.calendar",
        "ical.free_busy",
        "metrics.metrics",
        "planning.data",
        "team.convention_pdf",
        "team.mine",  # leads whose time is not shared to the team; test_case_b.py looks at it
        "resources.photo",
        "resources.thumbnail",
    }
)
"""What answers GET with something else than a page; the API apart."""

FOR_VISITORS = frozenset(
    {
        "door.screen",
        "members.ask_reset",
        "members.invitation",
        "members.log_in",
        "members.reset",
        "problems.problem",
        "web.api_docs",
    }
)
"""Pages that are the same for everybody, or lead those who are in elsewhere: read once."""

STATES: dict[str, tuple[str, ...]] = {
    "bookings.book": ("?ressource={resource_id}",),
    "bookings.index": ("?quand=passees", "?vue=organisation"),
    "holds.search": ("?quoi=place&personnes=9999&jour=2027-03-10&de=10:00&a=11:30",),
    "members.members": ("?q=rien",),
    "team.planning": ("?vue=mois",),
    "planning.index": ("?vue=semaine", "?vue=mois"),
    "resources.index": ("?q=rien",),
    "resources.new": ("?modele={good}",),
}
"""What else a page may show, by its address."""

OF_A_SERIES = {
    "bookings.add_date": "?jour={skipped}",
    "bookings.cancel": "",
    "bookings.change": "",
    "bookings.leave_series": "",
    "bookings.show": "",
}
"""Pages that show more, or only something, of a date of a series; what their address adds."""
ONLY_OF_A_SERIES = ("bookings.add_date", "bookings.leave_series")


@dataclass(frozen=True)
class World:
    """What the addresses of pages name, for one reader."""

    arguments: dict[str, str]

    def path_of(self, call: Call, state: str = "") -> str:
        """Return an address; fails for one that names what nobody thought of."""
        own = self.arguments.get(call.endpoint, "")
        named = {"file_id": own, **self.arguments, "token": own}
        named["code"] = own or self.arguments.get("code", "")
        unknown = set(re.findall(r"<(?:\w+:)?(\w+)>", call.path)) - named.keys()
        if unknown:
            message = (
                f"The page {call.path} ({call.endpoint}) names {', '.join(sorted(unknown))}, which"
                " the walk does not know: add it to the arguments of `world_of`."
            )
            raise LookupError(message)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: named[found[1]], call.path)
        return path + state.format(**named)

    def of_a_series(self, call: Call) -> str:
        """Return the address of a page about a date of a series."""
        of_it = {**self.arguments, "booking_id": self.arguments["occurrence_id"]}
        return World(of_it).path_of(call, OF_A_SERIES[call.endpoint])


def world_of(database: Database, email: str | None) -> World:
    """Return what a reader's addresses name, and make the links of mails."""

    def find(work: Work) -> dict[str, str]:
        person = members.person_by_email(work, email or READERS["member"] or "")
        assert person is not None
        mine = work.session.scalars(
            select(Affiliation).where(Affiliation.person_id == person.id)
        ).first()
        assert mine is not None
        booking = work.session.scalars(
            select(Booking)
            .where(
                Booking.organisation_id == mine.organisation_id,
                Booking.starts_at > work.now + timedelta(days=1),
                Booking.status == BookingStatus.CONFIRMED,
            )
            .order_by(Booking.person_id != person.id, Booking.starts_at)
        ).first()
        assert booking is not None
        occurrence = work.session.scalars(
            select(Booking)
            .where(
                Booking.series_id.is_not(None),
                Booking.title == "Chorale des équipes",
                Booking.starts_at > work.now + timedelta(days=1),
                Booking.status == BookingStatus.CONFIRMED,
            )
            .order_by(Booking.starts_at)
        ).first()
        assert occurrence is not None
        assert occurrence.series_id is not None
        rows = series.occurrences(work, occurrence.series_id)
        season = work.session.get(BookingSeries, occurrence.series_id)
        assert season is not None
        skipped = series.left_out(season, rows)
        resource = work.session.scalars(
            select(Resource)
            .where(Resource.is_listed)
            .order_by(Resource.manager_id != mine.organisation_id, Resource.sort_key)
        ).first()
        assert resource is not None
        invited, reset = tokens.new(), tokens.new()
        later = work.now + timedelta(days=1)
        work.session.add(
            Invitation(
                organisation_id=mine.organisation_id,
                email="nouvelle@example.org",
                role=Role.MEMBER,
                token_hash=tokens.hashed(invited),
                created_at=work.now,
                expires_at=later,
            )
        )
        work.session.add(
            PasswordReset(
                token_hash=tokens.hashed(reset),
                person_id=person.id,
                created_at=work.now,
                expires_at=later,
            )
        )
        statement = work.session.scalars(
            select(Statement).where(Statement.organisation_id == mine.organisation_id)
        ).first()
        assert statement is not None
        quota = Quota(
            name="Dix heures",
            is_free=True,
            measure=QuotaMeasure.HOURS,
            amount=600,
            period=QuotaPeriod.MONTH,
            holder=QuotaHolder.ORGANISATION,
            resource_id=resource.id,
            created_at=work.now,
            changed_at=work.now,
        )
        work.session.add(quota)
        tables = {
            "members": b"Organisation;SIRET\nUne autre;1\n",
            "resources": b"Nom;Type\nA;Lieu\n",
        }
        sent = {
            purpose: KeptFile(
                cooperative_id=mine.cooperative_id,
                person_id=person.id,
                purpose=purpose,
                name=f"{purpose}.csv",
                content=content,
                created_at=work.now,
            )
            for purpose, content in tables.items()
        }
        work.session.add_all(sent.values())
        work.session.flush()
        label = ResourceLabel(
            resource_id=resource.id, code="walked123", created_at=work.now, revoked_at=None
        )
        work.session.add(label)
        return {
            **add_team(work, mine.organisation_id, person),
            "handing.label": label.code,
            "statement_id": str(statement.id),
            "quota_id": str(quota.id),
            **{f"{key}.importing_preview": str(row.id) for key, row in sent.items()},
            "organisation_id": str(mine.organisation_id),
            "person_id": str(person.id),
            "booking_id": str(booking.id),
            "occurrence_id": str(occurrence.id),
            "skipped": str(skipped[-1]),
            "resource_id": str(resource.id),
            "code": "not_found",
            "good": GOODS[0].code,
            "door.screen": case_a_doors.token_of(case_a_doors.ROOM),
            "members.invitation": invited,
            "members.reset": reset,
        }

    with database.read(Actor(door="demo")) as work:
        found = members.person_by_email(work, READERS["administrator"] or "")
        assert found is not None
        (place, *_) = members.places(work, found.id)
    return World(database.write(Actor(door="demo", cooperative_id=place.cooperative_id), find))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return the settings without limits: the walk is faster than a person."""
    return replace(settings, limits="off")


class Walk:
    """One reader's way through the pages, and what is wrong on them."""

    def __init__(self, page: Page, *, is_thorough: bool) -> None:
        self.page, self.is_thorough = page, is_thorough
        self.wrong: list[str] = []
        self.titles: dict[str, str] = {}
        self.heard: list[str] = []
        page.emulate_media(reduced_motion="reduce")
        page.add_init_script(path=AXE)  # sent once, not with every page
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.heard.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.heard.append(message.text)

    def enter(self, email: str) -> None:
        """Come in by the front door."""
        self.page.goto("/connexion")
        self.page.get_by_label("Adresse").first.fill(email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("main button[type=submit]").click()
        self.page.wait_for_url(re.compile(r"/$"))

    def look(self, path: str, call: str, status: int = 200) -> None:
        """Open a page and look at it from all sides."""
        self.heard.clear()
        self.page.set_viewport_size(size(WIDE))
        answer = self.page.goto(path)
        assert answer is not None
        if answer.status != status:
            self.wrong.append(f"{path}: answers {answer.status}")
        expected_noise = 1 if status >= 400 else 0  # the browser tells of the page itself
        self.wrong += [f"{path}: says {text}" for text in self.heard[expected_noise:]]
        self._frame(path, call)
        for width in (WIDE, ZOOMED, PHONE, NARROW):
            self.page.set_viewport_size(size(width))
            if scrolls_sideways(self.page):
                self.wrong.append(f"{path}: scrolls sideways at {width[0]} px")
            if width in LOOKED_AT and (self.is_thorough or width != NARROW):
                self._themes(path, width[0])
        self.page.set_viewport_size(size(PRINTED))
        self.page.emulate_media(media="print")
        if scrolls_sideways(self.page):
            self.wrong.append(f"{path}: is wider than the paper")
        self.page.emulate_media(media="screen")

    def _themes(self, path: str, width: int) -> None:
        """Ask for everything by day; by night only what colours change, as dark.css holds those."""
        nights = [("dark", COLOURS)] if self.is_thorough else []
        for theme, rules in [("light", None), *nights]:
            self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            self.wrong += [
                f"{path}: {found} at {width} px, {theme}"
                for found in violations(self.page, rules, with_styles=path == "/")
            ]

    def _frame(self, path: str, call: str) -> None:
        title = self.page.title()
        counts = [self.page.locator(name).count() for name in ("main", "h1", "header", "footer")]
        if counts[:2] != [1, 1] or 0 in counts:
            self.wrong.append(f"{path}: main, h1, header, footer are {counts}")
        if not self.page.locator("h1").inner_text().strip():
            self.wrong.append(f"{path}: its h1 says nothing")
        if self.titles.setdefault(title, call) != call or not title.strip():
            self.wrong.append(f"{path}: is called {title!r}, as {self.titles[title]} is")


THOROUGHLY = frozenset({"administrator", "anonymous"})
"""Who between them see every page: looked at by night and at the narrowest too."""


def size(pair: tuple[int, int]) -> ViewportSize:
    """Return a size as the browser wants it."""
    return {"width": pair[0], "height": pair[1]}


@pytest.mark.parametrize("reader", list(READERS))
def test_every_page(
    app: Flask, database: Database, open_page: Callable[..., Page], reader: str
) -> None:
    world = world_of(database, READERS[reader])
    walk = Walk(open_page(), is_thorough=reader in THOROUGHLY)
    email = READERS[reader]
    if email is not None:
        walk.enter(email)
    for call in pages(app, reader):
        if call.endpoint in OF_A_SERIES and email is not None:
            walk.look(world.of_a_series(call), call.endpoint)
        if call.endpoint in ONLY_OF_A_SERIES:
            continue
        for state in ("", *STATES.get(call.endpoint, ())):
            walk.look(world.path_of(call, state), call.endpoint)
    walk.look(f"/reservations/{uuid.uuid4()}" if email else "/nulle-part", "not found", 404)
    if reader == "member":
        walk.look("/administration", "forbidden", 403)
    assert not walk.wrong, "\n".join(walk.wrong)


def pages(app: Flask, reader: str) -> list[Call]:
    """Return the pages that a reader may open, by the tables of policies."""
    found = []
    for call in calls(app):
        if call.method != "GET" or call.path.startswith("/api/v1/") or call.endpoint in NO_PAGES:
            continue
        relation = {"": None, "booking": Relation.OWN}.get(call.kind, Relation.OURS)
        if call.is_public and reader != "anonymous" and call.endpoint in FOR_VISITORS:
            continue
        if verdict(WHO[reader], call, relation) is Verdict.MAY:
            found.append(call)
    return found


def test_what_is_left_out_exists(app: Flask) -> None:
    """A page that is gone leaves these lists too; one nobody thought of stops the walk."""
    assert NO_PAGES | FOR_VISITORS | STATES.keys() <= app.view_functions.keys()
    world = World({"token": ""})
    wing = Call("wings.show", "GET", "/ailes/<uuid:wing_id>", "public", "", anywhere=False)
    with pytest.raises(LookupError, match="names wing_id, which the walk does not know"):
        world.path_of(wing)
