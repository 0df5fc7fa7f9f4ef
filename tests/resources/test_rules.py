"""Each rule says no in its own words, and says what is possible."""

import uuid
from datetime import date
from typing import Any

import pytest

from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from coopshare.members.kinds import Standing
from coopshare.resources.holidays import ClosedCalendar
from coopshare.resources.models import OpeningHours, Resource
from coopshare.resources.rules import Use, breaches, first_start

NOW = utc(2027, 3, 1, 9)
"""Monday, 10 h in Paris."""


def plain(text: str) -> str:
    """Return a sentence with ordinary spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def room(*, weekdays: tuple[int, ...] = (), **fields: Any) -> Resource:
    """Return a resource that is not stored, open from 9 h to 18 h on some weekdays."""
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "name": "Verrière",
        "manager_id": uuid.uuid4(),
        "quantity": 1,
        "is_listed": True,
        "timezone": "Europe/Paris",
        "step": 15,
        "slots": [],
        "notice": 0,
        "standings": [],
        "closed_on_holidays": True,
        "closed_in_school_holidays": False,
    }
    hours = [OpeningHours(weekday=day, opens=540, closes=1080) for day in weekdays]
    return Resource(hours=hours, **(values | fields))


def said(resource: Resource, use: Use, calendar: ClosedCalendar | None = None) -> list[str]:
    """Return what the broken rules say."""
    found = breaches(
        resource,
        use,
        now=NOW,
        standing=Standing.TENANT,
        calendar=calendar or ClosedCalendar(managers={resource.manager_id: "Le Phares"}),
    )
    return [f"{refusal.code}: {plain(refusal.say())}" for refusal in found]


def on(start: tuple[int, int], end: tuple[int, int], day: int = 10, **fields: Any) -> Use:
    """Return a use in March 2027, hours in Paris in winter."""
    return Use(
        span=Interval(
            utc(2027, 3, day, start[0] - 1, start[1]), utc(2027, 3, day, end[0] - 1, end[1])
        ),
        **fields,
    )


def test_no_rule_no_refusal() -> None:
    assert said(room(), on((9, 0), (12, 0))) == []
    assert said(room(weekdays=(2,)), on((9, 0), (18, 0))) == []


@pytest.mark.parametrize(
    ("resource", "use", "expected"),
    [
        (
            room(),
            on((9, 0), (9, 30), day=1),
            (
                "in_the_past: Ce moment est déjà passé : Verrière se réserve pour plus tard."
                " Le plus tôt possible : lundi 1er mars, 10 h."
            ),
        ),
        (
            room(shortest=60),
            on((9, 0), (9, 30)),
            (
                "too_short: Verrière se réserve pour 1 h au moins (règle fixée par Le Phares)."
                " Prolongez jusqu'à mercredi 10 mars, 10 h."
            ),
        ),
        (
            room(longest=120),
            on((9, 0), (12, 0)),
            (
                "too_long: Verrière se réserve pour 2 h au plus (règle fixée par Le Phares)."
                " Terminez au plus tard mercredi 10 mars, 11 h."
            ),
        ),
        (
            room(step=30),
            on((9, 15), (12, 0)),
            (
                "off_step: Verrière se réserve par pas de 30 min (règle fixée par Le Phares)."
                " Commencez par exemple à 9 h."
            ),
        ),
        (
            room(slots=[[540, 750], [810, 1080]]),
            on((9, 0), (11, 0)),
            (
                "not_a_slot: Verrière se réserve par créneaux fixes (règle fixée par Le Phares) :"
                " 9 h – 12 h 30 et 13 h 30 – 18 h."
            ),
        ),
        (
            room(weekdays=(0, 2)),
            on((17, 0), (19, 0)),
            (
                "outside_opening_hours: Verrière n'est pas ouvert à cette heure"
                " (règle fixée par Le Phares). Ce jour-là, c'est ouvert : 9 h – 18 h."
            ),
        ),
        (
            room(weekdays=(0, 2)),
            on((10, 0), (11, 0), day=9),
            (
                "outside_opening_hours: Verrière n'est pas ouvert à cette heure"
                " (règle fixée par Le Phares). Prochaine ouverture : mercredi 10 mars, 9 h."
            ),
        ),
        (
            room(notice=24 * 60, weekdays=(0, 1, 2, 3, 4)),
            on((17, 0), (18, 0), day=1),
            (
                "notice_too_short: Verrière se réserve au moins 1 jour à l'avance"
                " (règle fixée par Le Phares). Première heure possible : mardi 2 mars, 10 h."
            ),
        ),
        (
            room(horizon=5),
            on((9, 0), (10, 0)),
            (
                "beyond_horizon: Verrière se réserve au plus 5 jours à l'avance"
                " (règle fixée par Le Phares). Dernier jour possible : le samedi 6 mars."
            ),
        ),
        (
            room(standings=["associate", "partner"]),
            on((9, 0), (10, 0)),
            (
                "not_for_your_standing: Verrière est réservé aux organisations d'une"
                " autre catégorie"
                " (règle fixée par Le Phares). Peuvent réserver : associé, partenaire."
            ),
        ),
        (
            room(capacity=12),
            on((9, 0), (10, 0), people=20),
            (
                "too_many_people: Verrière n'accueille pas 20 personnes : sa capacité est de 12."
                " Choisissez un lieu plus grand, ou venez moins nombreux."
            ),
        ),
        (
            room(quantity=30),
            on((9, 0), (10, 0), quantity=40),
            (
                "more_than_quantity: Verrière : il y en a 30 en tout, et vous en demandez 40."
                " Demandez-en 30 au plus."
            ),
        ),
        (
            room(is_listed=False),
            on((9, 0), (10, 0)),
            "unlisted: Verrière n'est plus proposé à la réservation.",
        ),
    ],
    ids=lambda value: value.split(":")[0] if isinstance(value, str) else "",
)
def test_each_rule(resource: Resource, use: Use, expected: str) -> None:
    assert said(resource, use) == [expected]


def test_a_holiday_says_its_name_and_the_next_open_day() -> None:
    resource = room(weekdays=(0, 1, 2, 3, 4))
    calendar = ClosedCalendar.of((2027,))
    use = Use(span=Interval(utc(2027, 3, 29, 8), utc(2027, 3, 29, 9)))
    assert said(resource, use, calendar) == [
        (
            "closed_that_day: Verrière est fermé le lundi 29 mars : Lundi de Pâques"
            " (règle de cette ressource). Prochaine ouverture : mardi 30 mars, 9 h."
        )
    ]


def test_managers_pass_over_some_rules_only() -> None:
    resource = room(weekdays=(0,), notice=60 * 24 * 30, horizon=2, standings=["associate"])
    assert len(said(resource, on((6, 0), (7, 0)))) == 4
    assert said(resource, on((6, 0), (7, 0), made_by_manager=True)) == []
    late = on((6, 0), (7, 0), day=1, made_by_manager=True, quantity=2)
    assert [code.split(":")[0] for code in said(resource, late)] == [
        "in_the_past",
        "more_than_quantity",
    ]


def test_who_is_no_member_books_nothing() -> None:
    found = breaches(room(), on((9, 0), (10, 0)), now=NOW, standing=None, calendar=ClosedCalendar())
    assert [refusal.code for refusal in found] == ["not_for_your_standing"]


def test_whole_days_and_nights() -> None:
    """Several days begin and end in open hours, on open days; nights between are no matter."""
    week = room(weekdays=(0, 1, 2, 3, 4))
    whole = Use(span=Interval(utc(2027, 3, 9, 23), utc(2027, 3, 11, 23)))
    overnight = Use(span=Interval(utc(2027, 3, 10, 16), utc(2027, 3, 11, 9)))
    too_late = Use(span=Interval(utc(2027, 3, 10, 18), utc(2027, 3, 11, 9)))
    weekend = Use(span=Interval(utc(2027, 3, 11, 23), utc(2027, 3, 14, 23)))
    assert said(week, whole) == []
    assert said(week, overnight) == []
    assert [s.split(":")[0] for s in said(week, too_late)] == ["outside_opening_hours"]
    assert [s.split(":")[0] for s in said(week, weekend)] == ["outside_opening_hours"]


def test_the_first_start_obeys_notice_hours_and_slots() -> None:
    resource = room(weekdays=(0, 2), notice=24 * 60, slots=[[540, 750], [810, 1080]])
    assert first_start(resource, NOW, ClosedCalendar()) == utc(2027, 3, 3, 8)
    own = ClosedCalendar(own={date(2027, 3, 3): "Pont"})
    assert first_start(resource, NOW, own) == utc(2027, 3, 8, 8)
