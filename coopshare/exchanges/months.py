"""A month of the calendar of a cooperative."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from coopshare.kernel.dates import MONTHS, NO_BREAK
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span
from coopshare.kernel.text import marked


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A year and a month, as 2026-10; said « octobre 2026 »."""

    year: int
    number: int

    WRITTEN: ClassVar[re.Pattern[str]] = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Return the month of a text such as 2026-10; raises `Invalid` on the field `month`."""
        found = cls.WRITTEN.fullmatch(text.strip())
        if found is None:
            raise Invalid.field("month", marked("Écrivez un mois ainsi : 2026-10."))
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, moment: datetime, place: ZoneInfo) -> "Month":
        """Return the local month of an instant."""
        local = moment.astimezone(place)
        return cls(local.year, local.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    def shifted(self, months: int) -> "Month":
        """Return the month so many months later (or earlier)."""
        years, month = divmod(self.number - 1 + months, 12)
        return Month(self.year + years, month + 1)

    def span(self, place: ZoneInfo) -> Interval:
        """Return the whole month at a place."""
        after = self.shifted(1)
        return Interval(
            day_span(date(self.year, self.number, 1), place).start,
            day_span(date(after.year, after.number, 1), place).start,
        )

    def say(self, language: str = "fr") -> str:
        """Say the month: « octobre 2026 »."""
        return f"{MONTHS[language][self.number - 1]}{NO_BREAK}{self.year}"
