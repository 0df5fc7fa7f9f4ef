"""One verb, many doors: the same outcome and the same French sentence from each of them."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from coopshare.bookings import queries
from coopshare.bookings.models import Booking
from coopshare.kernel.actor import Actor
from tests.bookings.conftest import Doors, House, doors, hours, house  # noqa: F401 - fixtures

BODY = {"starts_at": "2027-03-10T10:00:00+01:00", "ends_at": "2027-03-10T12:00:00+01:00"}
FORM = {"day": "2027-03-10", "starts_at": "10:00", "ends_at": "12:00", "do": "book"}
WORDS = ("--from", "2027-03-10T10:00", "--to", "2027-03-10T12:00")
EXITS = {200: 0, 201: 0, 303: 0, 403: 4, 404: 3, 409: 5, 412: 5, 422: 6}
"""What a command leaves with where a page or an operation answers so."""


def words_of(html: str) -> str:
    plain = re.sub(r"<[^>]+>", " ", html).replace("&#39;", "'").replace("&amp;", "&")
    return " ".join(plain.split())


class Answer:
    """What one door answered: family of the outcome, and the sentence of a refusal."""

    def __init__(self, exit_code: int, said: str) -> None:
        self.exit_code, self.said = exit_code, " ".join(said.split())


def by_page(doors: Doors, path: str, page: str | None = None, **fields: Any) -> Answer:  # noqa: F811
    answer = doors.fill(path, page, **fields)
    return Answer(EXITS[answer.status_code], words_of(answer.text))


def by_api(doors: Doors, method: str, path: str, body: dict[str, Any]) -> Answer:  # noqa: F811
    headers = {}
    if method == "PATCH":
        headers["If-Match"] = doors.api("GET", path).headers.get("ETag", '"v1"')
    answer = doors.api(method, path, json=body, headers=headers)
    said = answer.json["detail"] if answer.status_code >= 400 else ""  # type: ignore[index]
    return Answer(EXITS[answer.status_code], said)


def by_command(doors: Doors, *words: str) -> Answer:  # noqa: F811
    code, _, said = doors.command(*words)
    return Answer(code, said)


def book_through(doors: Doors, title: str) -> dict[str, Callable[[], Answer]]:  # noqa: F811
    room = str(doors.house.room.id)
    return {
        "page": lambda: by_page(
            doors, "/reserver", title=title, resource_id=[room], quantity=["1"], **FORM
        ),
        "api": lambda: by_api(
            doors, "POST", "", {"title": title, "lines": [{"resource_id": room}], **BODY}
        ),
        "command": lambda: by_command(doors, "add", "--title", title, "--line", room, *WORDS),
    }


def same(doors_of: dict[str, Callable[[], Answer]], exit_code: int) -> str:
    """Knock at every door; return the sentence they all say."""
    answers = {name: knock() for name, knock in doors_of.items()}
    assert {name: a.exit_code for name, a in answers.items()} == dict.fromkeys(answers, exit_code)
    said = answers["command"].said
    assert answers["api"].said == said
    return said


def test_a_taken_slot(doors: Doors, house: House) -> None:  # noqa: F811
    house.book(actor=house.stranger)
    ways = book_through(doors, "Atelier")
    said = same(ways, 5)
    assert said.startswith("« Verrière » : déjà réservé, mercredi 10 mars, 10")
    assert said.split(" Possible autrement")[0] in ways["page"]().said


def test_a_rule(doors: Doors, house: House) -> None:  # noqa: F811
    def close(work: Any) -> None:
        work.session.get(type(house.room), house.room.id).shortest = 600

    house.database.write(house.coordinator, close)
    ways = book_through(doors, "Atelier")
    said = same(ways, 6)
    assert "10\u202fh au moins" in said or "au moins" in said
    assert said.split(". ")[0] in ways["page"]().said


def test_a_success(doors: Doors, house: House) -> None:  # noqa: F811
    for name, knock in book_through(doors, "Atelier").items():
        assert knock().exit_code == 0, name
        with house.database.read(house.member) as work:
            [made] = [
                b for b in queries.listing(work, queries.BookingFilter()) if b.status == "confirmed"
            ]
            assert (made.title, made.starts_at, made.ends_at, made.timezone) == (
                "Atelier",
                hours(9, 11).start,
                hours(9, 11).end,
                "Europe/Paris",
            )
        house.cancel(made)


def verbs(doors: Doors, verb: str, booking_id: UUID) -> dict[str, Callable[[], Answer]]:  # noqa: F811
    path, french = f"/{booking_id}", {"approve": "accepter", "refuse": "refuser"}.get(verb, verb)
    if verb == "move":
        room = str(doors.house.room.id)
        return {
            "page": lambda: by_page(
                doors,
                f"/reservations/{booking_id}/modifier",
                title="Réunion d'équipe",
                note="",
                resource_id=[room],
                quantity=["1"],
                **FORM,
            ),
            "api": lambda: by_api(doors, "PATCH", path, BODY),
            "command": lambda: by_command(doors, "move", str(booking_id), *WORDS),
        }
    version = "1"
    return {
        "page": lambda: by_page(
            doors,
            f"/reservations/{booking_id}/{'annuler' if verb == 'cancel' else french}",
            "/reservations",
            version=version,
        ),
        "api": lambda: by_api(doors, "POST", f"{path}/{verb}", {}),
        "command": lambda: by_command(doors, verb, str(booking_id)),
    }


def refused_everywhere(
    doors: Doors,  # noqa: F811
    verb: str,
    booking: Booking,
    actor: Actor,
    exit_code: int,
) -> str:
    doors.as_(actor)
    ways = verbs(doors, verb, booking.id)
    return same(ways, exit_code)


@pytest.mark.parametrize("verb", ["cancel", "approve", "refuse", "move"])
def test_what_is_not_ours_is_not_there(doors: Doors, house: House, verb: str) -> None:  # noqa: F811
    booking = house.book(span=hours(14, 15))
    said = refused_everywhere(doors, verb, booking, house.stranger, 3)
    assert said == "Cette page ou cet élément n'existe pas, ou plus."


@pytest.mark.parametrize("verb", ["cancel", "approve", "refuse", "move"])
def test_a_colleague_reads_only(doors: Doors, house: House, verb: str) -> None:  # noqa: F811
    booking = house.book(span=hours(14, 15))
    said = refused_everywhere(doors, verb, booking, house.colleague, 4)
    assert said == "Votre rôle ne permet pas de faire cela."


def test_moving_onto_another(doors: Doors, house: House) -> None:  # noqa: F811
    house.book(actor=house.stranger)
    booking = house.book(span=hours(14, 15))
    said = refused_everywhere(doors, "move", booking, house.member, 5)
    assert said.startswith("« Verrière » : déjà réservé")


def test_answering_twice(doors: Doors, house: House) -> None:  # noqa: F811
    booking = house.book(span=hours(14, 15))
    said = refused_everywhere(doors, "approve", booking, house.coordinator, 5)
    assert said == "Cette demande a déjà reçu une réponse."


def test_a_move_succeeds_everywhere(doors: Doors, house: House) -> None:  # noqa: F811
    for number, name in enumerate(("page", "api", "command")):
        booking = house.book(span=hours(14 + number, 15 + number))
        assert verbs(doors, "move", booking.id)[name]().exit_code == 0, name
        with house.database.read(house.member) as work:
            moved = queries.get(work, booking.id)
        assert (moved.starts_at, moved.version) == (hours(9, 11).start, 2)
        assert verbs(doors, "cancel", booking.id)["command"]().exit_code == 0
