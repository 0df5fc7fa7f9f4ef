"""Importing members and resources: by page, by API and by command; all or nothing."""

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from werkzeug.test import TestResponse

from coopshare.cli import main_group
from coopshare.db.work import Database
from coopshare.documents.importing import Outcome
from coopshare.jobs.services import purge
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import CoopShareError
from coopshare.members import queries
from coopshare.members.imports import read_members
from coopshare.members.models import Organisation
from coopshare.members.services.importing import import_members, preview_members
from coopshare.resources.imports import opening_hours, read_resources
from coopshare.resources.queries import ResourceFilter, search
from coopshare.resources.services.importing import import_resources, preview_resources
from coopshare.web.console import Console, exit_code_of
from tests.make import Maker

SIRET = "73282932000074"
GOOD = (
    "Organisation;Type;Place;SIRET;Courriel de la personne;Rôle;Membre depuis\n"
    f"Atelier Nord;ACI;Locataire;{SIRET};samira@nord.example.org;Responsable;31/01/2027\n"
    "atelier nord;;;;jo@nord.example.org;;\n"
    "Atelier Nord;;;;jo@nord.example.org;Réserve;\n"
    "Régie;;;;;;\n"
    "SCIC;;;;;;\n"
).encode()
BAD = (
    "Organisation;Type;SIRET;Courriel de la personne;Rôle\n"
    "Bonne;association;;;\n"
    ";;;;\n"
    "# une note;;;;\n"
    "Mauvaise;vaisseau;123;pas-une-adresse;capitaine\n"
    "Autre;;;;Responsable\n"
).encode()


class Place:
    """A cooperative, and who administers it."""

    def __init__(self, database: Database, make: Maker) -> None:
        self.database = database
        self.phares = make.cooperative()
        self.scic: Organisation = make.organisation(self.phares, "SCIC")
        self.admin = make.actor(self.phares, self.scic, Role.ADMINISTRATOR)
        self.manager = make.actor(self.phares, self.scic, Role.RESOURCE_MANAGER)
        self.member = make.actor(self.phares, self.scic)

    def names(self) -> list[str]:
        with self.database.read(self.admin) as work:
            return [m.organisation.name for m in queries.search(work)]

    def invited(self) -> list[tuple[str, str]]:
        with self.database.read(self.admin) as work:
            return sorted((i.email, str(i.role)) for i in queries.invitations(work))

    def resources(self) -> list[str]:
        with self.database.read(self.admin) as work:
            return [r.name for r in search(work, ResourceFilter())]


@pytest.fixture
def place(database: Database, make: Maker) -> Place:
    return Place(database, make)


def outcomes(place: Place, content: bytes) -> list[tuple[int, str, list[str], list[str]]]:
    with place.database.read(place.admin) as work:
        found = preview_members(work, read_members(content))
    return [
        (
            line.number,
            line.outcome.value,
            [note.say() for note in line.notes],
            [f"{title} : {why.say()}" for title, why in line.problems],
        )
        for line in found.lines
    ]


def test_every_line_is_told(place: Place) -> None:
    assert [line[:3] for line in outcomes(place, GOOD)] == [
        (2, "created", ["Organisation à ajouter.", "Invitation à envoyer."]),
        (3, "created", ["L'organisation est celle de la ligne 2.", "Invitation à envoyer."]),
        (
            4,
            "present",
            [
                "L'organisation est celle de la ligne 2.",
                "Cette invitation est déjà à la ligne 3.",
            ],
        ),
        (5, "created", ["Organisation à ajouter."]),
        (6, "present", ["L'organisation est déjà membre."]),
    ]


def test_every_mistake_is_told_with_its_column(place: Place) -> None:
    told = outcomes(place, BAD)
    assert [(line[0], line[1]) for line in told] == [
        (2, "created"),
        (5, "error"),
        (6, "error"),
    ]
    columns = [why.partition(" : ")[0] for why in told[1][3]]
    assert columns == ["Type", "SIRET", "Rôle", "Courriel de la personne"]
    missing = "Courriel de la personne : Il manque le courriel de la personne qui a ce rôle."
    assert told[2][3] == [missing]


