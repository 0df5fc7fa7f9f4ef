"""The settings of a cooperative: name, form, time zone, currency, public and school holidays."""

from collections.abc import Collection

from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid, NotFound, VersionMismatch
from coopshare.kernel.localtime import zone
from coopshare.kernel.text import marked
from coopshare.members.commands import ChangeCooperative
from coopshare.members.facts import CooperativeChanged
from coopshare.members.kinds import CURRENCIES, HOLIDAY_AREAS, SCHOOL_ZONES
from coopshare.members.models import Cooperative
from coopshare.members.policies import Permission, allow

FIELDS = ("name", "kind", "timezone", "currency", "holiday_area", "school_zone", "door_names")
CLOSED_LISTS: dict[str, Collection[str]] = {
    "currency": CURRENCIES,
    "holiday_area": HOLIDAY_AREAS,
    "school_zone": SCHOOL_ZONES,
}


def change_cooperative(work: Work, command: ChangeCooperative) -> Cooperative:
    """Change the settings of the actor's cooperative; what is None in the command stays.

    Resources and bookings keep the time zone they have: it is theirs. Amounts are not converted.
    Raises `Forbidden`, `VersionMismatch`, and `Invalid` on the field that nobody knows.
    """
    allow(work.actor, Permission.ADMINISTER)
    chosen = work.session.cooperative_id
    found = work.session.get(Cooperative, chosen) if chosen else None
    if found is None:
        raise NotFound
    if found.version != command.version:
        raise VersionMismatch
    changes = []
    for name in FIELDS:
        value = getattr(command, name)
        before = getattr(found, name)
        if value is None or value == (before or ""):
            continue
        _check(name, str(value))
        setattr(found, name, value or None)
        words = ("", "") if name == "name" else (str(before or ""), str(value))
        changes.append((name, *words))  # of free text, only that it changed is kept
    if changes:
        work.record(CooperativeChanged(object_id=found.id, changes=tuple(changes)))
        work.session.flush()
    return found


def _check(name: str, value: str) -> None:
    if name == "timezone":
        zone(value)
    if name == "name" and not value.strip():
        raise Invalid.field("name", marked("Dites comment la coopérative s'appelle."))
    known = CLOSED_LISTS.get(name)
    if known is not None and value not in known and not (name == "school_zone" and not value):
        raise Invalid.field(name, marked("Choisissez parmi les réponses proposées."))
