"""Bookings as a file to take away: a table for spreadsheets, or a calendar.

What is exported is what may be read, no more. Rows are read in steps of two thousand, as plain
columns: a hundred thousand bookings never stand in memory as objects.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select

from coopshare.bookings.charges import WHOLE, half_up
from coopshare.bookings.errors import TooManyToExport
from coopshare.bookings.models import Booking, BookingCharge, BookingLine, ChargeKind
from coopshare.bookings.policies import visible
from coopshare.bookings.queries import BookingFilter, conditions
from coopshare.bookings.states import STATES
from coopshare.calendars.queries import events_file
from coopshare.db.work import Work
from coopshare.documents.tables import (
    CSV_TYPE,
    ODS_TYPE,
    XLSX_TYPE,
    Column,
    Kind,
    Row,
    table_csv,
    table_ods,
    table_xlsx,
)
from coopshare.kernel.text import Sentence, Translate, marked
from coopshare.members.queries import cooperative, people, roll
from coopshare.resources.kinds import VatMode
from coopshare.resources.queries import catalogue


class ExportFormat(StrEnum):
    """What the file is."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    ICS = "ics"


MOST: Mapping[ExportFormat, int] = {
    ExportFormat.CSV: 100_000,
    ExportFormat.XLSX: 20_000,
    ExportFormat.ODS: 20_000,
    ExportFormat.ICS: 10_000,
}
"""Bookings in one file: what a spreadsheet still opens, and a server makes in time."""

TYPES: Mapping[ExportFormat, str] = {
    ExportFormat.CSV: CSV_TYPE,
    ExportFormat.XLSX: XLSX_TYPE,
    ExportFormat.ODS: ODS_TYPE,
    ExportFormat.ICS: "text/calendar; charset=utf-8",
}

COLUMNS = (
    (marked("Pour quoi"), Kind.TEXT, 34),
    (marked("État"), Kind.TEXT, 20),
    (marked("Début"), Kind.MOMENT, 17),
    (marked("Fin"), Kind.MOMENT, 17),
    (marked("Toute la journée"), Kind.TEXT, 10),
    (marked("Durée en heures"), Kind.NUMBER, 10),
    (marked("Ressources"), Kind.TEXT, 40),
    (marked("Organisation"), Kind.TEXT, 28),
    (marked("Qui"), Kind.TEXT, 24),
    (marked("Personnes attendues"), Kind.WHOLE, 11),
    (marked("Prix hors taxes"), Kind.MONEY, 13),
    (marked("TVA"), Kind.MONEY, 11),
    (marked("Prix TTC"), Kind.MONEY, 13),
    (marked("Précisions"), Kind.TEXT, 40),
    (marked("Réservé le"), Kind.MOMENT, 17),
    (marked("Annulé le"), Kind.MOMENT, 17),
    (marked("Raison"), Kind.TEXT, 30),
    (marked("Fuseau horaire"), Kind.TEXT, 16),
    (marked("Identifiant"), Kind.TEXT, 38),
)
STEP = 2000
YES = marked("oui")
TITLE = marked("Réservations")


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file: its name, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


def export(
    work: Work, wanted: BookingFilter, form: ExportFormat, translate: Translate
) -> ExportedFile:
    """Return the bookings the actor may read, in the order of their start.

    Titles of columns and states are said by `translate`. Raises `TooManyToExport`.
    """
    count = work.session.scalar(
        select(func.count()).select_from(Booking).where(*_where(work, wanted))
    )
    if (count or 0) > MOST[form]:
        raise TooManyToExport(
            count=count,
            most=MOST[form],
            possible=_instead(form, count or 0),
        )
    place = ZoneInfo(cooperative(work).timezone)
    name = f"reservations-{work.now.astimezone(place):%Y-%m-%d}.{form}"
    return ExportedFile(name, TYPES[form], _content(work, wanted, form, translate))


def _instead(form: ExportFormat, count: int) -> Sentence | None:
    if form is not ExportFormat.CSV and count <= MOST[ExportFormat.CSV]:
        return Sentence(marked("Le format CSV, lui, les prend toutes."))
    return None


