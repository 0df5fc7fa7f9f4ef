"""The catalogue, the sheets and the pictures, as their readers see them."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.members.kinds import Standing
from coopshare.members.models import Cooperative, Organisation
from coopshare.resources.kinds import ResourceKind, TariffUnit
from coopshare.resources.models import Photo, Resource, Tariff
from tests.conftest import NOW
from tests.make import Maker
from tests.statements import counted


@dataclass
class Site:
    """Le Phares with a room, and who reads about it."""

    make: Maker
    phares: Cooperative
    owner: Organisation
    room: Resource
    photo: Photo
    member: FlaskClient
    stranger: FlaskClient


@pytest.fixture
def site(app: Flask, make: Maker, login: Callable[[FlaskClient, Actor], None]) -> Site:
    phares, other = make.cooperative(), make.cooperative("Lagon")
    owner, away = make.organisation(phares, "SCIC Le Phares"), make.organisation(other, "Récif")
    room = make.resource(
        phares,
        owner,
        "Verrière",
        capacity=14,
        hours=(540, 1080),
        notice=24 * 60,
        features=["wifi", "wheelchair"],
        location="Bâtiment B",
    )
    make.resource(phares, owner, "Chaises", kind=ResourceKind.EQUIPMENT, quantity=60)
    for standing, cents in ((None, 2500), (Standing.TENANT, 1500)):
        tariff = Tariff(
            resource_id=room.id, position=0, standing=standing, unit=TariffUnit.HOUR, cents=cents
        )
        make.keep(tariff, phares.id)
    photo = make.keep(a_photo(room), phares.id)
    tenant = make.organisation(phares, "La Cantine", Standing.TENANT)
    member, stranger = app.test_client(), app.test_client()
    login(member, make.actor(phares, tenant, standing=Standing.TENANT))
    login(stranger, make.actor(other, away, Role.ADMINISTRATOR))
    return Site(make, phares, owner, room, photo, member, stranger)


def a_photo(resource: Resource) -> Photo:
    return Photo(
        resource_id=resource.id,
        position=0,
        description="Une table sous une verrière",
        width=1600,
        height=1200,
        content_type="image/webp",
        content=b"large",
        thumbnail=b"small",
        created_at=NOW,
    )


def test_the_catalogue_shows_what_is_shared_at_my_price(site: Site) -> None:
    page = site.member.get("/ressources").text
    assert "Verrière" in page
    assert "Chaises" in page
    assert "15,00\xa0€" in page
    assert "25,00\xa0€" not in page
    assert f"/photos/{site.photo.id}/vignette" in page
    assert f"/reserver?ressource={site.room.id}" in page
    listed = page[page.index('<ul class="answers">') :]
    assert listed.index("Accessible en fauteuil roulant") < listed.index("Wi-Fi")


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("q=verriere", {"Verrière"}),
        ("type=equipment", {"Chaises"}),
        ("places=14", {"Verrière"}),
        ("places=15", set()),
        ("avec=wheelchair&avec=wifi", {"Verrière"}),
        ("avec=lift", set()),
        ("type=quoi&places=-2&avec=rien&organisation=x", {"Verrière", "Chaises"}),
        ("organisation=00000000-0000-4000-8000-000000000000", set()),
    ],
)
def test_the_catalogue_is_narrowed(site: Site, query: str, seen: set[str]) -> None:
    answer = site.member.get(f"/ressources?{query}")
    assert answer.status_code == 200
    assert {name for name in ("Verrière", "Chaises") if f">{name}</a>" in answer.text} == seen


def test_the_catalogue_costs_the_same_for_thirty(site: Site, database: Database) -> None:
    site.make.resource(site.phares, site.owner, "Salle 0")
    with counted(database) as few:
        site.member.get("/ressources")
    for number in range(1, 28):
        more = site.make.resource(site.phares, site.owner, f"Salle {number} " + "longue " * 12)
        site.make.keep(a_photo(more), site.phares.id)
    with counted(database) as many:
        assert site.member.get("/ressources").text.count('class="answer"') == 30
    assert len(many) == len(few)


def test_the_sheet_says_what_one_has_to_know(site: Site) -> None:
    whole = site.make.resource(site.phares, site.owner, "Tout le bâtiment")
    site.make.part(whole, site.room)
    page = site.member.get(f"/ressources/{site.room.id}").text
    said = page.replace("\u202f", " ").replace("\xa0", " ").replace("&#39;", "'")
    for words in (
        "lundi à dimanche",
        "9 h – 18 h",
        "Se réserve au moins 24 h à l'avance.",
        "15,00 €",
        "25,00 €",
        "le vôtre",
        "Une table sous une verrière",
        f'href="/ressources/{whole.id}"',
        "SCIC Le Phares",
        f"/reserver?ressource={site.room.id}",
    ):
        assert words in said
    assert f'href="/ressources/{site.room.id}"' in site.member.get(f"/ressources/{whole.id}").text


def test_what_is_for_others_says_so(site: Site) -> None:
    """Who may not book it is not led to a refusal."""
    kept = site.make.resource(site.phares, site.owner, "Fournil", standings=["associate"])
    sheet = site.member.get(f"/ressources/{kept.id}").text
    assert f"/reserver?ressource={kept.id}" not in sheet
    assert "Votre organisation ne peut pas réserver cette ressource." in sheet
    assert "SCIC Le Phares peut les changer" in " ".join(sheet.split())
    listed = site.member.get("/ressources?q=fournil").text
    assert f"/reserver?ressource={kept.id}" not in listed
    assert "Pas pour votre organisation" in listed


def test_what_is_not_offered_any_more_keeps_its_sheet(site: Site) -> None:
    old = site.make.resource(site.phares, site.owner, "Vieux fourgon", is_listed=False)
    page = site.member.get(f"/ressources/{old.id}").text
    assert "plus proposée" in page
    assert f"/reserver?ressource={old.id}" not in page
    assert "Vieux fourgon" not in site.member.get("/ressources").text


def test_pictures_are_private_and_asked_again(site: Site) -> None:
    for path, content in (("", b"large"), ("/vignette", b"small")):
        answer = site.member.get(f"/photos/{site.photo.id}{path}")
        assert (answer.status_code, answer.data) == (200, content)
        assert answer.content_type == "image/webp"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        etag = answer.headers["ETag"]
        again = site.member.get(f"/photos/{site.photo.id}{path}", headers={"If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")


def test_another_cooperative_sees_nothing(site: Site, app: Flask) -> None:
    paths = [
        f"/ressources/{site.room.id}",
        f"/photos/{site.photo.id}",
        f"/photos/{site.photo.id}/vignette",
        f"/ressources/{uuid4()}",
    ]
    for path in paths:
        answer = site.stranger.get(path)
        assert answer.status_code == 404
        assert "Verrière" not in answer.text
        assert app.test_client().get(path).status_code in {302, 303, 401}
    page = site.stranger.get(f"/ressources?organisation={site.owner.id}").text
    assert "Verrière" not in page
    assert "SCIC Le Phares" not in page
    empty = site.stranger.get("/ressources").text
    assert "Rien n’est encore partagé." in empty


def test_names_stand_in_their_natural_order(site: Site) -> None:
    """« Salle 2 » comes before « Salle 10 », under the heading of the places."""
    for number in (10, 2, 1):
        site.make.resource(site.phares, site.owner, f"Salle {number}")
    page = site.member.get("/ressources").text
    places = [page.index(f">Salle {number}<") for number in (1, 2, 10)]
    assert places == sorted(places)
    assert "Salles et lieux" in page
