"""Typical shared goods: what a new resource starts from, so that declaring one takes a minute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coopshare.kernel.text import marked
from coopshare.resources.kinds import ResourceKind, TariffUnit

WORKING_DAYS = tuple((day, 8 * 60, 19 * 60) for day in range(5))


@dataclass(frozen=True, slots=True)
class Good:
    """A typical shared good and the rules that usually go with it."""

    code: str
    name: str
    kind: ResourceKind
    values: Mapping[str, Any] = field(default_factory=dict)


def _place(code: str, name: str, **values: Any) -> Good:
    return Good(code, name, ResourceKind.PLACE, {"hours": WORKING_DAYS, "step": 30} | values)


def _thing(code: str, name: str, **values: Any) -> Good:
    return Good(code, name, ResourceKind.EQUIPMENT, {"step": 30} | values)


GOODS = (
    _place("meeting_room", marked("Salle de réunion"), capacity=12, shortest=30),
    _place(
        "hall", marked("Grande salle"), capacity=60, shortest=60, preparation_after=30, notice=1440
    ),
    _place("workshop", marked("Atelier"), capacity=10, shortest=60),
    _place("kitchen", marked("Cuisine partagée"), capacity=6, shortest=60, preparation_after=30),
    _place("office", marked("Bureau de passage"), capacity=1, shortest=60),
    _place(
        "cold_room", marked("Chambre froide"), hours=(), shortest=1440, closed_on_holidays=False
    ),
    _thing("vehicle", marked("Véhicule"), shortest=60, notice=60, preparation_after=15),
    _thing("cargo_bike", marked("Vélo cargo"), shortest=60),
    _thing("chairs", marked("Chaises"), quantity=30),
    _thing("tables", marked("Tables"), quantity=10),
    _thing("projector", marked("Vidéoprojecteur")),
    _thing("sound", marked("Sonorisation")),
    Good(
        "printer",
        marked("Imprimante"),
        ResourceKind.SERVICE,
        {"billed_by": TariffUnit.UNIT, "hours": WORKING_DAYS},
    ),
    Good(
        "support",
        marked("Support technique"),
        ResourceKind.SERVICE,
        {"billed_by": TariffUnit.HOUR, "hours": WORKING_DAYS, "notice": 1440, "shortest": 60},
    ),
    Good(
        "person",
        marked("Personne"),
        ResourceKind.PERSON,
        {"hours": WORKING_DAYS, "notice": 1440, "shortest": 60, "needs_approval": True},
    ),
)
"""In the order in which they are offered."""
