"""Setting quotas and prices through every door, by those who may."""

import re
from dataclasses import replace
from typing import Any

from click.testing import CliRunner

from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import CoopShareError
from coopshare.members.kinds import Standing
from coopshare.resources.queries import catalogue
from coopshare.resources.quota_cli import quota as quota_group
from coopshare.resources.quota_cli import tariff as tariff_group
from coopshare.web.console import Console
from tests.bookings.conftest import Doors, House, doors, house

__all__ = ["doors", "house"]

FORM = {
    "name": "Dix heures par mois",
    "effect": "free",
    "measure": "hours",
    "amount": "10",
    "period": "month",
    "holder": "organisation",
    "standing": "associate",
    "about": "place",
}


def kept(house: House) -> list[tuple[str, bool, int, str | None]]:
    """Return the quotas that count: (name, is it free, amount, what it is about)."""
    with house.database.read(house.coordinator) as work:
        return [
            (q.name, q.is_free, q.amount, q.kind.value if q.kind else str(q.resource_id or ""))
            for q in catalogue(work).quotas
        ]


def test_an_administrator_sets_changes_and_ends_a_quota(doors: Doors, house: House) -> None:
    """By the pages; members see what they used of it."""
    doors.as_(house.coordinator)
    assert doors.fill("/administration/quotas/nouveau", **FORM).status_code == 303
    assert kept(house) == [("Dix heures par mois", True, 600, "place")]
    listed = doors.get("/administration/quotas").text
    assert "10\u202fh gratuites par mois pour chaque organisation (Associé)" in listed
    path = re.findall(r'href="(/administration/quotas/[0-9a-f-]{36})"', listed)[0]
    changed = doors.fill(path, **(FORM | {"amount": "12"}))
    assert changed.status_code == 303
    assert kept(house) == [("Dix heures par mois", True, 720, "place")]
    doors.as_(house.member)
    assert "0\u202fh utilisées sur 12\u202fh gratuites" in doors.get("/quotas").text
    assert doors.get("/administration/quotas/nouveau").status_code == 403
    doors.as_(house.coordinator)
    assert doors.fill(f"{path}/retirer", path).status_code == 303
    assert kept(house) == []


def test_a_season_needs_its_days(doors: Doors, house: House) -> None:
    """The form says what is missing, at its place."""
    doors.as_(house.coordinator)
    answer = doors.fill("/administration/quotas/nouveau", **(FORM | {"period": "season"}))
    assert answer.status_code == 422
    assert "Dites de quel jour à quel jour va la saison." in answer.text


def test_a_keeper_sets_quotas_on_what_they_manage(doors: Doors, house: House) -> None:
    """By the API: on a resource of theirs, and on nothing else."""
    doors.as_(house.keeper)
    body: dict[str, Any] = {"name": "Deux réservations", "is_free": False, "amount": 2}
    body |= {"measure": "bookings", "period": "week", "holder": "person"}
    headers = {"Authorization": "Bearer x"}
    every = doors.client.post("/api/v1/quotas", json=body, headers=headers)
    assert every.status_code == 403
    mine = body | {"resource_id": str(house.room.id)}
    made = doors.client.post("/api/v1/quotas", json=mine, headers=headers)
    assert made.status_code == 201
    found = made.json
    assert found is not None
    path = f"/api/v1/quotas/{found['id']}"
    changed = doors.client.patch(
        path, json=mine | {"amount": 3}, headers=headers | {"If-Match": made.headers["ETag"]}
    )
    assert (changed.status_code, changed.json["amount"]) == (200, 3)  # type: ignore[index]
    stale = doors.client.delete(path, headers=headers | {"If-Match": made.headers["ETag"]})
    assert stale.status_code == 412
    house.book(actor=house.keeper)
    used = doors.api("GET", "/quotas").json
    assert used is not None
    assert [(q["name"], q["used"], q["left"]) for q in used["items"]] == [
        ("Deux réservations", 0, 3)
    ]
    gone = doors.client.delete(path, headers=headers | {"If-Match": changed.headers["ETag"]})
    assert gone.status_code == 204
    assert kept(house) == []


