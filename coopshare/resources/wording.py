"""A resource in plain words: its week, its closed days, its rules, its tariffs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from coopshare.kernel.dates import DAYS, NARROW, Duration, MinuteOfDay, say_day, say_duration
from coopshare.kernel.text import Sentence, Several, marked
from coopshare.kernel.units import Money
from coopshare.members.kinds import STANDINGS, Standing
from coopshare.resources.approval import rules_said
from coopshare.resources.holidays import ClosedCalendar
from coopshare.resources.hours import DAY, open_on
from coopshare.resources.kinds import (
    TARIFF_UNITS,
    VAT_MODES,
    ResourceKind,
    TariffUnit,
    VatMode,
)
from coopshare.resources.models import Resource, Tariff
from coopshare.resources.rules import Hours

AHEAD = 120
"""Days of closed days that are told."""
NOON = 14 * 60
"""A slot that ends by then is a morning, in minutes of the day."""
STEPS = {
    15: marked("Se réserve d'un quart d'heure en quart d'heure."),
    30: marked("Se réserve de demi-heure en demi-heure."),
    60: marked("Se réserve d'heure en heure."),
    DAY: marked("Se réserve par journées entières."),
}


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Weekdays that follow each other: « lundi à vendredi »."""

    first: int
    last: int

    def say(self, language: str = "fr") -> str:
        """Say the days."""
        names = DAYS[language]
        if self.first == self.last:
            return names[self.first]
        joint = {"fr": ("et", "à"), "en": ("and", "to")}[language]
        return f"{names[self.first]} {joint[self.last - self.first > 1]} {names[self.last]}"


@dataclass(frozen=True, slots=True)
class Ahead:
    """A notice in minutes: in hours up to two days, as people say « 24 h » and « 48 h »."""

    minutes: int

    def say(self, language: str = "fr") -> str:
        """Say the notice."""
        if self.minutes % 60 == 0 and self.minutes <= 2 * DAY:
            return f"{self.minutes // 60}{NARROW}h"
        return say_duration(self.minutes, language)


@dataclass(frozen=True, slots=True)
class OpenDays:
    """Weekdays with the same hours; no hours: closed."""

    days: Weekdays
    hours: Hours

    @property
    def is_whole_day(self) -> bool:
        """Tell whether it never closes on those days."""
        return self.hours.spans == ((0, DAY),)


@dataclass(frozen=True, slots=True)
class Closure:
    """Local days on which a resource that would be open is closed, for one reason."""

    first: date
    last: date
    reason: str
    year: int
    """The year that is not said: the present one."""

    def say(self, language: str = "fr") -> str:
        """Say the days, the last one only where there are several."""
        last = say_day(self.last, language, year=self.year)
        if self.first == self.last:
            return last
        words = {"fr": ("du", "au"), "en": ("from", "to")}[language]
        return f"{words[0]} {say_day(self.first, language, year=self.year)} {words[1]} {last}"


@dataclass(frozen=True, slots=True)
class Price:
    """A tariff: integer cents, the words of what they are for, a note."""

    cents: int
    unit: str
    note: str
    conditions: tuple[Sentence, ...] = ()
    """When it holds, where that is not always."""


@dataclass(frozen=True, slots=True)
class PriceGroup:
    """The tariffs of a standing; none: of everyone without a line of their own."""

    standing: str
    prices: tuple[Price, ...]
    is_mine: bool


def week(resource: Resource) -> list[OpenDays]:
    """Return the opening hours of a week, days that are alike and follow each other together."""
    monday = date(2027, 1, 4)
    hours = [tuple(open_on(resource, monday + timedelta(days=n))) for n in range(7)]
    found: list[OpenDays] = []
    for spans, group in groupby(range(7), key=lambda n: hours[n]):
        days = list(group)
        found.append(OpenDays(Weekdays(days[0], days[-1]), Hours(spans)))
    return found


