"""The time each member was promised, is planned and got: at any date, to the minute."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span, zone
from coopshare.members.models import Organisation
from coopshare.members.queries import cooperative, organisations
from coopshare.pooled_staff.commitments import Promise, promised
from coopshare.pooled_staff.judging import local_day
from coopshare.pooled_staff.kinds import AssignmentState
from coopshare.pooled_staff.models import Assignment, Employer, Placement, Position, Worker
from coopshare.pooled_staff.queries import people
from coopshare.pooled_staff.queries.placements import all_in_force
from coopshare.pooled_staff.queries.rota import standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a member was promised of a post between two days, and what it got. Minutes."""

    member: Organisation
    position: Position
    promised: int
    planned: int
    """Published, and not done yet."""
    done: int
    tolerance: int
    """How far it may drift before it is said."""

    @property
    def drift(self) -> int:
        """Return how much more (or less) it has than it was promised."""
        return self.planned + self.done - self.promised

    @property
    def is_far(self) -> bool:
        """Tell whether it drifted further than was agreed."""
        return abs(self.drift) > self.tolerance


def accounts(
    work: Work,
    employer: Employer,
    first: date,
    last: date,
    *,
    only: UUID | None = None,
    with_drafts: bool = False,
) -> list[Account]:
    """Return the accounts of an employer's members between two days, both included.

    By name of member, then post; `only` one member's. `with_drafts`: what is still a draft counts
    as planned. Who may read them is the caller's to ask.
    """
    posts = {one.id: one for one in people.positions(work, [employer.id])}
    placements = all_in_force(work, [employer.id])
    week_of = {key: one.weekly_minutes for key, one in posts.items()}
    due = promised(promises_of(placements), first, last, week_of)
    planned, done = _minutes(work, employer, first, last, with_drafts=with_drafts)
    tolerances = _tolerances(placements)
    keys = {key for key in {*due, *planned, *done} if only in {None, key[0]}}
    names = organisations(work, {member_id for member_id, _ in keys})
    found = [
        Account(
            member=names[member_id],
            position=posts[position_id],
            promised=due.get((member_id, position_id), 0),
            planned=planned.get((member_id, position_id), 0),
            done=done.get((member_id, position_id), 0),
            tolerance=tolerances.get((member_id, position_id), 0),
        )
        for member_id, position_id in keys
    ]
    return sorted(
        found, key=lambda one: (one.member.sort_key, one.position.sort_key, str(one.member.id))
    )


def promises_of(placements: Sequence[Placement]) -> list[Promise]:
    """Return what accepted versions commit to, each until the next one begins or it ends."""
    found = []
    for one in placements:
        accepted = one.accepted
        for index, version in enumerate(accepted):
            after = accepted[index + 1].starts_on if index + 1 < len(accepted) else None
            ends = [
                day
                for day in (
                    version.ends_on,
                    one.ended_on,
                    date.fromordinal(after.toordinal() - 1) if after else None,
                )
                if day is not None
            ]
            last = min(ends, default=None)
            if last is None or last >= version.starts_on:
                found.append(
                    Promise(
                        member_id=one.organisation_id,
                        position_id=one.position_id,
                        first=version.starts_on,
                        last=last,
                        unit=version.unit,
                        amount=version.amount,
                    )
                )
    return found


def _tolerances(placements: Sequence[Placement]) -> dict[tuple[UUID, UUID], int]:
    found: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for one in placements:
        if one.accepted:
            found[one.organisation_id, one.position_id] += one.accepted[-1].tolerance_minutes
    return found


def worked_minutes(row: Assignment) -> int:
    """Return what an assignment counts: its time without its pause."""
    return Interval(row.starts_at, row.ends_at).minutes - row.pause_minutes


def _minutes(
    work: Work, employer: Employer, first: date, last: date, *, with_drafts: bool
) -> tuple[dict[tuple[UUID, UUID], int], dict[tuple[UUID, UUID], int]]:
    """Return the minutes planned and done, by member and post: by the day they begin on."""
    timezone = cooperative(work).timezone
    window = day_span(first, zone(timezone), (last - first).days + 1)
    workers = of_employer(work, employer)
    posts = positions_on(work, workers)
    planned: dict[tuple[UUID, UUID], int] = defaultdict(int)
    done: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for row in standing(work, [one.id for one in workers], window):
        if row.organisation_id is None or row.starts_at < window.start:
            continue
        if row.state is AssignmentState.DRAFT and not with_drafts:
            continue
        position_id = posts.on(row.worker_id, local_day(row.starts_at, timezone))
        if position_id is not None:
            sums = done if row.state is AssignmentState.DONE else planned
            sums[row.organisation_id, position_id] += worked_minutes(row)
    return planned, done


def of_employer(work: Work, employer: Employer) -> list[Worker]:
    """Return the people of an employer, for what is computed of them: whoever asks."""
    query = select(Worker).where(Worker.employer_id == employer.id)
    return list(work.session.scalars(query.order_by(Worker.sort_key, Worker.id)))


@dataclass(frozen=True, slots=True)
class Posts:
    """Which post somebody holds on a day."""

    versions: dict[UUID, list[tuple[date, date | None, UUID]]]

    def on(self, worker_id: UUID, day: date) -> UUID | None:
        """Return the post of somebody on a day; None without a contract."""
        begun = [one for one in self.versions.get(worker_id, ()) if one[0] <= day]
        if not begun:
            return None
        _, last, position_id = begun[-1]
        return None if last is not None and last < day else position_id


def positions_on(work: Work, workers: Collection[Worker]) -> Posts:
    """Return the posts that people hold, as their contracts say."""
    found = people.contracts(work, [one.id for one in workers])
    return Posts(
        {
            key: [(one.starts_on, one.ends_on, one.position_id) for one in versions]
            for key, versions in found.items()
        }
    )
