"""What people type in forms, and what it means: hours, amounts, rates, lengths of time."""

import re
from typing import Any

from marshmallow import ValidationError, fields

from coopshare.kernel.text import Sentence, marked

SPAN = re.compile(
    r"^(\d{1,2})\s*(?:h|:)?\s*(\d{2})?\s*(?:-|–|—|à|a)\s*(\d{1,2})\s*(?:h|:)?\s*(\d{2})?$"
)
PRICE = re.compile(r"^(\d{1,6})(?:[.,](\d{1,2}))?$")
LENGTH = re.compile(r"^(\d{1,6})(?:h|:)([0-5]\d)?$")
WHOLE = 10_000
"""Basis points of the whole."""


class HoursOfDay(fields.Field[list[tuple[int, int]]]):
    """Hours as people write them: « 9 h – 12 h 30, 14 h – 18 h »; minutes of the day inside."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> list[tuple[int, int]]:
        del attr, data, kwargs
        text = str(value)[:200].lower().replace("\u202f", " ").replace("\u00a0", " ")
        found: list[tuple[int, int]] = []
        for piece in filter(None, (p.strip() for p in re.split(r"[,;]| et ", text))):
            match = SPAN.match(piece)
            if match is None:
                raise ValidationError([marked("Écrivez par exemple : 9 h – 12 h 30, 14 h – 18 h.")])
            a, b, c, d = (int(part or 0) for part in match.groups())
            start, end = a * 60 + b, c * 60 + d
            if b > 59 or d > 59 or not 0 <= start < end <= 1440:  # noqa: PLR2004 - a clock's
                raise ValidationError([marked("Ces heures finissent avant de commencer.")])
            found.append((start, end))
        return sorted(found)


def hundredths(text: str) -> int | None:
    """Return a number of at most two decimals as whole hundredths; None for anything else."""
    match = PRICE.match(text)
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")) if match else None


def _plain(value: Any, unit: str = "") -> str:
    text = str(value).replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    return text.removesuffix(unit) if unit else text


class Euros(fields.Field[int]):
    """An amount as people write it, « 12,50 »; cents inside."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        found = hundredths(_plain(value, "€"))
        if found is None:
            raise ValidationError([marked("Écrivez un montant, par exemple 12,50.")])
        return found


class Percent(fields.Field[int]):
    """A share as people write it, « 5,5 »; basis points inside, the whole at most."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        found = hundredths(_plain(value, "%"))
        if found is None or found > WHOLE:
            raise ValidationError([marked("Écrivez un taux entre 0 et 100, par exemple 5,5.")])
        return found


class Hours(fields.Field[int]):
    """A length as people write it, « 1 h 30 », « 1,5 » or « 2 »; minutes inside."""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        del attr, data, kwargs
        text = _plain(value).lower()
        match, decimal = LENGTH.match(text), hundredths(text)
        if match:
            return self._bounded(int(match[1]) * 60 + int(match[2] or 0))
        minutes, rest = (0, 1)
        if decimal is not None:
            minutes, rest = divmod(decimal * 60, 100)
        if rest:
            raise ValidationError(
                [marked("Écrivez des heures et des minutes, par exemple 1 h 30.")]
            )
        return self._bounded(minutes)

    def _bounded(self, minutes: int) -> int:
        if minutes > self.most * 60:
            message = marked("C'est trop : {most} au plus.")
            raise ValidationError([Sentence(message, {"most": self.most})])
        return minutes


def said_hundredths(value: int) -> str:
    """Return hundredths as they are typed, « 5,5 », « 20 »; nothing for none."""
    whole, part = divmod(value, 100)
    return f"{whole},{part:02}".rstrip("0") if part else str(whole or "")


def said_minutes(value: int) -> str:
    """Return minutes as they are typed, « 1 h 30 », « 2 »; nothing for none."""
    whole, part = divmod(value, 60)
    return f"{whole} h {part:02}" if part else str(whole or "")
