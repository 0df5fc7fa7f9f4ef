"""Waiting lists by page, by API and by command: the same places, the same refusals."""

import json
import re
from dataclasses import replace
from typing import Any

from click.testing import CliRunner

from coopshare.bookings.cli.waiting import waiting as waiting_group
from coopshare.kernel.errors import CoopShareError
from coopshare.web.console import Console, exit_code_of
from tests.bookings.conftest import Doors, House
from tests.bookings.test_pages import text_of, typed
from tests.statements import counted


def api(doors: Doors, method: str, path: str = "", **options: Any) -> Any:
    """Call an operation of the waiting lists."""
    return doors.client.open(
        f"/api/v1/waiting{path}", method=method, headers={"Authorization": "Bearer x"}, **options
    )


def command(doors: Doors, *words: str) -> tuple[int, str]:
    """Run a command: (exit code, output or refusal)."""
    given = Console(
        open_database=lambda: doors.house.database,
        find_actor=lambda *_words: replace(doors.actor, door="cli"),
        make_worker=lambda database: database,
        acting="somebody@example.org",
    )
    result = CliRunner().invoke(waiting_group, list(words), obj=given)
    if isinstance(result.exception, CoopShareError):
        return exit_code_of(result.exception), result.exception.code
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout.strip()


def test_from_a_refusal_to_the_booking(doors: Doors, house: House) -> None:
    """The slot is taken, one click keeps the request, and a click accepts what became free."""
    booking = house.book()
    doors.as_(house.stranger)
    fields = typed(house, title="Assemblée", people="6")
    taken = doors.fill("/reserver", **fields)
    assert taken.status_code == 409
    assert "Me prévenir si la place se libère" in taken.text
    assert re.search(r'form="f-book"\s+formaction="/liste-d-attente"', taken.text)
    kept = doors.fill("/liste-d-attente", page="/reserver", **fields | {"do": "wait"})
    assert kept.status_code == 303
    page = doors.get(kept.location)
    assert "votre tour est le prochain" in page.text
    assert "1 demande attend" in text_of(doors.get("/reservations").text)
    again = doors.fill("/liste-d-attente", page="/reserver", **fields | {"do": "wait"})
    assert again.status_code == 409
    assert "attend déjà cette place" in text_of(again.text)
    doors.as_(house.colleague)
    behind = doors.fill("/liste-d-attente", page="/reserver", **typed(house, do="wait"))
    assert behind.status_code == 303
    assert "vous êtes 2e" in doors.get("/liste-d-attente").text
    house.cancel(booking)
    doors.as_(house.stranger)
    page = doors.get("/liste-d-attente")
    assert "Proposée" in page.text
    inbox = doors.get("/a-traiter")
    assert "Des places attendues se sont libérées" in inbox.text
    assert "À accepter avant" in inbox.text
    [path] = set(re.findall(r'href="(/reservations/[0-9a-f-]{36})"', page.text))
    shown = doors.get(path)
    assert "La place attendue s’est libérée." in shown.text
    assert "Laisser passer" in shown.text
    done = doors.fill(f"{path}/confirmer", page=path)
    assert done.status_code == 303
    assert "Confirmée" in doors.get(path).text


def test_letting_it_pass_and_leaving(doors: Doors, house: House) -> None:
    """Both by a button; the next one is served; nothing acts on GET."""
    booking = house.book()
    for who in (house.stranger, house.colleague):
        doors.as_(who)
        doors.fill("/liste-d-attente", page="/reserver", **typed(house, do="wait"))
    house.cancel(booking)
    doors.as_(house.stranger)
    [path] = set(
        re.findall(r'href="(/reservations/[0-9a-f-]{36})"', doors.get("/liste-d-attente").text)
    )
    [leave] = re.findall(r'action="(/liste-d-attente/[^"]+/quitter)"', doors.get(path).text)
    assert doors.get(leave).status_code == 405
    assert doors.fill(leave, page=path).status_code == 303
    assert "Personne n’attend." in doors.get("/liste-d-attente").text
    doors.as_(house.colleague)
    assert "Proposée" in doors.get("/liste-d-attente").text
    late = doors.fill(leave, page="/reserver")
    assert late.status_code == 404