def closures(resource: Resource, calendar: ClosedCalendar, first: date) -> list[Closure]:
    """Return the closed days to come, those with the same reason together.

    Days on which the resource is never open are left out, and do not part a holiday in two.
    """
    days = (first + timedelta(days=n) for n in range(AHEAD))
    reasons = [(day, calendar.closed(resource, day)) for day in days if open_on(resource, day)]
    found: list[Closure] = []
    for reason, group in groupby(reasons, key=lambda pair: pair[1]):
        closed = [day for day, _reason in group]
        if reason is not None:
            found.append(Closure(closed[0], closed[-1], reason, first.year))
    return found


def rules(resource: Resource, manager: str) -> list[Sentence]:
    """Return the rules of use as sentences; `manager` is the name of who decides."""
    return [
        *_grid(resource),
        *_lengths(resource),
        *_how_early(resource),
        *_preparation(resource),
        *_who(resource, manager),
        *_closing(resource),
    ]


def _grid(resource: Resource) -> list[Sentence]:
    slots = tuple((start, end) for start, end in sorted(resource.slots))
    if not slots:
        known = STEPS.get(resource.step)
        if known is not None:
            return [Sentence(known)]
        return [
            Sentence(marked("Se réserve par pas de {step}."), {"step": Duration(resource.step)})
        ]
    two = 2
    halves = len(slots) == two and slots[0][1] <= NOON and slots[1][0] >= slots[0][1]
    message = (
        marked("Se réserve par demi-journée : {slots}.")
        if halves
        else marked("Se réserve par créneaux fixes : {slots}.")
    )
    return [Sentence(message, {"slots": Hours(slots)})]


def _lengths(resource: Resource) -> list[Sentence]:
    if resource.slots:
        return []
    least, most = resource.shortest, resource.longest
    data = {"least": Duration(least or 0), "most": Duration(most or 0)}
    if least and most:
        return [Sentence(marked("Se réserve pour {least} au moins et {most} au plus."), data)]
    if least:
        return [Sentence(marked("Se réserve pour {least} au moins."), data)]
    return [Sentence(marked("Se réserve pour {most} au plus."), data)] if most else []


def _how_early(resource: Resource) -> list[Sentence]:
    found = []
    if resource.notice:
        message = marked("Se réserve au moins {notice} à l'avance.")
        found.append(Sentence(message, {"notice": Ahead(resource.notice)}))
    if resource.horizon:
        message = marked("Se réserve au plus {days} à l'avance.")
        found.append(Sentence(message, {"days": Duration(resource.horizon * DAY)}))
    return found


def _preparation(resource: Resource) -> list[Sentence]:
    before, after = resource.preparation_before, resource.preparation_after
    data = {"before": Duration(before), "after": Duration(after)}
    if before and after:
        message = marked(
            "Avant chaque usage, {before} sont gardées pour préparer ;"
            " après, {after} pour remettre en ordre."
        )
        return [Sentence(message, data)]
    if before:
        return [Sentence(marked("Avant chaque usage, {before} sont gardées pour préparer."), data)]
    if after:
        message = marked("Après chaque usage, {after} sont gardées pour remettre en ordre.")
        return [Sentence(message, data)]
    return []


def _who(resource: Resource, manager: str) -> list[Sentence]:
    found = []
    names = tuple(Sentence(text) for key, text in STANDINGS.items() if key in resource.standings)
    if names:
        message = marked("Peuvent réserver : {standings}.")
        found.append(Sentence(message, {"standings": Several(names, is_lowered=True)}))
    if resource.needs_approval:
        message = marked("Chaque demande attend l'accord de qui s'en occupe : {manager}.")
        found.append(Sentence(message, {"manager": manager}))
    else:
        found.append(Sentence(marked("La réservation est confirmée tout de suite.")))
        found += rules_said(resource)
    if resource.option_longest:
        message = marked("Une option peut la garder sans engagement, {longest} au plus.")
        found.append(Sentence(message, {"longest": Duration(resource.option_longest)}))
    if resource.waiting_delay:
        message = marked(
            "Quand c'est pris, on peut attendre : ce qui se libère est proposé {delay}."
        )
        found.append(Sentence(message, {"delay": Duration(resource.waiting_delay)}))
    if resource.check_in_within:
        message = marked(
            "Dites que vous êtes là, à l'arrivée : {within} après le début, la place est rendue"
            " si personne ne s'est signalé."
        )
        found.append(Sentence(message, {"within": Duration(resource.check_in_within)}))
    if resource.hand_over:
        found.append(
            Sentence(marked("Remise en main propre : l'état se note au départ et au retour."))
        )
    return found


