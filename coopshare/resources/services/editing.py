"""Declaring, changing and removing resources."""

import itertools
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from coopshare.db import guards
from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid, VersionMismatch
from coopshare.kernel.localtime import zone
from coopshare.kernel.text import folded, marked, sort_key
from coopshare.members.models import Affiliation, Cooperative
from coopshare.members.queries import cooperative, standing
from coopshare.resources import queries
from coopshare.resources.catalogue import reach
from coopshare.resources.commands import Change, Create, TariffLine
from coopshare.resources.errors import PartIsHeld, PartsInACircle, QuantityInUse
from coopshare.resources.facts import (
    ResourceAdded,
    ResourceChanged,
    ResourceRemoved,
    ResourceRenamed,
)
from coopshare.resources.kinds import FEATURES, TariffUnit
from coopshare.resources.models import (
    OpeningHours,
    Resource,
    ResourceApprover,
    ResourcePart,
    Tariff,
)
from coopshare.resources.policies import Permission, allow

guards.refuses("resources_quantity_in_use", QuantityInUse)
guards.refuses("resource_parts_free", lambda: PartIsHeld(whole=marked("Cette ressource")))

BEFORE_LOWERING: list[Callable[[Work, UUID], None]] = []
"""What has to be done before there is less of a resource: plugged in by app.py."""

AROUND_PARTS: list[Callable[[Work, Resource, frozenset[UUID]], AbstractContextManager[object]]] = []
"""What goes around a change of the parts of a whole, given the parts to be: plugged in by app.py.
Each is entered before and left after, the first one last."""

PLAIN = frozenset(
    {
        "name",
        "kind",
        "description",
        "owner_id",
        "manager_id",
        "quantity",
        "capacity",
        "is_listed",
        "location",
        "address",
        "access_notes",
        "timezone",
        "features",
        "billed_by",
        "preparation_before",
        "preparation_after",
        "shortest",
        "longest",
        "step",
        "slots",
        "notice",
        "horizon",
        "standings",
        "needs_approval",
        "option_longest",
        "deposit_cents",
        "late_before",
        "late_share",
        "vat_mode",
        "vat_bp",
        "waiting_delay",
        "check_in_within",
        "approval_outside_hours",
        "approval_above",
        "approval_quantity",
        "approval_standings",
        "approval_delay",
        "hand_over",
        "closed_on_holidays",
        "closed_in_school_holidays",
    }
)
"""The columns that people set."""

TOLD_ELSEWHERE = frozenset({"name", "kind", "location", "address"})
"""What calendars tell of a resource: a change of these is a fact of its own."""


def create(work: Work, command: Create) -> Resource:
    """Declare a resource, managed by its owner unless `manager_id` says otherwise.

    Raises `Forbidden` when the actor does not decide for the managing organisation, `Invalid` for
    an organisation that is no member, or rules that contradict each other.
    """
    allow(work.actor, Permission.EDIT, command.values.get("manager_id") or command.owner_id)
    return declare(work, command)


def declare(work: Work, command: Create) -> Resource:
    """Declare a resource as `create` does, for a verb that has checked who asks by its own rule."""
    values = dict(command.values)
    manager_id = values.pop("manager_id", None) or command.owner_id
    resource = Resource(
        name=command.name,
        kind=command.kind,
        owner_id=command.owner_id,
        manager_id=manager_id,
        quantity=1,
        step=15,
        timezone=cooperative(work).timezone,
        created_at=work.now,
        changed_at=work.now,
    )
    _set(work, resource, {"owner_id": command.owner_id, "manager_id": manager_id, **values})
    work.session.add(resource)
    work.session.flush()
    if values.get("parts"):
        _set_parts(work, resource, values["parts"])
    work.record(ResourceAdded(object_id=resource.id))
    return resource


