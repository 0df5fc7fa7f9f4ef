"""Which uses of a resource wait for an approver, and why. Pure."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from coopshare.kernel.dates import Duration
from coopshare.kernel.text import Sentence, Several, marked
from coopshare.members.kinds import STANDINGS, Standing
from coopshare.resources.holidays import ClosedCalendar
from coopshare.resources.models import Resource
from coopshare.resources.rules import Use, is_open_for


class Reason(StrEnum):
    """Why a use of a resource waits for an approver. Kept in rows: never rename one."""

    ALWAYS = "always"
    OUTSIDE_HOURS = "outside_hours"
    TOO_LONG = "too_long"
    QUANTITY = "quantity"
    STANDING = "standing"


Reasons: TypeAlias = Mapping[str, Any]
"""Value of a `Reason` -> the limit that is passed: minutes, how many, a standing, or None."""


def has_rules(resource: Resource) -> bool:
    """Tell whether some use of a resource may wait for an approver."""
    return bool(
        resource.needs_approval
        or resource.approval_outside_hours
        or resource.approval_above is not None
        or resource.approval_quantity is not None
        or resource.approval_standings
    )


def reasons_for(
    resource: Resource,
    use: Use,
    *,
    now: datetime,
    standing: Standing | str | None,
    calendar: ClosedCalendar,
) -> dict[str, Any]:
    """Return why a use waits for an approver; nothing when it does not."""
    found: dict[str, Any] = {}
    if resource.needs_approval:
        found[Reason.ALWAYS.value] = None
    if resource.approval_outside_hours and not is_open_for(
        resource, use, now=now, calendar=calendar
    ):
        found[Reason.OUTSIDE_HOURS.value] = None
    if resource.approval_above is not None and use.span.minutes > resource.approval_above:
        found[Reason.TOO_LONG.value] = resource.approval_above
    if resource.approval_quantity is not None and use.quantity > resource.approval_quantity:
        found[Reason.QUANTITY.value] = resource.approval_quantity
    if standing is not None and str(standing) in resource.approval_standings:
        found[Reason.STANDING.value] = str(standing)
    return found


SAID: Mapping[str, str] = {
    Reason.ALWAYS: marked("chaque demande pour {name} attend un accord"),
    Reason.OUTSIDE_HOURS: marked(
        "en dehors des heures d'ouverture, {name} se réserve avec un accord"
    ),
    Reason.TOO_LONG: marked("au-delà de {limit}, {name} se réserve avec un accord"),
    Reason.QUANTITY: marked("au-delà de {limit}, {name} se réserve avec un accord"),
    Reason.STANDING: marked("votre catégorie ({limit}) réserve {name} avec un accord"),
}


def said(name: str, reasons: Reasons) -> list[Sentence]:
    """Say why a use of the resource so named waits, as it was judged."""
    return [
        Sentence(SAID[code], {"name": name, "limit": _limit(code, limit)})
        for code, limit in reasons.items()
        if code in SAID
    ]


def _limit(code: str, limit: object) -> object:
    if code == Reason.TOO_LONG and isinstance(limit, int):
        return Duration(limit)
    if code == Reason.STANDING and limit in set(Standing):
        return Several((Sentence(STANDINGS[Standing(str(limit))]),), is_lowered=True)
    return "" if limit is None else limit


def rules_said(resource: Resource) -> list[Sentence]:
    """Say which uses of a resource wait for an approver, as its sheet tells it."""
    if resource.needs_approval:
        return [Sentence(marked("Chaque demande attend un accord."))]
    found: list[Sentence] = []
    if resource.approval_outside_hours:
        found.append(
            Sentence(marked("En dehors des heures d'ouverture, la demande attend un accord."))
        )
    if resource.approval_above is not None:
        limit = Duration(resource.approval_above)
        message = marked("Au-delà de {limit}, la demande attend un accord.")
        found.append(Sentence(message, {"limit": limit}))
    if resource.approval_quantity is not None:
        message = marked("Pour plus de {limit} à la fois, la demande attend un accord.")
        found.append(Sentence(message, {"limit": resource.approval_quantity}))
    names = tuple(
        Sentence(text)
        for key, text in STANDINGS.items()
        if key in (resource.approval_standings or ())
    )
    if names:
        message = marked("La demande attend un accord pour : {standings}.")
        found.append(Sentence(message, {"standings": Several(names, is_lowered=True)}))
    return found