def test_all_of_it_or_nothing(place: Place) -> None:
    done = place.database.write(place.admin, import_members, read_members(GOOD))
    assert done.is_possible
    assert place.names() == ["Atelier Nord", "Régie", "SCIC"]
    assert place.invited() == [
        ("jo@nord.example.org", "member"),
        ("samira@nord.example.org", "organisation_manager"),
    ]
    again = outcomes(place, GOOD)
    assert {line[1] for line in again} == {"present"}
    assert again[0][2][1] == "Une invitation attend déjà sa réponse."
    other = f"Organisation;SIRET\nAutre nom;{SIRET}\nAtelier Nord;35600000000048\n".encode()
    told = outcomes(place, other)
    assert told[0][2] == ["Ce SIRET est celui d'un membre, sous le nom Atelier Nord."]
    assert told[1][3][0].startswith("SIRET : Atelier Nord a déjà un autre SIRET")
    refused = place.database.write(place.admin, import_members, read_members(BAD))
    assert not refused.is_possible
    assert place.names() == ["Atelier Nord", "Régie", "SCIC"]


RESOURCES = (
    "Nom,Type,Propriétaire,Combien,Places,Équipements,Horaires,Sur accord\n"
    'Salle Verrière,lieu,,,14,"Wi-Fi, vidéoprojecteur",lun-ven 8h-19h ; sam 9h-12h30,oui\n'
    "Vidéoprojecteur,Matériel,SCIC,3,,,,non\n"
    "salle verriere,Lieu,,,,,,\n"
).encode()


def test_resources(place: Place) -> None:
    done = place.database.write(place.admin, import_resources, read_resources(RESOURCES))
    assert [line.outcome for line in done.lines] == [
        Outcome.CREATED,
        Outcome.CREATED,
        Outcome.PRESENT,
    ]
    with place.database.read(place.admin) as work:
        room, projector = search(work, ResourceFilter())
        assert (room.name, room.capacity, room.features, room.needs_approval) == (
            "Salle Verrière",
            14,
            ["wifi", "projector"],
            True,
        )
        assert [(h.weekday, h.opens, h.closes) for h in room.hours][-2:] == [
            (4, 480, 1140),
            (5, 540, 750),
        ]
        assert (projector.quantity, projector.needs_approval) == (3, False)
    bad = (
        "Nom;Type;Propriétaire;Combien;Horaires\nA;Lieu;Inconnue;;\nB;;;beaucoup;jamais\n"
    ).encode()
    with place.database.read(place.manager) as work:
        told = preview_resources(work, read_resources(bad)).lines
    assert [[title for title, _ in line.problems] for line in told] == [
        ["Propriétaire"],
        ["Type", "Horaires"],
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("lun-ven 8h-19h", [(d, "08:00", "19:00") for d in range(5)]),
        ("Samedi 9:00 – 12:30", [(5, "09:00", "12:30")]),
        (
            "lundi, mercredi : 9h-12h et 14h-18h30",
            [
                (0, "09:00", "12:00"),
                (0, "14:00", "18:30"),
                (2, "09:00", "12:00"),
                (2, "14:00", "18:30"),
            ],
        ),
        ("tous les jours 0h-24h", [(d, "00:00", "24:00") for d in range(7)]),
        (
            "ven au dim 10h à 11h",
            [(4, "10:00", "11:00"), (5, "10:00", "11:00"), (6, "10:00", "11:00")],
        ),
    ],
    ids=["none", "week", "saturday", "two", "always", "words"],
)
def test_hours_are_read_as_people_write_them(text: str, wanted: list[Any]) -> None:
    assert [(h["weekday"], h["opens"], h["closes"]) for h in opening_hours(text)] == wanted


