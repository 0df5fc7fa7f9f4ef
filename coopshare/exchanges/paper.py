"""A statement on paper: all that its documents say, written out; then their bytes.

Documents are in French, the language of accounts in France. What is written out is frozen with the
statement, and gives the same bytes again.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from coopshare.documents.pdf import document_pdf
from coopshare.documents.tables import Column, Kind, Row, table_csv
from coopshare.exchanges.commands import Charged
from coopshare.exchanges.months import Month
from coopshare.exchanges.rules import Line, Tax
from coopshare.exchanges.wording import KINDS, TAXES, UNITS
from coopshare.kernel.dates import NARROW, NO_BREAK, say_day, say_duration, say_time
from coopshare.kernel.units import say_money

COLUMNS = (
    Column("Relevé", width=16),
    Column("Mois", width=10),
    Column("Organisation", width=28),
    Column("Ressource", width=28),
    Column("Réservation", width=34),
    Column("Début", Kind.MOMENT, 17),
    Column("Fin", Kind.MOMENT, 17),
    Column("Nature", width=24),
    Column("Quantité", Kind.NUMBER, 10),
    Column("Unité", width=14),
    Column("Prix unitaire HT", Kind.MONEY, 12),
    Column("Montant HT", Kind.MONEY, 12),
    Column("Taux de TVA", Kind.NUMBER, 10),
    Column("Régime de TVA", width=28),
    Column("Correction", width=10),
    Column("Précisions", width=30),
    Column("Identifiant de la réservation", width=38),
)


def amount_of(one: Charged) -> Decimal:
    """Return how many units: hours where the unit is the hour."""
    amount = Decimal(one.units * one.quantity)
    return (amount / 60).quantize(Decimal("0.01")) if one.unit == "hour" else amount


def said_amount(one: Charged, language: str = "fr") -> str:
    """Say how many units: « 2 h 30 », « 3 », « − 1 h »."""
    amount = one.units * one.quantity
    sign = f"−{NARROW}" if amount < 0 else ""
    if one.unit == "hour":
        return sign + say_duration(abs(amount), language)
    return f"{sign}{abs(amount)}"


def said_rate(basis_points: int) -> str:
    """Say a rate: « 20 % », « 5,5 % »."""
    rate = f"{Decimal(basis_points) / 100:f}"
    rate = rate.rstrip("0").rstrip(".") if "." in rate else rate
    return f"{rate.replace('.', ',')}{NO_BREAK}%"


def said_tax(tax: Tax) -> str:
    """Say a tax: « TVA 20 % », or why there is none."""
    words = TAXES.get(tax.mode, str(tax.mode))
    return f"{words} {said_rate(tax.basis_points)}" if tax.mode == "taxable" else words


def data_of(
    *,
    number: str,
    month: Month,
    issued_on: date,
    currency: str,
    cooperative: str,
    organisation: Mapping[str, str],
    lines: Sequence[Line],
    taxes: Sequence[Tax],
) -> dict[str, Any]:
    """Return all that the documents of a statement say."""
    net, vat = sum(x.charged.cents for x in lines), sum(tax.cents for tax in taxes)

    def money(cents: int) -> str:
        return say_money(cents, currency, "fr")

    def group(key: str, of: Sequence[Line]) -> dict[str, Any]:
        return {
            "title": key,
            "lines": [_line(line.charged, money) for line in of],
            "subtotal": money(sum(line.charged.cents for line in of)),
        }

    plain = [line for line in lines if not line.is_correction]
    groups = [
        group(name, list(of))
        for (name, _), of in groupby(plain, lambda x: (x.charged.resource, x.charged.resource_id))
    ]
    corrections = [line for line in lines if line.is_correction]
    return {
        "title": f"Relevé {number}",
        "lang": "fr",
        "number": number,
        "month": str(month),
        "month_said": month.say(),
        "issued_on": issued_on.isoformat(),
        "issued_said": say_day(issued_on),
        "cooperative": cooperative,
        "organisation": dict(organisation),
        "currency": currency,
        "groups": groups,
        "corrections": group("Corrections des relevés précédents", corrections)
        if corrections
        else None,
        "taxes": [
            {"said": said_tax(tax), "base": money(tax.base_cents), "amount": money(tax.cents)}
            for tax in taxes
        ],
        "net": money(net),
        "vat": money(vat),
        "total": money(net + vat),
        "rows": [_row(line) for line in lines],
    }


def _line(one: Charged, money: Any) -> dict[str, str]:
    words = KINDS.get(one.kind, one.kind)
    return {
        **_when(one),
        "title": one.title,
        "what": words if not one.note else f"{words} ({one.note})",
        "amount": said_amount(one),
        "unit": UNITS.get(one.unit, one.unit),
        "each": money(one.cents_each),
        "rate": said_rate(one.vat_bp) if one.vat_mode == "taxable" else "–",
        "cents": money(one.cents),
    }


def _when(one: Charged) -> dict[str, str]:
    place = ZoneInfo(one.timezone)
    start, end = one.starts_at.astimezone(place), one.ends_at.astimezone(place)
    last = (end - timedelta(minutes=1)).date()
    hours = f"{say_time(start.time())}{NO_BREAK}–{NO_BREAK}{say_time(end.time())}"
    if last != start.date():
        hours = f"au {last:%d/%m/%Y}"
    return {"day": f"{start:%d/%m/%Y}", "hours": hours}


def _row(line: Line) -> list[Any]:
    """Return a line for the table: JSON values only, from which `table_of` makes cells."""
    one = line.charged
    place = ZoneInfo(one.timezone)
    return [
        one.resource,
        one.title,
        one.starts_at.astimezone(place).replace(tzinfo=None).isoformat(),
        one.ends_at.astimezone(place).replace(tzinfo=None).isoformat(),
        KINDS.get(one.kind, one.kind),
        str(amount_of(one)),
        UNITS.get(one.unit, one.unit),
        one.cents_each,
        one.cents,
        str(Decimal(one.vat_bp) / 100),
        TAXES.get(one.vat_mode, str(one.vat_mode)),
        "oui" if line.is_correction else "",
        one.note,
        str(one.source_id),
    ]


def csv_of(data: Mapping[str, Any]) -> bytes:
    """Return the table of a statement from its frozen data."""
    return table_csv(COLUMNS, [_cells(data, row) for row in data["rows"]])


def _cells(data: Mapping[str, Any], row: Sequence[Any]) -> Row:
    resource, title, starts, ends, kind, amount, unit, each, cents, rate, mode, *rest = row
    return (
        data["number"],
        data["month"],
        data["organisation"]["name"],
        resource,
        title,
        datetime.fromisoformat(starts),
        datetime.fromisoformat(ends),
        kind,
        Decimal(amount),
        unit,
        each,
        cents,
        Decimal(rate),
        mode,
        *rest,
    )


def pdf_of(data: Mapping[str, Any]) -> bytes:
    """Return the printed statement from its frozen data."""
    issued = date.fromisoformat(data["issued_on"])
    shown = {name: value for name, value in data.items() if name != "rows"}
    return document_pdf("statement", shown, at=datetime.combine(issued, time(12), tzinfo=UTC))


def digest(data: Mapping[str, Any]) -> str:
    """Return what tells two frozen data apart."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode())


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a document."""
    return hashlib.sha256(content).hexdigest()
