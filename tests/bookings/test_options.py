"""Options: a slot held without engagement until a date."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from coopshare.bookings import jobs, services
from coopshare.bookings.commands import Confirm
from coopshare.bookings.errors import AlreadyLapsed, NotAnOption
from coopshare.bookings.facts import Booked, Confirmed
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.bookings.notices import remind
from coopshare.bookings.services import OPTION_REMINDER
from coopshare.calendars.models import CalendarEntry
from coopshare.db.models import Job
from coopshare.db.outbox import JobToDo
from coopshare.holds.errors import SlotTaken
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import Forbidden, Invalid, Refused
from coopshare.resources.commands import Change as ChangeResource
from coopshare.resources.models import Resource
from coopshare.resources.services import change as change_resource
from tests.bookings.conftest import Doors, House, hours
from tests.bookings.test_notices import told
from tests.bookings.test_pages import text_of, typed
from tests.conftest import NOW, Clock

UNTIL = utc(2027, 3, 5, 17)
DAY = 24 * 60


@pytest.fixture
def studio(house: House, make: Any) -> Resource:
    """Return a room that may be held as an option for a week."""
    room: Resource = make.resource(house.phares, house.scic, "Studio", option_longest=7 * DAY)
    return room


def confirm(house: House, booking: Booking, actor: Actor | None = None) -> Booking:
    command = Confirm(booking_id=booking.id, version=booking.version)
    return house.database.write(actor or house.member, services.confirm, command)


def test_an_option_holds_then_is_confirmed(house: House, studio: Resource) -> None:
    """Nobody else has the slot meanwhile; one click makes a booking of it."""
    option = house.book((studio, 1), option_until=UNTIL)
    assert (option.status, option.lapses_at) == (BookingStatus.OPTION, UNTIL)
    with pytest.raises(SlotTaken):
        house.book((studio, 1), actor=house.stranger)
    with house.database.read(house.coordinator) as work:
        entry = work.session.query(CalendarEntry).filter_by(source_id=option.id).one()
        assert entry.status == "tentative"
    confirmed = confirm(house, option)
    assert (confirmed.status, confirmed.lapses_at) == (BookingStatus.CONFIRMED, None)
    assert confirmed.sequence == option.sequence + 1
    with pytest.raises(NotAnOption):
        confirm(house, confirmed)
    assert [live for *_, live in house.holds(option)] == [True]


@pytest.mark.parametrize(
    ("until", "code"),
    [(utc(2027, 3, 9, 9), "option_too_long"), (utc(2027, 3, 10, 10), "option_past_start")],
    ids=["too long", "past the start"],
)
def test_the_rules_of_options(house: House, studio: Resource, until: Any, code: str) -> None:
    with pytest.raises(Refused) as refused:
        house.book((studio, 1), option_until=until)
    assert code in [rule["rule"] for rule in refused.value.details["rules"]]  # type: ignore[attr-defined]
    assert refused.value.possible is not None


def test_what_has_no_options_says_so(house: House) -> None:
    """Its manager may all the same; a date that is past is nobody's."""
    with pytest.raises(Refused) as refused:
        house.book(option_until=UNTIL)
    assert refused.value.details["rule"] == "no_options"
    assert house.book(actor=house.keeper, option_until=UNTIL).status is BookingStatus.OPTION
    with pytest.raises(Invalid):
        house.book((house.chairs, 1), actor=house.keeper, option_until=NOW)


def test_confirming_judges_again(house: House, studio: Resource, clock: Clock) -> None:
    """What depends on how early one books was judged when the option was made; the rest is now."""

    def set_rule(**values: Any) -> None:
        def write(work: Any) -> None:
            resource = work.session.get(Resource, studio.id)
            command = ChangeResource(resource_id=studio.id, version=resource.version, values=values)
            change_resource(work, command)

        house.database.write(house.coordinator, write)

    set_rule(notice=8 * DAY)
    option = house.book((studio, 1), option_until=UNTIL)
    clock.now = UNTIL - timedelta(hours=1)
    set_rule(longest=60)
    with pytest.raises(Refused) as refused:
        confirm(house, option)
    assert refused.value.details["rule"] == "too_long"
    set_rule(longest=None, needs_approval=True)
    pending = confirm(house, option)
    assert pending.status is BookingStatus.PENDING
    asked, manager = told(house, pending, Confirmed.name)
    assert str(asked.subject).startswith("Demande envoyée : Studio")
    assert str(manager.subject).startswith("À traiter : Studio")


def test_an_expired_option_is_not_confirmed(house: House, studio: Resource, clock: Clock) -> None:
    """Even where the worker has not passed yet (bug class 17); afterwards the slot is free."""
    option = house.book((studio, 1), option_until=UNTIL)
    clock.now = UNTIL
    with pytest.raises(AlreadyLapsed):
        confirm(house, option)
    with pytest.raises(AlreadyLapsed):
        house.change(option, span=hours(13, 14))
    assert jobs.lapse(house.database) == 1
    other = house.book((studio, 1), actor=house.stranger)
    assert other.status is BookingStatus.CONFIRMED
    with pytest.raises(AlreadyLapsed):
        confirm(house, house_row(house, option))


