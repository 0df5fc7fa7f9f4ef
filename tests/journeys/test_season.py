"""A season is booked in a browser: dates in the way are settled one by one, then all is booked.

On a phone with a keyboard alone, and at a desk without a script; axe finds nothing on the way.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from coopshare.bookings import services
from coopshare.bookings.commands import Book, Line
from coopshare.config import Settings
from coopshare.db.work import Database, Work
from coopshare.demo.case_a import LE_PHARES
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from coopshare.members.models import Cooperative, Organisation
from coopshare.members.queries import actor_for, person_by_email
from coopshare.resources.models import Resource
from tests.browser import PHONE, WIDE, scrolls_sideways, violations
from tests.journeys.test_keyboard import Keys

pytestmark = [
    pytest.mark.browser,
    pytest.mark.demonstration,
    pytest.mark.parametrize("engine_name", ["sqlite"]),
]

MEMBER = "membre@atelier-nord.example.org"
KEEPER = "salles@phares.example.org"
PASSWORD = "phare-mutualise-2026"
ROOM = "Salle des saisons"
FIRST = date(2027, 5, 4)
"""A Tuesday; the season has six, none of them in school holidays."""
TAKEN = (FIRST + timedelta(weeks=1), FIRST + timedelta(weeks=3))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return the settings without limits."""
    return replace(settings, limits="off")


@pytest.fixture
def database(database: Database) -> Database:
    """Give the demonstration, with a room that others hold on two mornings of the season."""
    with database.read(Actor(door="demo")) as work:
        phares = select(Cooperative).where(Cooperative.slug == LE_PHARES.slug)
        place = work.session.scalars(phares).one()
    inside = Actor(door="demo", cooperative_id=place.id)
    database.write(database.write(inside, keeper, place.id), hold_mornings)
    return database


def keeper(work: Work, cooperative_id: object) -> Actor:
    """Return who looks after the rooms."""
    person = person_by_email(work, KEEPER)
    owner = work.session.scalars(
        select(Organisation).where(Organisation.name == "SCIC Le Phares")
    ).one()
    assert person is not None
    return actor_for(work, person.id, cooperative_id, owner.id, "web")  # type: ignore[arg-type]


def hold_mornings(work: Work) -> None:
    """Have the room taken by another organisation on two mornings."""
    room = work.session.scalars(select(Resource).where(Resource.name == "Salle Canal")).one()
    room.name, room.sort_key, room.horizon = ROOM, "salle des saisons", None
    work.session.flush()
    for day in TAKEN:
        span = Interval(utc(day.year, day.month, day.day, 7), utc(day.year, day.month, day.day, 10))
        services.book(
            work,
            Book(
                organisation_id=work.actor.organisation_id or room.owner_id,
                title="Comité secret",
                lines=(Line(resource_id=room.id),),
                span=span,
            ),
        )


def enter(page: Page) -> None:
    """Come in by the front door."""
    page.goto("/connexion")
    page.get_by_label("Adresse").first.fill(MEMBER)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(re.compile(r"/$"))


def look(page: Page) -> None:
    """Look at a page as axe and a narrow window do."""
    assert violations(page) == []
    assert not scrolls_sideways(page)


def test_a_season_at_a_desk_without_a_script(open_page: Callable[..., Page]) -> None:
    page = open_page(WIDE, scripts=False)
    enter(page)
    page.goto(f"/reserver?du={FIRST}T10:00&au={FIRST}T12:00&titre=Couture")
    page.locator("#f-resource_id").select_option(label=label_of(page))
    expect(page.get_by_text("Combien de fois en tout")).to_be_hidden()
    page.get_by_label("Par semaine").check()
    page.get_by_label("un nombre de fois").check()
    page.get_by_label("Combien de fois en tout").fill("6")
    page.get_by_role("button", name="Réserver", exact=True).last.click()

    # Every date is there, nothing is booked, nobody learns whose the taken ones are.
    expect(page.locator("h1")).to_have_text("Les dates de la série")
    expect(page.locator("#total")).to_contain_text("4 libres")
    expect(page.locator("#total")).to_contain_text("2 à régler")
    assert "Comité secret" not in page.content()
    first = page.locator(f"#date-{TAKEN[0]}")
    expect(first).to_contain_text("Pris")
    first.get_by_role("radio").first.check()  # the nearest free hours
    page.locator(f"#date-{TAKEN[1]}").get_by_label("Sauter cette date").check()
    page.get_by_role("button", name="Vérifier de nouveau").last.click()
    expect(page.locator("#total")).to_contain_text("5 libres, 1 sautée")
    page.get_by_role("button", name="Réserver les 5 dates").click()
    expect(page.locator("h1")).to_have_text("Couture")
    series = page.get_by_role("region", name="Une date d’une série")
    expect(series).to_contain_text("Chaque mardi de 10")
    expect(series).to_contain_text("1 changée à part")

    # The skipped date comes back, at the nearest hours that are free.
    series.get_by_role("link", name="Remettre").click()
    expect(page.locator("h1")).to_have_text("Remettre une date")
    page.locator(f"#date-{TAKEN[1]}").get_by_role("radio").first.check()
    page.get_by_role("button", name="Réserver avec ce choix").click()
    expect(page.locator("main")).to_contain_text("6 dates à venir")

    # The list shows the series once; the following dates are given up together.
    page.goto("/reservations")
    while not page.get_by_role("link", name="Couture", exact=True).count():
        page.get_by_role("link", name="Voir la suite").click()
    expect(page.get_by_role("link", name="Couture", exact=True)).to_have_count(1)
    page.get_by_role("link", name="Couture", exact=True).click()
    page.get_by_role("region", name="Une date d’une série").get_by_role("link").nth(2).click()
    page.get_by_role("link", name="Annuler").click()
    page.get_by_label("celle-ci et les suivantes").check()
    page.get_by_role("button", name="Annuler les dates choisies").click()
    expect(page.locator("main")).to_contain_text("C'est annulé")


def label_of(page: Page) -> str:
    """Return the words of the choice that names the room."""
    return page.locator("#f-resource_id option").filter(has_text=ROOM).first.inner_text()


def test_a_season_on_a_phone_with_a_keyboard_alone(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE, "dark")
    page.emulate_media(reduced_motion="reduce")
    enter(page)
    page.goto(f"/reserver?du={FIRST}T10:00&au={FIRST}T12:00&titre=Couture")
    page.locator("#f-resource_id").select_option(label=label_of(page))
    keys = Keys(page)
    page.locator("#f-note").focus()
    keys.tab_to("repeat")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect(page.get_by_label("Par semaine")).to_be_checked()
    look(page)
    keys.tab_to("ends")
    keys.press("ArrowRight")
    keys.tab_to("times")
    keys.press("Control+a")
    keys.type("6")
    keys.enter()
    expect(page.locator("h1")).to_have_text("Les dates de la série")
    look(page)
    page.locator(f"#date-{TAKEN[0]}").get_by_role("radio").first.focus()
    keys.press("Space")
    page.locator(f"#date-{TAKEN[1]}").get_by_role("radio").first.focus()
    keys.press("Space")
    keys.tab_to("Vérifier de nouveau", "button")
    keys.enter()
    expect(page.locator("#total")).to_contain_text("6 libres")
    look(page)
    keys.tab_to("Réserver les 6 dates", "button")
    keys.enter()
    expect(page.locator("h1")).to_have_text("Couture")
    look(page)
    assert not keys.unseen, "\n".join(keys.unseen)