def _closing(resource: Resource) -> list[Sentence]:
    found = []
    if resource.closed_on_holidays:
        found.append(Sentence(marked("Fermé les jours fériés et les jours de fermeture commune.")))
    if resource.closed_in_school_holidays:
        found.append(Sentence(marked("Fermé pendant les vacances scolaires.")))
    if resource.kind == ResourceKind.SERVICE and resource.billed_by == TariffUnit.UNIT:
        found.append(Sentence(marked("Se compte à l'unité.")))
    return found


def _prices(tariffs: Sequence[Tariff]) -> tuple[Price, ...]:
    return tuple(
        Price(t.cents, TARIFF_UNITS[t.unit], t.note, tuple(_conditions(t))) for t in tariffs
    )


def _conditions(tariff: Tariff) -> list[Sentence]:
    found = []
    if tariff.beyond:
        is_hour = tariff.unit is TariffUnit.HOUR
        amount: object = Duration(tariff.beyond) if is_hour else tariff.beyond
        found.append(Sentence(marked("au-delà de {amount}"), {"amount": amount}))
    if tariff.weekdays:
        names = Several(tuple(Sentence(DAYS["fr"][day]) for day in tariff.weekdays))
        found.append(Sentence(marked("ces jours-là : {days}"), {"days": names}))
    if tariff.opens is not None:
        closes = DAY if tariff.closes is None else tariff.closes
        hours = {"opens": MinuteOfDay(tariff.opens), "closes": MinuteOfDay(closes)}
        found.append(Sentence(marked("de {opens} à {closes}"), hours))
    return found


def terms(resource: Resource, currency: str) -> list[Sentence]:
    """Return what goes with the prices: deposit, late cancellation, tax."""
    found = []
    if resource.deposit_cents:
        deposit = Money(resource.deposit_cents, currency)
        found.append(Sentence(marked("Caution : {deposit}."), {"deposit": deposit}))
    if resource.late_before and resource.late_share:
        data = {"before": Ahead(resource.late_before), "share": resource.late_share // 100}
        message = marked("Annulée moins de {before} avant, le prix reste dû à {share} %.")
        found.append(Sentence(message, data))
    if resource.vat_mode is VatMode.TAXABLE:
        message = marked("Prix hors taxes ; TVA à {rate} %.")
        rate = f"{resource.vat_bp // 100}" + (
            f",{resource.vat_bp % 100:02}".rstrip("0") if resource.vat_bp % 100 else ""
        )
        found.append(Sentence(message, {"rate": rate}))
    elif resource.vat_mode is not None:
        words = Sentence(VAT_MODES[resource.vat_mode])
        found.append(Sentence(marked("{words}."), {"words": words}))
    return found


def tariffs(resource: Resource, mine: str | None) -> list[PriceGroup]:
    """Return the tariffs, standing by standing, those of the others last; `mine` is marked."""
    own = {t.standing for t in resource.tariffs if t.standing is not None}
    found = [
        PriceGroup(
            STANDINGS[standing],
            _prices([t for t in resource.tariffs if t.standing == standing]),
            standing == mine,
        )
        for standing in Standing
        if standing in own
    ]
    others = [t for t in resource.tariffs if t.standing is None]
    if others:
        label = (
            marked("Toutes les autres organisations") if own else marked("Toutes les organisations")
        )
        found.append(PriceGroup(label, _prices(others), mine not in own))
    return found


def prices_for(resource: Resource, mine: str | None) -> tuple[Price, ...]:
    """Return the tariffs of a standing; its own lines come before those of everyone."""
    return next((group.prices for group in tariffs(resource, mine) if group.is_mine), ())
