"""The verbs of handing over. Order, always: policy; lock; sums read anew; rules; write; trace.

The sums are read under the locks of the resources, which every verb that changes a booking of them
takes too: two people who scan at the same instant are heard one after the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from coopshare.bookings import queries
from coopshare.bookings.agenda import entry_of
from coopshare.bookings.arriving import arrival
from coopshare.bookings.handing.commands import Collect, GiveBack, Part
from coopshare.bookings.handing.errors import CannotFree, NotHandedOver
from coopshare.bookings.handing.facts import Collected, EndedEarly, GivenBack
from coopshare.bookings.handing.guards import settle_freed
from coopshare.bookings.handing.models import (
    Condition,
    HandOver,
    HandOverKind,
    HandOverPhoto,
)
from coopshare.bookings.handing.queries import names, tally
from coopshare.bookings.handing.rules import (
    Tally,
    can_be_freed,
    check_may_leave,
    check_parts,
    check_time_to_collect,
    whole,
)
from coopshare.bookings.models import Booking
from coopshare.bookings.policies import Permission, allow
from coopshare.bookings.rules import check_not_ended
from coopshare.bookings.services.arriving import arrive
from coopshare.bookings.services.asking import hold_only
from coopshare.bookings.services.changing import lines_of
from coopshare.bookings.services.serving import tell
from coopshare.db.work import Work
from coopshare.holds import services as holds
from coopshare.holds.commands import OpenMaintenance
from coopshare.holds.models import Maintenance, MaintenanceReason
from coopshare.holds.queries import lock
from coopshare.kernel.errors import Forbidden, NotFound
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import zone
from coopshare.members.queries import organisations
from coopshare.resources.models import Resource
from coopshare.resources.services import is_managed_by, read_picture

REASONS: Mapping[Condition, MaintenanceReason] = {
    Condition.DAMAGED: MaintenanceReason.DAMAGED,
    Condition.MISSING: MaintenanceReason.MISSING,
}
"""States that put things out of use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What was noted at once."""

    id: UUID
    booking_id: UUID
    parts: tuple[Part, ...]
    is_freed: bool = False
    """Whether the rest of the booking was given up."""


def collect(work: Work, command: Collect) -> Act:
    """Note that things leave with their borrower.

    Raises `NotFound`, `Forbidden`, `NotReadyToLeave` and what ended bookings refuse,
    `NotHandedOver`, `TooEarlyToCollect`, `NothingToHandOver`, `MoreThanBooked`, `Invalid`.
    """
    booking, resources = _locked(work, command.booking_id)
    check_may_leave(booking.status)
    parts = command.parts or whole(
        HandOverKind.COLLECTED, tally(work, booking, resources), command.state
    )
    _check_whose(work, booking, resources, parts)
    check_time_to_collect(
        booking.starts_at,
        booking.ends_at,
        zone(booking.timezone),
        work.now,
        _early(work, resources, parts),
    )
    act = _noted(work, booking, resources, HandOverKind.COLLECTED, parts, command)
    here = arrival(booking, resources.values(), work.now)
    if here.can_check_in and here.until is not None:  # whoever collects is there
        arrive(work, booking)
    return act


def give_back(work: Work, command: GiveBack) -> Act:
    """Note that things come back, or are missing; give up the rest of the booking if asked.

    What is damaged or missing goes under maintenance at once. Raises `NotFound`, `Forbidden`,
    `NotHandedOver`, `NothingToHandOver`, `MoreThanOut`, `Invalid`, `CannotFree`.
    """
    booking, resources = _locked(work, command.booking_id)
    before = tally(work, booking, resources)
    parts = command.parts or whole(HandOverKind.RETURNED, before, command.state)
    frees_only = not parts and command.release
    if frees_only:
        act = Act(id=uuid4(), booking_id=booking.id, parts=())
    else:
        _check_whose(work, booking, resources, parts)
        act = _noted(work, booking, resources, HandOverKind.RETURNED, parts, command)
    if not command.release:
        return act
    _free(work, booking, resources)
    return Act(id=act.id, booking_id=act.booking_id, parts=act.parts, is_freed=True)


def _locked(work: Work, booking_id: UUID) -> tuple[Booking, dict[UUID, Resource]]:
    booking = queries.get(work, booking_id)
    resources = queries.resources_of(work, [booking])
    stake = queries.stake_of(booking.organisation_id, booking.person_id, resources.values())
    allow(work.actor, Permission.HAND_OVER, stake)
    lock(work, resources)
    work.session.refresh(booking)
    return booking, queries.resources_of(work, [booking])


def _check_whose(
    work: Work, booking: Booking, resources: Mapping[UUID, Resource], parts: tuple[Part, ...]
) -> None:
    """Refuse things that are not of the booking, not handed over, or managed by others."""
    is_ours = work.actor.organisation_id == booking.organisation_id
    for part in parts:
        resource = resources.get(part.resource_id)
        if resource is None:
            raise NotFound
        if not resource.hand_over:
            raise NotHandedOver(name=resource.name)
        if not is_ours and not is_managed_by(work.actor, resource):
            raise Forbidden


def _early(work: Work, resources: Mapping[UUID, Resource], parts: tuple[Part, ...]) -> str | None:
    """Return who may hand things over before the day; None where the actor may."""
    other = [
        resources[part.resource_id]
        for part in parts
        if not is_managed_by(work.actor, resources[part.resource_id])
    ]
    if not other:
        return None
    manager_id = other[0].manager_id
    return organisations(work, {manager_id})[manager_id].name


def _noted(
    work: Work,
    booking: Booking,
    resources: Mapping[UUID, Resource],
    kind: HandOverKind,
    parts: tuple[Part, ...],
    command: Collect | GiveBack,
) -> Act:
    before = tally(work, booking, resources)
    check_parts(kind, parts, before, names(resources))
    act_id = uuid4()
    photo_id = _photo(work, booking, command.photo) if command.photo else None
    work.session.add_all(
        HandOver(
            id=uuid4(),
            act_id=act_id,
            booking_id=booking.id,
            resource_id=part.resource_id,
            kind=kind,
            quantity=part.quantity,
            state=part.state,
            note=part.note or command.note,
            photo_id=photo_id,
            person_id=work.actor.person_id,
            at=work.now,
        )
        for part in parts
    )
    work.session.flush()
    fact = Collected if kind is HandOverKind.COLLECTED else GivenBack
    changes = tuple((f"{part.state}:{part.resource_id}", "", str(part.quantity)) for part in parts)
    work.record(fact(object_id=booking.id, changes=changes))
    if kind is HandOverKind.RETURNED:
        _out_of_use(work, booking, parts, command.note)
    return Act(id=act_id, booking_id=booking.id, parts=parts)


def _photo(work: Work, booking: Booking, content: bytes) -> UUID:
    picture = read_picture(content)
    row = HandOverPhoto(
        id=uuid4(),
        booking_id=booking.id,
        width=picture.width,
        height=picture.height,
        content_type=picture.content_type,
        content=picture.content,
        thumbnail=picture.thumbnail,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row.id


def _out_of_use(work: Work, booking: Booking, parts: tuple[Part, ...], note: str) -> None:
    """Put what came back damaged, or did not come back, under maintenance."""
    for part in parts:
        reason = REASONS.get(part.state)
        if reason is None:
            continue
        resource = queries.resources_of(work, [booking])[part.resource_id]
        quantity = min(part.quantity, resource.quantity - resource.out_of_order)
        if quantity < 1:
            continue  # all of it is out of use already: said once is enough
        command = OpenMaintenance(
            resource_id=part.resource_id,
            quantity=quantity,
            reason=reason,
            note=part.note or note,
            noticed_in=booking.id,
        )
        holds.noticed(work, command)


def report(work: Work, command: OpenMaintenance) -> Maintenance:
    """Say that some of a thing is damaged or missing, before or while one uses it.

    By whoever manages it, or whoever has it booked today: `noticed_in` names that booking, which
    then lacks it too. Raises `NotFound`, `Forbidden`, `NotHandedOver`, `MoreThanThereIs`.
    """
    if command.noticed_in is None:
        return holds.open_maintenance(work, command)
    booking, resources = _locked(work, command.noticed_in)
    check_may_leave(booking.status)
    check_not_ended(booking.ends_at, work.now)
    part = Part(resource_id=command.resource_id, quantity=command.quantity)
    _check_whose(work, booking, resources, (part,))
    return holds.noticed(work, replace(command, noticed_in=None))


def _free(work: Work, booking: Booking, resources: dict[UUID, Resource]) -> None:
    """Give up what is left of a booking whose things are all back. The price does not change."""
    after = tally(work, booking, resources)
    if not is_freeable(work, booking, after):
        raise CannotFree
    before, now = booking.ends_at, work.now.replace(second=0, microsecond=0)
    booking.ends_at = max(now, booking.starts_at) + timedelta(minutes=1)
    booking.all_day, booking.changed_at = False, work.now
    booking.sequence += 1
    span = Interval(booking.starts_at, booking.ends_at)
    freed = hold_only(work, booking.id, resources.values(), lines_of(booking), span)
    settle_freed(work, resources)
    tell(work, freed, [entry_of(booking, resources)], resources)
    changes = (("ends_at", before.isoformat(), booking.ends_at.isoformat()),)
    work.record(EndedEarly(object_id=booking.id, changes=changes))


def is_freeable(work: Work, booking: Booking, sums: Mapping[UUID, Tally]) -> bool:
    """Tell whether the rest of a booking may be given up now."""
    return can_be_freed(
        booking.starts_at, booking.ends_at, work.now, list(sums.values()), len(booking.lines)
    )
