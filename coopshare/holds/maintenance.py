"""The verbs of maintenance: some of a resource is out of use until somebody says it works again.

A maintenance has no end of its own. It holds what nobody else holds, so that nobody new books it;
bookings that are there stay, and are told that they lack. When one of them goes, the maintenance
takes its place. Its holds are pieces of a month that reach a year ahead and follow time by a job,
so that no search for overlaps ever has to look further back than a month for them.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from coopshare.db.work import Work
from coopshare.holds import queries
from coopshare.holds.commands import LiftMaintenance, OpenMaintenance
from coopshare.holds.errors import MaintenanceAlreadyLifted, MoreThanThereIs
from coopshare.holds.facts import MaintenanceLifted, MaintenanceOpened
from coopshare.holds.models import Hold, HoldSource, Maintenance
from coopshare.holds.policies import allow_close
from coopshare.holds.rules import HoldUse
from coopshare.holds.taking import FREED, Freed, release
from coopshare.kernel.intervals import Interval
from coopshare.resources import queries as catalogue
from coopshare.resources.models import Resource

PIECE = timedelta(days=30)
PIECES = 13
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def open_maintenance(work: Work, command: OpenMaintenance) -> Maintenance:
    """Take some of a resource out of use, by who manages it.

    Raises `NotFound`, `Forbidden`, `MoreThanThereIs`.
    """
    resource = catalogue.get(work, command.resource_id)
    allow_close(work.actor, [resource])
    queries.lock(work, [resource.id])
    return noticed(work, command)


def noticed(work: Work, command: OpenMaintenance) -> Maintenance:
    """Take some of a resource out of use within a larger verb, which has judged who may say so.

    The caller has locked the resource. Raises `MoreThanThereIs`.
    """
    resource = catalogue.get(work, command.resource_id)
    already = _out(work, resource.id)
    if already + command.quantity > resource.quantity:
        raise MoreThanThereIs(name=resource.name, left=resource.quantity - already)
    made = Maintenance(
        id=uuid4(),
        resource_id=resource.id,
        quantity=command.quantity,
        reason=command.reason,
        note=command.note,
        noticed_in=command.noticed_in,
        opened_by=work.actor.person_id,
        opened_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    _count(work, resource.id, already + command.quantity)
    settle(work, [resource.id])
    work.record(MaintenanceOpened(object_id=made.id))
    return made


def lift_maintenance(work: Work, command: LiftMaintenance) -> Maintenance:
    """Say that it works again, or was found: what it held is free at once.

    Raises `NotFound`, `Forbidden`, `MaintenanceAlreadyLifted`.
    """
    found = queries.maintenance(work, command.maintenance_id)
    resource = catalogue.get(work, found.resource_id)
    allow_close(work.actor, [resource])
    queries.lock(work, [resource.id])
    work.session.refresh(found)
    if found.lifted_at is not None:
        raise MaintenanceAlreadyLifted
    found.lifted_at, found.lifted_by, found.lift_note = (
        work.now,
        work.actor.person_id,
        command.note,
    )
    work.session.flush()
    release(work, found.id)
    _count(work, resource.id, _out(work, resource.id))
    settle(work, [resource.id])
    for follow in FREED:
        follow(
            work, Freed(frozenset({resource.id}), (Interval(work.now, work.now + PIECE * PIECES),))
        )
    work.record(MaintenanceLifted(object_id=found.id))
    return found


def _out(work: Work, resource_id: UUID) -> int:
    query = select(func.coalesce(func.sum(Maintenance.quantity), 0)).where(
        Maintenance.resource_id == resource_id, Maintenance.lifted_at.is_(None)
    )
    return int(work.session.execute(query).scalar_one())


def _count(work: Work, resource_id: UUID, out: int) -> None:
    work.session.execute(
        update(Resource).where(Resource.id == resource_id).values(out_of_order=out),
        execution_options={"synchronize_session": False},
    )


def settle(work: Work, resource_ids: Iterable[UUID]) -> None:
    """Have the maintenances of resources hold what is free for them, from now on.

    After something was given back, or as time goes on. The caller has locked the resources, or
    locks nothing else after.
    """
    wanted = sorted(set(resource_ids))
    for leaf_id, leaf in sorted(queries.described(work, wanted).items()):
        _settle_one(work, leaf_id, leaf.quantity)


def give_way(work: Work, resources: Iterable[Resource]) -> None:
    """Have maintenances hold nothing from now on, until they are settled again.

    For what takes all there is of a resource, works or not: a closure.
    """
    under = [resource.id for resource in resources if resource.out_of_order]
    if not under:
        return
    now = work.now.replace(second=0, microsecond=0)
    query = select(Hold).where(
        Hold.resource_id.in_(under),
        Hold.source_kind == HoldSource.MAINTENANCE,
        Hold.live,
        Hold.ends_at > now,
    )
    for row in work.session.scalars(query):
        _let_go(row, now)
    work.session.flush()


def _let_go(row: Hold, now: datetime) -> None:
    if row.starts_at < now:
        row.ends_at = now
    else:
        row.live = False


def _settle_one(work: Work, leaf_id: UUID, quantity: int) -> None:
    standing = queries.maintenances(work, resource_id=leaf_id)
    if not standing:
        return
    now = work.now.replace(second=0, microsecond=0)
    window = Interval(now, EPOCH + ((now - EPOCH) // PIECE + PIECES) * PIECE)
    mine = {one.id for one in standing}
    taken = [u for u in queries.uses(work, [leaf_id], window)[leaf_id] if u.source_id not in mine]
    rows: dict[UUID, list[Hold]] = {one.id: [] for one in standing}
    for row in work.session.scalars(
        select(Hold)
        .where(Hold.source_id.in_(sorted(mine)), Hold.live, Hold.ends_at > now)
        .order_by(Hold.starts_at)
    ):
        rows[row.source_id].append(row)
    coming: list[tuple[Maintenance, Interval, int]] = []
    for one in standing:
        pieces = free_pieces(taken, quantity, one.quantity, window)
        taken += [HoldUse(span, count, HoldSource.MAINTENANCE, one.id) for span, count in pieces]
        coming += [(one, *piece) for piece in _differing(rows[one.id], pieces, now)]
    work.session.flush()  # what is given back is given back before anything is taken
    work.add_rows(
        Hold,
        [
            {
                "id": uuid4(),
                "resource_id": leaf_id,
                "quantity": count,
                "starts_at": span.start,
                "ends_at": span.end,
                "live": True,
                "exclusive": False,
                "source_kind": HoldSource.MAINTENANCE,
                "source_id": one.id,
            }
            for one, span, count in coming
        ],
    )


def _differing(
    rows: list[Hold], pieces: Sequence[tuple[Interval, int]], now: datetime
) -> list[tuple[Interval, int]]:
    """Let go of the rows that are not as they have to be; return the pieces that no row holds."""
    left = list(pieces)
    for row in rows:
        span = Interval(max(row.starts_at, now), row.ends_at)
        if (span, row.quantity) in left:
            left.remove((span, row.quantity))
        else:
            _let_go(row, now)
    return left


def free_pieces(
    taken: Sequence[HoldUse], quantity: int, wanted: int, window: Interval
) -> list[tuple[Interval, int]]:
    """Return how many of `wanted` can be held, over which spans of at most a month. Pure."""
    edges = {window.start, window.end}
    edges |= {at for use in taken for at in (use.span.start, use.span.end)}
    month = EPOCH + ((window.start - EPOCH) // PIECE + 1) * PIECE
    months = set()
    while month < window.end:
        months.add(month)
        month += PIECE
    instants = sorted(at for at in edges | months if window.start <= at <= window.end)
    changes: dict[datetime, int] = {}
    for use in taken:
        for at, change in ((use.span.start, use.quantity), (use.span.end, -use.quantity)):
            key = max(at, window.start)
            changes[key] = changes.get(key, 0) + change
    used = 0
    found: list[tuple[Interval, int]] = []
    for start, end in pairwise(instants):
        used += changes.get(start, 0)
        count = min(wanted, quantity - used)
        if count <= 0:
            continue
        if found and found[-1][1] == count and found[-1][0].end == start and start not in months:
            found[-1] = (Interval(found[-1][0].start, end), count)
        else:
            found.append((Interval(start, end), count))
    return found
