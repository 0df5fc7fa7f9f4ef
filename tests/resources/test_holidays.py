"""Public holidays by area, and school holidays by zone."""

from datetime import date

import pytest

from coopshare.kernel.text import Sentence, say
from coopshare.resources.holidays import ClosedCalendar, public_holidays, school_holidays
from coopshare.resources.models import Resource


def test_the_country_has_eleven() -> None:
    """Code du travail, art. L3133-1."""
    assert len(public_holidays("FR", 2027)) == 11
    assert public_holidays("FR", 2027)[date(2027, 3, 29)] == "Lundi de Pâques"


@pytest.mark.parametrize("area", ["57", "67", "68", "6AE"])
def test_alsace_moselle_has_two_more(area: str) -> None:
    """Art. L3134-13: Good Friday and 26 December."""
    more = public_holidays(area, 2027).keys() - public_holidays("FR", 2027).keys()
    assert more == {date(2027, 3, 26), date(2027, 12, 26)}


@pytest.mark.parametrize(
    ("area", "day"),
    [
        ("971", date(2027, 5, 27)),
        ("972", date(2027, 5, 22)),
        ("973", date(2027, 6, 10)),
        ("974", date(2027, 12, 20)),
        ("976", date(2027, 4, 27)),
    ],
)
def test_overseas_remembers_the_abolition(area: str, day: date) -> None:
    """Art. L3422-2."""
    assert public_holidays(area, 2027)[day] == "Abolition de l'esclavage"


def test_an_unknown_area_has_those_of_the_country() -> None:
    assert public_holidays("Atlantis", 2027) == public_holidays("FR", 2027)


def test_school_zones_differ() -> None:
    """Winter 2027: each zone its fortnight."""
    winters = {
        zone: min(d for d, name in school_holidays(zone, 2027).items() if "hiver" in name)
        for zone in "ABC"
    }
    assert len(set(winters.values())) == 3
    assert school_holidays("Zone A", 2027) == school_holidays("A", 2027)
    assert school_holidays("Corse", 2027) == school_holidays(None, 2027) == {}


def test_a_resource_chooses_what_closes_it() -> None:
    easter = date(2027, 3, 29)
    calendar = ClosedCalendar(
        public={easter: "Lundi de Pâques"}, own={date(2027, 5, 7): "Pont"}, school={easter: "École"}
    )
    one = Resource(closed_on_holidays=True, closed_in_school_holidays=False)
    two = Resource(closed_on_holidays=False, closed_in_school_holidays=True)
    three = Resource(closed_on_holidays=False, closed_in_school_holidays=False)
    days = (easter, date(2027, 5, 7))
    assert [calendar.closed(one, day) for day in days] == ["Lundi de Pâques", "Pont"]
    assert [calendar.closed(two, day) for day in days] == ["École", None]
    assert [calendar.closed(three, day) for day in days] == [None, None]


def test_a_holiday_is_named_in_the_language_of_whoever_reads() -> None:
    monday = public_holidays("FR", 2027)[date(2027, 3, 29)]
    assert (say(monday), say(monday, "en")) == ("Lundi de Pâques", "Easter Monday")
    assert say(public_holidays("FR", 2027)[date(2027, 5, 1)], "en") == "Labour Day"
    reason = Sentence("Fermé : {reason}", {"reason": monday})
    assert reason.say("en") == "Fermé : Easter Monday"
