"""Labels to stick on things: a short opaque address each, given up when it was copied or lost."""

import secrets
from collections.abc import Iterable
from uuid import UUID, uuid4

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.resources import queries
from coopshare.resources.facts import LabelRenewed
from coopshare.resources.models import ResourceLabel
from coopshare.resources.policies import Permission, allow

SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""No sign that is mistaken for another when it is typed by hand."""
LENGTH = 10
"""31 to the power of 10: 49 bits, behind a login and a pace."""


def _code() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def label(work: Work, resource_ids: Iterable[UUID]) -> list[ResourceLabel]:
    """Return the label of each resource, made where there is none, in the order of the ids given.

    Raises `NotFound`, `Forbidden` unless the actor manages all of them.
    """
    wanted = list(dict.fromkeys(resource_ids))
    for resource in queries.get_many(work, wanted):
        allow(work.actor, Permission.EDIT, resource.manager_id)
    known = queries.labels(work, wanted)
    for resource_id in wanted:
        if resource_id not in known:
            known[resource_id] = _made(work, resource_id)
    work.session.flush()
    return [known[resource_id] for resource_id in wanted]


def _made(work: Work, resource_id: UUID) -> ResourceLabel:
    made = ResourceLabel(
        id=uuid4(), resource_id=resource_id, code=_code(), created_at=work.now, revoked_at=None
    )
    work.session.add(made)
    return made


def renew_label(work: Work, resource_id: UUID) -> ResourceLabel:
    """Give up the label of a resource and make another: the old one leads nowhere.

    Raises `NotFound`, `Forbidden`.
    """
    resource = queries.get(work, resource_id)
    allow(work.actor, Permission.EDIT, resource.manager_id)
    for old in work.session.scalars(
        select(ResourceLabel).where(
            ResourceLabel.resource_id == resource.id, ResourceLabel.revoked_at.is_(None)
        )
    ):
        old.revoked_at = work.now
    made = _made(work, resource.id)
    work.session.flush()
    work.record(LabelRenewed(object_id=resource.id))
    return made
