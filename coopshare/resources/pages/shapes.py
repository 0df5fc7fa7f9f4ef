"""What the forms of resources hold, as people type it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from coopshare.kernel.dates import DAYS
from coopshare.kernel.text import Sentence, marked
from coopshare.members.kinds import Standing
from coopshare.resources.kinds import FEATURES, ResourceKind, TariffUnit
from coopshare.resources.models import Resource
from coopshare.web.schemas import Day, Schema, Text, Whole
from coopshare.web.typed import Euros, HoursOfDay

LINES = 12
"""Lines of tariffs in the form."""


class NewSchema(Schema):
    """The short form of a new resource."""

    name = Text(120, required=True)
    kind = fields.Enum(ResourceKind, by_value=True, required=True)
    owner_id = fields.UUID(required=True)
    location = Text(120)
    capacity = Whole(1, 100_000, load_default=None)
    quantity = Whole(1, 100_000, load_default=1)
    description = Text(4000, multiline=True)
    modele = Text(40)


class _Full(Schema):
    """Everything about a resource; tariffs and days are numbered fields."""

    version = Whole(1, required=True)
    name = Text(120, required=True)
    kind = fields.Enum(ResourceKind, by_value=True, required=True)
    owner_id = fields.UUID()
    manager_id = fields.UUID()
    quantity = Whole(1, 100_000, load_default=1)
    capacity = Whole(1, 100_000, load_default=None)
    description = Text(4000, multiline=True)
    location = Text(120)
    address = Text(300, multiline=True)
    access_notes = Text(1000, multiline=True)
    timezone = Text(60)
    features = fields.List(fields.String(validate=validate.OneOf(list(FEATURES))))
    slots = HoursOfDay(load_default=list)
    shortest = Whole(1, 527_040, load_default=None)
    longest = Whole(1, 527_040, load_default=None)
    step = Whole(1, 1440, load_default=15)
    notice = Whole(0, 527_040, load_default=0)
    horizon = Whole(1, 3660, load_default=None)
    preparation_before = Whole(0, 1440, load_default=0)
    preparation_after = Whole(0, 1440, load_default=0)
    standings = fields.List(fields.Enum(Standing, by_value=True))
    needs_approval = fields.Boolean(load_default=False)
    option_longest = Whole(0, 527_040, load_default=0)
    waiting_delay = Whole(0, 527_040, load_default=0)
    check_in_within = Whole(0, 1440, load_default=0)
    approval_outside_hours = fields.Boolean(load_default=False)
    approval_above = Whole(1, 527_040, load_default=None)
    approval_quantity = Whole(1, 100_000, load_default=None)
    approval_standings = fields.List(fields.Enum(Standing, by_value=True))
    approval_delay = Whole(0, 527_040, load_default=0)
    approvers = fields.List(fields.UUID())
    hand_over = fields.Boolean(load_default=False)
    closed_on_holidays = fields.Boolean(load_default=False)
    closed_in_school_holidays = fields.Boolean(load_default=False)
    parts = fields.List(fields.UUID())

    @post_load
    def values(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Return the version, and the values of the command."""
        if not data["timezone"]:
            del data["timezone"]
        data["hours"] = [
            (day, opens, closes)
            for day in range(7)
            for opens, closes in data.pop(f"hours_{day}", [])
        ]
        data["slots"] = [list(slot) for slot in data["slots"]]
        for name in ("standings", "approval_standings"):
            data[name] = [str(one.value) for one in data[name]]
        lines = []
        for number in range(LINES):
            cents, unit = data.pop(f"price_{number}", None), data.pop(f"unit_{number}", None)
            who, note = data.pop(f"standing_{number}", None), data.pop(f"note_{number}", "")
            if cents is not None:
                if unit is None:
                    sentence = Sentence(marked("Dites pour quelle unité."))
                    raise ValidationError({f"unit_{number}": [sentence]})
                lines.append((who, unit, cents, note))
        data["tariffs"] = lines
        return data


def _numbered() -> dict[str, fields.Field[Any]]:
    found: dict[str, fields.Field[Any]] = {f"hours_{day}": HoursOfDay() for day in range(7)}
    for number in range(LINES):
        found[f"price_{number}"] = Euros()
        found[f"unit_{number}"] = fields.Enum(TariffUnit, by_value=True)
        found[f"standing_{number}"] = fields.Enum(Standing, by_value=True)
        found[f"note_{number}"] = Text(200)
    return found


class FullSchema(_Full.from_dict(_numbered())):  # type: ignore[misc]
    """The long form of a resource."""


class ClosedDaySchema(Schema):
    """A day the cooperative closes."""

    day = Day(required=True)
    reason = Text(120, required=True)


def _clock(minute: int) -> str:
    return f"{minute // 60}h{minute % 60:02}" if minute % 60 else f"{minute // 60}h"


def written(spans: list[tuple[int, int]]) -> str:
    """Return hours as they may be typed."""
    return ", ".join(f"{_clock(a)} – {_clock(b)}" for a, b in sorted(spans))


PLAIN = (
    "version",
    "name",
    "owner_id",
    "manager_id",
    "quantity",
    "capacity",
    "description",
    "location",
    "address",
    "access_notes",
    "timezone",
    "shortest",
    "longest",
    "step",
    "notice",
    "horizon",
    "option_longest",
    "waiting_delay",
    "check_in_within",
    "preparation_before",
    "preparation_after",
    "approval_above",
    "approval_quantity",
    "approval_delay",
)
SWITCHES = (
    "needs_approval",
    "hand_over",
    "approval_outside_hours",
    "closed_on_holidays",
    "closed_in_school_holidays",
)


def initial_of(resource: Resource, parts: list[Resource]) -> Mapping[str, Any]:
    """Return what the long form shows before anything is typed."""
    values: dict[str, Any] = {
        name: "" if (value := getattr(resource, name)) is None else str(value) for name in PLAIN
    }
    values["kind"] = resource.kind.value
    values["features"] = list(resource.features)
    values["standings"] = list(resource.standings)
    values["approval_standings"] = list(resource.approval_standings)
    values["approvers"] = [str(one.person_id) for one in resource.approvers]
    values["parts"] = [str(part.id) for part in parts]
    values["slots"] = written([(int(a), int(b)) for a, b in resource.slots])
    values |= {name: "1" if getattr(resource, name) else "" for name in SWITCHES}
    for day in range(len(DAYS["fr"])):
        values[f"hours_{day}"] = written(
            [(h.opens, h.closes) for h in resource.hours if h.weekday == day]
        )
    for number, tariff in enumerate(resource.tariffs[:LINES]):
        values[f"price_{number}"] = f"{tariff.cents // 100},{tariff.cents % 100:02}"
        values[f"unit_{number}"] = tariff.unit.value
        values[f"standing_{number}"] = tariff.standing.value if tariff.standing else ""
        values[f"note_{number}"] = tariff.note
    return values
