"""A rule, and its text: the RRULE of RFC 5545, 3.3.10, in the subset that is allowed here."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked

FIELD: Final = "recurrence"
"""The field on which every refusal of a rule is said."""
MOST_INTERVAL: Final = 99
LONGEST_TEXT: Final = 200
LONGEST_MONTH: Final = 31
LAST: Final = -1
RANKS: Final = (1, 2, 3, 4, LAST)
CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PART: Final = re.compile("([A-Z]{4,10})=([A-Z0-9,-]{1,40})")
NUMBER: Final = re.compile("[1-9][0-9]{0,3}")
RANKED: Final = re.compile("([+]?[1-4]|-1)([A-Z]{2})")
DAY: Final = re.compile("[0-9]{8}")
KNOWN: Final = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL", "WKST"})


class Frequency(StrEnum):
    """What a rule counts by; the values are those of RFC 5545."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True)
class Rule:
    """On which days something comes back, from a first day on, until it ends.

    Raises `Invalid` on the field `recurrence` for what no calendar would read alike.
    """

    frequency: Frequency
    interval: int = 1
    """Every so many days, weeks, months or years: 1 to 99. Weeks begin on Monday."""
    weekdays: tuple[int, ...] = ()
    """Of a weekly rule, 0 is Monday; none: that of the first day."""
    month_day: int | None = None
    """Of a monthly rule: 1 to 31, or -1 for the last day of the month."""
    nth: tuple[int, int] | None = None
    """Of a monthly rule: which (1 to 4, or -1 for the last), and of which weekday."""
    count: int | None = None
    """How many dates there are in all."""
    until: date | None = None
    """The last local day on which there may be a date, included."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekdays", tuple(sorted(set(self.weekdays))))
        if not 1 <= self.interval <= MOST_INTERVAL:
            raise Invalid.field(
                FIELD, marked("L'intervalle d'une répétition va de 1 à {most}."), most=MOST_INTERVAL
            )
        if (self.count is None) == (self.until is None):
            raise Invalid.field(
                FIELD,
                marked(
                    "Dites quand la répétition s'arrête : soit à une date, soit après un nombre"
                    " de fois."
                ),
            )
        if self.count is not None and self.count < 1:
            raise Invalid.field(FIELD, marked("Une répétition a lieu au moins une fois."))
        self._check_days()

    def _check_days(self) -> None:
        is_weekly = self.frequency is Frequency.WEEKLY
        is_monthly = self.frequency is Frequency.MONTHLY
        monthly = [part for part in (self.month_day, self.nth) if part is not None]
        if (self.weekdays and not is_weekly) or (monthly and not is_monthly) or len(monthly) > 1:
            raise Invalid.field(
                FIELD,
                marked(
                    "Ces jours ne vont pas ensemble : les jours de la semaine vont avec une"
                    " répétition par semaine, le jour du mois ou « le premier lundi » avec une"
                    " répétition par mois."
                ),
            )
        named = self.weekdays if self.nth is None else (*self.weekdays, self.nth[1])
        if any(not 0 <= weekday < len(CODES) for weekday in named):
            raise Invalid.field(FIELD, marked("Ce jour de la semaine n'existe pas."))
        if self.nth is not None and self.nth[0] not in RANKS:
            raise Invalid.field(
                FIELD,
                marked("Dans un mois, choisissez le premier, 2e, 3e, 4e ou dernier de ces jours."),
            )
        if self.month_day not in {None, LAST, *range(1, LONGEST_MONTH + 1)}:
            raise Invalid.field(
                FIELD, marked("Le jour du mois va de 1 à 31, ou c'est le dernier du mois.")
            )

    def text(self) -> str:
        """Write the rule as an RRULE value: always the same text for the same rule."""
        parts = [f"FREQ={self.frequency.value}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            parts.append(f"BYDAY={','.join(CODES[weekday] for weekday in self.weekdays)}")
        if self.nth is not None:
            parts.append(f"BYDAY={self.nth[0]}{CODES[self.nth[1]]}")
        if self.month_day is not None:
            parts.append(f"BYMONTHDAY={self.month_day}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)

    def __str__(self) -> str:
        return self.text()


def parse(text: str) -> Rule:
    """Read an RRULE value; anything outside the subset raises `Invalid` on `recurrence`."""
    if len(text) > LONGEST_TEXT:
        raise _unknown(f"{text[:40]}…")
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        found = PART.fullmatch(part)
        if found is None or found[1] not in KNOWN or found[1] in parts:
            raise _unknown(part)
        parts[found[1]] = found[2]
    if parts.get("WKST", "MO") != "MO":
        raise _unknown(f"WKST={parts['WKST']}")
    if parts.get("FREQ") not in list(Frequency):
        raise _unknown(f"FREQ={parts.get('FREQ', '')}")
    frequency = Frequency(parts["FREQ"])
    weekdays, nth = _by_day(frequency, parts.get("BYDAY"))
    return Rule(
        frequency,
        interval=_number("INTERVAL", parts) or 1,
        weekdays=weekdays,
        month_day=_month_day(parts.get("BYMONTHDAY")),
        nth=nth,
        count=_number("COUNT", parts),
        until=_day(parts.get("UNTIL")),
    )


def _unknown(part: str) -> Invalid:
    return Invalid.field(
        FIELD,
        marked(
            "Cette répétition n'est pas de celles qui se réservent : « {part} ». Sont possibles :"
            " chaque jour, chaque semaine avec ses jours, chaque mois à un jour ou à un rang,"
            " chaque année, jusqu'à une date ou un nombre de fois."
        ),
        part=part,
    )


def _number(name: str, parts: dict[str, str]) -> int | None:
    value = parts.get(name)
    if value is None:
        return None
    if NUMBER.fullmatch(value) is None:
        raise _unknown(f"{name}={value}")
    return int(value)


def _by_day(
    frequency: Frequency, value: str | None
) -> tuple[tuple[int, ...], tuple[int, int] | None]:
    if value is None:
        return (), None
    if frequency is Frequency.MONTHLY:
        found = RANKED.fullmatch(value)
        if found is None or found[2] not in CODES:
            raise _unknown(f"BYDAY={value}")
        return (), (int(found[1]), CODES.index(found[2]))
    codes = value.split(",")
    if any(code not in CODES for code in codes):
        raise _unknown(f"BYDAY={value}")
    return tuple(CODES.index(code) for code in codes), None


def _month_day(value: str | None) -> int | None:
    if value is None:
        return None
    if value != str(LAST) and NUMBER.fullmatch(value) is None:
        raise _unknown(f"BYMONTHDAY={value}")
    return int(value)


def _day(value: str | None) -> date | None:
    """Read the last day: a local day, not an instant, which would depend on the place."""
    if value is None:
        return None
    try:
        if DAY.fullmatch(value) is not None:
            return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        pass  # 30 February
    raise _unknown(f"UNTIL={value}")