def house_row(house: House, booking: Booking) -> Booking:
    with house.database.read(house.coordinator) as work:
        found = work.session.get_one(Booking, booking.id)
        work.session.expunge(found)
    return found


def test_a_moved_option_stays_one(house: House, studio: Resource) -> None:
    """It keeps its date, or less: never past its new start."""
    option = house.book((studio, 1), option_until=UNTIL)
    later = house.change(option, span=hours(12, 13))
    assert (later.status, later.lapses_at) == (BookingStatus.OPTION, UNTIL)
    sooner = house.change(later, span=hours(9, 11, day=4))
    assert (sooner.status, sooner.lapses_at) == (BookingStatus.OPTION, utc(2027, 3, 4, 9))
    renamed = house.change(sooner, title="Autre nom")
    assert renamed.status is BookingStatus.OPTION


def test_only_its_own_people_confirm(house: House, studio: Resource) -> None:
    option = house.book((studio, 1), option_until=UNTIL)
    with pytest.raises(Forbidden):
        confirm(house, option, house.colleague)


def test_it_is_told_when_set_and_once_before_it_ends(
    house: House, studio: Resource, clock: Clock
) -> None:
    option = house.book((studio, 1), option_until=UNTIL)
    [message] = told(house, option, Booked.name)
    assert str(message.subject).startswith("Option posée : Studio")
    with house.database.read(house.coordinator) as work:
        [job] = work.session.query(Job).filter_by(kind=OPTION_REMINDER).all()
        assert job.run_at == UNTIL - timedelta(hours=24)
        to_do = JobToDo(
            id=uuid4(),
            cooperative_id=house.phares.id,
            kind=OPTION_REMINDER,
            payload=job.payload,
            attempt=1,
        )
    clock.now = UNTIL - timedelta(hours=24)
    [message] = [m.said() for m in remind(house.database, to_do)]
    assert str(message.subject).startswith("Option à confirmer avant vendredi 5\u00a0mars")
    house.change(option, span=hours(9, 11, day=5))
    assert remind(house.database, to_do) == []  # it ends at another time now: another reminder
    confirm(house, house_row(house, option))
    assert remind(house.database, to_do) == []


def test_by_the_form(house: House, studio: Resource, doors: Doors) -> None:
    """Folded in the form; its date is asked for; then one click confirms."""
    page = doors.get("/reserver")
    assert "Poser une option" in page.text
    fields = typed(house, resource_id=[str(studio.id)], do="option")
    missing = doors.fill("/reserver", **fields)
    assert missing.status_code == 422
    assert "Dites jusqu'à quel jour" in text_of(missing.text)
    done = doors.fill("/reserver", **fields, option_until="2027-03-05", option_hour="18:00")
    assert done.status_code == 303
    shown = doors.get(done.location)
    assert "gardée en option jusqu’à vendredi 5 mars, 18 h" in text_of(shown.text).replace(
        "\u202f", " "
    ).replace("\u00a0", " ")
    assert "En option" in doors.get("/reservations").text
    confirmed = doors.fill(f"{done.location}/confirmer", page=done.location)
    assert confirmed.status_code == 303
    assert "Confirmer l’option" not in doors.get(done.location).text
    again = doors.client.post(f"{done.location}/confirmer", data={"version": "2"})
    assert again.status_code in {400, 403, 409}


def test_by_programs_and_commands(studio: Resource, doors: Doors) -> None:
    body: dict[str, Any] = {
        "title": "Peut-être",
        "lines": [{"resource_id": str(studio.id)}],
        "starts_at": "2027-03-10T09:00:00Z",
        "ends_at": "2027-03-10T11:00:00Z",
        "option_until": "2027-03-05T17:00:00Z",
    }
    quoted = doors.api("POST", "/quote", json=body).json
    assert quoted is not None
    assert (quoted["possible"], quoted["status"]) == (True, "option")
    made = doors.api("POST", json=body)
    assert made.json is not None
    assert (made.status_code, made.json["status"]) == (201, "option")
    assert made.json["lapses_at"] == "2027-03-05T17:00:00Z"
    confirmed = doors.api("POST", f"/{made.json['id']}/confirm")
    assert confirmed.json is not None
    assert (confirmed.json["status"], confirmed.json["lapses_at"]) == ("confirmed", None)
    again = doors.api("POST", f"/{made.json['id']}/confirm")
    assert again.json is not None
    assert (again.status_code, again.json["code"]) == (409, "not_an_option")
    words = ["--title", "Demain", "--line", "Studio", "--from", "2027-03-11T10:00"]
    words += ["--to", "2027-03-11T12:00", "--option-until", "2027-03-05"]
    code, printed, said = doors.command("add", *words)
    assert (code, said) == (0, "")
    assert str(UUID(printed)) == printed
    assert doors.command("confirm", printed)[0] == 0
    assert doors.command("confirm", printed)[0] == 5
