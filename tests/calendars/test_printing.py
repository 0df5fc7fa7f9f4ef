"""Sheets to print: right, discreet, and each on one page."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from coopshare.db.work import Database
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from tests.browser import NARROW, WIDE, scrolls_sideways, violations
from tests.calendars.test_planning import DAY, House, acting, taken
from tests.make import Maker


@pytest.fixture
def house(database: Database, make: Maker) -> House:
    return House(database, make)


def test_the_week_of_a_room_says_what_its_reader_may_know(app: Flask, house: House) -> None:
    path = f"/ressources/{house.half.id}/semaine-a-imprimer?date={DAY}"
    own = acting(app, house.member).get(path).text
    assert "Semaine du lundi 8\u00a0mars au dimanche 14\u00a0mars" in own
    assert "10\u202fh – 12\u202fh" in own
    assert "Conseil" in own
    assert "Le Phares</span>" in own
    for text in (
        acting(app, house.member).get(f"{path}&noms=non").text,
        acting(app, house.other).get(path).text,
    ):
        assert "Conseil" not in text
        assert "Le Phares</span>" not in text
        assert "10\u202fh – 12\u202fh" in text
        assert "Réservé" in text


def test_the_day_of_a_house_tells_taken_free_and_closed(app: Flask, house: House) -> None:
    place = house.make.resource(house.cooperative, house.owner, "Verrière", location="Annexe")
    shut = house.make.resource(
        house.cooperative, house.owner, "Cave", location="Annexe", closed_on_holidays=True
    )
    client = acting(app, house.member)
    page = client.get(f"/planning/jour-a-imprimer?date={DAY}").text
    assert page.count("<dt>") == 2
    assert "Cave, Verrière" in page
    annexe = client.get("/planning/jour-a-imprimer?date=2027-03-29&lieu=Annexe").text
    assert "Rien n’est réservé ce jour-là." in annexe
    assert f"Libre toute la journée\u00a0:</strong> {place.name}" in annexe
    assert f"Fermé\u00a0:</strong> {shut.name}" in annexe
    assert client.get("/planning/jour-a-imprimer?date=x&lieu=Inconnu").status_code == 200


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_each_sheet_is_one_clean_page(
    app: Flask, house: House, open_page: Callable[..., Page]
) -> None:
    for day in range(8, 15):
        for hour in range(7, 18, 2):
            if (day, hour) != (10, 9):
                span = Interval(utc(2027, 3, day, hour), utc(2027, 3, day, hour + 1))
                taken(house.database, house.member, house.half, span, "Atelier du matin")
    app.extensions["coopshare"].current_actor = lambda: house.member
    for path in (
        f"/ressources/{house.half.id}/semaine-a-imprimer?date={DAY}",
        f"/planning/jour-a-imprimer?date={DAY}",
    ):
        for size in (WIDE, NARROW):
            page = open_page(size)
            page.goto(path)
            assert violations(page) == [], path
            assert not scrolls_sideways(page), path
        paper = page.pdf(prefer_css_page_size=True)
        assert paper.count(b"/Type /Page\n") == 1, path
        page.emulate_media(media="print")
        assert not page.get_by_text("Cacher les noms").is_visible()
