"""What people chose, and who is due a digest."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Work
from coopshare.members.models import Affiliation, Cooperative, Person
from coopshare.notifications.models import A_DAY, News, NoticeChoice, Reminded
from coopshare.notifications.policies import allow


def unchosen(person_id: UUID) -> NoticeChoice:
    """Return what somebody has who chose nothing; not stored."""
    return NoticeChoice(
        person_id=person_id,
        news=News.NOW,
        reminder=A_DAY,
        deadlines=True,
        digest=False,
        version=0,
    )


def own(work: Work) -> NoticeChoice:
    """Return what the actor chose; raises `NotAuthenticated` where nobody acts."""
    allow(work.actor)
    assert work.actor.person_id is not None  # noqa: S101 - see allow
    found = work.session.get(NoticeChoice, work.actor.person_id)
    return found if found is not None else unchosen(work.actor.person_id)


def by_address(work: Work, addresses: Collection[str]) -> Mapping[str, NoticeChoice]:
    """Return what the people of some addresses chose; who chose nothing is left out."""
    rows = work.session.execute(
        select(Person.email, NoticeChoice)
        .join(NoticeChoice, NoticeChoice.person_id == Person.id)
        .where(Person.email.in_(addresses))
    )
    return {row[0]: row[1] for row in rows}


def reminders(work: Work) -> Mapping[UUID, int]:
    """Return how many hours before a booking each person wants to be reminded, where chosen."""
    rows = work.session.execute(select(NoticeChoice.person_id, NoticeChoice.reminder))
    return {row[0]: row[1] for row in rows}


def reminded(work: Work, since: datetime) -> set[tuple[str, UUID, datetime]]:
    """Return what was reminded of, of all that comes after an instant."""
    rows = work.session.execute(
        select(Reminded.job, Reminded.object_id, Reminded.at).where(Reminded.at >= since)
    )
    return {(row[0], row[1], row[2]) for row in rows}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets a digest of one cooperative."""

    person_id: UUID
    cooperative_id: UUID
    timezone: str


def readers(work: Work) -> list[Reader]:
    """Return who gets digests, once for each of their cooperatives."""
    rows = work.session.execute(
        select(NoticeChoice.person_id, Cooperative.id, Cooperative.timezone)
        .join(Person, Person.id == NoticeChoice.person_id)
        .join(Affiliation, Affiliation.person_id == NoticeChoice.person_id)
        .join(Cooperative, Cooperative.id == Affiliation.cooperative_id)
        .where(
            NoticeChoice.digest,
            Person.is_suspended.is_(False),
            Affiliation.suspended_at.is_(None),
        )
        .distinct()
        .order_by(Cooperative.id, NoticeChoice.person_id)
        .execution_options(**EVERYWHERE)
    )
    return [Reader(row[0], row[1], row[2]) for row in rows]
