"""What is used of quotas: read under a lock where a booking is about to be written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coopshare.bookings import quotas
from coopshare.bookings.commands import Line
from coopshare.bookings.queries import quota_takings, quota_uses
from coopshare.bookings.quotas import Period
from coopshare.bookings.services.examining import standing_of
from coopshare.db.work import Work
from coopshare.kernel.actor import Role
from coopshare.kernel.errors import NotFound
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span
from coopshare.members.models import Membership, Person
from coopshare.members.queries import cooperative, today
from coopshare.resources.kinds import QuotaHolder
from coopshare.resources.models import Quota
from coopshare.resources.queries import catalogue

Uses = dict[tuple[UUID, date], int]
"""What is used of each quota in the period that begins on a day."""


AROUND = timedelta(days=1)
"""A local day of any zone lies within a day of the same day in UTC."""


def lock_holders(
    work: Work, organisation_id: UUID, person_id: UUID | None, binding: Iterable[Quota]
) -> None:
    """Have other writers for the same organisation, or person, wait for this unit.

    On SQLite a written unit is alone anyway. Rows that only refer to these do not wait.
    """
    if work.session.get_bind().dialect.name == "sqlite":
        return
    holders = {quota.holder for quota in binding}
    if QuotaHolder.ORGANISATION in holders:
        work.session.execute(
            select(Membership.organisation_id)
            .where(Membership.organisation_id == organisation_id)
            .with_for_update(key_share=True)
        ).all()
    if QuotaHolder.PERSON in holders and person_id is not None:
        work.session.execute(
            select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
        ).all()


def window_of(periods: Iterable[Period]) -> Interval:
    """Return a span of UTC that holds every instant of some local days, in any zone."""
    known = list(periods)
    first, last = min(one.first for one in known), max(one.last for one in known)
    whole = day_span(first, ZoneInfo("UTC"), (last - first).days + 1)
    return Interval(whole.start - AROUND, whole.end + AROUND)


def limits_used(
    work: Work,
    asked: Sequence[tuple[Quota, Period]],
    *,
    organisation_id: UUID,
    person_id: UUID | None,
    without: frozenset[UUID] = frozenset(),
) -> Uses:
    """Return what bookings take of some limits, each in some period: one statement."""
    known = catalogue(work).resources
    rows = quota_uses(
        work,
        window_of(period for _, period in asked),
        organisation_id=organisation_id,
        person_id=person_id if _is_per_person(asked) else None,
    )
    found: Uses = {}
    for quota, period in asked:
        used = 0
        for row in rows:
            is_theirs = (
                row.person_id == person_id
                if quota.holder is QuotaHolder.PERSON
                else row.organisation_id == organisation_id
            )
            if not is_theirs or row.booking_id in without:
                continue
            if not period.first <= _local_day(row.starts_at, row.timezone) <= period.last:
                continue
            lines = [Line(resource_id=key, quantity=count) for key, count in row.lines]
            covered = [key for key, _ in row.lines if quotas.covers(quota, known[key])]
            minutes = Interval(row.starts_at, row.ends_at).minutes
            used += quotas.need(quota, lines, covered, minutes)
        found[quota.id, period.first] = used
    return found


def free_used(
    work: Work,
    asked: Sequence[tuple[Quota, Period]],
    *,
    organisation_id: UUID,
    person_id: UUID | None,
    without: frozenset[UUID] = frozenset(),
) -> Uses:
    """Return what frozen prices took of some free quotas, each in some period: one statement."""
    rows = quota_takings(
        work,
        window_of(period for _, period in asked),
        {quota.id for quota, _ in asked},
        organisation_id=organisation_id,
        person_id=person_id if _is_per_person(asked) else None,
    )
    found: Uses = {}
    for quota, period in asked:
        amounts: dict[UUID, int] = {}
        for row in rows:
            is_theirs = (
                row.person_id == person_id
                if quota.holder is QuotaHolder.PERSON
                else row.organisation_id == organisation_id
            )
            if row.quota_id != quota.id or not is_theirs or row.booking_id in without:
                continue
            if period.first <= _local_day(row.starts_at, row.timezone) <= period.last:
                before = amounts.get(row.booking_id, 0)
                amounts[row.booking_id] = 1 if row.is_booking else before + row.amount
        found[quota.id, period.first] = sum(amounts.values())
    return found


def _is_per_person(asked: Iterable[tuple[Quota, Period]]) -> bool:
    return any(quota.holder is QuotaHolder.PERSON for quota, _ in asked)


def _local_day(moment: datetime, timezone: str) -> date:
    return moment.astimezone(ZoneInfo(timezone)).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaUsage:
    """What an organisation, or the actor, used of a quota in its present period."""

    quota: Quota
    period: Period
    used: int

    @property
    def left(self) -> int:
        """Return what is left, never below nothing."""
        return max(0, self.quota.amount - self.used)


def usage(work: Work, organisation_id: UUID) -> list[QuotaUsage]:
    """Return what is used of each quota that is for an organisation, in two statements at most.

    Quotas of persons are told for the actor alone. Raises `NotFound` for another organisation than
    one's own, unless one administers the cooperative.
    """
    actor = work.actor
    is_ours = actor.organisation_id == organisation_id
    if not is_ours and not actor.has_role(Role.ADMINISTRATOR):
        raise NotFound
    person_id = actor.person_id if is_ours else None
    standing = standing_of(work, organisation_id)
    day = today(work, cooperative(work))
    found: dict[bool, list[tuple[Quota, Period]]] = {True: [], False: []}
    for quota in catalogue(work).quotas:
        period = quotas.period_of(quota, day)
        if period is not None and quotas.binds(quota, standing, person_id):
            found[quota.is_free].append((quota, period))
    used: Uses = {}
    for is_free, count in ((False, limits_used), (True, free_used)):
        if found[is_free]:
            used |= count(
                work, found[is_free], organisation_id=organisation_id, person_id=person_id
            )
    return [
        QuotaUsage(quota=quota, period=period, used=used[quota.id, period.first])
        for quota, period in (*found[True], *found[False])
    ]