def _content(work: Work, wanted: BookingFilter, form: ExportFormat, translate: Translate) -> bytes:
    if form is ExportFormat.ICS:
        ids = [row.id for rows in _steps(work, wanted) for row in rows]
        return events_file(work, ids, translate(TITLE))
    currency = cooperative(work).currency
    columns = [Column(translate(title), kind, width, currency) for title, kind, width in COLUMNS]
    rows = _rows(work, wanted, translate)
    match form:
        case ExportFormat.CSV:
            return table_csv(columns, rows)
        case ExportFormat.XLSX:
            return table_xlsx(translate(TITLE), columns, rows)
        case ExportFormat.ODS:
            return table_ods(translate(TITLE), columns, rows)


def _where(work: Work, wanted: BookingFilter) -> list[Any]:
    return [visible(work.actor), *conditions(work.actor, wanted)]


def _steps(work: Work, wanted: BookingFilter) -> Iterator[Sequence[Any]]:
    """Give the bookings step by step, each going on from the last one of the step before."""
    query = (
        select(
            Booking.id,
            Booking.title,
            Booking.status,
            Booking.starts_at,
            Booking.ends_at,
            Booking.timezone,
            Booking.all_day,
            Booking.organisation_id,
            Booking.person_id,
            Booking.people,
            Booking.note,
            Booking.created_at,
            Booking.cancelled_at,
            Booking.cancel_reason,
        )
        .where(*_where(work, wanted))
        .order_by(Booking.starts_at, Booking.id)
        .limit(STEP)
    )
    going_on = query
    while rows := work.session.execute(going_on).all():
        yield rows
        if len(rows) < STEP:
            return
        last = rows[-1]
        same = and_(Booking.starts_at == last.starts_at, Booking.id > last.id)
        going_on = query.where(or_(Booking.starts_at > last.starts_at, same))


def _rows(work: Work, wanted: BookingFilter, translate: Translate) -> Iterator[Row]:
    states = {status: translate(word) for status, (_, word) in STATES.items()}
    yes, owners, resources = translate(YES), roll(work).names, catalogue(work).resources
    for rows in _steps(work, wanted):
        taken = _taken(work, [row.id for row in rows])
        costs = _costs(work, [row.id for row in rows])
        persons = people(work, {row.person_id for row in rows if row.person_id is not None})
        for row in rows:
            place = ZoneInfo(row.timezone)
            things = ", ".join(
                resources[key].name + (f" (× {count})" if count > 1 else "")
                for key, count in taken[row.id]
            )
            yield (
                row.title,
                states[row.status],
                row.starts_at.astimezone(place),
                row.ends_at.astimezone(place),
                yes if row.all_day else None,
                _hours(row.starts_at, row.ends_at),
                things,
                owners.get(row.organisation_id, ""),
                persons[row.person_id].name if row.person_id in persons else None,
                row.people,
                *costs.get(row.id, (None, None, None)),
                row.note,
                row.created_at.astimezone(place),
                row.cancelled_at.astimezone(place) if row.cancelled_at else None,
                row.cancel_reason,
                row.timezone,
                str(row.id),
            )


def _costs(work: Work, booking_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int, int]]:
    """Return what each booking that has a price costs: before tax, tax, both; deposits apart."""
    query = (
        select(
            BookingCharge.booking_id,
            BookingCharge.vat_mode,
            BookingCharge.vat_bp,
            func.sum(BookingCharge.cents),
        )
        .where(BookingCharge.booking_id.in_(booking_ids), BookingCharge.kind != ChargeKind.DEPOSIT)
        .group_by(BookingCharge.booking_id, BookingCharge.vat_mode, BookingCharge.vat_bp)
    )
    found: dict[UUID, tuple[int, int, int]] = {}
    for booking_id, mode, bp, cents in work.session.execute(query):
        net, vat, _ = found.get(booking_id, (0, 0, 0))
        net += int(cents)
        vat += half_up(int(cents) * bp, WHOLE) if mode is VatMode.TAXABLE else 0
        found[booking_id] = (net, vat, net + vat)
    return found


def _hours(start: datetime, end: datetime) -> Decimal:
    minutes = int((end - start).total_seconds()) // 60
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))


def _taken(work: Work, booking_ids: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, int]]]:
    """Return what each booking takes: resource and how many, in its order."""
    query = (
        select(BookingLine.booking_id, BookingLine.resource_id, BookingLine.quantity)
        .where(BookingLine.booking_id.in_(booking_ids))
        .order_by(BookingLine.booking_id, BookingLine.position)
    )
    found: dict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    for booking_id, resource_id, quantity in work.session.execute(query):
        found[booking_id].append((resource_id, quantity))
    return found
