"""Every link that a page offers leads somewhere its reader may go, from each role's first page.

The demonstration is walked by following what stands in the pages: links, pictures, forms, and the
addresses in the API's answers. A page nobody may open is never offered, and nothing fails.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from coopshare.config import Settings
from coopshare.db.work import Database, Work
from coopshare.demo.services import accounts
from coopshare.kernel.actor import ANONYMOUS, Actor, Role
from coopshare.members import queries as members
from coopshare.members.models import Affiliation

pytestmark = [
    pytest.mark.demonstration,
    pytest.mark.parametrize("engine_name", ["sqlite"]),
]

PASSWORD = "phare-mutualise-2026"
MOST_ALIKE = 6
"""Pages of one route that are opened: the next day and the next are alike without end."""
API = (
    "/api/v1/me",
    "/api/v1/resources?limit=5",
    "/api/v1/bookings?limit=5",
    "/api/v1/organisations?limit=5",
    "/api/v1/people?limit=5",
    "/api/v1/closures",
    "/api/v1/feeds",
    "/api/v1/tokens",
)
"""Where programs begin."""
NAMED = {
    "organisation_id": "/api/v1/organisations/{}",
    "owner_id": "/api/v1/organisations/{}",
    "manager_id": "/api/v1/organisations/{}",
    "resource_id": "/api/v1/resources/{}",
}
"""Fields that name another thing -> its address."""


READ_ONE_BY_ONE = frozenset(
    f"/api/v1/{name}" for name in ("bookings", "closures", "feeds", "organisations", "resources")
)
"""Lists whose things have addresses of their own."""


MEMBER = "membre@atelier-nord.example.org"


def email_of(role: Role) -> str | None:
    """Return the address of somebody of the demonstration who has that role alone, if any."""
    held: dict[str, set[str]] = {}
    for email, name, *_ in accounts(["A"]):
        held.setdefault(email, set()).add(name)
    return next((email for email, roles in held.items() if roles == {str(role)}), None)


class Links(HTMLParser):
    """What a page leads to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.posts: list[str] = []
        self.ids: set[str] = set()
        self.fragments: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element leads to."""
        found = dict(attrs)
        self.ids.add(found.get("id") or "")
        for name in ("href", "src", "data-feed", "data-url"):
            if (value := found.get(name)) and not value.startswith(("data:", "mailto:", "tel:")):
                (self.fragments if value.startswith("#") else self.links).append(value)
        if tag == "form":
            is_post = (found.get("method") or "get").lower() == "post"
            (self.posts if is_post else self.links).append(found.get("action") or "")
        if tag == "button" and found.get("formaction"):
            self.posts.append(found["formaction"] or "")


class Crawl:
    """One reader's way from link to link, and what led nowhere."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app, self.client = app, client
        self.waiting: deque[tuple[str, str]] = deque()
        self.known: set[str] = set()
        self.alike: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.opened = 0

    def go(self, *starts: str) -> None:
        """Follow everything from some addresses."""
        self.waiting.extend((start, "the beginning") for start in starts)
        while self.waiting:
            path, origin = self.waiting.popleft()
            endpoint = self.endpoint_of(path)
            self.alike[endpoint] += 1
            if path in self.known or self.alike[endpoint] > MOST_ALIKE:
                continue
            self.known.add(path)
            answer = self.client.get(path, buffered=True)
            self.opened += 1
            if answer.status_code >= 400:
                self.wrong.append(f"{path} answers {answer.status_code}, offered by {origin}")
            elif 300 <= answer.status_code < 400:
                self.follow(answer.headers["Location"], path)
            elif answer.content_type.startswith("text/html"):
                self.read(path, answer)
            elif answer.content_type == "application/json" and path.startswith("/api/v1/"):
                for link in addresses(answer.json, path):
                    self.follow(link, path)

    def read(self, path: str, answer: TestResponse) -> None:
        """Note where a page leads; the forms it holds and its own anchors have to be there."""
        page = Links(answer.text)
        for link in page.links:
            self.follow(link, path)
        for action in page.posts:
            target = urlsplit(urljoin(path, action)).path
            if not self.takes(target):
                self.wrong.append(f"{path} holds a form that {target} does not take")
        for fragment in page.fragments:
            if fragment[1:] not in page.ids:
                self.wrong.append(f"{path} leads to {fragment}, which is not on it")

    def follow(self, link: str, origin: str) -> None:
        """Note an address of this site, to be opened."""
        parts = urlsplit(urldefrag(urljoin(f"http://localhost{origin}", link))[0])
        if parts.netloc == "localhost" and parts.scheme == "http":
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            self.waiting.append((path, origin))

    def endpoint_of(self, path: str) -> str:
        """Return the route of an address, and the names of what it asks."""
        parts = urlsplit(path)
        try:
            endpoint, _ = self.app.url_map.bind("localhost").match(parts.path, "GET")
        except HTTPException:
            return path
        if endpoint == "static":
            return path
        asked = " ".join(sorted({pair.split("=")[0] for pair in parts.query.split("&")}))
        return f"{endpoint} {asked}"

    def takes(self, path: str) -> bool:
        """Tell whether an address takes a form."""
        try:
            self.app.url_map.bind("localhost").match(path, "POST")
        except HTTPException:
            return False
        return True


def addresses(found: object, path: str) -> Iterator[str]:
    """Give the addresses in an answer of the API: those it says, those of what it names."""
    match found:
        case dict():
            if isinstance(found.get("next"), str):
                yield f"{re.sub('[?&]after=[^&]*', '', path)}&after={found['next']}"
            if urlsplit(path).path in READ_ONE_BY_ONE:
                yield from (f"{urlsplit(path).path}/{one['id']}" for one in found.get("items", ()))
            for name, value in found.items():
                if isinstance(value, str) and name == "url":
                    yield value
                elif isinstance(value, str) and name in NAMED:
                    yield NAMED[name].format(value)
                else:
                    yield from addresses(value, path)
        case list():
            for one in found:
                yield from addresses(one, path)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return the settings without limits: the crawl is faster than a person."""
    return replace(settings, limits="off")


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_every_link_leads_somewhere(
    app: Flask,
    database: Database,
    client: FlaskClient,
    csrf: Callable[[FlaskClient], str],
    role: Role | None,
) -> None:
    crawl = Crawl(app, client)
    if role is not None:
        email = email_of(role) or become(database, role)
        said = {"csrf_token": csrf(client), "email": email, "password": PASSWORD}
        assert client.post("/connexion", data=said).status_code == 303
    crawl.go("/", *(API if role else ()), "/api/openapi.json")
    assert not crawl.wrong, "\n".join(crawl.wrong)
    assert crawl.opened > (60 if role else 8)


def become(database: Database, role: Role) -> str:
    """Give a member of the demonstration another role, one that nobody has there."""
    with database.read(ANONYMOUS) as work:
        person = members.person_by_email(work, MEMBER)
        assert person is not None
        (place, *_) = members.places(work, person.id)

    def change(work: Work) -> None:
        held = work.session.scalars(select(Affiliation).where(Affiliation.person_id == person.id))
        held.one().role = role

    database.write(Actor(door="demo", cooperative_id=place.cooperative_id), change)
    return MEMBER
