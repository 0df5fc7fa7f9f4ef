"""What a sheet says of hours, closed days, rules and tariffs."""

from datetime import date

from coopshare.kernel.text import say
from coopshare.members.kinds import Standing
from coopshare.resources import wording
from coopshare.resources.holidays import ClosedCalendar
from coopshare.resources.kinds import TariffUnit
from coopshare.resources.models import OpeningHours, Resource, Tariff


def plain(text: object) -> str:
    """Return what is said, with plain spaces."""
    return say(text).replace("\u202f", " ").replace("\xa0", " ")


def room(**fields: object) -> Resource:
    values: dict[str, object] = {
        "hours": [OpeningHours(weekday=day, opens=540, closes=1080) for day in range(5)],
        "tariffs": [],
        "slots": [],
        "standings": [],
        "step": 15,
        "notice": 0,
        "preparation_before": 0,
        "preparation_after": 0,
        "closed_on_holidays": False,
    }
    return Resource(**(values | fields))


def test_a_week_gathers_days_that_are_alike() -> None:
    said = [(plain(line.days), plain(line.hours)) for line in wording.week(room())]
    assert said == [("lundi à vendredi", "9 h – 18 h"), ("samedi et dimanche", "")]
    always = wording.week(room(hours=[]))
    assert [(plain(line.days), line.is_whole_day) for line in always] == [
        ("lundi à dimanche", True)
    ]


def test_closed_days_pass_over_days_that_are_never_open() -> None:
    christmas = {date(2027, 12, day): "Vacances" for day in range(20, 32)}
    calendar = ClosedCalendar(own=christmas | {date(2027, 11, 11): "Armistice"})
    found = wording.closures(room(closed_on_holidays=True), calendar, date(2027, 11, 1))
    assert [(plain(one), one.reason) for one in found] == [
        ("jeudi 11 novembre", "Armistice"),
        ("du lundi 20 décembre au vendredi 31 décembre", "Vacances"),
    ]
    assert wording.closures(room(), calendar, date(2027, 11, 1)) == []


def test_rules_are_sentences() -> None:
    strict = room(
        slots=[[840, 1080], [540, 780]],
        notice=24 * 60,
        horizon=90,
        needs_approval=True,
        preparation_after=15,
        standings=["associate", "tenant"],
        closed_on_holidays=True,
    )
    assert [plain(rule) for rule in wording.rules(strict, "Le Phares")] == [
        "Se réserve par demi-journée : 9 h – 13 h et 14 h – 18 h.",
        "Se réserve au moins 24 h à l'avance.",
        "Se réserve au plus 90 jours à l'avance.",
        "Après chaque usage, 15 min sont gardées pour remettre en ordre.",
        "Peuvent réserver : associé, locataire.",
        "Chaque demande attend l'accord de qui s'en occupe : Le Phares.",
        "Fermé les jours fériés et les jours de fermeture commune.",
    ]
    assert [plain(rule) for rule in wording.rules(room(shortest=30, longest=90), "Le Phares")] == [
        "Se réserve d'un quart d'heure en quart d'heure.",
        "Se réserve pour 30 min au moins et 1 h 30 au plus.",
        "La réservation est confirmée tout de suite.",
    ]


def test_tariffs_go_by_standing() -> None:
    priced = room(
        tariffs=[
            Tariff(standing=None, unit=TariffUnit.HOUR, cents=2500, note=""),
            Tariff(standing=Standing.ASSOCIATE, unit=TariffUnit.HOUR, cents=0, note="quota"),
        ]
    )
    assert [(g.standing, g.is_mine) for g in wording.tariffs(priced, "associate")] == [
        ("Associé", True),
        ("Toutes les autres organisations", False),
    ]
    assert wording.prices_for(priced, "associate") == (wording.Price(0, "l'heure", "quota"),)
    assert wording.prices_for(priced, "tenant") == (wording.Price(2500, "l'heure", ""),)
    assert wording.prices_for(room(), "tenant") == ()
