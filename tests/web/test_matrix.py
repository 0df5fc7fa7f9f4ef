"""Every route, every method, every role, on one's own and on others' things: as the policies say.

Whoever may is never told 401, 403 or 404; an action above one's role on what one sees is a 403;
what one may not see answers, to the letter, as what does not exist; and a refused call has changed
nothing. tests/web/matrix.py says who may what, from the tables the application uses; what it says
is also a committed file, so that no right moves unseen.
"""

import hashlib
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coopshare.config import Settings
from coopshare.db.base import Base
from coopshare.db.models import AuditEntry
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.members.facts import ActionRefused
from tests.interfaces import any_app
from tests.make import Maker
from tests.web import matrix
from tests.web.bodies import BODY, NO_THING, body_of, query_of
from tests.web.matrix import KINDS, WHO, Call, Relation, Verdict, verdict
from tests.web.things import Thing, Things

LogIn = Callable[[FlaskClient, Actor], None]
Csrf = Callable[[FlaskClient], str]

DONE = frozenset({200, 201, 204, 302, 303})
ONCE = re.compile(
    r'name="(csrf_token|_key)" value="[^"]*"|"request_id": ?"[^"]*"'
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
"""What differs between two answers to the same question: keys of forms, the id asked for."""
ENDS_LOGIN = frozenset({"members.log_out", "members.change_password"})


def digest(database: Database) -> dict[str, str]:
    """Return what stands in each table, in short."""
    with database.engine.connect() as connection:
        return {
            table.name: hashlib.sha256(
                repr(sorted(map(repr, connection.execute(but_refusals(table))))).encode()
            ).hexdigest()
            for table in Base.metadata.sorted_tables
        }


def but_refusals(table: sa.FromClause) -> sa.Select[Any]:
    """Return all rows of a table, but for the trace that a refusal itself leaves."""
    rows = sa.select(table)
    if table is not AuditEntry.__table__:
        return rows
    return rows.where(table.c.action != ActionRefused.name)


class Asking:
    """One person's calls, and what is wrong with the answers."""

    def __init__(self, app: Flask, things: Things, name: str, log_in: LogIn, csrf: Csrf) -> None:
        self.app, self.things, self.name, self.csrf, self.log_in = app, things, name, csrf, log_in
        self.actor = WHO[name]
        self.wrong: list[str] = []
        self.cells = 0
        self.enter()

    def enter(self) -> None:
        """Open a browser, logged in when the person is known."""
        self.client = self.app.test_client()
        if self.actor.is_known:
            self.log_in(self.client, self.things.login_of(self.actor))
        self.token = self.csrf(self.client)

    def send(self, call: Call, thing: Thing, *, unknown: bool = False) -> TestResponse:
        """Make a call about a thing, or about one that does not exist."""
        path = call.path
        for name, value in thing.arguments.items():
            named = str(uuid.uuid4()) if unknown and f"<int:{name}>" not in path else value
            path = re.sub(f"<(?:[a-z]+:)?{name}>", named, path)
        is_json = path.startswith("/api/")
        said = body_of(call, self.things, thing)
        given: dict[str, Any] = {"json": said} if is_json else {"data": said}
        if call.method in {"GET", "DELETE"}:
            given = {}
        elif BODY in said:
            given = {"data": said[BODY], "content_type": "text/csv"}
        headers = {"X-CSRFToken": self.token}
        if is_json and call.method in {"PATCH", "DELETE"}:
            headers["If-Match"] = f'"v{self.things.version(thing)}"'
        return self.client.open(
            path,
            method=call.method,
            headers=headers,
            query_string=query_of(call, self.things, thing),
            **given,
        )

    def ask(self, call: Call, relation: Relation | None, thing: Thing) -> None:
        """Make a call and note what is wrong with its answer."""
        wanted = verdict(self.actor, call, relation)
        answer = self.send(call, thing)
        self.cells += 1
        if not self.is_right(wanted, call, thing, answer):
            about = f" about {call.kind} {relation}" if relation else ""
            self.wrong.append(
                f"{self.name}: {call.method} {call.path}{about} answers {answer.status_code},"
                f" the policies say {wanted.name}"
            )

    def is_right(self, wanted: Verdict, call: Call, thing: Thing, answer: TestResponse) -> bool:
        """Tell whether an answer is that of a verdict."""
        status = answer.status_code
        match wanted:
            case Verdict.MAY:
                return status in DONE
            case Verdict.REFUSED:
                return status == 403
            case Verdict.UNKNOWN:
                is_page = call.method == "GET" and not call.path.startswith("/api/")
                return status == (303 if is_page else 401)
            case Verdict.HIDDEN:
                return self.is_hidden(call, thing, answer)

    def is_hidden(self, call: Call, thing: Thing, answer: TestResponse) -> bool:
        """Tell whether a thing answers to the letter as one that does not exist.

        That is 404; 403 where the action is above the role whatever it is about; 422 where an
        organisation is chosen from a list.
        """
        is_named = "<uuid:" in call.path
        above = all(
            verdict(self.actor, call, one) in {Verdict.REFUSED, Verdict.HIDDEN}
            for one in KINDS[call.kind]
            if is_named or one in {Relation.OTHER, Relation.ELSEWHERE}
        )
        if answer.status_code not in ({403, 404} if above else {404}):
            return not is_named and answer.status_code == 422
        if not is_named:
            return True
        other = self.send(call, thing, unknown=True)
        return (answer.status_code, ONCE.sub("", answer.text)) == (
            other.status_code,
            ONCE.sub("", other.text),
        )


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return the settings without limits: one person asks everything within one instant."""
    return replace(settings, limits="off")


@pytest.fixture
def things(database: Database, make: Maker) -> Things:
    return Things(database, make)


SAMPLE = ("member", "administrator")
"""Who asks on the other engine too: the same rows come back from it, four times slower."""


@pytest.mark.parametrize(
    ("engine_name", "name"),
    [("sqlite", name) for name in WHO] + [("postgresql", name) for name in SAMPLE],
)
def test_each_route_by_each_role(
    app: Flask, database: Database, things: Things, login: LogIn, csrf: Csrf, name: str
) -> None:
    things.become(WHO[name])
    asking = Asking(app, things, name, login, csrf)
    if name == "suspended":
        things.suspend_me()
    shared = {
        (kind, relation): things.thing(kind, relation)
        for kind, relations in KINDS.items()
        for relation in relations
    }
    before = digest(database)
    writing: list[tuple[Call, Relation | None]] = []
    for call in matrix.calls(app):
        if call.is_public:
            continue
        for relation in KINDS[call.kind] or (None,):
            if call.method != "GET" and verdict(asking.actor, call, relation) is Verdict.MAY:
                writing.append((call, relation))
                continue
            asking.ask(call, relation, shared[call.kind, relation] if relation else NO_THING)
        after = digest(database)
        if after != before:
            changed = [table for table in after if after[table] != before[table]]
            asking.wrong.append(f"{name}: {call.method} {call.path} changed {', '.join(changed)}")
            before = after
    for call, relation in writing:
        asking.ask(call, relation, things.thing(call.kind, relation) if relation else NO_THING)
        if call.endpoint in ENDS_LOGIN:
            asking.enter()
    assert not asking.wrong, "\n".join(asking.wrong)
    assert asking.cells > 150


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("name", ["anonymous", "suspended", "member", "administrator"])
def test_public_routes_are_for_everybody(
    app: Flask, things: Things, login: LogIn, csrf: Csrf, name: str
) -> None:
    """Public means public: nobody is asked who they are, and a form without words says so."""
    things.become(WHO[name])
    secrets = things.secrets()
    asking = Asking(app, things, name, login, csrf)
    answers = {}
    for call in matrix.calls(app):
        if not call.is_public:
            continue
        begins = "/" + call.path.split("/")[1]
        path = call.path.replace("<token>", secrets.get(begins, "")).replace("<slug>", "agenda")
        path = path.replace("<code>", "not-found").replace("not-found", "not_found")
        said = {"csrf_token": asking.token} if call.method == "POST" else {}
        answers[call.method, call.path] = asking.client.open(
            path, method=call.method, data=said
        ).status_code
        if call.endpoint in ENDS_LOGIN:
            asking.enter()
    refused = {key: code for key, code in answers.items() if code in {401, 403, 404} or code >= 500}
    assert refused == {}
    assert len(answers) > 15


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_guessed_key_is_nobody(app: Flask, client: FlaskClient) -> None:
    wrong = []
    for call in matrix.calls(app):
        url = re.sub("<uuid:[^>]*>", str(uuid.uuid4()), call.path)
        url = re.sub("<int:[^>]*>", "1", url)
        if call.is_public:
            continue
        answer = client.open(url, method=call.method, headers={"Authorization": "Bearer guess"})
        is_page = call.method == "GET" and not url.startswith("/api/")
        if answer.status_code != (303 if is_page else 401):
            wrong.append((call.method, url, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_other_methods_and_spellings_change_nothing(
    app: Flask, database: Database, things: Things, login: LogIn, csrf: Csrf
) -> None:
    """A method a path does not have is refused, to the mightiest too; no header makes it another
    (A8, A16).
    """
    things.become(WHO["administrator"])
    asking = Asking(app, things, "administrator", login, csrf)
    before = digest(database)
    wrong = []
    paths: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        paths.setdefault(rule.rule, set()).update(rule.methods or set())
    for path, methods in sorted(paths.items()):
        url = re.sub("<uuid:[^>]*>", str(uuid.uuid4()), path)
        url = re.sub("<[^>]*>", "rien", url)
        headers = {"X-CSRFToken": asking.token, "If-Match": '"v1"'}
        for method in {"PUT", "PATCH", "DELETE", "POST", "PROPFIND", "BREW"} - methods:
            answer = asking.client.open(url, method=method, headers=headers, json={})
            if answer.status_code not in {404, 405}:
                wrong.append((method, url, answer.status_code))
        if "GET" in methods:
            names = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
            forged = asking.client.get(url, headers=dict.fromkeys(names, "DELETE")).status_code
            head = asking.client.head(url).status_code
            if {forged, head} != {asking.client.get(url).status_code}:
                wrong.append(("GET", url, forged))
    assert wrong == []
    assert digest(database) == before


def test_the_committed_file_says_the_same() -> None:
    """A right that moves shows in review: `python -m tests.web.matrix` writes the file anew."""
    assert matrix.told(any_app()) == matrix.FILE.read_text(encoding="utf-8")


def test_a_route_about_something_new_is_refused() -> None:
    with pytest.raises(LookupError, match="names a thing by wing_id, which the matrix cannot make"):
        matrix.kind_of("/ailes/<uuid:wing_id>", ("wing_id",), "resources.wing")
    call = Call("resources.grow", "POST", "/ailes", "resources:edit", "", anywhere=False)
    with pytest.raises(LookupError, match="Nobody said what POST /ailes"):
        body_of(call, None, NO_THING)  # type: ignore[arg-type]