def test_prices_with_steps_days_and_hours(doors: Doors, house: House) -> None:
    """The page of prices keeps all of them; the sheet says when each holds."""
    doors.as_(house.keeper)
    path = f"/ressources/{house.room.id}/tarifs"
    fields: dict[str, Any] = {
        "price_0": "25",
        "unit_0": "hour",
        "price_1": "10,50",
        "unit_1": "hour",
        "days_1": ["0", "4"],
        "opens_1": "18:00",
        "closes_1": "22:00",
        "note_1": "soirée",
        "price_2": "20",
        "unit_2": "hour",
        "beyond_2": "4",
        "standing_2": "tenant",
        "deposit": "150",
        "late_hours": "48",
        "late_percent": "50",
        "vat_mode": "taxable",
        "vat_percent": "20",
    }
    assert doors.fill(path, **fields).status_code == 303
    with house.database.read(house.keeper) as work:
        room = catalogue(work).resources[house.room.id]
        assert [
            (t.standing, t.cents, t.beyond, t.weekdays, t.opens, t.closes) for t in room.tariffs
        ] == [
            (None, 2500, 0, [], None, None),
            (None, 1050, 0, [0, 4], 1080, 1320),
            (Standing.TENANT, 2000, 240, [], None, None),
        ]
        terms = (room.deposit_cents, room.late_before, room.late_share, room.vat_bp)
        assert terms == (15000, 2880, 5000, 2000)
    sheet = doors.get(f"/ressources/{house.room.id}").text
    assert "150,00\u00a0€." in sheet
    assert "de 18\u202fh à 22\u202fh" in sheet
    again = doors.get(path).text
    assert 'value="10,50"' in again
    plain = doors.get(f"/ressources/{house.room.id}/modifier").text
    assert "price_0" not in plain
    wrong = doors.fill(path, **(fields | {"unit_1": "day"}))
    assert wrong.status_code == 422


def test_what_is_not_whole_is_kept_as_it_is(doors: Doors, house: House) -> None:
    """A rate of 5,5 %, an hour and a half: typed, shown again, and not rounded by being saved."""
    doors.as_(house.keeper)
    path = f"/ressources/{house.room.id}/tarifs"
    fields: dict[str, Any] = {
        "price_0": "25",
        "unit_0": "hour",
        "beyond_0": "1 h 30",
        "late_hours": "1,5",
        "late_percent": "33,25",
        "vat_mode": "taxable",
        "vat_percent": "5,5",
    }
    assert doors.fill(path, **fields).status_code == 303
    page = doors.get(path).text
    for name, value in (
        ("beyond_0", "1 h 30"),
        ("late_hours", "1 h 30"),
        ("late_percent", "33,25"),
        ("vat_percent", "5,5"),
    ):
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert field is not None, name
        assert f'value="{value}"' in field[0]
    with house.database.read(house.keeper) as work:
        room = catalogue(work).resources[house.room.id]
        assert (room.tariffs[0].beyond, room.late_before) == (90, 90)
        assert (room.late_share, room.vat_bp) == (3325, 550)
    for wrong in ({"vat_percent": "101"}, {"late_hours": "1,333"}, {"late_hours": "99999 h"}):
        assert doors.fill(path, **(fields | wrong)).status_code == 422
    halves = doors.fill(path, **(fields | {"unit_0": "unit"}))
    assert "Écrivez un nombre entier." in halves.text


def test_a_quota_of_seven_hours_and_a_half(doors: Doors, house: House) -> None:
    doors.as_(house.coordinator)
    answer = doors.fill("/administration/quotas/nouveau", **(FORM | {"amount": "7 h 30"}))
    assert answer.status_code == 303
    assert [one[2] for one in kept(house)] == [450]
    half = FORM | {"measure": "bookings", "amount": "1,5"}
    assert doors.fill("/administration/quotas/nouveau", **half).status_code == 422


def run(house: House, actor: Actor, group: Any, *words: str) -> str:
    """Run a command and return what it says."""
    console = Console(
        open_database=lambda: house.database,
        find_actor=lambda *_words: replace(actor, door="cli"),
        make_worker=lambda database: database,
        acting="somebody@example.org",
    )
    result = CliRunner().invoke(group, list(words), obj=console)
    if isinstance(result.exception, CoopShareError):
        return result.exception.say()
    assert result.exception is None, result.exception
    return result.stdout.strip()


def test_commands_of_quotas_and_tariffs(house: House) -> None:
    """Set, list and end by the command line, with the same refusals."""
    words = ("set", "--name", "Trois heures", "--free", "--amount", "180", "--resource", "Verrière")
    assert "pas" in run(house, house.member, quota_group, *words)
    made = run(house, house.keeper, quota_group, *words)
    assert kept(house) == [("Trois heures", True, 180, str(house.room.id))]
    assert run(house, house.member, quota_group, "list").split("\t")[:2] == [made, "Trois heures"]
    run(house, house.keeper, quota_group, *words[:5], "240", *words[6:], "--id", made)
    assert kept(house)[0][2] == 240
    assert run(house, house.keeper, quota_group, "end", made) == made
    price = ("add", "Verrière", "--unit", "hour", "--cents", "1200", "--opens", "18:00")
    run(house, house.keeper, tariff_group, *price, "--closes", "22:00", "--weekday", "2")
    assert run(house, house.member, tariff_group, "list", "Verrière") == (
        "hour\t1200\t0\t2\t1080-1320"
    )
    run(house, house.keeper, tariff_group, "clear", "Verrière")
    assert run(house, house.member, tariff_group, "list", "Verrière") == ""
