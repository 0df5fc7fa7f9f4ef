"""Days on which things are closed: French public holidays, school holidays, own closed days.

Public holidays are those of the Code du travail, art. L3133-1, with the ones of Alsace-Moselle
(L3134-13) and of overseas (L3422-2), as the `holidays` library knows them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Self
from uuid import UUID

import holidays

from coopshare.resources.models import Resource

COUNTRY = "FR"
SUBDIVISIONS = frozenset(holidays.list_supported_countries()[COUNTRY])
OLDER_NAMES = {"67": "6AE", "68": "6AE", "977": "BL", "978": "MF", "975": "PM"}
"""Codes people know, as the library writes them now."""


class HolidayName(str):
    """The French name of a holiday, that is said in English to those who read English."""

    __slots__ = ("english",)
    english: str

    def __new__(cls, french: str, english: str) -> Self:
        """Name it in both languages."""
        name = super().__new__(cls, french)
        name.english = english
        return name

    def say(self, language: str = "fr") -> str:
        """Say the name."""
        return str(self) if language == "fr" else self.english


def _named(subdivision: str | None, year: int, category: str) -> Mapping[date, HolidayName]:
    """Return the days of a category, named in both languages."""
    french, english = (
        holidays.country_holidays(
            COUNTRY, subdiv=subdivision, years=year, language=language, categories=(category,)
        )
        for language in ("fr", "en_US")
    )
    return {
        day: HolidayName(name, english[day].replace("Labor", "Labour"))
        for day, name in french.items()
    }


@lru_cache(maxsize=256)
def public_holidays(area: str, year: int) -> Mapping[date, str]:
    """Return the public holidays of an area ("FR", "57", "974") in a year, named in both languages.

    An area that nobody knows has the holidays of the whole country.
    """
    name = OLDER_NAMES.get(area, area)
    is_known = name in SUBDIVISIONS and not name.startswith("Zone")
    return _named(name if is_known else None, year, "public")


@lru_cache(maxsize=64)
def school_holidays(school_zone: str | None, year: int) -> Mapping[date, str]:
    """Return the days of school holidays of a zone ("A", "B", "C") in a year.

    Only the three zones of mainland France are published as data; others have none here.
    """
    zone = f"Zone {(school_zone or '').removeprefix('Zone ').strip()}"
    if zone not in SUBDIVISIONS:
        return {}
    return _named(zone, year, "school")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedCalendar:
    """The closed days of a cooperative over some window, and who sets the rules of what."""

    public: Mapping[date, str] = field(default_factory=dict)
    own: Mapping[date, str] = field(default_factory=dict)
    school: Mapping[date, str] = field(default_factory=dict)
    managers: Mapping[UUID, str] = field(default_factory=dict)
    """Names of the organisations that manage the resources, by their id."""

    def closed(self, resource: Resource, day: date) -> str | None:
        """Return why a resource is closed on a local day ("Lundi de Pâques"), or None."""
        if resource.closed_on_holidays:
            reason = self.own.get(day) or self.public.get(day)
            if reason is not None:
                return reason
        return self.school.get(day) if resource.closed_in_school_holidays else None

    @classmethod
    def of(
        cls,
        years: Iterable[int],
        *,
        area: str = "FR",
        school_zone: str | None = None,
        own: Mapping[date, str] | None = None,
        managers: Mapping[UUID, str] | None = None,
    ) -> "ClosedCalendar":
        """Return the calendar of some years."""
        public: dict[date, str] = {}
        school: dict[date, str] = {}
        for year in years:
            public |= public_holidays(area, year)
            school |= school_holidays(school_zone, year)
        return cls(public=public, own=own or {}, school=school, managers=managers or {})