def test_managers_see_the_list_of_a_resource(doors: Doors, house: House) -> None:
    house.book()
    doors.as_(house.stranger)
    doors.fill("/liste-d-attente", page="/reserver", **typed(house, do="wait"))
    doors.as_(house.keeper)
    page = doors.get(f"/liste-d-attente?ressource={house.room.id}")
    assert "Alix Roux" in page.text
    assert "en tête de la liste" in page.text
    doors.as_(house.member)
    assert "Alix Roux" not in doors.get(f"/liste-d-attente?ressource={house.room.id}").text


def test_the_list_takes_as_many_statements_for_one_as_for_five(doors: Doors, house: House) -> None:
    house.book()
    house.book((house.chairs, 10))

    def wait(hour: int) -> None:
        fields = typed(house, do="wait", starts_at=f"{hour:02}:00", ends_at="12:00")
        ids = [str(house.room.id), str(house.chairs.id)]
        fields |= {"resource_id": ids, "quantity": ["1", "2"]}
        assert doors.fill("/liste-d-attente", page="/reserver", **fields).status_code == 303

    def statements() -> int:
        with counted(house.database) as found:
            assert doors.get("/liste-d-attente").status_code == 200
        return len(found)

    doors.as_(house.stranger)
    wait(10)
    few = statements()
    for hour in (8, 9, 11, 7):
        wait(hour)
    assert statements() == few


def test_by_programs(doors: Doors, house: House) -> None:
    booking = house.book()
    doors.as_(house.stranger)
    body: dict[str, Any] = {
        "title": "Assemblée",
        "lines": [{"resource_id": str(house.room.id)}],
        "starts_at": "2027-03-10T09:00:00Z",
        "ends_at": "2027-03-10T11:00:00Z",
    }
    made = api(doors, "POST", json=body)
    assert made.status_code == 201
    assert (made.json["status"], made.json["place"]) == ("waiting", 1)
    path = f"/{made.json['id']}"
    early = api(doors, "POST", f"{path}/accept")
    assert (early.status_code, early.json["code"]) == (409, "not_offered")
    house.cancel(booking)
    found = api(doors, "GET", path).json
    assert (found["status"], found["place"]) == ("offered", None)
    assert found["offered_until"] == "2027-03-02T09:00:00Z"
    [listed] = api(doors, "GET", f"?resource_id={house.room.id}&mine=true").json["items"]
    assert listed == found
    accepted = api(doors, "POST", f"{path}/accept")
    assert (accepted.status_code, accepted.json["status"]) == (200, "confirmed")
    assert accepted.json["id"] == found["booking_id"]
    over = api(doors, "POST", f"{path}/leave")
    assert (over.status_code, over.json["code"]) == (409, "wait_is_over")
    free = api(doors, "POST", json=body | {"starts_at": "2027-03-11T09:00:00Z",
                                           "ends_at": "2027-03-11T11:00:00Z"})  # fmt: skip
    assert (free.status_code, free.json["code"]) == (409, "slot_is_free")
    assert "Alix" not in json.dumps(found)


def test_by_commands(doors: Doors, house: House) -> None:
    booking = house.book()
    doors.as_(house.stranger)
    words = ["--title", "Assemblée", "--line", "Verrière"]
    words += ["--from", "2027-03-10T10:00", "--to", "2027-03-10T12:00"]
    code, wait_id = command(doors, "add", *words)
    assert code == 0
    assert command(doors, "add", *words) == (5, "already_waiting")
    code, listed = command(doors, "list", "--mine")
    assert listed.split("\t") == [
        wait_id,
        "waiting",
        "1",
        "2027-03-10T10:00+01:00",
        "2027-03-10T12:00+01:00",
        "Assemblée",
    ]
    assert command(doors, "accept", wait_id) == (5, "not_offered")
    house.cancel(booking)
    code, booking_id = command(doors, "accept", wait_id)
    assert (code, len(booking_id)) == (0, 36)
    assert command(doors, "leave", wait_id) == (5, "wait_is_over")
