"""The tables of a report as a file to take away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

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
from coopshare.kernel.text import Translate, marked
from coopshare.reports.queries import Report
from coopshare.reports.rules import Share
from coopshare.reports.wording import WEEKDAYS
from coopshare.resources.kinds import RESOURCE_KINDS


class ExportFormat(StrEnum):
    """What the file is."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"


class Table(StrEnum):
    """Which table leaves."""

    RESOURCES = "ressources"
    ORGANISATIONS = "organisations"
    HOURS = "heures"


TYPES = {ExportFormat.CSV: CSV_TYPE, ExportFormat.XLSX: XLSX_TYPE, ExportFormat.ODS: ODS_TYPE}

BOOKED = marked("Heures réservées")
USED = marked("Heures utilisées, pour toutes les unités")
OPEN = marked("Heures ouvertes, pour toutes les unités")
RATE = marked("Taux d'utilisation en %")
BOOKINGS = marked("Réservations")
TITLES: dict[Table, tuple[tuple[str, Kind, int], ...]] = {
    Table.RESOURCES: (
        (marked("Ressource"), Kind.TEXT, 36),
        (marked("Sorte"), Kind.TEXT, 14),
        (BOOKED, Kind.NUMBER, 14),
        (USED, Kind.NUMBER, 14),
        (OPEN, Kind.NUMBER, 14),
        (RATE, Kind.WHOLE, 14),
        (BOOKINGS, Kind.WHOLE, 14),
    ),
    Table.ORGANISATIONS: (
        (marked("Organisation"), Kind.TEXT, 36),
        (BOOKED, Kind.NUMBER, 14),
        (BOOKINGS, Kind.WHOLE, 14),
    ),
    Table.HOURS: (
        (marked("Jour"), Kind.TEXT, 14),
        (marked("Heure"), Kind.WHOLE, 10),
        (USED, Kind.NUMBER, 14),
        (OPEN, Kind.NUMBER, 14),
        (RATE, Kind.WHOLE, 14),
    ),
}
SHEETS = {
    Table.RESOURCES: marked("Ressources"),
    Table.ORGANISATIONS: marked("Organisations"),
    Table.HOURS: marked("Heures"),
}


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file: its name, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


def export(found: Report, table: Table, form: ExportFormat, translate: Translate) -> ExportedFile:
    """Return one table of a report; titles are said by `translate`."""
    columns = [Column(translate(title), kind, width) for title, kind, width in TITLES[table]]
    rows = list(_rows(found, table, translate))
    name = f"statistiques-{table}-{found.period.first}-{found.period.last}.{form}"
    return ExportedFile(name, TYPES[form], _content(translate(SHEETS[table]), columns, rows, form))


def _content(
    sheet: str, columns: Sequence[Column], rows: Sequence[Row], form: ExportFormat
) -> bytes:
    match form:
        case ExportFormat.CSV:
            return table_csv(columns, rows)
        case ExportFormat.XLSX:
            return table_xlsx(sheet, columns, rows)
        case ExportFormat.ODS:
            return table_ods(sheet, columns, rows)


def _rows(found: Report, table: Table, translate: Translate) -> Iterator[Row]:
    match table:
        case Table.RESOURCES:
            for use in found.resources:
                kind = translate(RESOURCE_KINDS[use.resource.kind])
                hours = _hours(use.minutes)
                yield (use.resource.name, kind, hours, *_figures(use.share), use.bookings)
        case Table.ORGANISATIONS:
            for one in found.organisations:
                yield (one.name, _hours(one.minutes), one.bookings)
        case Table.HOURS:
            for (weekday, hour), share in found.hours.cells.items():
                yield (translate(WEEKDAYS[weekday]), hour, *_figures(share))


def _figures(share: Share) -> tuple[Decimal, Decimal, int | None]:
    return _hours(share.used), _hours(share.open), share.percent


def _hours(minutes: int) -> Decimal:
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))
