"""Who is where: planned by hand, judged, published as a whole, moved, called off."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from coopshare.db.work import Work
from coopshare.holds import queries as holds_queries
from coopshare.holds import services as holds
from coopshare.holds.models import HoldSource
from coopshare.holds.services import Ask, Wanted
from coopshare.kernel.dates import Day, LocalSpan
from coopshare.kernel.errors import Invalid, NotFound, VersionMismatch
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span, zone
from coopshare.kernel.text import marked
from coopshare.members.queries import cooperative
from coopshare.pooled_staff.commands import Assign, Publish, Reassign
from coopshare.pooled_staff.errors import (
    BreaksTheLaw,
    IsAbsent,
    NoContract,
    NotADraft,
    NotInTheGroup,
    TwoPlaces,
)
from coopshare.pooled_staff.facts import RotaPublished
from coopshare.pooled_staff.judging import Bench, bench, local_day, stint_of
from coopshare.pooled_staff.kinds import AssignmentState, Origin
from coopshare.pooled_staff.models import Assignment, Employer, Worker
from coopshare.pooled_staff.queries import people, rota
from coopshare.pooled_staff.queries.group import employer, members_of, planned_employer, sites_of
from coopshare.pooled_staff.rules import Breach, Level, StintKind, newly
from coopshare.pooled_staff.services.telling import tell
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue


@dataclass(frozen=True, slots=True)
class Judged:
    """An assignment as it is kept, what it newly breaks, and what it mends."""

    row: Assignment
    breaks: tuple[Breach, ...]
    mends: tuple[Breach, ...] = ()

    @property
    def id(self) -> UUID:
        """Return the id of the assignment."""
        return self.row.id


def look(work: Work, command: Assign, *, assignment_id: UUID | None = None) -> Judged:
    """Tell what planning this would break and mend, writing nothing. Raises as `assign`."""
    worker = people.planned_worker(work, command.worker_id)
    owner = employer(work, worker.employer_id)
    Whereabouts(work, owner, worker).check(command)
    row = draft_of(work, command, assignment_id or uuid4())
    day, last = local_day(row.starts_at, row.timezone), local_day(row.ends_at, row.timezone)
    ground = bench(work, owner, [worker], day, last)
    Taken.of(ground, worker, but=assignment_id).check(command.span)
    before = ground.judge()
    after = ground.judge(instead=[stint_of(row)])
    return Judged(row, newly(before, after), newly(after, before))


def assign(work: Work, command: Assign, *, origin: Origin = Origin.HAND) -> Judged:
    """Plan somebody somewhere, as a draft; tell what that breaks.

    Raises `NotFound`, `Forbidden`, `NotInTheGroup`, `NoContract`, `TwoPlaces`, `IsAbsent`,
    `Invalid`.
    """
    found = look(work, command)
    found.row.origin = origin
    work.session.add(found.row)
    work.session.flush()
    return found


def draft_of(
    work: Work, command: Assign, assignment_id: UUID, origin: Origin = Origin.HAND
) -> Assignment:
    """Return what a command plans, as a draft that is not kept yet."""
    return Assignment(
        id=assignment_id,
        worker_id=command.worker_id,
        kind=command.kind,
        organisation_id=command.organisation_id,
        site_id=command.site_id,
        starts_at=command.span.start,
        ends_at=command.span.end,
        timezone=cooperative(work).timezone,
        pause_minutes=command.pause_minutes,
        state=AssignmentState.DRAFT,
        origin=origin,
        is_pinned=command.is_pinned,
        note=command.note,
        created_at=work.now,
        changed_at=work.now,
    )


class Whereabouts:
    """Where somebody may be planned: the members of the group, their sites, the contract."""

    def __init__(self, work: Work, owner: Employer, worker: Worker) -> None:
        self.owner, self.worker = owner, worker
        self.timezone = cooperative(work).timezone
        self.members = members_of(work, owner.id)
        known = {one.organisation.id for one in self.members} | {owner.organisation_id}
        self.sites = {site.id: site for site in sites_of(work, known)}
        self.versions = people.contracts(work, [worker.id]).get(worker.id, [])

    def check(self, command: Assign) -> None:
        """Raise `NotFound`, `NotInTheGroup`, `NoContract` or `Invalid` unless they may."""
        day = local_day(command.span.start, self.timezone)
        whole_minutes(command)
        if (command.kind is StintKind.MEMBER) != (command.organisation_id is not None):
            raise Invalid.field(
                "organisation_id", marked("Dites pour quel membre, ou choisissez du temps commun.")
            )
        if command.organisation_id is not None:
            self._check_member(command.organisation_id, day)
        if command.site_id is not None:
            site = self.sites.get(command.site_id)
            if site is None:
                raise NotFound
            if site.organisation_id not in {command.organisation_id, self.owner.organisation_id}:
                raise Invalid.field(
                    "site_id", marked("Ce lieu est celui d'une autre organisation.")
                )
        if people.in_force(self.versions, day) is None:
            raise NoContract(person=self.worker.name, day=Day(day))

    def _check_member(self, organisation_id: UUID, day: date) -> None:
        found = next((m for m in self.members if m.organisation.id == organisation_id), None)
        if found is None:
            raise NotFound
        if day < found.row.since or (found.row.until is not None and found.row.until <= day):
            raise NotInTheGroup(organisation=found.organisation.name, day=Day(day))


def whole_minutes(command: Assign) -> None:
    """Raise `Invalid` for seconds, more than a day, or a pause that fills the time."""
    span = command.span
    if span.start.second or span.end.second or span.start.microsecond or span.end.microsecond:
        raise Invalid.field("starts_at", marked("Donnez des heures sans secondes."))
    if span.minutes > 24 * 60:
        raise Invalid.field("ends_at", marked("Une période de travail dure moins d'un jour."))
    if command.pause_minutes >= span.minutes:
        raise Invalid.field("pause_minutes", marked("La pause est plus courte que le travail."))


@dataclass(frozen=True, slots=True)
class Taken:
    """When somebody is planned, or absent, already."""

    worker: Worker
    planned: tuple[Interval, ...]
    away: tuple[Interval, ...]
    timezone: str

    @classmethod
    def of(cls, ground: Bench, worker: Worker, *, but: UUID | None = None) -> "Taken":
        """Gather what was loaded to judge their time."""
        planned = [one.span for one in ground.stints.values() if one.worker_id == worker.id]
        if but is not None and but in ground.stints:
            planned.remove(ground.stints[but].span)
        away = [one.span for one in ground.absences if one.worker_id == worker.id]
        return cls(worker, tuple(planned), tuple(away), ground.timezone)

    def check(self, span: Interval) -> None:
        """Raise `TwoPlaces` or `IsAbsent` where they are."""
        said = LocalSpan(span, zone(self.timezone))
        if any(one.overlaps(span) for one in self.planned):
            raise TwoPlaces(person=self.worker.name, when=said)
        if any(one.overlaps(span) for one in self.away):
            raise IsAbsent(person=self.worker.name, when=said)


def publish(work: Work, command: Publish) -> list[Assignment]:
    """Publish the drafts between two days, all or none: they hold people's time from now on.

    Raises `NotFound`, `Forbidden`, `BreaksTheLaw` where a rule blocks and no ground is given, and
    `SlotTaken` where somebody is taken already.
    """
    owner = planned_employer(work, command.employer_id)
    place = zone(cooperative(work).timezone)
    if command.last < command.first:
        raise Invalid.field("last", marked("La fin vient avant le début."))
    window = day_span(command.first, place, (command.last - command.first).days + 1)
    mine = [
        one
        for one in people.workers(work, only_planned=True)
        if one.employer_id == owner.id and (not command.worker_ids or one.id in command.worker_ids)
    ]
    workers = {one.id: one for one in mine}
    resources = _locked(work, mine)
    drafts = [
        row
        for row in rota.standing(work, list(workers), window)
        if row.state is AssignmentState.DRAFT and window.start <= row.starts_at < window.end
    ]
    ground = bench(work, owner, mine, command.first, command.last)
    blocking = blocks(ground, drafts)
    if blocking and not command.ground:
        raise BreaksTheLaw(blocking)
    _hold(work, drafts, workers, resources)
    for row in drafts:
        row.state, row.published_at, row.changed_at = (
            AssignmentState.PUBLISHED,
            work.now,
            work.now,
        )
        row.ground = command.ground if blocking else ""
    work.session.flush()
    tell(work, owner, workers, drafts)
    work.record(*(RotaPublished(object_id=key) for key in sorted({r.worker_id for r in drafts})))
    return drafts


def blocks(ground: Bench, drafts: Sequence[Assignment]) -> tuple[Breach, ...]:
    """Return what publishing drafts would newly break and blocks; other drafts do not count."""
    coming = {row.id for row in drafts}
    others = ground.drafts - coming
    before = ground.judge(without=others | coming)
    after = ground.judge(without=others)
    return tuple(one for one in newly(before, after) if one.level is Level.BLOCKS)


def _locked(work: Work, workers: Collection[Worker]) -> dict[UUID, Resource]:
    """Have every other writer of these people's time wait; return their resources."""
    ids = sorted(one.resource_id for one in workers)
    holds_queries.lock(work, ids)
    known = catalogue(work).resources
    return {key: known[key] for key in ids}


