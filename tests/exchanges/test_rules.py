"""What statements say in all is what is charged, whatever happened in between."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from coopshare.exchanges.commands import Charged
from coopshare.exchanges.months import Month
from coopshare.exchanges.paper import csv_of, data_of, pdf_of, said_rate
from coopshare.exchanges.rules import Line, Tax, key_of, lines_of, taxes_of
from coopshare.kernel.dates import utc

ONE = Charged(
    source_id=UUID(int=1),
    organisation_id=UUID(int=2),
    title="Réunion",
    starts_at=utc(2027, 1, 12, 8),
    ends_at=utc(2027, 1, 12, 10),
    timezone="Europe/Paris",
    resource_id=UUID(int=3),
    resource="Verrière",
    kind="use",
    unit="hour",
    units=120,
    quantity=1,
    cents_each=1500,
    cents=3000,
    vat_mode="taxable",
    vat_bp=2000,
)
charges = some.lists(
    some.builds(
        replace,
        some.just(ONE),
        source_id=some.integers(1, 4).map(lambda n: UUID(int=n)),
        resource_id=some.integers(3, 4).map(lambda n: UUID(int=n)),
        kind=some.sampled_from(["use", "free_quota", "late_cancellation"]),
        units=some.integers(0, 300),
        quantity=some.integers(1, 3),
        cents_each=some.sampled_from([0, 1000, 1500]),
        cents=some.integers(0, 100_000),
        vat_bp=some.sampled_from([0, 550, 2000]),
    ),
    max_size=8,
)


def total(lines: Sequence[Line]) -> int:
    return sum(line.charged.cents for line in lines)


@given(some.lists(charges, min_size=1, max_size=6))
def test_statements_add_up_to_what_is_charged(states: list[list[Charged]]) -> None:
    """After each close, all that was stated equals all that is charged: cents, units, by key."""
    stated: list[Charged] = []
    for present in states:
        lines = lines_of(present, stated)
        known = {one.source_id for one in stated}
        assert all(line.is_correction == (line.charged.source_id in known) for line in lines)
        stated += [line.charged for line in lines]
        assert lines_of(present, stated) == []
        for name in ("cents", "amount"):
            sums: dict[object, int] = {}
            for sign, of in ((1, present), (-1, stated)):
                for one in of:
                    value = one.cents if name == "cents" else one.units * one.quantity
                    sums[key_of(one)] = sums.get(key_of(one), 0) + sign * value
            assert set(sums.values()) <= {0}


@given(charges)
def test_the_order_of_reading_does_not_matter(present: list[Charged]) -> None:
    lines = lines_of(present, [])
    assert sorted(map(repr, lines_of(present[::-1], []))) == sorted(map(repr, lines))
    assert sum(tax.base_cents for tax in taxes_of(lines)) == total(lines)


def test_what_changed_is_said_as_a_correction() -> None:
    longer = replace(ONE, units=180, cents=4500)
    assert lines_of([longer], [ONE]) == [
        Line(replace(longer, units=60, quantity=1, cents=1500), is_correction=True)
    ]
    assert lines_of([], [ONE]) == [
        Line(replace(ONE, units=-120, quantity=1, cents=-3000), is_correction=True)
    ]
    late = replace(ONE, kind="late_cancellation", cents=1500)
    assert [(line.charged.kind, line.charged.cents) for line in lines_of([late], [ONE])] == [
        ("late_cancellation", 1500),
        ("use", -3000),
    ]


def test_tax_is_rounded_once_for_each_rate() -> None:
    three = [Line(replace(ONE, cents=3, vat_bp=2000), is_correction=False)] * 3
    free = Line(replace(ONE, cents=500, vat_mode="exempt_261b", vat_bp=0), is_correction=False)
    assert taxes_of([*three, free]) == [
        Tax("exempt_261b", 0, 500, 0),
        Tax("taxable", 2000, 9, 2),
    ]
    back = Line(replace(ONE, cents=-25, vat_bp=2000), is_correction=True)
    assert taxes_of([back]) == [Tax("taxable", 2000, -25, -5)]
    assert [said_rate(bp) for bp in (2000, 550, 210)] == ["20\u00a0%", "5,5\u00a0%", "2,1\u00a0%"]


def test_the_documents_come_from_frozen_data_alone() -> None:
    lines = lines_of([ONE, replace(ONE, source_id=UUID(int=9), title="=1+1")], [])
    data = data_of(
        number="R-2027-01-001",
        month=Month(2027, 1),
        issued_on=date(2027, 2, 1),
        currency="EUR",
        cooperative="Le Phares",
        organisation={"name": "#Atelier*", "address": "1 quai\n93000", "siret": ""},
        lines=lines,
        taxes=taxes_of(lines),
    )
    assert (data["net"], data["vat"], data["total"]) == (
        "60,00\u00a0€",
        "12,00\u00a0€",
        "72,00\u00a0€",
    )
    assert (csv_of(data), pdf_of(data)) == (csv_of(data), pdf_of(data))
    assert (
        "R-2027-01-001;2027-01;#Atelier*;Verrière;'=1+1;2027-01-12 09:00" in csv_of(data).decode()
    )


def test_months() -> None:
    assert Month.parse("2026-12").shifted(1) == Month(2027, 1)
    assert Month(2027, 1).shifted(-1) == Month(2026, 12)
    assert Month(2026, 10).say() == "octobre\u00a02026"
    assert Month(2026, 9) < Month(2026, 10) < Month(2027, 1)
