"""A calendar speaks the language of its reader, and leaves what people wrote."""

from datetime import timedelta

from flask.testing import FlaskClient
from icalendar import Calendar

from coopshare.calendars.wording import in_words_of
from coopshare.db.work import Work
from coopshare.holds.services import Close, close
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import same
from coopshare.members.models import Person
from tests.calendars.conftest import House, Subscribe


def speak_english(house: House) -> None:
    """Have the member choose English."""

    def choose(work: Work) -> None:
        work.session.get_one(Person, house.member.person_id).language = "en"

    house.database.write(house.member, choose)


def test_the_words_are_those_of_the_reader(
    house: House, subscribe: Subscribe, client: FlaskClient
) -> None:
    start = utc(2027, 3, 10, 9)
    reason = f"travaux de peinture, {'puis de plomberie ; ' * 5}"
    house.publish(house.other, start, 1, house.left, categories=("Lieu", "Matériel"))
    house.publish(house.member, start + timedelta(hours=2), 1, house.left, title="Réservé aux élus",
                  categories=("Lieu", "Matériel"))  # fmt: skip
    command = Close(
        resource_ids=(house.left.id,),
        span=Interval(start + timedelta(days=1), start + timedelta(days=1, hours=2)),
        timezone="Europe/Paris",
        reason=reason[:120],
    )
    house.database.write(house.manager, close, command)
    path = subscribe(house.member, "resource", target=house.left.id)

    def told() -> list[tuple[str, str]]:
        parsed = Calendar.from_ical(client.get(path).data)
        assert isinstance(parsed, Calendar)
        return [(str(e["SUMMARY"]), ",".join(e.categories)) for e in parsed.events]

    french = client.get(path)
    assert told() == [
        ("Réservé", ""),
        ("Réservé aux élus", "Lieu,Matériel"),
        (f"Fermé : {reason[:120].strip()}", ""),
    ]
    assert "par CoopShare\r\n" in french.data.decode()
    speak_english(house)
    english = client.get(path, headers={"If-None-Match": french.headers["ETag"]})
    assert english.status_code == 200
    assert told() == [
        ("Booked", ""),
        ("Réservé aux élus", "Place,Equipment"),
        (f"Closed: {reason[:120].strip()}", ""),
    ]
    assert "by CoopShare\r\n" in english.data.decode()
    assert all(len(line) <= 75 for line in english.data.split(b"\r\n"))


def test_french_said_again_is_the_same_bytes(
    house: House, subscribe: Subscribe, client: FlaskClient
) -> None:
    house.publish(house.member, utc(2027, 3, 10, 9), 1, house.left, categories=("Lieu", "Autre"))
    house.publish(house.other, utc(2027, 3, 10, 11), 1, house.left)
    data = client.get(subscribe(house.member, "resource", target=house.left.id)).data
    assert in_words_of(data, same) == data
