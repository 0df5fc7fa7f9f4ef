"""The settings of the cooperative: the same verb and the same refusals by every door."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coopshare import cli
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.members import queries
from coopshare.members.models import Cooperative
from coopshare.resources.models import Resource
from tests.make import Maker

Login = Callable[[FlaskClient, Actor], None]
Csrf = Callable[[FlaskClient], str]
PAGE = "/administration/cooperative"
ZONE = "Ce fuseau horaire n'existe pas."
ONE_OF = "Choisissez parmi les réponses proposées."


class Place:
    """Le Phares, who administers it, and a member of it."""

    def __init__(self, app: Flask, make: Maker, login: Login, csrf: Csrf) -> None:
        self.database, self.csrf = make.database, csrf
        self.phares = make.cooperative(school_zone="C")
        scic = make.organisation(self.phares, "SCIC Le Phares")
        self.room = make.resource(self.phares, scic, "Verrière")
        self.actor = make.actor(self.phares, scic, Role.ADMINISTRATOR)
        self.member = make.actor(self.phares, scic)
        self.admin, self.reader = app.test_client(), app.test_client()
        login(self.admin, self.actor)
        login(self.reader, self.member)

    def form(self, **fields: str) -> dict[str, str]:
        """Return what an administrator sends without changing anything, but for some fields."""
        values = {"version": str(self.now().version), "name": "Le Phares", "kind": "scic"}
        values |= {"timezone": "Europe/Paris", "currency": "EUR", "holiday_area": "FR"}
        values |= {"school_zone": "C", "csrf_token": self.csrf(self.admin)}
        return values | fields

    def now(self) -> Cooperative:
        """Return the cooperative as it stands."""
        with self.database.read(self.actor) as work:
            return queries.cooperative(work)


@pytest.fixture
def place(app: Flask, make: Maker, login: Login, csrf: Csrf) -> Place:
    return Place(app, make, login, csrf)


def test_by_the_page(place: Place) -> None:
    """What changes is said, what does not move too; the journal keeps who did it."""
    shown = place.admin.get(PAGE).text
    assert '<option value="C" selected>' in shown
    assert "rien ne se déplace" in shown
    changed = place.form(timezone="Indian/Reunion", holiday_area="974", school_zone="")
    assert place.admin.post(PAGE, data=changed).status_code == 303
    found = place.now()
    assert (found.timezone, found.holiday_area, found.school_zone) == (
        "Indian/Reunion",
        "974",
        None,
    )
    overview = unescape(place.admin.get("/administration").text)
    assert "Les pages se lisent maintenant à l'heure de La Réunion (Indian/Reunion)." in overview
    assert "gardent leur propre fuseau" in overview
    with place.database.read(place.actor) as work:
        kept = work.session.get(Resource, place.room.id)
        assert kept is not None
        assert kept.timezone == "Europe/Paris"
    journal = place.admin.get("/administration/journal").text
    assert "a changé les réglages de la coopérative." in journal


def test_by_the_operations(place: Place) -> None:
    """Everybody reads, who administers changes, on the version that was seen."""
    read = place.reader.get("/api/v1/cooperative")
    assert read.json is not None
    assert (read.json["currency"], read.headers["ETag"]) == ("EUR", '"v1"')
    headers = {"X-CSRFToken": place.csrf(place.admin), "If-Match": '"v1"'}
    made = place.admin.patch("/api/v1/cooperative", json={"currency": "CHF"}, headers=headers)
    assert made.status_code == 200, made.text
    assert made.json is not None
    assert (made.json["currency"], made.headers["ETag"]) == ("CHF", '"v2"')
    stale = place.admin.patch("/api/v1/cooperative", json={"name": "X"}, headers=headers)
    assert stale.status_code == 412
    headers["X-CSRFToken"] = place.csrf(place.reader)
    refused = place.reader.patch("/api/v1/cooperative", json={"name": "X"}, headers=headers)
    assert refused.status_code == 403
    assert place.reader.get(PAGE).status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("timezone", "Lune/Mer", ZONE),
        ("currency", "DOG", ONE_OF),
        ("holiday_area", "99", ONE_OF),
        ("school_zone", "Z", ONE_OF),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_one_refusal_by_every_door(
    place: Place,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    field: str,
    value: str,
    sentence: str,
) -> None:
    page = place.admin.post(PAGE, data=place.form(**{field: value}))
    assert page.status_code == 422
    said = re.search(rf'(?s)id="f-{field}-erreur".*?<span>([^<]+)', unescape(page.text))
    assert said is not None
    assert said.group(1) == sentence
    headers = {"X-CSRFToken": place.csrf(place.admin), "If-Match": '"v1"'}
    program: Any = place.admin.patch("/api/v1/cooperative", json={field: value}, headers=headers)
    assert (program.status_code, program.json["errors"]) == (422, {field: [sentence]})
    monkeypatch.setenv("COOPSHARE_DATABASE_URL", database.engine.url.render_as_string())
    option = {"holiday_area": "--holidays"}.get(field, f"--{field.replace('_', '-')}")
    words = ("--cooperative", place.phares.slug, "cooperative", "change", option, value)
    assert cli.main(list(words)) == 2
    assert sentence in capsys.readouterr().err
    assert place.now().version == 1


def test_by_the_command(
    place: Place,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("COOPSHARE_DATABASE_URL", url)
    here = ("--cooperative", place.phares.slug, "cooperative", "change")
    assert cli.main([*here, "--name", "Les Phares", "--school-zone", ""]) == 0
    assert "Les Phares" in capsys.readouterr().err
    assert (place.now().name, place.now().school_zone) == ("Les Phares", None)
    assert cli.main(["cooperative", "change", "--name", "X"]) == 2
    assert "Dites quelle coopérative" in capsys.readouterr().err