def _hold(
    work: Work,
    rows: Sequence[Assignment],
    workers: dict[UUID, Worker],
    resources: dict[UUID, Resource],
) -> None:
    asks = [_ask(row, resources[workers[row.worker_id].resource_id]) for row in rows]
    for conflict in holds.conflicts_many(work, asks).values():
        raise conflict
    holds.hold_many(work, asks, HoldSource.ASSIGNMENT)


def holding(rows: Sequence[Mapping[str, Any]], resource_id: UUID) -> list[dict[str, Any]]:
    """Return the holds of assignments written as rows, of one person: for what is imported."""
    return [
        {
            "id": uuid4(),
            "resource_id": resource_id,
            "quantity": 1,
            "starts_at": row["starts_at"],
            "ends_at": row["ends_at"],
            "live": True,
            "exclusive": False,
            "source_kind": HoldSource.ASSIGNMENT,
            "source_id": row["id"],
        }
        for row in rows
    ]


def _ask(row: Assignment, resource: Resource) -> Ask:
    return Ask(
        source_id=row.id,
        resources=(resource,),
        wanted=(Wanted(resource.id),),
        span=Interval(row.starts_at, row.ends_at),
    )


def reassign(work: Work, command: Reassign) -> Judged:
    """Change where, when or for whom somebody works; what was published stays so.

    The person stays the same: another one is another assignment. Raises what `assign` raises,
    `VersionMismatch`, `NotADraft` for what is done, `BreaksTheLaw`, `SlotTaken`.
    """
    row, worker, owner = changeable(work, command.assignment_id, command.version)
    if command.to.worker_id != row.worker_id:
        raise Invalid.field("worker_id", marked("Annulez, puis prévoyez l'autre personne."))
    is_told = row.state is AssignmentState.PUBLISHED
    resources = _locked(work, [worker]) if is_told else {}
    found = look(work, command.to, assignment_id=row.id)
    blocking = [one for one in found.breaks if one.level is Level.BLOCKS]
    if is_told and blocking and not command.ground:
        raise BreaksTheLaw(blocking)
    to = command.to
    row.kind, row.organisation_id, row.site_id = to.kind, to.organisation_id, to.site_id
    row.starts_at, row.ends_at = to.span.start, to.span.end
    row.pause_minutes, row.note, row.is_pinned = to.pause_minutes, to.note, to.is_pinned
    row.ground = command.ground if blocking else row.ground
    row.changed_at = work.now
    work.session.flush()
    if is_told:
        row.sequence += 1
        resource = resources[worker.resource_id]
        holds.rehold(
            work,
            [resource],
            [Wanted(resource.id)],
            to.span,
            source_kind=HoldSource.ASSIGNMENT,
            source_id=row.id,
        )
        tell(work, owner, {worker.id: worker}, [row])
        work.record(RotaPublished(object_id=worker.id))
    return Judged(row, found.breaks, found.mends)


def changeable(
    work: Work, assignment_id: UUID, version: int
) -> tuple[Assignment, Worker, Employer]:
    """Return an assignment the actor plans, on the version seen, unless it is over.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `NotADraft`.
    """
    row = rota.assignment(work, assignment_id)
    worker = rota.workers_by_id(work, [row.worker_id])[row.worker_id]
    people.planned_by_employer(work, worker)
    if row.version != version:
        raise VersionMismatch
    if row.state not in {AssignmentState.DRAFT, AssignmentState.PUBLISHED}:
        raise NotADraft
    return row, worker, employer(work, worker.employer_id)


def call_off(work: Work, assignment_id: UUID, version: int) -> Assignment:
    """Call an assignment off: its time is given back, the row stays as a trace.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `NotADraft`.
    """
    row, worker, owner = changeable(work, assignment_id, version)
    is_told = row.state is AssignmentState.PUBLISHED
    row.state, row.changed_at = AssignmentState.CANCELLED, work.now
    work.session.flush()
    if is_told:
        row.sequence += 1
        holds.release(work, row.id)
        tell(work, owner, {worker.id: worker}, [row])
        work.record(RotaPublished(object_id=worker.id))
    return row
