"""What no change of roles may leave behind: a cooperative that nobody administers."""

from datetime import date

from sqlalchemy import or_, select

from coopshare.db.work import Work
from coopshare.kernel.actor import Role
from coopshare.kernel.errors import NotFound
from coopshare.members.errors import LastAdministrator
from coopshare.members.models import Affiliation, Cooperative, Membership, Person


def lock_roles(work: Work) -> Cooperative:
    """Have changes of roles of one cooperative wait for each other."""
    chosen = work.session.cooperative_id
    found = work.session.get(Cooperative, chosen, with_for_update=True) if chosen else None
    if found is None:
        raise NotFound
    return found


def keep_an_administrator(work: Work, day: date) -> None:
    """Raise `LastAdministrator` when nobody would administer the cooperative on that day."""
    lock_roles(work)
    query = (
        select(Affiliation.id)
        .join(Person, Person.id == Affiliation.person_id)
        .join(
            Membership,
            (Affiliation.cooperative_id == Membership.cooperative_id)
            & (Affiliation.organisation_id == Membership.organisation_id),
        )
        .where(
            Affiliation.role == Role.ADMINISTRATOR,
            Affiliation.suspended_at.is_(None),
            Person.is_suspended.is_(False),
            or_(Membership.until.is_(None), Membership.until > day),
        )
        .limit(1)
    )
    if work.session.scalar(query) is None:
        raise LastAdministrator
