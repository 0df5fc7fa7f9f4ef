"""A price in plain words: each line, and what it all comes to. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from coopshare.bookings.charges import AnyCharge, Totals, totals
from coopshare.bookings.models import ChargeKind, ChargeUnit
from coopshare.kernel.dates import NARROW, Duration, InHours, MinuteOfDay
from coopshare.kernel.text import Sentence, Several, marked
from coopshare.kernel.units import Money
from coopshare.resources.kinds import VAT_MODES

ONE = {
    ChargeUnit.HALF_DAY: marked("1 demi-journée à {each}"),
    ChargeUnit.DAY: marked("1 journée à {each}"),
    ChargeUnit.UNIT: marked("1 à {each} l'unité"),
    ChargeUnit.PERSON: marked("1 personne à {each}"),
}
MANY = {
    ChargeUnit.HALF_DAY: marked("{count} demi-journées à {each}"),
    ChargeUnit.DAY: marked("{count} journées à {each}"),
    ChargeUnit.UNIT: marked("{count} à {each} l'unité"),
    ChargeUnit.PERSON: marked("{count} personnes à {each}"),
}
BEYOND = {
    ChargeUnit.HALF_DAY: marked("au-delà de {count} demi-journées"),
    ChargeUnit.DAY: marked("au-delà de {count} journées"),
    ChargeUnit.UNIT: marked("au-delà de {count} unités"),
    ChargeUnit.PERSON: marked("au-delà de {count} personnes"),
}


@dataclass(frozen=True, slots=True)
class Percent:
    """A rate in basis points, to be said: « 5,5 % »."""

    bp: int

    def say(self, language: str = "fr") -> str:
        """Say the rate."""
        whole, part = divmod(self.bp, 100)
        said = str(whole)
        if part:
            point = "," if language == "fr" else "."
            said += f"{point}{part:02}".rstrip("0")
        return f"{said}{NARROW}%" if language == "fr" else f"{said}%"


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line of a price: of what, how it is counted, cents."""

    name: str
    how: Sentence
    cents: int
    is_deposit: bool = False


@dataclass(frozen=True, slots=True)
class SaidPrice:
    """A price as people read it."""

    lines: tuple[SaidLine, ...]
    deposits: tuple[SaidLine, ...]
    totals: Totals
    currency: str

    @property
    def cents(self) -> int:
        """Return the sum before tax, deposits apart: what is agreed to."""
        return self.totals.net

    @property
    def taxes(self) -> tuple[tuple[Percent, int, int], ...]:
        """Return the tax of each rate: the rate, what it is counted on, cents."""
        return tuple((Percent(tax.bp), tax.base, tax.cents) for tax in self.totals.taxes)

    @property
    def exemptions(self) -> tuple[Sentence, ...]:
        """Return why some lines bear no tax."""
        return tuple(Sentence(VAT_MODES[mode]) for mode in self.totals.exemptions)


def said_price(charges: Sequence[AnyCharge], currency: str) -> SaidPrice | None:
    """Return a price in words; None where nothing has a price."""
    if not charges:
        return None
    lines = [
        SaidLine(
            name=str(charge.data.get("name", "")),
            how=how(charge, currency),
            cents=charge.cents,
            is_deposit=charge.kind is ChargeKind.DEPOSIT,
        )
        for charge in charges
    ]
    return SaidPrice(
        lines=tuple(line for line in lines if not line.is_deposit),
        deposits=tuple(line for line in lines if line.is_deposit),
        totals=totals(charges),
        currency=currency,
    )


def how(charge: AnyCharge, currency: str) -> Sentence:
    """Return how a charge is counted: « 1 h 30 à 25,00 € l'heure (soirée) »."""
    parts = [_base(charge, currency)]
    if charge.quantity > 1 and charge.kind is not ChargeKind.LATE_CANCELLATION:
        data: dict[str, object] = {"count": charge.quantity, "what": parts[0]}
        parts[0] = Sentence(marked("{count} × {what}"), data)
    parts += _conditions(charge)
    return Sentence(marked("{said}"), {"said": Several(tuple(parts))})


def _base(charge: AnyCharge, currency: str) -> Sentence:
    data: dict[str, object] = {
        "each": Money(charge.cents_each, currency),
        "time": InHours(charge.units),
        "count": charge.units,
        "quota": charge.data.get("quota", ""),
    }
    if charge.kind is ChargeKind.FREE_QUOTA:
        if charge.unit is ChargeUnit.BOOKING:
            return Sentence(marked("offert par « {quota} »"), data)
        return Sentence(marked("{time} gratuites par « {quota} »"), data)
    if charge.kind is ChargeKind.LATE_CANCELLATION:
        data = {
            "share": Percent(int(charge.data.get("share", 0))),
            "base": Money(int(charge.data.get("base", 0)), currency),
            "before": Duration(int(charge.data.get("before", 0))),
        }
        if charge.data.get("is_part"):
            return Sentence(marked("rendu moins de {before} avant : {share} de {base}"), data)
        return Sentence(marked("annulation moins de {before} avant : {share} de {base}"), data)
    if charge.kind is ChargeKind.DEPOSIT:
        return Sentence(marked("caution de {each}, rendue après usage"), data)
    if charge.unit is ChargeUnit.HOUR:
        if not charge.cents_each:
            return Sentence(marked("{time}, sans frais"), data)
        return Sentence(marked("{time} à {each} l'heure"), data)
    words = ONE if charge.units == 1 else MANY
    return Sentence(words[charge.unit], data)


def _conditions(charge: AnyCharge) -> list[Sentence]:
    """Return when that price holds, and what it was counted on where nobody said."""
    data = charge.data
    found = []
    if data.get("beyond"):
        count = int(data["beyond"])
        if charge.unit is ChargeUnit.HOUR:
            found.append(Sentence(marked("au-delà de {time}"), {"time": Duration(count)}))
        else:
            found.append(Sentence(BEYOND[charge.unit], {"count": count}))
    if data.get("opens") is not None:
        closes = data.get("closes")
        hours: dict[str, object] = {
            "opens": MinuteOfDay(int(data["opens"])),
            "closes": MinuteOfDay(24 * 60 if closes is None else int(closes)),
        }
        found.append(Sentence(marked("tarif de {opens} à {closes}"), hours))
    elif charge.kind is ChargeKind.OFF_PEAK:
        found.append(Sentence(marked("tarif de ces jours-là")))
    if data.get("note"):
        found.append(Sentence(marked("{note}"), {"note": data["note"]}))
    if data.get("is_guess"):
        found.append(Sentence(marked("compté pour une personne tant que le nombre n'est pas dit")))
    return found
