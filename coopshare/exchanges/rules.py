"""What a statement has to say: what is charged now, less what was stated before. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from uuid import UUID

from coopshare.exchanges.commands import Charged

TAXABLE = "taxable"
Key: TypeAlias = tuple[UUID, UUID, str, str, int, str | None, int]
"""What makes two charges the same: source, resource, kind, unit, price of a unit, tax."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement; `cents` and `units` are signed."""

    charged: Charged
    is_correction: bool


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax on all that stands towards it in the same way."""

    mode: str | None
    basis_points: int
    base_cents: int
    cents: int


@dataclass(slots=True)
class _Sum:
    amount: int = 0
    cents: int = 0
    last: Charged | None = None
    parts: list[Charged] = field(default_factory=list)


def key_of(charged: Charged) -> Key:
    """Return what makes a charge the same as another one."""
    return (
        charged.source_id,
        charged.resource_id,
        charged.kind,
        charged.unit,
        charged.cents_each,
        charged.vat_mode,
        charged.vat_bp,
    )


def lines_of(present: Iterable[Charged], stated: Iterable[Charged]) -> list[Line]:
    """Return the lines of one organisation's next statement.

    A source that was never stated brings its charges as they are. One that was stated brings what
    changed since, as corrections; nothing when nothing changed. Whatever happened in between, what
    is stated in all then equals what is charged now, cent for cent.
    """
    now, before = _sums(present), _sums(stated)
    known = {key[0] for key in before}
    found: list[Line] = []
    for key, total in now.items():
        if key[0] not in known:
            found += [Line(part, is_correction=False) for part in total.parts]
    for key in dict.fromkeys([*now, *before]):
        if key[0] not in known:
            continue
        new, old = now.get(key, _Sum()), before.get(key, _Sum())
        amount, cents = new.amount - old.amount, new.cents - old.cents
        last = new.last or old.last
        if (amount or cents) and last is not None:
            found.append(Line(replace(last, units=amount, quantity=1, cents=cents), True))
    return sorted(found, key=_order)


def _sums(charges: Iterable[Charged]) -> Mapping[Key, _Sum]:
    sums: dict[Key, _Sum] = defaultdict(_Sum)
    for one in charges:
        total = sums[key_of(one)]
        total.amount += one.units * one.quantity
        total.cents += one.cents
        total.last = one
        total.parts.append(one)
    return dict(sums)


def _order(line: Line) -> tuple[object, ...]:
    one = line.charged
    return (
        line.is_correction,
        one.resource.casefold(),
        str(one.resource_id),
        one.starts_at,
        str(one.source_id),
        one.kind,
        one.unit,
        -one.cents_each,
        one.vat_bp,
        one.units,
    )


def taxes_of(lines: Sequence[Line]) -> list[Tax]:
    """Return the tax of each rate, and of each reason to have none; rounded half up, once each."""
    bases: dict[tuple[str | None, int], int] = defaultdict(int)
    for line in lines:
        bases[line.charged.vat_mode, line.charged.vat_bp] += line.charged.cents
    return [
        Tax(mode, bp, base, _tax(base, bp) if mode == TAXABLE else 0)
        for (mode, bp), base in sorted(
            bases.items(), key=lambda item: (str(item[0][0]), item[0][1])
        )
    ]


def _tax(base: int, basis_points: int) -> int:
    tax = (abs(base) * basis_points + 5000) // 10_000
    return tax if base >= 0 else -tax
