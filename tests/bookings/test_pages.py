"""The pages of bookings, without JavaScript."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from coopshare.bookings import queries
from coopshare.bookings.models import BookingStatus
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from tests.bookings.conftest import Doors, House, hours


def typed(house: House, **fields: Any) -> dict[str, Any]:
    """Return what a member types in the form: 10 March, 10 h to 12 h in Paris."""
    return {
        "resource_id": [str(house.room.id)],
        "quantity": ["1"],
        "day": "2027-03-10",
        "starts_at": "10:00",
        "ends_at": "12:00",
        "title": "Réunion d'équipe",
        "note": "",
        "people": "",
        "last_day": "",
        "do": "book",
    } | fields


def text_of(html: str) -> str:
    """Return a page's words, on one line."""
    words = re.sub(r"<[^>]+>", " ", html)
    return " ".join(words.replace("&#39;", "'").split())


def test_the_form_is_filled_by_its_address(doors: Doors, house: House) -> None:
    page = doors.get(
        f"/reserver?ressource={house.room.id}&ressource={house.chairs.id}&quantite=1&quantite=6"
        "&du=2027-03-10T10:00&au=2027-03-10T12:00"
    )
    assert page.status_code == 200
    assert f'<option value="{house.room.id}" selected>' in page.text
    assert f'<option value="{house.chairs.id}" selected>' in page.text
    assert re.search(r'name="day"[^>]*value="2027-03-10"', page.text)
    assert 'value="10:00"' in page.text
    assert 'value="12:00"' in page.text
    planning = doors.get(f"/reserver?resource={house.room.id}&from=2027-03-10T10:00")
    assert f'<option value="{house.room.id}" selected>' in planning.text
    assert doors.get("/reserver?du=n'importe&ressource=quoi&quantite=-3").status_code == 200


def test_book_several_things(doors: Doors, house: House) -> None:
    """A line is added without a script; what was typed stays; then everything is booked."""
    more = doors.fill("/reserver", **typed(house, do="add"))
    assert more.status_code == 200
    assert more.text.count('name="resource_id"') == 2
    assert 'value="Réunion d&#39;équipe"' in more.text
    fewer = doors.fill(
        "/reserver",
        **typed(
            house,
            resource_id=[str(house.room.id), str(house.chairs.id)],
            quantity=["1", "6"],
            do="remove-0",
        ),
    )
    assert fewer.text.count('name="resource_id"') == 1
    assert f'<option value="{house.chairs.id}" selected>' in fewer.text
    done = doors.fill(
        "/reserver",
        **typed(
            house,
            resource_id=[str(house.room.id), str(house.chairs.id), ""],
            quantity=["1", "6", "1"],
        ),
    )
    assert done.status_code == 303
    page = doors.get(done.location)
    said = text_of(page.text)
    assert "C'est réservé" in said
    assert "mercredi 10\u00a0mars, 10" in page.text
    assert "Verrière" in said
    assert "× 6" in said
    assert "Samira Haddad a réservé." in said
    assert "Déplacer" in said
    with house.database.read(house.member) as work:
        booking = queries.listing(work, queries.BookingFilter())[0]
    assert (booking.starts_at, booking.ends_at) == (utc(2027, 3, 10, 9), utc(2027, 3, 10, 11))


