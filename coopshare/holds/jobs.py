"""What the worker does for holds, again and again."""

import logging
from uuid import UUID

from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Database, Work
from coopshare.holds import queries
from coopshare.holds.services import settle
from coopshare.kernel.actor import Actor

log = logging.getLogger("coopshare.holds")


def settle_all(database: Database) -> int:
    """Have each maintenance that stands reach a year ahead; return how many resources have one."""
    with database.read(Actor(door="worker")) as work:
        found = queries.under_maintenance(work, EVERYWHERE)
    for cooperative_id, resource_id in found:
        actor = Actor(door="worker", cooperative_id=cooperative_id)
        try:
            database.write(actor, _settle, resource_id)
        except Exception:  # one bad row must not stop the others
            log.exception("holds.settle of %s", resource_id)
    return len(found)


def _settle(work: Work, resource_id: UUID) -> None:
    queries.lock(work, [resource_id])
    settle(work, [resource_id])