class Browser:
    """A browser, as one of the people of the place."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        self.app, self.actor = app, actor
        app.extensions["coopshare"].current_actor = lambda: self.actor
        self.client = app.test_client()

    def post(self, path: str, page: str, **data: Any) -> TestResponse:
        text = self.client.get(page).text
        token = re.findall(r'name="csrf_token"\s+value="([^"]*)"', text)
        return self.client.post(path, data={"csrf_token": token[0], **data})


@pytest.mark.parametrize(
    ("where", "good", "bad"),
    [
        ("/administration/membres/importer", GOOD, BAD),
        ("/ressources/importer", RESOURCES, b"Nom;Type\nA;vaisseau\nB;Lieu\n"),
    ],
    ids=["members", "resources"],
)
def test_the_pages(app: Flask, place: Place, where: str, good: bytes, bad: bytes) -> None:
    browser = Browser(app, place.admin)
    assert "Partez du modèle" in browser.client.get(where).text
    for form in ("csv", "xlsx"):
        model = browser.client.get(f"{where}/modele?format={form}")
        assert model.headers["Content-Disposition"].endswith(f'.{form}"')
    nothing = browser.post(where, where)
    assert (nothing.status_code, "Choisissez un fichier." in nothing.text) == (422, True)
    unread = browser.post(where, where, file=(io.BytesIO(b"Couleur\nx\n"), "x.csv"))
    assert (unread.status_code, "n&#39;est pas connue" in unread.text) == (422, True)

    wrong = browser.post(where, where, file=(io.BytesIO(bad), "mauvais.csv"))
    assert wrong.status_code == 303
    page = browser.client.get(wrong.location)
    assert "mauvais.csv" in page.text
    assert "rien n’est importé tant qu’elle" in page.text
    assert "Envoyer le fichier corrigé" in page.text
    forced = browser.post(wrong.location, where)
    assert (forced.status_code, "ligne" in forced.text) == (422, True)
    assert (place.names(), place.resources()) == (["SCIC"], [])

    sent = browser.post(where, where, file=(io.BytesIO(good), "bon.csv"))
    page = browser.client.get(sent.location)
    assert "seront ajoutées" in page.text
    assert (place.names(), place.resources()) == (["SCIC"], [])  # looking writes nothing
    others = Browser(app, replace(place.admin, person_id=place.member.person_id))
    assert others.client.get(sent.location).status_code == 404
    browser = Browser(app, place.admin)
    done = browser.post(sent.location, sent.location)
    assert done.status_code == 303
    assert "C&#39;est importé" in browser.client.get(done.location).text
    assert len(place.names()) + len(place.resources()) > 1
    again = browser.post(sent.location, where)
    assert again.status_code == 409


@pytest.mark.parametrize("path", ["/api/v1/members/import", "/api/v1/resources/import"])
def test_the_operations(app: Flask, place: Place, path: str) -> None:
    good = GOOD if "members" in path else RESOURCES
    bad = BAD if "members" in path else b"Nom;Type\nA;vaisseau\n"
    client = Browser(app, place.admin).client
    headers = {"Authorization": "Bearer x", "Content-Type": "text/csv"}
    looked = client.post(f"{path}?dry_run=true", data=good, headers=headers)
    assert looked.status_code == 200, looked.json
    assert looked.json["applied"] is False  # type: ignore[index]
    assert (place.names(), place.resources()) == (["SCIC"], [])
    refused = client.post(path, data=bad, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (422, "import_refused")  # type: ignore[index]
    assert refused.json["lines"][0]["problems"][0]["column"] == "Type"  # type: ignore[index]
    assert (place.names(), place.resources()) == (["SCIC"], [])
    done = client.post(path, data=good, headers=headers)
    assert done.json | {"applied": False} == looked.json  # type: ignore[operator]
    assert done.json["created"] >= 2  # type: ignore[index]
    unread = client.post(path, data=b"\x89PNG\0", headers=headers)
    assert (unread.status_code, list(unread.json["errors"])) == (422, ["file"])  # type: ignore[index]


def run(place: Place, actor: Actor, *words: str) -> tuple[int, str]:
    console = Console(
        open_database=lambda: place.database,
        find_actor=lambda *_words: replace(actor, door="cli"),
        make_worker=lambda database: database,
        acting="somebody@example.org",
    )
    result = CliRunner().invoke(main_group.commands["import"], list(words), obj=console)
    if isinstance(result.exception, CoopShareError):
        return exit_code_of(result.exception), result.stdout
    return result.exit_code, result.stdout


def test_the_commands(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "membres.csv"
    file.write_bytes(BAD)
    code, said = run(place, place.admin, "members", str(file))
    assert code == 6
    assert said.splitlines()[0] == "2\tcreated\tBonne\tOrganisation à ajouter."
    assert said.splitlines()[1].startswith("5\terror\tMauvaise · pas-une-adresse\tType : ")
    file.write_bytes(GOOD)
    assert run(place, place.admin, "members", str(file), "--dry-run")[0] == 0
    assert place.names() == ["SCIC"]
    assert run(place, place.admin, "members", str(file))[0] == 0
    assert len(place.names()) == 3
    file.write_bytes(RESOURCES)
    assert run(place, place.member, "resources", str(file))[0] == 4
    assert run(place, place.manager, "resources", str(file))[0] == 0
    assert len(place.resources()) == 2


def test_a_file_nobody_acts_on_is_forgotten(
    app: Flask, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = "/administration/membres/importer"
    browser = Browser(app, place.admin)
    sent = browser.post(where, where, file=(io.BytesIO(GOOD), "bon.csv"))
    place.database.write(Actor(door="worker"), purge)
    assert browser.client.get(sent.location).status_code == 200
    from_now = place.database.clock()
    monkeypatch.setattr(place.database, "clock", lambda: from_now.replace(day=from_now.day + 8))
    place.database.write(Actor(door="worker"), purge)
    assert browser.client.get(sent.location).status_code == 404