def change(work: Work, command: Change) -> Resource:
    """Change what is named. Raises `VersionMismatch` when it was changed meanwhile.

    A smaller quantity than what is already taken at some instant is refused by the database.
    """
    resource = queries.get(work, command.resource_id)
    allow(work.actor, Permission.EDIT, resource.manager_id)
    if resource.version != command.version:
        raise VersionMismatch
    values = dict(command.values)
    for name in ("owner_id", "manager_id"):
        if name in values and values[name] != getattr(resource, name):
            allow(work.actor, Permission.HAND_OVER)
    if values.get("quantity") is not None and values["quantity"] < resource.quantity:
        for prepare in BEFORE_LOWERING:
            prepare(work, resource.id)
    parts = values.pop("parts", None)
    before = {name: getattr(resource, name) for name in values if name in PLAIN}
    _set(work, resource, values)
    resource.changed_at = work.now
    work.session.flush()
    if parts is not None:
        _set_parts(work, resource, parts)
    changed = [name for name, value in before.items() if getattr(resource, name) != value]
    changed += sorted(set(values) - PLAIN) + (["parts"] if parts is not None else [])
    fact = ResourceChanged if TOLD_ELSEWHERE.isdisjoint(changed) else ResourceRenamed
    work.record(fact(object_id=resource.id, changes=tuple((name, "", "") for name in changed)))
    return resource


def remove(work: Work, resource_id: UUID, version: int) -> Resource:
    """Offer a resource no more; what is booked stays booked. Raises `VersionMismatch`."""
    resource = queries.get(work, resource_id)
    allow(work.actor, Permission.EDIT, resource.manager_id)
    if resource.version != version:
        raise VersionMismatch
    resource.is_listed = False
    resource.changed_at = work.now
    work.record(ResourceRemoved(object_id=resource.id))
    return resource


def set_parts(work: Work, resource_id: UUID, parts: Collection[UUID]) -> Resource:
    """Say which resources a larger one is made of: what is booked through it follows.

    Raises `PartsInACircle`, `PartIsHeld`, and what follows the parts raises.
    """
    resource = queries.get(work, resource_id)
    allow(work.actor, Permission.EDIT, resource.manager_id)
    _set_parts(work, resource, parts)
    work.record(ResourceChanged(object_id=resource.id, changes=(("parts", "", ""),)))
    return resource


def _set_parts(work: Work, whole: Resource, parts: Collection[UUID]) -> None:
    # Two changes at one instant could close a circle: the cooperative's resources wait in one row,
    # locked so that those who only refer to it do not wait.
    work.session.execute(
        select(Cooperative.id)
        .where(Cooperative.id == work.session.cooperative_id)
        .with_for_update(key_share=True)
    )
    work.look_again()
    present = {part for owner, part in queries.all_parts(work) if owner == whole.id}
    for prepare in BEFORE_LOWERING:
        prepare(work, whole.id)
    for part in queries.get_many(work, parts):
        if part.id not in present:
            allow(work.actor, Permission.EDIT, part.manager_id)
        contained = reach(_below(work), part.id)
        if part.id == whole.id or whole.id in contained:
            raise PartsInACircle(whole=whole.name, part=part.name)
    with ExitStack() as around:
        for follow in AROUND_PARTS:
            around.enter_context(follow(work, whole, frozenset(parts)))
        work.session.execute(delete(ResourcePart).where(ResourcePart.whole_id == whole.id))
        for part_id in sorted(set(parts)):
            work.session.add(ResourcePart(whole_id=whole.id, part_id=part_id))
        work.session.flush()


def _below(work: Work) -> dict[UUID, list[UUID]]:
    below: dict[UUID, list[UUID]] = {}
    for whole, part in queries.all_parts(work):
        below.setdefault(whole, []).append(part)
    return below


