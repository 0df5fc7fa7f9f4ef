"""What a table holds: columns with a kind, values, and what is done to a dangerous text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = str | int | Decimal | date | datetime | None
Row: TypeAlias = Sequence[Value]
Rows: TypeAlias = Iterable[Row]


class Kind(StrEnum):
    """What a column holds, so that a spreadsheet can sort it and add it up."""

    TEXT = "text"
    WHOLE = "whole"
    """An `int`."""
    NUMBER = "number"
    """A `Decimal`."""
    MONEY = "money"
    """An `int`: cents, of the currency of the column."""
    DAY = "day"
    """A `date`."""
    MOMENT = "moment"
    """A `datetime` in the local time of its place; an offset is left out."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, what it holds, its width in characters."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 18
    currency: str = "EUR"


LONGEST_CELL = 32_000
"""Characters: a cell of XLSX holds 32,767."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold."""

FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
"""A text that begins with one of these is run as a formula by one spreadsheet or another."""


def written(value: object) -> str:
    """Return a text that any of the three formats can hold, cut where a cell ends."""
    text = _ILLEGAL.sub("", str(value))
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def is_formula_like(text: str) -> bool:
    """Tell whether a spreadsheet could take a text for a formula."""
    return text[:1] in FORMULA_SIGNS or text.lstrip()[:1] in FORMULA_SIGNS if text else False


def escaped(text: str) -> str:
    """Return the text as it is safe in CSV: an apostrophe before what looks like a formula."""
    return f"'{text}" if is_formula_like(text) else text


def unescaped(text: str) -> str:
    """Undo `escaped`, for our own files that come back."""
    return text[1:] if text[:1] == "'" and is_formula_like(text[1:]) else text


def as_local(value: datetime) -> datetime:
    """Return the moment as it is read on the wall, without its offset nor seconds."""
    return value.replace(tzinfo=None, second=0, microsecond=0)


def as_amount(cents: int) -> Decimal:
    """Return cents as an amount, exactly."""
    return Decimal(cents).scaleb(-2)