def test_the_same_form_sent_twice_books_once(doors: Doors, house: House) -> None:
    text = doors.get("/reserver").text
    hidden = {
        name: re.findall(rf'name="{name}"\s+value="([^"]*)"', text)[0]
        for name in ("csrf_token", "_key", "organisation_id")
    }
    sent = [doors.client.post("/reserver", data=typed(house) | hidden) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [303, 303]
    assert sent[0].location == sent[1].location


def test_a_refusal_has_three_parts_and_ways_out(doors: Doors, house: House) -> None:
    """A taken slot: what, why, and buttons that book at once."""
    house.book(actor=house.stranger, title="Chez nous")
    refused = doors.fill("/reserver", **typed(house))
    assert refused.status_code == 409
    said = text_of(refused.text)
    assert "Verrière" in said
    assert "déjà réservé" in said
    assert "Chez nous" not in refused.text
    ways = re.findall(r'name="instead"\s+value="([^"]+)"', refused.text)
    assert ways
    assert 'value="Réunion d&#39;équipe"' in refused.text
    done = doors.fill("/reserver", **typed(house, instead=ways[0]))
    assert done.status_code == 303
    forged = doors.fill("/reserver", **typed(house, instead="x|y|z"))
    assert forged.status_code == 422


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "", "Cette réponse est nécessaire."),
        ("title", "x" * 121, "Ce texte est trop long"),
        ("title", "a\x00b", "signes invisibles"),
        ("day", "hier", "Écrivez une date"),
        ("day", "2027-03-28", "Cette heure n'existe pas"),
        ("ends_at", "09:00", "La fin doit venir après le début."),
        ("resource_id", ["pas un identifiant"], "Ce choix n'existe pas."),
        ("resource_id", [""], "Choisissez au moins une chose"),
        ("quantity", ["0"], "Écrivez un nombre entre 1"),
        ("people", "-1", "Écrivez un nombre entre 1"),
        ("surprise", "x", "Ce champ n'existe pas ici."),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field(
    doors: Doors, house: House, field: str, value: object, message: str
) -> None:
    fields = typed(house, **{field: value})
    if value == "2027-03-28":
        fields |= {"starts_at": "02:30", "ends_at": "04:00"}
    refused = doors.fill("/reserver", **fields)
    assert refused.status_code == 422
    assert message in text_of(refused.text)
    with house.database.read(house.coordinator) as work:
        assert queries.listing(work, queries.BookingFilter()) == []


def test_the_double_hour_is_asked_about(doors: Doors, house: House) -> None:
    fields = typed(house, day="2027-10-31", starts_at="02:30", ends_at="05:00")
    asked = doors.fill("/reserver", **fields)
    assert asked.status_code == 422
    assert 'name="which"' in asked.text
    assert doors.fill("/reserver", **fields, which="second").status_code == 303


def test_change_and_cancel(doors: Doors, house: House) -> None:
    booking = house.book()
    path = f"/reservations/{booking.id}"
    form = doors.get(f"{path}/modifier")
    assert form.status_code == 200
    assert 'value="10:00"' in form.text
    moved = doors.fill(
        f"{path}/modifier", **typed(house, starts_at="14:00", ends_at="15:00", title="Bilan")
    )
    assert moved.status_code == 303
    said = text_of(doors.get(path).text)
    assert "Bilan" in said
    assert "Samira Haddad a déplacé la réservation." in said
    assert "Avant :" in said
    stale = doors.fill(f"{path}/modifier", **typed(house), version="1")
    assert stale.status_code == 412
    asked = doors.get(f"{path}/annuler")
    assert "rendu" in asked.text
    done = doors.fill(f"{path}/annuler", reason="Plus besoin")
    assert done.status_code == 303
    said = text_of(doors.get(path).text)
    assert "Annulée" in said
    assert "Plus besoin" in said
    assert "Déplacer" not in said
    assert doors.get(f"{path}/modifier").status_code == 409
    house.book()


def test_a_booking_is_for_those_allowed(doors: Doors, house: House) -> None:
    booking = house.book()
    path = f"/reservations/{booking.id}"
    assert doors.as_(house.colleague).get(path).status_code == 200
    assert "Déplacer" not in doors.get(path).text
    assert doors.get(f"{path}/modifier").status_code == 403
    assert doors.as_(house.stranger).get(path).status_code == 404
    assert doors.get(f"{path}/annuler").status_code == 404
    assert doors.get(f"{path}/agenda.ics").status_code == 404
    assert "Déplacer" in doors.as_(house.keeper).get(path).text
    assert doors.as_(house.coordinator).get(path).status_code == 200