def _set(work: Work, resource: Resource, values: Mapping[str, Any]) -> None:
    """Write the values on the row; raises `Invalid` on the field that cannot be."""
    for name in ("owner_id", "manager_id"):
        if name in values and standing(work, values[name]) is None:
            raise Invalid.field(name, marked("Cette organisation n'est pas membre."))
    if "timezone" in values:
        zone(values["timezone"])
    unknown = set(values.get("features", ())) - set(FEATURES)
    if unknown:
        raise Invalid.field("features", marked("Cet équipement n'est pas dans la liste."))
    if values.get("check_in_within") and not resource.check_in_within:
        resource.check_in_since = work.now
    for name, value in values.items():
        if name in PLAIN:
            setattr(resource, name, value)
    if "hours" in values:
        resource.hours = [
            OpeningHours(weekday=weekday, opens=opens, closes=closes)
            for weekday, opens, closes in values["hours"]
        ]
    if "tariffs" in values:
        resource.tariffs = [
            Tariff(
                position=position,
                standing=line.standing,
                unit=line.unit,
                cents=line.cents,
                note=line.note,
                beyond=line.beyond,
                weekdays=sorted(set(line.weekdays)),
                opens=line.opens,
                closes=line.closes,
            )
            for position, line in enumerate(TariffLine(*line) for line in values["tariffs"])
        ]
        _check_tariffs(resource)
    if "approvers" in values:
        _set_approvers(work, resource, values["approvers"])
    _check_rules(resource)
    resource.sort_key = sort_key(resource.name)
    resource.search_text = _search_text(resource)


def _set_approvers(work: Work, resource: Resource, people: Collection[UUID]) -> None:
    """Name who decides on the requests; raises `Invalid` for whoever has no place here."""
    wanted = set(people)
    query = select(Affiliation.person_id).where(
        Affiliation.person_id.in_(sorted(wanted)), Affiliation.suspended_at.is_(None)
    )
    if wanted - set(work.session.scalars(query)):
        raise Invalid.field(
            "approvers", marked("Cette personne n'a pas de place dans la coopérative.")
        )
    present = {one.person_id: one for one in resource.approvers}
    resource.approvers = [
        present.get(key) or ResourceApprover(person_id=key) for key in sorted(wanted)
    ]


def _check_rules(resource: Resource) -> None:
    if resource.shortest and resource.longest and resource.shortest > resource.longest:
        raise Invalid.field(
            "longest", marked("La durée la plus longue est plus courte que la plus courte.")
        )
    spans = sorted(tuple(slot) for slot in resource.slots or ())
    for (_, end), (start, _) in itertools.pairwise(spans):
        if start < end:
            raise Invalid.field("slots", marked("Deux créneaux se chevauchent."))
    for weekday in range(7):
        hours = sorted((h.opens, h.closes) for h in resource.hours if h.weekday == weekday)
        for (_, closes), (opens, _) in itertools.pairwise(hours):
            if opens < closes:
                raise Invalid.field(
                    "opening_hours",
                    marked("Deux plages d'ouverture d'un même jour se chevauchent."),
                )


def _check_tariffs(resource: Resource) -> None:
    for tariff in resource.tariffs:
        if (tariff.opens is None) != (tariff.closes is None):
            raise Invalid.field(
                "tariffs", marked("Un tarif à certaines heures a un début et une fin.")
            )
        if tariff.opens is None or tariff.closes is None:
            continue
        if tariff.unit is not TariffUnit.HOUR:
            raise Invalid.field(
                "tariffs", marked("Seul un tarif à l'heure vaut à certaines heures du jour.")
            )
        if tariff.closes <= tariff.opens:
            raise Invalid.field(
                "tariffs", marked("Un tarif à certaines heures finit après son début.")
            )


def _search_text(resource: Resource) -> str:
    words = [
        resource.name,
        resource.description or "",
        resource.location or "",
        resource.address or "",
        *(FEATURES[code] for code in resource.features or ()),
        *(code.replace("_", " ") for code in resource.features or ()),  # the same in English
    ]
    return folded(" ".join(words))
