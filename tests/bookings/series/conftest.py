"""A season in the small cooperative: what the tests of series start from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

import pytest

from coopshare.bookings import services
from coopshare.bookings.commands import (
    AddDate,
    BookSeries,
    CancelSeries,
    ChangeSeries,
    Choice,
    LocalTimes,
    MakeSeries,
    Recurrence,
    Scope,
)
from coopshare.bookings.models import Booking, BookingSeries
from coopshare.bookings.series import occurrences
from coopshare.kernel.actor import Actor
from coopshare.kernel.recurrence import parse
from coopshare.resources.models import Resource
from tests.bookings.conftest import House

TUESDAY = date(2027, 3, 2)


def at(day: date, starts: int = 9, ends: int = 11) -> LocalTimes:
    """Return whole hours of a local day."""
    return LocalTimes(first=day, last=day, starts=time(starts), ends=time(ends))


@dataclass
class Season:
    """What is done to series, as the member of Atelier Nord unless said otherwise."""

    house: House

    def command(
        self,
        *lines: tuple[Resource, int],
        rule: str = "FREQ=WEEKLY;COUNT=5",
        choices: Sequence[Choice] = (),
        holidays: bool = False,
        **fields: Any,
    ) -> BookSeries:
        """Return five Tuesdays of March 2027 from 9 to 11 in the room, unless said otherwise."""
        values: dict[str, Any] = {"span": at(TUESDAY), "title": "Chorale"}
        return BookSeries(
            book=self.house.command(*lines, **(values | fields)),
            recurrence=Recurrence(rule=parse(rule), skip_school_holidays=holidays),
            choices=tuple(choices),
        )

    def book(
        self, *lines: tuple[Resource, int], actor: Actor | None = None, **fields: Any
    ) -> BookingSeries:
        """Make a series."""
        who, command = actor or self.house.member, self.command(*lines, **fields)
        with services.explained_series(self.house.database, who, command):
            return self.house.database.write(who, services.book_series, command)

    def rows(self, series: BookingSeries) -> list[Booking]:
        """Return every booking of a series, by the day it stands for."""
        with self.house.database.read(self.house.coordinator) as work:
            return list(occurrences(work, series.id))

    def series_of(self, booking: Booking) -> BookingSeries:
        """Return the series a booking belongs to now."""
        with self.house.database.read(self.house.coordinator) as work:
            now = work.session.get(Booking, booking.id)
            assert now is not None
            found = work.session.get(BookingSeries, now.series_id)
            assert found is not None
            assert found.lines is not None
            return found

    def now(self, booking: Booking) -> Booking:
        """Return a booking as it is now."""
        with self.house.database.read(self.house.coordinator) as work:
            found = work.session.get(Booking, booking.id)
            assert found is not None
            return found

    def by_id(self, booking_id: str) -> Booking:
        """Return a booking by its written id."""
        with self.house.database.read(self.house.coordinator) as work:
            found = work.session.get(Booking, UUID(booking_id))
            assert found is not None
            return found

    def change(
        self, booking: Booking, scope: Scope, *, actor: Actor | None = None, **fields: Any
    ) -> Booking:
        """Change an occurrence as it stands, with others."""
        values: dict[str, Any] = {
            "booking_id": booking.id,
            "version": self.now(booking).version,
            "scope": scope,
        }
        who, command = actor or self.house.member, ChangeSeries(**(values | fields))
        with services.explained_series(self.house.database, who, command):
            return self.house.database.write(who, services.change_series, command)

    def cancel(self, booking: Booking, scope: Scope, *, actor: Actor | None = None) -> Booking:
        """Cancel an occurrence as it stands, with others."""
        command = CancelSeries(
            booking_id=booking.id,
            version=self.now(booking).version,
            scope=scope,
            reason="Plus de chorale",
        )
        return self.house.database.write(
            actor or self.house.member, services.cancel_series, command
        )

    def make(self, booking: Booking, rule: str, choices: Sequence[Choice] = ()) -> BookingSeries:
        """Make a series of a booking."""
        command = MakeSeries(
            booking_id=booking.id,
            version=self.now(booking).version,
            recurrence=Recurrence(rule=parse(rule)),
            choices=tuple(choices),
        )
        with services.explained_series(self.house.database, self.house.member, command):
            return self.house.database.write(self.house.member, services.make_series, command)

    def add(self, booking: Booking, day: date, **fields: Any) -> Booking:
        """Add a date again."""
        command = AddDate(booking_id=booking.id, day=day, **fields)
        return self.house.database.write(self.house.member, services.add_date, command)


@pytest.fixture
def season(house: House) -> Season:
    """Return a season in the house."""
    return Season(house)
