"""One message for a series, however many dates it has; managers are asked once."""

from uuid import uuid4

import sqlalchemy as sa

from coopshare.app import HANDLERS
from coopshare.bookings import jobs, services
from coopshare.bookings.commands import Cancel, Choice, DecideSeries, Scope
from coopshare.bookings.facts import (
    SeriesApproved,
    SeriesBooked,
    SeriesCancelled,
    SeriesChanged,
    SeriesLapsed,
)
from coopshare.bookings.models import Booking, BookingSeries, BookingStatus, Wait, WaitStatus
from coopshare.bookings.series_notices import KIND, tell
from coopshare.db.models import AuditEntry, Job
from coopshare.db.outbox import JobToDo
from coopshare.db.work import Work
from coopshare.kernel.dates import utc
from coopshare.kernel.notices import Message
from tests.bookings.conftest import House
from tests.bookings.series.conftest import TUESDAY, Season, at
from tests.bookings.series.test_services import TUESDAYS, live_holds


def told(season: Season, series: BookingSeries, fact: str) -> list[Message]:
    """Return what is told of a series."""
    job = JobToDo(
        id=uuid4(),
        cooperative_id=season.house.phares.id,
        kind=KIND,
        payload={"id": str(series.id), "fact": fact},
    )
    return [message.said() for message in tell(season.house.database, job)]


def queued(house: House) -> list[str]:
    """Return the facts people are to be told of, and forget them."""

    def take(work: Work) -> list[str]:
        found = list(work.session.scalars(sa.select(Job).where(Job.done_at.is_(None))))
        for job in found:
            job.done_at = work.now
        return sorted(str(job.payload["fact"]) for job in found)

    house.database.handlers = HANDLERS
    return house.database.write(house.coordinator, take)


def test_one_message_for_each_thing_that_is_done(season: Season) -> None:
    house = season.house
    house.database.handlers = HANDLERS
    series = season.book()
    assert queued(house) == [SeriesBooked.name]
    [message] = told(season, series, SeriesBooked.name)
    assert message.subject == "Confirmé : Verrière, Chorale (5 dates)"
    assert message.paragraphs == (
        "Votre série « Chorale » est réservée : chaque mardi de 9\u202fh à 11\u202fh, cinq fois.",
    )
    dates = str(dict(message.details)["Dates"]).split(" ; ")
    assert len(dates) == 5
    assert message.calendar is not None
    assert message.calendar.count(b"BEGIN:VEVENT") == 5
    rows = season.rows(series)
    season.change(rows[1], Scope.ALL, span=at(TUESDAYS[1], 14, 16))
    assert queued(house) == [SeriesChanged.name]
    [message] = told(season, series, SeriesChanged.name)
    assert "de 14\u202fh à 16\u202fh" in str(message.paragraphs[0])
    season.cancel(rows[3], Scope.FOLLOWING)
    assert queued(house) == [SeriesCancelled.name]
    [message] = told(season, series, SeriesCancelled.name)
    assert len(str(dict(message.details)["Dates"]).split(" ; ")) == 2
    assert dict(message.details)["Pourquoi"] == "Plus de chorale"
    assert message.calendar is not None
    assert message.calendar.count(b"STATUS:CANCELLED") == 2


def test_managers_are_asked_once(season: Season) -> None:
    house = season.house
    room = house.make.resource(house.phares, house.scic, "Studio", needs_approval=True)
    series = season.book((room, 1))
    mine, asked = told(season, series, SeriesBooked.name)
    assert str(mine.subject).startswith("Demande envoyée : Studio, Chorale")
    assert str(asked.subject).startswith("À traiter : Studio, Chorale (5 dates)")
    assert asked.to.startswith("noe.blanc")
    rows = season.rows(series)
    command = DecideSeries(booking_id=rows[0].id, version=rows[0].version)
    house.database.write(house.keeper, services.approve_series, command)
    [message] = told(season, series, SeriesApproved.name)
    assert str(message.subject).startswith("Accepté : Studio")


def test_a_series_lapses_together(season: Season) -> None:
    house = season.house
    room = house.make.resource(house.phares, house.scic, "Studio", needs_approval=True)
    series = season.book((room, 1))

    def set_back(work: Work) -> None:
        for row in work.session.scalars(sa.select(Booking)):
            row.lapses_at = utc(2027, 3, 1, 12)

    house.database.write(house.coordinator, set_back)
    house.database.clock = lambda: utc(2027, 3, 1, 13)
    assert jobs.lapse(house.database) == 1
    assert {row.status for row in season.rows(series)} == {BookingStatus.LAPSED}
    assert live_holds(house) == []
    [message] = told(season, series, SeriesLapsed.name)
    assert "5 dates" in str(message.subject)


def test_a_date_given_up_is_offered_to_who_waits(season: Season) -> None:
    """A cancelled or moved date goes to the waiting list, in the same unit."""
    house = season.house
    rows = season.rows(season.book())
    waits = []
    for number in (1, 3):
        command = house.command(
            organisation_id=house.stranger.organisation_id, span=at(TUESDAYS[number])
        )
        waits.append(house.database.write(house.stranger, services.join, command))
    season.change(
        rows[0],
        Scope.ALL,
        span=at(TUESDAY, 14, 16),
        choices=(Choice(day=TUESDAYS[3], skip=True),),
    )
    with house.database.read(house.coordinator) as work:
        found = work.session.scalars(sa.select(Wait)).all()
        assert {wait.status for wait in found} == {WaitStatus.OFFERED}
        offered = [work.session.get_one(Booking, wait.booking_id) for wait in found]
        assert {row.status for row in offered} == {BookingStatus.OPTION}
    assert len(waits) == 2
    single = season.now(rows[4])
    command_cancel = Cancel(booking_id=single.id, version=single.version)
    house.database.write(house.member, services.cancel, command_cancel)


def test_the_journal_tells_a_series_once(season: Season) -> None:
    house = season.house
    season.book()
    with house.database.read(house.coordinator) as work:
        found = work.session.scalars(sa.select(AuditEntry)).all()
        assert sorted({entry.object_kind for entry in found}) == ["occurrence", "series"]
        assert [e.action for e in found if e.object_kind == "series"] == [SeriesBooked.name]
