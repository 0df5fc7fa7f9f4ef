"""The verbs of bookings, on both engines."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from coopshare.bookings import queries, services
from coopshare.bookings.commands import Cancel, Change, Line, LocalTimes
from coopshare.bookings.errors import (
    AlreadyCancelled,
    AlreadyEnded,
    NotForThatOrganisation,
    NotPending,
)
from coopshare.bookings.models import BookingStatus
from coopshare.calendars.models import CalendarEntry, CalendarVersion
from coopshare.db.models import AuditEntry
from coopshare.holds.errors import HeldTwice, SlotTaken
from coopshare.holds.queries import Wish, answer, busy
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import Forbidden, Invalid, NotFound, Refused, VersionMismatch
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import AmbiguousTime, NonexistentTime
from coopshare.resources.models import Resource
from tests.bookings.conftest import House, hours
from tests.conftest import Clock


def actions(house: House) -> list[str]:
    with house.database.read(house.coordinator) as work:
        return [e.action for e in work.session.query(AuditEntry).order_by(AuditEntry.at)]


def test_book_all_or_none(house: House) -> None:
    """A booking of several things holds each of them, or nothing at all."""
    booking = house.book((house.room, 1), (house.chairs, 6))
    assert booking.status is BookingStatus.CONFIRMED
    assert booking.timezone == "Europe/Paris"
    assert [(q, s, e, live) for _, q, s, e, live in house.holds(booking)].count(
        (6, utc(2027, 3, 10, 9), utc(2027, 3, 10, 11), True)
    ) == 1
    assert len(house.holds(booking)) == 2
    assert actions(house) == ["booking.booked"]
    with pytest.raises(SlotTaken) as refused:
        house.book((house.chairs, 5), span=hours(10, 12))
    assert [c["name"] for c in refused.value.details["conflicts"]] == ["Chaises"]  # type: ignore[attr-defined]
    assert actions(house) == ["booking.booked"]
    house.book((house.chairs, 4), span=hours(10, 12))


def test_back_to_back_passes_a_buffer_separates(house: House, make: Any) -> None:
    """Touching is not overlapping; preparation time, and only that, keeps two uses apart."""
    house.book(span=hours(9, 10))
    house.book(span=hours(10, 11))
    kitchen = make.resource(house.phares, house.scic, "Cuisine", preparation_after=30)
    house.book((kitchen, 1), span=hours(9, 10))
    with pytest.raises(SlotTaken):
        house.book((kitchen, 1), span=hours(10, 11))
    half_past = Interval(utc(2027, 3, 10, 10, 30), utc(2027, 3, 10, 11, 30))
    house.book((kitchen, 1), span=half_past)


def test_a_taken_slot_says_what_is_possible(house: House, make: Any) -> None:
    """The refusal names the conflict and alternatives that would really be accepted."""
    attic = make.resource(house.phares, house.scic, "Grenier", capacity=20)
    house.book()
    with pytest.raises(SlotTaken) as refused:
        house.book(actor=house.stranger, title="Autre chose")
    details = refused.value.details
    assert "Réunion" not in str(details)
    ways: Any = details["alternatives"]
    assert len(ways) >= 2
    assert str(attic.id) in {line["resource_id"] for way in ways for line in way["lines"]}
    for way in ways:
        lines = tuple(
            (house.room if x["resource_id"] == str(house.room.id) else attic, x["quantity"])
            for x in way["lines"]
        )
        span = Interval(_at(way["starts_at"]), _at(way["ends_at"]))
        quoted = _quote(house, *lines, span=span)
        assert quoted.is_possible, way


def _at(text: str) -> Any:
    return utc(*[int(x) for x in (text[:4], text[5:7], text[8:10], text[11:13], text[14:16])])


def _quote(house: House, *lines: tuple[Resource, int], **fields: Any) -> services.Quote:
    with house.database.read(house.member) as work:
        return services.quote(work, house.command(*lines, **fields))


def test_a_quote_and_a_booking_agree(house: House) -> None:
    """The quote writes nothing and says what the booking would."""
    assert _quote(house).is_possible
    house.book()
    quoted = _quote(house)
    assert not quoted.is_possible
    with pytest.raises(SlotTaken) as refused:
        house.book()
    assert quoted.taken is not None
    assert quoted.taken.sentence.say() == refused.value.sentence.say()
    assert [one.as_details() for one in quoted.alternatives] == refused.value.details[
        "alternatives"
    ]


def test_every_broken_rule_is_named(house: House, make: Any) -> None:
    """One refusal names all the rules; what is possible is said."""
    strict = make.resource(
        house.phares, house.scic, "Studio", shortest=120, capacity=4, hours=(540, 1080)
    )
    with pytest.raises(Refused) as refused:
        house.book((strict, 1), span=hours(19, 20), people=9)
    assert refused.value.code == "refused"
    broken: Any = refused.value.details["rules"]
    assert {one["rule"] for one in broken} == {
        "too_short",
        "too_many_people",
        "outside_opening_hours",
    }
    assert "Studio" in refused.value.say()


def test_rules_are_checked_again_at_the_write(house: House, make: Any) -> None:
    """Two windows opened at the same time meet the same rules when they write."""
    room = make.resource(house.phares, house.scic, "Bureau")
    assert _quote(house, (room, 1)).is_possible

    def shut(work: Any) -> Any:
        row = work.session.get(Resource, room.id)
        row.is_listed = False
        return row

    house.database.write(house.coordinator, shut)
    with pytest.raises((Refused, NotFound)):
        house.book((room, 1))


def test_for_whom_one_may_book(house: House, make: Any) -> None:
    """Members book for their own; managers of all that is asked for, administrators, for any."""
    with pytest.raises(NotForThatOrganisation):
        house.book(actor=house.member, organisation_id=house.cantine.id)
    house.book(actor=house.keeper, organisation_id=house.cantine.id)
    other = make.resource(house.phares, house.cantine, "Cave")
    with pytest.raises(Forbidden):
        house.book((other, 1), actor=house.keeper, organisation_id=house.atelier.id)
    house.book((other, 1), actor=house.coordinator, organisation_id=house.atelier.id)
    elsewhere = make.cooperative("Ailleurs")
    foreign = make.organisation(elsewhere, "Étrangère")
    theirs = make.resource(elsewhere, foreign, "Salle d'ailleurs")
    with pytest.raises(NotFound):
        house.book((theirs, 1))
    with pytest.raises((NotFound, Forbidden)):
        house.book(actor=house.coordinator, organisation_id=foreign.id, span=hours(14, 15))


def test_move_keeps_the_id_and_the_holds(house: House) -> None:
    """An edit, by an administrator too, never duplicates an entry."""
    booking = house.book((house.room, 1), (house.chairs, 6))
    before = [row[0] for row in house.holds(booking)]
    moved = house.change(booking, actor=house.coordinator, span=hours(13, 15))
    assert moved.id == booking.id
    assert (moved.version, moved.sequence) == (2, 1)
    assert [row[0] for row in house.holds(booking)] == before
    assert {(s, e) for _, _, s, e, _ in house.holds(booking)} == {
        (utc(2027, 3, 10, 13), utc(2027, 3, 10, 15))
    }
    house.book(span=hours(9, 11))
    assert actions(house) == ["booking.booked", "booking.moved", "booking.booked"]


def test_move_over_oneself_and_into_another(house: House) -> None:
    """A booking is not in its own way; another one is, and nothing is changed then."""
    booking = house.book(span=hours(9, 11))
    booking = house.change(booking, span=hours(10, 12))
    house.book(span=hours(13, 14))
    with pytest.raises(SlotTaken):
        house.change(booking, span=hours(12, 14))
    with house.database.read(house.member) as work:
        kept = queries.get(work, booking.id)
        assert (kept.version, kept.starts_at) == (2, utc(2027, 3, 10, 10))


def test_lines_added_and_removed(house: House) -> None:
    """Chairs come in, the room goes: its time is free at once."""
    booking = house.book((house.room, 1))
    booking = house.change(
        booking,
        lines=(
            Line(resource_id=house.room.id),
            Line(resource_id=house.chairs.id, quantity=4),
        ),
    )
    booking = house.change(booking, lines=(Line(resource_id=house.chairs.id, quantity=8),))
    assert [(x.resource_id, x.quantity) for x in booking.lines] == [(house.chairs.id, 8)]
    house.book((house.room, 1))
    with pytest.raises(SlotTaken):
        house.book((house.chairs, 3))
    with house.database.read(house.member) as work:
        told = [one.changes for one in queries.history(work, booking)]
    room, chairs = (f"line:{r.id}" for r in (house.room, house.chairs))
    assert {room: ("1", "0"), chairs: ("4", "8")} in told


def test_words_change_without_rules(house: House, clock: Clock) -> None:
    """A new title is not judged by notice or opening hours, and is not copied into the trace."""
    booking = house.book()
    clock.now = utc(2027, 3, 10, 10)
    changed = house.change(booking, title="Autre titre", note="Merci")
    assert (changed.title, changed.sequence, changed.version) == ("Autre titre", 0, 2)
    with house.database.read(house.member) as work:
        latest = queries.history(work, changed)[0]
    assert (latest.action, latest.changes) == (
        "booking.changed",
        {"title": ("", ""), "note": ("", "")},
    )


def test_a_running_booking_is_shortened_or_lengthened(house: House, clock: Clock) -> None:
    """While it runs its end may move; once it is over nothing does."""
    booking = house.book()
    clock.now = utc(2027, 3, 10, 10)
    booking = house.change(booking, span=hours(9, 12))
    half = Interval(utc(2027, 3, 10, 9), utc(2027, 3, 10, 10, 30))
    booking = house.change(booking, span=half)
    with pytest.raises(AlreadyEnded):
        house.change(booking, span=Interval(utc(2027, 3, 10, 9), utc(2027, 3, 10, 9, 30)))
    with pytest.raises(Refused):
        house.change(booking, span=Interval(utc(2027, 3, 10, 8), utc(2027, 3, 10, 11)))
    clock.now = utc(2027, 3, 10, 11)
    with pytest.raises(AlreadyEnded):
        house.change(booking, title="Trop tard")
    with pytest.raises(AlreadyEnded):
        house.cancel(booking)


def test_a_stale_version_is_refused(house: House) -> None:
    """Whoever saw an older version is told so."""
    booking = house.book()
    stale = replace(Change(booking_id=booking.id, version=booking.version), title="Le mien")
    house.change(booking, title="Le leur")
    with pytest.raises(VersionMismatch):
        house.database.write(house.member, services.change, stale)
    with pytest.raises(VersionMismatch):
        house.database.write(
            house.member, services.cancel, Cancel(booking_id=booking.id, version=1)
        )


def test_cancel_frees_at_once_and_only_its_own(house: House) -> None:
    """A cancelled row blocks nothing, and its neighbours keep their time."""
    first, second = house.book((house.chairs, 6)), house.book((house.chairs, 4))
    cancelled = house.cancel(first, reason="Plus besoin")
    assert (cancelled.status, cancelled.cancel_reason) == (BookingStatus.CANCELLED, "Plus besoin")
    assert [row[4] for row in house.holds(first)] == [False]
    assert [row[4] for row in house.holds(second)] == [True]
    assert _quote(house, (house.chairs, 6)).is_possible
    assert not _quote(house, (house.chairs, 7)).is_possible
    house.book((house.chairs, 6))
    with pytest.raises(AlreadyCancelled):
        house.cancel(cancelled)
    with pytest.raises(AlreadyCancelled):
        house.change(cancelled, title="Revenante")


def test_who_may_change(house: House) -> None:
    """Colleagues read, strangers see nothing, managers and administrators change."""
    booking = house.book()
    with pytest.raises(Forbidden):
        house.change(booking, actor=house.colleague, title="X")
    with pytest.raises(NotFound):
        house.cancel(booking, actor=house.stranger)
    booking = house.change(booking, actor=house.keeper, title="Vu par la gestion")
    house.cancel(booking, actor=house.coordinator)


@pytest.fixture
def guarded(house: House, make: Any) -> Resource:
    """Return a room whose manager decides."""
    room: Resource = make.resource(house.phares, house.scic, "Plateau", needs_approval=True)
    return room


def test_approval(house: House, guarded: Resource) -> None:
    """A request holds its slot while it waits: a second one never reaches the decision."""
    booking = house.book((guarded, 1))
    assert booking.status is BookingStatus.PENDING
    with pytest.raises(SlotTaken):
        house.book((guarded, 1), actor=house.stranger)
    with pytest.raises(Forbidden):
        house.decide(services.approve, booking, house.member)
    approved = house.decide(services.approve, booking, house.keeper)
    assert approved.status is BookingStatus.CONFIRMED
    with pytest.raises(NotPending):
        house.decide(services.approve, approved, house.keeper)
    assert house.book((guarded, 1), actor=house.keeper, span=hours(14, 15)).status is (
        BookingStatus.CONFIRMED
    )


def test_refusal_by_the_manager(house: House, guarded: Resource) -> None:
    """A refused request gives its slot back and says why."""
    booking = house.book((guarded, 1))
    refused = house.decide(services.refuse, booking, house.coordinator)
    assert (refused.status, refused.cancel_reason) == (BookingStatus.REFUSED, "Complet")
    house.book((guarded, 1), actor=house.stranger)
    with house.database.read(house.coordinator) as work:
        wanted = queries.BookingFilter(is_to_decide=True)
        assert len(queries.listing(work, wanted)) == 1


def test_a_moved_request_waits_again(house: House, guarded: Resource) -> None:
    """Shorter stays confirmed; another time asks again, and what was confirmed stands meanwhile."""
    booking = house.decide(services.approve, house.book((guarded, 1)), house.keeper)
    booking = house.change(booking, span=hours(9, 10))
    assert (booking.status, booking.lapses_at) == (BookingStatus.CONFIRMED, None)
    booking = house.change(booking, span=hours(15, 16))
    assert (booking.status, booking.starts_at) == (BookingStatus.CONFIRMED, hours(9, 10).start)
    assert booking.lapses_at is not None


def test_a_whole_and_its_parts(house: House, make: Any) -> None:
    """The hall and its half are one place: never both, whichever comes first."""
    hall = make.resource(house.phares, house.scic, "Grande salle")
    halves = [make.resource(house.phares, house.scic, f"Moitié {n}") for n in "AB"]
    for half in halves:
        make.part(hall, half)
    house.book((halves[0], 1))
    with pytest.raises(SlotTaken):
        house.book((hall, 1))
    house.book((hall, 1), span=hours(14, 15))
    with pytest.raises(SlotTaken):
        house.book((halves[1], 1), span=hours(14, 15))
    with pytest.raises(HeldTwice):
        house.book((hall, 1), (halves[0], 1), span=hours(17, 18))


def at(day: date, start: str, end: str, **more: Any) -> LocalTimes:
    return LocalTimes(
        first=day,
        last=more.pop("last", day),
        starts=time.fromisoformat(start),
        ends=time.fromisoformat(end),
        **more,
    )


def test_local_hours_in_the_weeks_the_clocks_change(house: House) -> None:
    """The local hour is kept on both sides of the change; the odd hours are asked about."""
    saturday, monday = date(2027, 3, 27), date(2027, 3, 29)
    assert house.book(span=at(saturday, "09:00", "10:00")).starts_at == utc(2027, 3, 27, 8)
    assert house.book(span=at(monday, "09:00", "10:00")).starts_at == utc(2027, 3, 29, 7)
    with pytest.raises(NonexistentTime) as missing:
        house.book(span=at(date(2027, 3, 28), "02:30", "04:00"))
    assert list(missing.value.fields) == ["starts_at"]
    autumn = date(2027, 10, 31)
    with pytest.raises(AmbiguousTime):
        house.book(span=at(autumn, "02:30", "04:00"))
    first = house.book(span=at(autumn, "02:30", "04:00", which="first"))
    assert Interval(first.starts_at, first.ends_at).minutes == 150
    house.cancel(first)
    second = house.book(span=at(autumn, "02:30", "04:00", which="second"))
    assert Interval(second.starts_at, second.ends_at).minutes == 90


def test_whole_days(house: House) -> None:
    """Whole days run from local midnight to local midnight: 23 hours in March, 25 in October."""
    days = LocalTimes(first=date(2027, 3, 28), last=date(2027, 3, 28), all_day=True)
    booking = house.book(span=days)
    assert (booking.all_day, Interval(booking.starts_at, booking.ends_at).minutes) == (
        True,
        23 * 60,
    )
    several = LocalTimes(first=date(2027, 10, 30), last=date(2027, 10, 31), all_day=True)
    booking = house.book(span=several)
    assert Interval(booking.starts_at, booking.ends_at).minutes == (24 + 25) * 60
    with pytest.raises(Invalid):
        house.book(span=hours(9, 11), all_day=True)
    house.book(span=Interval(utc(2027, 3, 11, 23), utc(2027, 3, 12, 23)), all_day=True)


def test_other_zones(house: House, make: Any) -> None:
    """A room in Réunion is booked in its own local time, and so is Saint-Pierre."""
    for zone, offset in (("Indian/Reunion", 4), ("America/Miquelon", -3)):
        room = make.resource(house.phares, house.scic, f"Salle {zone}", timezone=zone)
        booking = house.book((room, 1), span=at(date(2027, 3, 10), "09:00", "10:00"))
        assert (booking.timezone, booking.starts_at) == (zone, utc(2027, 3, 10, 9 - offset))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"lines": ()}, Invalid),
        ({"span": at(date(2027, 3, 10), "11:00", "09:00")}, Invalid),
        ({"span": at(date(2027, 3, 10), "11:00", "09:00", last=date(2027, 3, 9))}, Invalid),
        ({"timezone": "Mars/Olympus"}, Invalid),
        ({"span": hours(8, 9, day=1)}, Refused),
    ],
)
def test_what_makes_no_sense(house: House, fields: dict[str, Any], error: type[Exception]) -> None:
    """Nothing, reversed, absurd, past."""
    with pytest.raises(error):
        house.book(**fields)
    with house.database.read(house.coordinator) as work:
        assert queries.listing(work, queries.BookingFilter()) == []


def test_the_same_thing_twice(house: House) -> None:
    """Two lines of one resource are one line."""
    with pytest.raises(Invalid):
        house.book((house.chairs, 2), (house.chairs, 3))


def test_a_cancelled_slot_is_free_everywhere_at_once(house: House) -> None:
    """Search, busy spans, lists and calendars tell of it in the same instant."""
    booking = house.book()
    wish = Wish(span=hours(9, 11), resource_ids=(house.room.id,))

    def seen() -> tuple[int, list[Interval], int, int]:
        with house.database.read(house.stranger) as work:
            version = work.session.get(CalendarVersion, (house.phares.id, house.room.id))
            return (
                len(answer(work, wish).free),
                busy(work, house.room.id, hours(8, 12)),
                0 if version is None else version.version,
                work.session.query(CalendarEntry)
                .filter(CalendarEntry.cancelled_at.is_(None))
                .count(),
            )

    assert seen() == (0, [hours(9, 11)], 1, 1)
    house.cancel(booking)
    assert seen() == (1, [], 2, 0)


def test_one_request_is_answered_once_at_the_same_instant(house: House, guarded: Resource) -> None:
    """Two managers press two buttons together: one answer is kept, the other is told."""
    booking = house.book((guarded, 1))
    barrier = threading.Barrier(2)

    def press(verb: Any, actor: Any) -> str:
        barrier.wait()
        try:
            return str(house.decide(verb, booking, actor).status)
        except (NotPending, VersionMismatch) as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        answers = [
            pool.submit(press, services.approve, house.keeper),
            pool.submit(press, services.refuse, house.coordinator),
        ]
        said = sorted(one.result() for one in answers)
    kept = {"confirmed", "refused"} & set(said)
    assert len(kept) == 1, said
    with house.database.read(house.coordinator) as work:
        status = queries.get(work, booking.id).status
        assert {str(status)} == kept
        live = [row[4] for row in house.holds(booking)]
        assert live == [status is BookingStatus.CONFIRMED]
