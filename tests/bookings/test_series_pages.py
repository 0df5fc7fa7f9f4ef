"""The pages of series, without JavaScript."""

import re
from datetime import date
from typing import Any

from coopshare.bookings import queries, series, services
from coopshare.bookings.commands import BookSeries, Recurrence
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.db.work import Work
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from coopshare.kernel.recurrence import parse
from coopshare.members.models import Cooperative
from coopshare.resources.commands import Change
from coopshare.resources.kinds import TariffUnit
from coopshare.resources.models import Tariff
from coopshare.resources.services import change as change_resource
from tests.bookings.conftest import Doors, House
from tests.bookings.test_pages import text_of, typed

WEEKLY: dict[str, Any] = {
    "repeat": "WEEKLY",
    "every": "1",
    "weekdays": ["2"],
    "ends": "times",
    "times": "4",
    "until": "",
    "month_by": "day",
    "month_day": "10",
    "nth_rank": "2",
    "nth_weekday": "2",
}
"""Four Wednesdays from 10 March 2027 on: clocks change before the last one."""


def season(house: House, **fields: Any) -> dict[str, Any]:
    """Return what a member types: the room, four Wednesdays from 10 h to 12 h."""
    return typed(house, title="Chorale") | WEEKLY | fields


def taken(house: House, day: int, start: int = 9, end: int = 11) -> Booking:
    """Have somebody else hold the room on a day of March, hours in UTC."""
    span = Interval(utc(2027, 3, day, start), utc(2027, 3, day, end))
    return house.book(actor=house.stranger, title="Chez nous", span=span)


def made(house: House, rule: str = "FREQ=WEEKLY;COUNT=4") -> list[Booking]:
    """Make a series by the service; return its occurrences."""
    command = BookSeries(book=house.command(), recurrence=Recurrence(rule=parse(rule)))
    kept = house.database.write(house.member, services.book_series, command)
    with house.database.read(house.member) as work:
        return list(series.shown_occurrences(work, kept.id))


def bookings(house: House) -> list[Booking]:
    """Return the bookings of the member, by start."""
    with house.database.read(house.member) as work:
        wanted = queries.BookingFilter(person_id=house.member.person_id)
        return queries.listing(work, wanted)


def in_zone_c(house: House) -> None:
    """Give the cooperative the school holidays of zone C."""

    def act(work: Work) -> None:
        found = work.session.get(Cooperative, house.phares.id)
        assert found is not None
        found.school_zone = "C"

    house.database.write(house.coordinator, act)


