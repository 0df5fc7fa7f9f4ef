"""Who tries too much leaves a line in the audit trail; who administers ends lost logins."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coopshare.app import HANDLERS, JOBS
from coopshare.db.models import AuditEntry
from coopshare.db.work import Database
from coopshare.jobs.worker import Worker
from coopshare.kernel.actor import Actor, Role
from coopshare.members import passwords, queries, services, tokens
from coopshare.members.commands import CreateToken
from coopshare.web.limits import RATES, Pace
from tests.conftest import Clock
from tests.make import Maker

LogIn = Callable[[FlaskClient, Actor], None]
Csrf = Callable[[FlaskClient], str]


class House:
    """A member and an administrator of a cooperative; an administrator of another."""

    def __init__(self, app: Flask, database: Database, make: Maker) -> None:
        self.app, self.database = app, database
        here, away = make.cooperative(), make.cooperative("Ailleurs")
        self.organisation = make.organisation(here)
        word = passwords.hashed("un mot de passe assez long").hash
        self.person = make.person("Camille", password_hash=word)
        self.member = make.actor(here, self.organisation, person=self.person)
        self.administrator = make.actor(
            here, self.organisation, Role.ADMINISTRATOR, person=make.person("Lou")
        )
        self.stranger = make.actor(away, make.organisation(away), Role.ADMINISTRATOR)
        self.page = f"/administration/membres/{self.organisation.id}/personnes/{self.person.id}"

    def journal(self, action: str) -> list[AuditEntry]:
        """Return the lines of one kind, as who administers reads them."""
        with self.database.read(self.administrator) as work:
            return [entry for entry in queries.journal(work) if entry.action == action]


@pytest.fixture
def house(app: Flask, database: Database, make: Maker) -> House:
    return House(app, database, make)


def test_a_refusal_is_traced(house: House, login: LogIn, csrf: Csrf) -> None:
    """Who, which route, which verb; nothing of what was sent."""
    client = house.app.test_client()
    login(client, house.member)
    data = {"csrf_token": csrf(client), "name": "secret"}
    assert client.get("/administration").status_code == 403
    assert client.post(f"{house.page}/suspendre", data=data).status_code == 403
    found = house.journal("access.refused")
    assert {(entry.person_id, entry.object_id, entry.door) for entry in found} == {
        (house.member.person_id, house.member.person_id, "web")
    }
    assert sorted((e.changes["method"][1], e.changes["route"][1]) for e in found) == [
        ("GET", "/administration"),
        (
            "POST",
            "/administration/membres/<uuid:organisation_id>/personnes/<uuid:person_id>/suspendre",
        ),
    ]
    reader = house.app.test_client()
    login(reader, house.administrator)
    page = reader.get("/administration/journal").text
    assert "Camille a demandé ce que son rôle ne permet pas." in page


def test_refusals_do_not_fill_the_trail(house: House, login: LogIn, clock: Clock) -> None:
    client = house.app.test_client()
    login(client, house.member)
    most = RATES[Pace.REFUSALS].count
    for _ in range(most + 5):
        assert client.get("/administration").status_code == 403
    with house.database.read(house.administrator) as work:
        assert len(queries.journal(work, limit=100)) == most
    clock.now += timedelta(hours=1)
    client.get("/administration")
    with house.database.read(house.administrator) as work:
        assert len(queries.journal(work, limit=100)) == most + 1


def test_a_failed_login_is_traced(house: House, csrf: Csrf) -> None:
    """By the worker, in each cooperative; an unknown address looks the same and leaves none."""
    client = house.app.test_client()
    token = csrf(client)
    for email in (house.person.email, "personne@example.org"):
        typed = {"email": email, "password": "faux, tout faux", "csrf_token": token}
        assert client.post("/connexion", data=typed).status_code in {401, 422}
    house.database.handlers = HANDLERS
    assert Worker(house.database, JOBS).drain() == 2
    (entry,) = house.journal("login.failed")
    assert (entry.person_id, entry.object_id) == (None, house.person.id)


def test_the_logins_of_another(house: House, login: LogIn, csrf: Csrf) -> None:
    """By a button or by a program: dead at the next request, and told; keys stay."""
    phone, desk = house.app.test_client(), house.app.test_client()
    for device in (phone, desk):
        login(device, house.member)
        assert device.get("/compte").status_code == 200
    reader = house.app.test_client()
    login(reader, house.administrator)
    assert "Déconnecter tous ses appareils" in reader.get(house.page).text
    done = reader.post(f"{house.page}/deconnecter", data={"csrf_token": csrf(reader)})
    assert done.status_code == 303
    for device in (phone, desk):
        assert device.get("/compte").status_code == 303
    assert reader.get("/compte").status_code == 200
    login(phone, house.member)
    key = tokens.new()
    command = CreateToken(name="clé", token_hash=tokens.hashed(key))
    house.database.write(house.administrator, services.create_token, command)
    answer = house.app.test_client().post(
        f"/api/v1/organisations/{house.organisation.id}/people/{house.person.id}/end-sessions",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 204
    assert phone.get("/compte").status_code == 303
    found = house.journal("person.logins_ended")
    assert [(e.person_id, e.object_id) for e in found] == [
        (house.administrator.person_id, house.person.id)
    ] * 2
    assert {e.door for e in found} == {"web", "api"}


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_nobody_else_ends_them(house: House, login: LogIn, csrf: Csrf) -> None:
    """Not a colleague, not another cooperative, not of somebody unknown."""
    phone = house.app.test_client()
    login(phone, house.member)
    for actor, wanted in ((house.member, 403), (house.stranger, 404)):
        client = house.app.test_client()
        login(client, actor)
        data = {"csrf_token": csrf(client)}
        assert client.post(f"{house.page}/deconnecter", data=data).status_code == wanted
    client = house.app.test_client()
    login(client, house.administrator)
    data = {"csrf_token": csrf(client)}
    other = house.page.replace(str(house.person.id), str(uuid.uuid4()))
    assert client.post(f"{other}/deconnecter", data=data).status_code == 404
    assert phone.get("/compte").status_code == 200
