"""Whatever is sent: a clear 4xx, nothing stored, nothing shown of ours; on both engines."""

import base64
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from coopshare.config import Settings
from coopshare.db.base import Base
from coopshare.db.models import AuditEntry
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.members import services, tokens
from coopshare.members.commands import CreateToken
from coopshare.web.pagination import encode
from tests.make import Maker

one_engine = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
"""Where what is sent never reaches a database."""

LogIn = Callable[[FlaskClient, Actor], None]
Csrf = Callable[[FlaskClient], str]

ID = str(uuid.UUID(int=7))
DEEP = "[" * 100_000
LONG = ("é" * 3000, "9" * 5000)
HOSTILE = (
    "a\x00b",
    "\ud800",
    "\u202eevil\u2066",
    "<script>alert(1)</script>{{ 7*7 }}%(x)s{0}",
    "=HYPERLINK(1)",
    "' OR 1=1 --\\",
    "%",
    "é" * 300,
    "9" * 400,
    "-1",
    "1e400",
    "NaN",
    str(2**63),
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "2027-03-10T09:00:00+14:00",
    "2027-02-30",
    "2027-W53-7",
    "20270310T0900",
    "٢٠٢٧-٠٣-١٠",
    "²",
    ID,
)
CURSORS = (
    encode("\x00", ID),
    encode("\ud800", ID),
    encode("0001-01-01T00:00:00+23:59", ID),
    encode("9999-12-31T23:59:59-23:59", ID),
    encode("2027-03-10T09:00:00", ID),
    encode("x" * 500, ID),
    encode(2**70, ID),
    base64.urlsafe_b64encode(DEEP[:6000].encode()).decode(),
    base64.urlsafe_b64encode(b'{"a": 1}').decode(),
    base64.urlsafe_b64encode(b"\xff\xfe[]").decode(),
)
"""Places in a list that are not ours."""
FOR_THE_DATABASE = (*HOSTILE[:2], "9" * 400, "1e400", "NaN", str(2**63), *HOSTILE[13:19])
"""What two engines may read otherwise: the rest is refused before any of them is asked."""
LEAKS = re.compile(r"Traceback|sqlalchemy|psycopg|sqlite3?\.|site-packages|werkzeug")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return settings under which one person may ask as much as these tests do."""
    return replace(settings, limits="off")


class House:
    """Somebody who may do everything, with a login and an access key; a room."""

    def __init__(self, app: Flask, database: Database, make: Maker) -> None:
        self.app, self.database = app, database
        cooperative = make.cooperative()
        self.owner = make.organisation(cooperative)
        self.room = make.resource(cooperative, self.owner, "Verrière", capacity=20)
        roles = (Role.ADMINISTRATOR, Role.ORGANISATION_MANAGER, Role.MEMBER)
        self.actor = make.actor(cooperative, self.owner, *roles)
        key = tokens.new()
        command = CreateToken(name="essai", token_hash=tokens.hashed(key))
        database.write(self.actor, services.create_token, command)
        self.headers = {"Authorization": f"Bearer {key}"}
        self.client = app.test_client()
        self.csrf = ""

    @property
    def hostile(self) -> tuple[str, ...]:
        """Return all values on one engine, and on the other those it may read otherwise."""
        is_other = self.database.url.startswith("postgresql")
        return FOR_THE_DATABASE if is_other else HOSTILE

    def api(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = self.headers | options.pop("headers", {})
        return self.app.test_client().open(path, method=method, headers=headers, **options)

    def booking(self, **fields: object) -> dict[str, object]:
        """Return the body of a booking that would be kept."""
        return {
            "title": "Réunion",
            "lines": [{"resource_id": str(self.room.id), "quantity": 1}],
            "starts_at": "2027-03-10T09:00:00Z",
            "ends_at": "2027-03-10T10:00:00Z",
        } | fields

    def rows(self) -> dict[str, int]:
        """Return how many rows each table has, but for the trace of refusals."""
        with self.database.engine.connect() as connection:
            return {
                table.name: connection.execute(
                    sa.select(sa.func.count()).select_from(table)
                ).scalar_one()
                for table in Base.metadata.sorted_tables
                if table.name != AuditEntry.__tablename__
            }


@pytest.fixture
def house(app: Flask, database: Database, make: Maker, login: LogIn, csrf: Csrf) -> House:
    house = House(app, database, make)
    login(house.client, house.actor)
    house.csrf = csrf(house.client)
    return house


def is_clean(answer: TestResponse) -> bool:
    """Tell whether an answer is no mistake of ours and shows nothing of ours."""
    kind = answer.mimetype or ""
    shown = answer.text if kind.startswith(("text/", "application/")) else ""
    is_markup = "<script>alert(1)" in shown and kind == "text/html"
    return answer.status_code < 500 and not LEAKS.search(shown) and not is_markup


def clean(answer: TestResponse, what: object) -> None:
    """Assert such an answer."""
    assert is_clean(answer), (what, answer.status_code, answer.text[-300:])


def refused(answer: TestResponse, *statuses: int) -> None:
    """Assert a refusal in words."""
    clean(answer, answer.request.path)
    assert answer.status_code in statuses, answer.text[:400]
    assert answer.mimetype == "application/problem+json"
    assert len(answer.get_json()["detail"]) > 10


def address(rule: Rule, house: House) -> str:
    """Return an address of a route."""
    known = {"resource_id": house.room.id, "organisation_id": house.owner.id}
    path = rule.rule
    for name in rule.arguments:
        value = str(known.get(name, ID))
        path = re.sub(rf"<(?:\w+:)?{name}>", value, path)
    return path


def routes(app: Flask, method: str) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint != "static":
            yield rule


def words_of_addresses() -> set[str]:
    """Return every name that any of our pages reads in an address, from their sources."""
    found: set[str] = set()
    for path in (Path(__file__).parents[2] / "coopshare").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"(?:args|values|args\.get|getlist)\w*\(\s*\"(\w+)\"", text))
        found |= set(re.findall(r"(\w+) = (?:Text|Whole|Instant|Day|fields\.\w+)\(", text))
    return found | {"du", "au", "from", "to"}


def test_every_page_reads_any_address(house: House) -> None:
    """Each name that is read anywhere, on each page, with each hostile value."""
    words = words_of_addresses()
    assert {"du", "suite", "after", "ressource", "date", "places", "limit"} <= words
    before, wrong = house.rows(), []
    for rule in routes(house.app, "GET"):
        path = address(rule, house)
        api = path.startswith("/api/")
        for value in (*house.hostile, *CURSORS):
            text = value.encode("utf-8", "surrogatepass")
            named = {"after", "suite"} if value in CURSORS else words
            asked = dict.fromkeys(named, text)
            answer = (
                house.api("GET", path, query_string=asked)
                if api
                else house.client.get(path, query_string=asked)
            )
            if not is_clean(answer):
                wrong.append((path, value[:40]))
    assert wrong == []
    assert house.rows() == before


def test_each_word_of_an_address_alone(house: House) -> None:
    """On the pages that read many of them, one at a time: the others do not hide it."""
    span = {"du": "2027-03-10T09:00", "au": "2027-03-10T10:00"}
    between = {"from": "2027-03-10T09:00:00Z", "to": "2027-03-10T10:00:00Z"}
    dates = {"from": "2027-03-10", "to": "2027-03-17"}
    pages: list[tuple[str, dict[str, str], tuple[str, ...]]] = [
        ("/", span, ("du", "au", "duree", "genre", "places", "combien", "q", "avec", "laquelle")),
        ("/reserver", span, ("du", "au", "ressource", "quantite", "titre", "personnes")),
        ("/planning", {}, ("date", "vue", "kind", "q")),
        ("/planning/donnees", dates, ("from", "to", "kind", "ressource", "q")),
        (f"/ressources/{house.room.id}/planning", {}, ("date", "vue")),
        ("/ressources", {}, ("q", "type", "places", "organisation", "avec")),
        ("/reservations", {}, ("vue", "quand", "suite")),
        ("/administration/journal", {}, ("after",)),
        ("/administration/membres", {}, ("q", "after")),
        (
            "/api/v1/availability",
            between,
            ("from", "to", "duration", "kind", "quantity", "min_capacity", "q", "resource_id"),
        ),
        (f"/api/v1/resources/{house.room.id}/busy", between, ("from", "to")),
        ("/api/v1/bookings", {}, ("from", "to", "resource_id", "status", "after", "limit")),
        ("/api/v1/resources", {}, ("q", "kind", "min_capacity", "from", "owner", "after")),
        ("/api/v1/organisations", {}, ("q", "limit", "after")),
        ("/api/v1/people", {}, ("q", "limit", "after")),
    ]
    wrong = []
    texts = HOSTILE[:2] if house.database.url.startswith("postgresql") else HOSTILE
    for path, others, names in pages:
        for name in names:
            for value in (*texts, *LONG, *(CURSORS if name in {"after", "suite"} else ())):
                asked: dict[str, Any] = others | {name: value.encode("utf-8", "surrogatepass")}
                answer = (
                    house.api("GET", path, query_string=asked)
                    if path.startswith("/api/")
                    else house.client.get(path, query_string=asked)
                )
                if not is_clean(answer):
                    wrong.append((path, name, value[:40]))
    assert wrong == []


def test_every_form_takes_any_text(house: House) -> None:
    """Each field of each form, with each hostile value: refused or kept as plain text."""
    words = words_of_addresses() | {"resource_id", "quantity", "day", "do", "_key"}
    wrong = []
    skipped = {"members.log_out", "members.end_session", "members.change_password"}
    for rule in routes(house.app, "POST"):
        path = address(rule, house)
        if path.startswith("/api/") or rule.endpoint in skipped:
            continue
        for value in house.hostile:
            text = value.encode("utf-8", "surrogatepass")
            form: dict[str, Any] = dict.fromkeys(words, text) | {"csrf_token": house.csrf}
            if not is_clean(house.client.post(path, data=form)):
                wrong.append((path, value[:40]))
    assert wrong == []


@one_engine
@pytest.mark.parametrize(
    "instead",
    [
        "2027-03-10T09:00|2027-03-10T10:00|{id}*1",
        "0001-01-01T00:00:00+23:59|9999-12-31T23:59:59-23:59|{id}*1",
        "2027-03-10T10:00:00+00:00|2027-03-10T09:00:00+00:00|{id}*1",
        "2027-03-10T09:00:00+00:00|2027-03-10T10:00:00+00:00|{id}*99999999999999999999",
        "2027-03-10T09:00:00+00:00|2027-03-10T10:00:00+00:00|{id}*-1",
        "2027-03-10T09:00:00+00:00|2027-03-10T10:00:00+00:00|" + "{id}*1," * 200 + "{id}*1",
        "|||||",
    ],
)
def test_a_forged_alternative(house: House, instead: str) -> None:
    """The button of a refusal carries what it proposes: another one is checked as anything."""
    before = house.rows()
    form = {"instead": instead.replace("{id}", str(house.room.id)), "csrf_token": house.csrf}
    answer = house.client.post("/reserver", data=form)
    clean(answer, instead)
    assert answer.status_code in {404, 409, 422}, answer.status_code
    assert house.rows() == before


TEXTS = [value for value in HOSTILE if "\x00" in value or "\u202e" in value or "\ud800" in value]


@pytest.mark.parametrize("field", ["title", "note", "organisation_id", "starts_at", "timezone"])
def test_each_field_of_a_booking(house: House, field: str) -> None:
    """What is not refused is kept as it was typed; the room is free again each time."""
    for value in HOSTILE:
        answer = house.api("POST", "/api/v1/bookings", json=house.booking(**{field: value}))
        clean(answer, (field, value[:40]))
        if value in TEXTS:
            refused(answer, 400, 404, 422)
        if answer.status_code == 201:
            if field in {"title", "note"}:
                assert answer.get_json()[field] == value
            else:
                assert (field, value) == ("starts_at", "2027-03-10T09:00:00+14:00")
            done = house.api(
                "POST",
                f"/api/v1/bookings/{answer.get_json()['id']}/cancel",
                json={"reason": value[:250]},
            )
            assert done.status_code == 200, done.text


@one_engine
@pytest.mark.parametrize(
    "body",
    [
        DEEP.encode(),
        b'{"a":' * 50_000,
        b'{"title": 1' + b"0" * 10_000 + b"}",
        b'{"title": 1e999}',
        b'{"people": NaN, "title": "x"}',
        b'{"people": Infinity}',
        b'{"title": "a", "title": "b"}',
        b'{"lines": [{"quantity": 1, "quantity": 2}]}',
        '{"title": "é"}'.encode("latin-1"),
        '{"title": "é"}'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b"\x00",
        b"",
        b"{",
        b"null",
        b"[]",
        b'"texte"',
        b"true",
        b"0",
        b"<xml/>",
    ],
    ids=lambda body: body[:24].decode("latin-1").encode("unicode_escape").decode(),
)
def test_json_that_is_no_request(house: House, body: bytes) -> None:
    before = house.rows()
    kind = {"Content-Type": "application/json"}
    for method, path in (
        ("POST", "/api/v1/bookings"),
        ("POST", "/api/v1/resources"),
        ("POST", "/api/v1/organisations"),
        ("PATCH", f"/api/v1/resources/{house.room.id}"),
    ):
        answer = house.api(method, path, data=body, headers=kind | {"If-Match": '"v1"'})
        if method == "PATCH" and body == b"":
            clean(answer, body)
            continue
        refused(answer, 400, 422)
    assert house.rows() == before


@one_engine
@pytest.mark.parametrize(
    "value",
    [True, 1.5, "1.5", "١", "1_0", "0x1", " ", 2**31, 2**63, -(2**63) - 1, 10**400, [1], {}],
)
def test_numbers_that_are_none(house: House, value: object) -> None:
    line = {"resource_id": str(house.room.id), "quantity": value}
    refused(house.api("POST", "/api/v1/bookings", json=house.booking(lines=[line])), 400, 422)
    refused(house.api("POST", "/api/v1/bookings", json=house.booking(people=value)), 400, 422)


SPANS = [
    ("2027-03-10T10:00:00Z", "2027-03-10T09:00:00Z"),
    ("2027-03-10T10:00:00Z", "2027-03-10T10:00:00Z"),
    ("2027-03-10T10:00:00Z", "2099-03-10T10:00:00Z"),
    ("2000-01-01T00:00:00Z", "2000-01-01T01:00:00Z"),
    ("0001-01-01T00:00:00Z", "0001-01-01T01:00:00Z"),
    ("9999-12-31T22:00:00Z", "9999-12-31T23:59:59-23:59"),
    ("2099-12-31T22:00:00Z", "2099-12-31T23:59:59Z"),
    ("2027-03-10T10:00:00+25:00", "2027-03-10T10:00:00+26:00"),
    ("2027-03-10T10:00:00.000000001Z", "2027-03-10T10:00:00.000000002Z"),
    ("2027-03-10T24:00:00Z", "2027-03-10T25:00:00Z"),
    ("2027-03-10T10:00:60Z", "2027-03-10T10:00:61Z"),
    ("2027-03-10", "2027-03-11"),
]


@one_engine
@pytest.mark.parametrize(("starts_at", "ends_at"), SPANS)
def test_spans_that_are_none(house: House, starts_at: str, ends_at: str) -> None:
    before = house.rows()
    body = house.booking(starts_at=starts_at, ends_at=ends_at)
    refused(house.api("POST", "/api/v1/bookings", json=body), 422)
    quote = house.api("POST", "/api/v1/bookings/quote", json=body)
    clean(quote, body)
    assert quote.status_code == 422 or quote.get_json()["possible"] is False
    assert house.rows() == before


@one_engine
def test_an_offset_is_an_instant(house: House) -> None:
    body = house.booking(starts_at="2027-03-10T23:00:00+14:00", ends_at="2027-03-09T21:30:00-12:00")
    answer = house.api("POST", "/api/v1/bookings", json=body)
    assert answer.status_code == 201, answer.text
    said = answer.get_json()
    assert (said["starts_at"], said["ends_at"]) == ("2027-03-10T09:00:00Z", "2027-03-10T09:30:00Z")


def test_text_is_kept_in_one_form(house: House) -> None:
    """Composed or not, the same; markup and formulas are text, escaped where they are shown."""
    title = "<b>Re\u0301union</b> =1+1 {{ 7*7 }} %s"
    answer = house.api("POST", "/api/v1/bookings", json=house.booking(title=title))
    said = answer.get_json()
    assert said["title"] == "<b>R\u00e9union</b> =1+1 {{ 7*7 }} %s"
    page = house.client.get(f"/reservations/{said['id']}").text
    assert "&lt;b&gt;R\u00e9union&lt;/b&gt; =1+1 {{ 7*7 }} %s" in page
    assert "<b>R" not in page


HEADERS = [
    ("Authorization", "Bearer \xff\xfe"),
    ("Authorization", "Bearer " + "x" * 8000),
    ("Authorization", "Basic ???"),
    ("Authorization", "Bearer"),
    ("Cookie", "coopshare=.eJw\xff; theme=<script>"),
    ("Cookie", "coopshare=eyJfdXNlcl9pZCI6IjEifQ.xxxx.yyyy"),
    ("Accept", "application/json;q=zzz, */*;q=9"),
    ("Accept-Language", "x" * 5000 + ";q=nan,fr-€"),
    ("Accept-Encoding", "gzip;q=ten"),
    ("Content-Length", "-1"),
    ("Content-Type", "application/json; charset=klingon"),
    ("If-None-Match", '"' * 400),
    ("If-Modified-Since", "Mon, 99 Foo 99999 99:99:99 GMT"),
    ("If-Match", '"v99999999999999999999999999"'),
    ("If-Match", "W/*"),
    ("Range", "bytes=9-1,-,x"),
    ("Idempotency-Key", "\xe9" * 100),
    ("Idempotency-Key", "k" * 5000),
    ("Origin", "null"),
    ("Origin", "http://[::1"),
    ("Sec-Fetch-Site", "nowhere"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("X-Forwarded-For", "not an address, \xff"),
    ("Expect", "the-unexpected"),
    ("User-Agent", "\x7f" * 3000),
]


@one_engine
def test_headers_that_make_no_sense(house: House) -> None:
    """Read, book, change, poll: as if they were not there, or refused."""
    before, wrong = house.rows(), []
    for name, value in HEADERS:
        for method, path in (
            ("GET", "/"),
            ("GET", "/connexion"),
            ("GET", "/api/v1/resources"),
            ("DELETE", f"/api/v1/resources/{house.room.id}"),
            ("PATCH", f"/api/v1/resources/{house.room.id}"),
            ("GET", "/ical/inconnu/agenda.ics"),
            ("POST", "/reserver"),
        ):
            headers = house.headers if path.startswith("/api/") and name != "Authorization" else {}
            options: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
            answer = house.app.test_client().open(
                path, method=method, headers=headers | {name: value}, **options
            )
            if not is_clean(answer):
                wrong.append((name, value[:40], path))
    assert wrong == []
    assert house.rows() == before
    assert house.client.get(f"/ressources/{house.room.id}").status_code == 200


PATHS = [
    "//evil.example/",
    "/..%2f..%2fetc/passwd",
    "/statique/..%2f..%2fconfig.py",
    "/statique/%2e%2e/config.py",
    "/statique/css/%00.css",
    "/statique/C:%5cwindows",
    "/ressources/%00",
    "/ressources/%ff%fe",
    "/ressources/00000000-0000-0000-0000-000000000000%0a",
    f"/ressources/{{{ID}}}",
    f"/ressources/{ID.upper()}/../nouvelle",
    "/RESSOURCES",
    "/ressources/",
    "/ressources//nouvelle",
    "/ressources;a=b",
    "/api/v1/bookings/%20",
    "/api/v1/",
    "/api/v1/bookings/quote/",
    "/problems/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/problems/..%2f..%2f",
    "/invitation/%00",
    "/invitation/" + "x" * 4000,
    "/mot-de-passe/%ed%a0%80",
    "/ical/%00/a.ics",
    "/ical/" + "x" * 5000 + "/a.ics",
    "/ical/x/%ed%a0%80.ifb",
    "/.git/config",
    "/.env",
    "/console",
    "/" + "a" * 6000,
]


@one_engine
def test_odd_paths(house: House) -> None:
    """Each meets the same checks as the plain spelling: not found, or sent to it."""
    wrong = []
    for path in PATHS:
        for client in (house.client, house.app.test_client()):
            for method in ("GET", "HEAD", "POST", "DELETE"):
                answer = client.open(path, method=method)
                told = answer.headers.get("Location", "/").removeprefix("http://localhost")
                is_ours = told.startswith("/") and not told.startswith("//")
                known = {301, 303, 308, 400, 401, 403, 404, 405}
                if not (is_clean(answer) and is_ours and answer.status_code in known):
                    wrong.append((method, path[:60], answer.status_code, told))
    assert wrong == []


@one_engine
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "REPORT", "PUT", "X\xe9"])
def test_unknown_methods(house: House, method: str) -> None:
    for path in ("/", "/reserver", "/api/v1/bookings", "/connexion", "/ical/x/a.ics", "/nulle"):
        answer = house.client.open(path, method=method)
        clean(answer, (method, path))
        assert answer.status_code in {400, 404, 405}, (method, path, answer.status_code)
        if answer.status_code == 405:
            assert "GET" in answer.headers["Allow"]


@one_engine
def test_another_name_than_ours(house: House) -> None:
    """A foreign Host is told nothing, in one line: no link could be made to it."""
    for path in ("/", "/connexion", "/mot-de-passe", "/api/v1/me", "/ical/x/a.ics"):
        answer = house.client.get(path, headers={"Host": "evil.example"})
        clean(answer, path)
        assert answer.status_code == 400
        assert "evil" not in answer.text


BIG = 50 * 1024 * 1024


class Endless:
    """A body that tells how much of it was read."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        """Give as much as is asked for."""
        size = BIG if size < 0 else size
        self.taken += size
        return b"[" * size


@one_engine
@pytest.mark.parametrize("path", ["/api/v1/bookings", "/reserver", "/connexion", "/ressources/x"])
@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_body_of_fifty_megabytes(house: House, path: str, kind: str) -> None:
    """Refused by what it says of itself, hardly read."""
    body = Endless()
    if kind.startswith("multipart"):
        kind += "; boundary=x"
    answer = house.app.test_client().post(
        path,
        content_type=kind,
        headers=house.headers if path.startswith("/api") else {"X-CSRFToken": house.csrf},
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": str(BIG)},
    )
    clean(answer, path)
    assert answer.status_code in {413, 404, 422}, answer.text[:200]
    assert body.taken < 1024 * 1024
    if answer.status_code == 413:
        assert "10 Mo" in answer.text
