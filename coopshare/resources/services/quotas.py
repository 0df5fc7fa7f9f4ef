"""Quotas: so many hours or bookings in a period, as a limit or as what is free."""

from uuid import UUID, uuid4

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid, NotFound, VersionMismatch
from coopshare.kernel.text import marked
from coopshare.resources import queries
from coopshare.resources.commands import QuotaRule, SetQuota
from coopshare.resources.facts import QuotaEnded, QuotaSet
from coopshare.resources.kinds import QuotaPeriod
from coopshare.resources.models import Quota
from coopshare.resources.policies import Permission, allow


def quota(work: Work, quota_id: UUID) -> Quota:
    """Return a quota that counts; raises `NotFound`."""
    found = work.session.scalars(
        select(Quota).where(Quota.id == quota_id, Quota.is_active)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def allow_quota(work: Work, resource_id: UUID | None) -> None:
    """Raise `Forbidden` unless the actor may set a quota on this resource; None: on everything."""
    if resource_id is None:
        allow(work.actor, Permission.SET_QUOTAS)
    else:
        allow(work.actor, Permission.EDIT, queries.get(work, resource_id).manager_id)


def set_quota(work: Work, command: SetQuota) -> Quota:
    """Set a quota, or change one: bookings there are keep their price, and count in limits.

    Raises `Invalid`, `NotFound`, `Forbidden`, and `VersionMismatch` when it was changed meanwhile.
    """
    rule = command.rule
    _check(rule)
    known = quota(work, command.quota_id) if command.quota_id is not None else None
    allow_quota(work, rule.resource_id)
    if known is None:
        row = Quota(id=uuid4(), is_active=True, created_at=work.now)
        work.session.add(row)
    else:
        row = known
        allow_quota(work, row.resource_id)
        if row.version != command.version:
            raise VersionMismatch
    is_season = rule.period is QuotaPeriod.SEASON
    row.name, row.is_free = rule.name, rule.is_free
    row.measure, row.amount = rule.measure, rule.amount
    row.period, row.holder, row.standing = rule.period, rule.holder, rule.standing
    row.first_day = rule.first_day if is_season else None
    row.last_day = rule.last_day if is_season else None
    row.resource_id, row.kind = rule.resource_id, rule.kind
    row.changed_at = work.now
    work.session.flush()
    work.record(QuotaSet(object_id=row.id, changes=(("amount", "", str(rule.amount)),)))
    return row


def end_quota(work: Work, quota_id: UUID, version: int) -> UUID:
    """Have a quota count no more; what was priced by it stays as it is.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`.
    """
    row = quota(work, quota_id)
    allow_quota(work, row.resource_id)
    if row.version != version:
        raise VersionMismatch
    row.is_active, row.changed_at = False, work.now
    work.session.flush()
    work.record(QuotaEnded(object_id=row.id))
    return quota_id


def _check(rule: QuotaRule) -> None:
    if rule.resource_id is not None and rule.kind is not None:
        raise Invalid.field("kind", marked("Choisissez une ressource, ou une sorte, pas les deux."))
    if rule.period is not QuotaPeriod.SEASON:
        return
    for name, day in (("first_day", rule.first_day), ("last_day", rule.last_day)):
        if day is None:
            raise Invalid.field(name, marked("Dites de quel jour à quel jour va la saison."))
    if rule.first_day is not None and rule.last_day is not None and rule.last_day < rule.first_day:
        raise Invalid.field("last_day", marked("Le dernier jour vient avant le premier."))