def test_requests_are_decided_in_place(doors: Doors, house: House, make: Any) -> None:
    guarded = make.resource(house.phares, house.scic, "Plateau", needs_approval=True)
    yes, no = house.book((guarded, 1)), house.book((guarded, 1), span=hours(14, 15))
    page = doors.as_(house.keeper).get("/a-traiter")
    assert text_of(page.text).count("Refuser la demande") == 2
    answers = [
        doors.fill(f"/reservations/{yes.id}/accepter", "/a-traiter", version=str(yes.version)),
        doors.fill(
            f"/reservations/{no.id}/refuser",
            "/a-traiter",
            version=str(no.version),
            reason="Travaux",
        ),
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "Rien n’attend votre réponse." in doors.get("/a-traiter").text
    again = doors.fill(
        f"/reservations/{yes.id}/accepter", "/reservations", version=str(yes.version + 1)
    )
    assert again.status_code == 409
    with house.database.read(house.member) as work:
        found = queries.listing(work, queries.BookingFilter())
        assert [one.status for one in found] == [BookingStatus.CONFIRMED, BookingStatus.REFUSED]
    assert "Rien n’attend votre réponse." in doors.as_(house.member).get("/a-traiter").text


def test_empty_lists_teach(doors: Doors) -> None:
    assert "Aucune réservation à venir." in doors.get("/reservations").text
    assert "Rien de passé" in doors.get("/reservations?quand=passees").text
    assert doors.get("/reservations?suite=abc").status_code == 422


def test_the_file_for_calendars(doors: Doors, house: House) -> None:
    booking = house.book()
    answer = doors.get(f"/reservations/{booking.id}/agenda.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert b"METHOD:PUBLISH" in answer.data
    assert "SUMMARY:Réunion d'équipe".encode() in answer.data
    kept = doors.as_(house.keeper).get(f"/reservations/{booking.id}/agenda.ics")
    assert kept.data == answer.data  # who manages what it takes reads all of it, as on the page


def statements(house: House, doors: Doors, path: str) -> int:
    """Return how many statements a page takes."""
    seen: list[str] = []

    def listen(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    engine = house.database.reading
    sa.event.listen(engine, "before_cursor_execute", listen)
    try:
        assert doors.get(path).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", listen)
    return len(seen)


@pytest.mark.parametrize("path", ["/reservations", "/reservations?vue=organisation", "/reserver"])
def test_statements_do_not_grow(doors: Doors, house: House, make: Any, path: str) -> None:
    """As many statements for one booking of one room as for nine of three rooms."""
    house.book()
    few = statements(house, doors, path)
    rooms = [make.resource(house.phares, house.scic, f"Salle {n}") for n in range(3)]
    for number in range(8):
        span = Interval(utc(2027, 3, 11, 8 + number), utc(2027, 3, 11, 9 + number))
        house.book(*((room, 1) for room in rooms), span=span)
    assert statements(house, doors, path) == few


def test_booking_more_things_takes_few_more_statements(house: House, make: Any) -> None:
    """The number of statements of one booking does not grow with what is in the catalogue."""
    counts = []
    for number in range(2):
        seen: list[str] = []

        def listen(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            seen.append(statement)  # noqa: B023 - removed before the next turn

        sa.event.listen(house.database.writing, "before_cursor_execute", listen)
        house.book(span=hours(9 + number, 10 + number))
        sa.event.remove(house.database.writing, "before_cursor_execute", listen)
        counts.append(len(seen))
        for other in range(20):
            make.resource(house.phares, house.scic, f"Salle {number} {other}")
            # Calendar counters exist from the second booking on: one statement less each.
    assert counts[1] <= counts[0]


def test_what_was_given_up_is_shown_on_request_only(doors: Doors, house: House) -> None:
    house.cancel(house.book(title="Abandonnée"))
    house.book(title="Maintenue", span=hours(13, 14))
    coming = doors.get("/reservations").text
    assert "Maintenue" in coming
    assert "Abandonnée" not in coming
    assert "Abandonnée" in doors.get("/reservations?annulees=1").text