def carried(page: str) -> dict[str, Any]:
    """Return the hidden fields of a page, as a browser sends them back."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(value.replace("&#39;", "'"))
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def test_a_season_is_shown_before_it_is_booked(doors: Doors, house: House) -> None:
    shown = doors.fill("/reserver", **season(house))
    assert shown.status_code == 200
    said = text_of(shown.text)
    assert "Chorale : chaque mercredi de 10 h à 12 h, quatre fois." in said.replace(
        "\u00a0", " "
    ).replace("\u202f", " ")
    assert "4 dates , 4 libres" in said
    assert "Réserver les 4 dates" in said
    assert bookings(house) == []
    done = doors.client.post("/reserver", data=carried(shown.text) | {"do": "series"})
    assert done.status_code == 303
    page = text_of(doors.get(done.location).text)
    assert "C'est réservé : Chorale" in page
    assert "4 dates à venir" in page
    kept = bookings(house)
    assert [one.starts_at for one in kept] == [
        utc(2027, 3, 10, 9),
        utc(2027, 3, 17, 9),
        utc(2027, 3, 24, 9),
        utc(2027, 3, 31, 8),
    ]


def test_each_date_in_the_way_is_settled_then_all_is_booked(doors: Doors, house: House) -> None:
    """Skip one, move one to free hours, take typed hours for one; nothing typed is lost."""
    for day in (10, 17, 24):
        taken(house, day)
    shown = doors.fill("/reserver", **season(house))
    said = text_of(shown.text)
    assert "1 libre, 3 à régler" in said
    assert "Chez nous" not in shown.text
    ways = re.findall(r'name="choice-2027-03-17" type="radio" value="(at\|[^"]+)"', shown.text)
    assert ways
    choices = {
        "choice-2027-03-10": "skip",
        "choice-2027-03-17": ways[0],
        "choice-2027-03-24": "other",
        "from-2027-03-24": "14:00",
        "to-2027-03-24": "",
    }
    fields = carried(shown.text) | choices
    missing = doors.client.post("/reserver", data=fields | {"do": "series"})
    assert missing.status_code == 422
    assert "Donnez les deux heures" in missing.text
    assert f'value="{ways[0]}" checked' in missing.text
    assert bookings(house) == []
    fields |= {"to-2027-03-24": "16:00"}
    checked = doors.client.post("/reserver", data=fields | {"do": "dates"})
    said = text_of(checked.text)
    assert "3 libres, 1 sautée" in said
    assert "Réserver les 3 dates" in said
    done = doors.client.post("/reserver", data=fields | {"do": "series"})
    assert done.status_code == 303
    kept = bookings(house)
    start = utc(*(int(part) for part in ways[0].split("|")[1][:10].split("-")))
    assert [one.occurrence for one in kept] == [date(2027, 3, day) for day in (17, 24, 31)]
    assert kept[0].starts_at.date() == start.date()
    assert kept[1].starts_at == utc(2027, 3, 24, 13)
    page = text_of(doors.get(done.location).text)
    assert "1 sautée ou annulée" in page
    assert "2 changées à part" in page


def test_booking_with_dates_in_the_way_books_nothing(doors: Doors, house: House) -> None:
    taken(house, 17)
    shown = doors.fill("/reserver", **season(house, do="series"))
    assert shown.status_code == 409
    assert "il reste des dates à régler" in text_of(shown.text)
    assert bookings(house) == []


def test_all_that_remains_is_skipped_by_one_button(doors: Doors, house: House) -> None:
    for day in (10, 24):
        taken(house, day)
    shown = doors.fill("/reserver", **season(house, do="skip-all"))
    assert "2 libres, 2 sautées" in text_of(shown.text)
    assert shown.text.count('value="skip" checked') == 2


def test_a_free_date_is_skipped_and_comes_back_to_the_form(doors: Doors, house: House) -> None:
    shown = doors.fill("/reserver", **season(house, skip=["2027-03-17"]))
    assert "3 libres, 1 sautée" in text_of(shown.text)
    back = doors.client.post(
        "/reserver", data=carried(shown.text) | {"do": "back", "skip": "2027-03-17"}
    )
    assert back.status_code == 200
    assert '<input type="hidden" name="skip" value="2027-03-17">' in back.text
    assert 'value="Chorale"' in back.text
    assert re.search(r'value="WEEKLY" checked', back.text)


def test_the_first_day_is_the_first_that_the_rule_names(doors: Doors, house: House) -> None:
    shown = doors.fill("/reserver", **season(house, weekdays=["1", "3"], times="2"))
    said = text_of(shown.text).replace("\u00a0", " ")
    assert "jeudi 11 mars" in said
    assert "mardi 16 mars" in said
    assert "mercredi" not in said


def test_what_is_typed_wrong_of_a_rule_is_said_in_the_form(doors: Doors, house: House) -> None:
    for fields, message in (
        ({"ends": "until"}, "Dites jusqu'à quel jour cela se répète."),
        ({"times": ""}, "Dites combien de fois cela se répète."),
        ({"every": "0"}, "entre 1 et 99"),
        ({"repeat": "DAILY", "ends": "until", "until": "2029-01-01"}, "366 dates au plus"),
        ({"ends": "until", "until": "2027-03-01"}, "avant son premier jour"),
        ({"repeat": "SECONDLY"}, "Choisissez parmi les réponses proposées."),
        ({"option_until": "2027-03-02"}, "Une série ne se pose pas en option"),
    ):
        refused = doors.fill("/reserver", **season(house, **fields))
        assert refused.status_code == 422, fields
        assert message in text_of(refused.text), fields
        assert 'value="Chorale"' in refused.text


def test_school_holidays_are_left_out_and_one_may_be_kept(doors: Doors, house: House) -> None:
    in_zone_c(house)
    page = doors.get("/reserver").text
    assert "vacances scolaires de la zone C" in page
    fields = season(house, day="2027-03-31", skip_school_holidays="1")
    shown = doors.fill("/reserver", **fields)
    said = text_of(shown.text)
    assert "sauf vacances scolaires zone C" in said
    days = re.findall(r'name="keep" type="checkbox" value="([^"]+)"', shown.text)
    assert days
    kept = doors.fill("/reserver", **fields, keep=[days[0]])
    assert f'value="{days[0]}" checked' in kept.text


def test_a_booking_is_repeated_then_is_alone_again(doors: Doors, house: House) -> None:
    booking = house.book()
    path = f"/reservations/{booking.id}"
    assert "Répéter" in doors.get(path).text
    asked = doors.fill(f"{path}/repeter", **WEEKLY, do="dates")
    assert asked.status_code == 200
    assert "Garde sa place" in asked.text
    done = doors.client.post(f"{path}/repeter", data=carried(asked.text) | {"do": "series"})
    assert done.status_code == 303
    assert len(bookings(house)) == 4
    page = doors.get(f"{path}/seule").text
    assert "les 3 autres sont annulées" in text_of(page)
    left = doors.fill(f"{path}/seule", others="cancel")
    assert left.status_code == 303
    live = [one for one in bookings(house) if one.status is BookingStatus.CONFIRMED]
    assert [(one.id, one.series_id) for one in live] == [(booking.id, None)]


def test_the_page_of_an_occurrence_shows_its_series(doors: Doors, house: House) -> None:
    rows = made(house)
    house.cancel(rows[2])
    said = text_of(doors.get(f"/reservations/{rows[0].id}").text)
    assert "Chaque mercredi de 10" in said
    assert "3 dates à venir" in said
    assert "1 sautée ou annulée" in said
    assert "Remettre" in said


def test_a_skipped_date_is_added_again(doors: Doors, house: House) -> None:
    rows = made(house)
    house.cancel(rows[2])
    path = f"/reservations/{rows[0].id}/remettre?jour=2027-03-24"
    shown = doors.get(path)
    assert "Réserver cette date" in text_of(shown.text)
    done = doors.client.post(path, data=carried(shown.text) | {"do": "series"})
    assert done.status_code == 303
    assert "est de nouveau réservée" in text_of(doors.get(done.location).text)
    assert doors.get(path).status_code == 422
    assert doors.get(f"/reservations/{rows[0].id}/remettre?jour=demain").status_code == 404


def test_a_date_added_again_offers_what_is_free(doors: Doors, house: House) -> None:
    rows = made(house)
    house.cancel(rows[2])
    taken(house, 24)
    path = f"/reservations/{rows[0].id}/remettre?jour=2027-03-24"
    shown = doors.get(path)
    ways = re.findall(r'name="choice-2027-03-24" type="radio" value="(at\|[^"]+)"', shown.text)
    done = doors.client.post(
        path, data=carried(shown.text) | {"do": "series", "choice-2027-03-24": ways[0]}
    )
    assert done.status_code == 303


def test_cancel_says_which_dates(doors: Doors, house: House) -> None:
    rows = made(house)
    path = f"/reservations/{rows[1].id}/annuler"
    said = text_of(doors.get(path).text)
    assert "seulement le mercredi 17" in said
    assert "celle-ci et les suivantes (3 dates)" in said
    assert "toute la série (4 dates à venir)" in said
    done = doors.fill(path, scope="following", reason="Travaux")
    assert done.status_code == 303
    live = [one.id for one in bookings(house) if one.status is BookingStatus.CONFIRMED]
    assert live == [rows[0].id]
    last = text_of(doors.get(f"/reservations/{rows[0].id}/annuler").text)
    assert "Quelles dates ?" not in last


def change_of(doors: Doors, booking: Booking, **fields: Any) -> Any:
    """Send the form that changes an occurrence, as it stands but for what is said."""
    path = f"/reservations/{booking.id}/modifier"
    text = doors.get(path).text
    found = {
        name: value
        for name, value in re.findall(r'name="([a-z_]+)"\s+type="[a-z]+"\s+value="([^"]*)"', text)
        if name not in {"repeat", "month_by", "ends", "scope", "all_day", "weekdays", "which"}
    }
    chosen = dict(re.findall(r'name="([a-z_]+)" type="radio" value="([^"]*)" checked', text))
    selects = r'name="(resource_id|month_day|nth_rank|nth_weekday)".*?value="([^"]+)" selected'
    lists = dict(re.findall(selects, text, re.DOTALL))
    ends = {"ends": "times", "repeat": "WEEKLY", "weekdays": "2", "month_by": "day"}
    return doors.fill(
        path,
        **(found | lists | ends | chosen | {"note": "", "do": "book"} | fields),
    )


def test_a_change_of_the_following_is_shown_then_made(doors: Doors, house: House) -> None:
    rows = made(house)
    taken(house, 24, 13, 15)
    shown = change_of(doors, rows[1], scope="following", starts_at="14:00", ends_at="16:00")
    assert shown.status_code == 200, text_of(shown.text)
    said = text_of(shown.text).replace("\u00a0", " ")
    assert "3 dates , 2 possibles, 1 à régler" in said
    assert "avant : mercredi 17 mars" in said
    assert "Annuler cette date" in said
    path = f"/reservations/{rows[1].id}/modifier"
    done = doors.client.post(
        path, data=carried(shown.text) | {"do": "series", "choice-2027-03-24": "skip"}
    )
    assert done.status_code == 303
    live = [one for one in bookings(house) if one.status is BookingStatus.CONFIRMED]
    assert [one.starts_at for one in live] == [
        utc(2027, 3, 10, 9),
        utc(2027, 3, 17, 13),
        utc(2027, 3, 31, 12),
    ]


def test_a_change_of_one_date_stays_with_it(doors: Doors, house: House) -> None:
    rows = made(house)
    done = change_of(doors, rows[1], scope="this", title="Concert")
    assert done.status_code == 303, text_of(done.text)
    renamed = change_of(doors, rows[0], scope="all", title="Chœur")
    assert renamed.status_code == 200
    path = f"/reservations/{rows[0].id}/modifier"
    done = doors.client.post(path, data=carried(renamed.text) | {"do": "series"})
    assert done.status_code == 303
    assert [one.title for one in bookings(house)] == ["Chœur", "Concert", "Chœur", "Chœur"]


def test_another_rule_is_for_several_dates(doors: Doors, house: House) -> None:
    rows = made(house)
    refused = change_of(doors, rows[0], scope="this", times="6")
    assert refused.status_code == 422
    assert "Une autre répétition ne vaut pas pour une seule date" in text_of(refused.text)
    shown = change_of(doors, rows[0], scope="all", times="6")
    assert shown.status_code == 200
    assert "6 dates , 6 possibles" in text_of(shown.text)
    path = f"/reservations/{rows[0].id}/modifier"
    done = doors.client.post(path, data=carried(shown.text) | {"do": "series"})
    assert done.status_code == 303
    assert len(bookings(house)) == 6


def test_a_list_shows_a_series_once(doors: Doors, house: House) -> None:
    rows = made(house, "FREQ=WEEKLY;COUNT=40")
    house.cancel(rows[0])
    house.book((house.chairs, 1), title="Seule")
    page = doors.get("/reservations")
    said = text_of(page.text)
    assert "39 dates à venir" in said
    assert "Chaque mercredi de 10" in said
    assert len(re.findall(r'<th scope="row">', page.text)) == 2
    assert f"/reservations/{rows[1].id}" in page.text


def test_waiting_dates_say_so(doors: Doors, house: House) -> None:
    asked = house.make.resource(house.phares, house.scic, "Atrium", needs_approval=True)
    shown = doors.fill("/reserver", **season(house, resource_id=[str(asked.id)]))
    said = text_of(shown.text)
    assert "Demander les 4 dates" in said
    assert "attendront l’accord" in said


def test_confirmed_dates_that_may_be_lost_are_said(doors: Doors, house: House) -> None:
    """Made longer than what is confirmed at once: what a refusal means is said before."""
    rows = made(house, "FREQ=WEEKLY;COUNT=3")
    rule = Change(resource_id=house.room.id, version=1, values={"approval_above": 150})
    house.database.write(house.keeper, change_resource, rule)
    shown = change_of(doors, rows[0], scope="all", ends_at="13:00")
    assert "3 dates sont confirmées aujourd’hui : si l’accord est refusé" in text_of(shown.text)


def test_the_price_of_a_season_is_seen_before_it_is_agreed_to(doors: Doors, house: House) -> None:
    tariff = Tariff(resource_id=house.room.id, position=0, unit=TariffUnit.HOUR, cents=2500)
    house.make.keep(tariff, house.phares.id)
    shown = doors.fill("/reserver", **season(house))
    said = text_of(shown.text).replace("\u202f", " ").replace("\u00a0", " ")
    assert "Prix des dates possibles : 200,00 € hors taxes." in said
    fields = carried(shown.text)
    assert fields["seen_cents"] == "20000"
    refused = doors.client.post("/reserver", data=fields | {"do": "series", "seen_cents": "100"})
    assert refused.status_code == 409
    assert bookings(house) == []
    done = doors.client.post("/reserver", data=fields | {"do": "series"})
    assert done.status_code == 303
    assert [one.price_cents for one in bookings(house)] == [5000] * 4


def test_a_series_that_waits_is_answered_at_once(doors: Doors, house: House) -> None:
    asked = house.make.resource(house.phares, house.scic, "Atrium", needs_approval=True)
    fields = carried(doors.fill("/reserver", **season(house, resource_id=[str(asked.id)])).text)
    assert doors.client.post("/reserver", data=fields | {"do": "series"}).status_code == 303
    rows = bookings(house)
    inbox = doors.as_(house.keeper).get("/a-traiter")
    assert inbox.text.count('id="demande-') == 1
    said = text_of(inbox.text)
    assert "et 3 autres dates de la série" in said
    assert "Accepter les 4 dates" in said
    alone = f"/reservations/{rows[3].id}/refuser"
    refused = doors.fill(alone, f"/reservations/{rows[3].id}/repondre", reason="Pas ce jour-là")
    assert refused.status_code == 303
    done = doors.fill(f"/reservations/{rows[0].id}/accepter", "/a-traiter", scope="all")
    assert done.status_code == 303
    assert [one.status for one in bookings(house)] == [
        *[BookingStatus.CONFIRMED] * 3,
        BookingStatus.REFUSED,
    ]
    assert "Chorale" not in doors.get("/a-traiter").text
