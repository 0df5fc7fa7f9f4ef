"""What waiting lists offer to whoever asks: for the page of all that waits for them."""

from datetime import datetime

from sqlalchemy import Select, func, select

from coopshare.bookings.models import Wait, WaitStatus
from coopshare.bookings.queue import WaitShown, shown_waits
from coopshare.db.work import Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.inbox import Source
from coopshare.kernel.text import marked


def offered(work: Work) -> list[WaitShown]:
    """Return what is offered to the actor, the first to lapse first."""
    found = work.session.scalars(
        select(Wait).where(
            Wait.status == WaitStatus.OFFERED, Wait.person_id == work.actor.person_id
        )
    ).all()
    return sorted(
        shown_waits(work, found, with_people=False),
        key=lambda one: (one.offered_until or one.wait.starts_at, one.id),
    )


def _count(actor: Actor, _now: datetime) -> Select[int]:
    return select(func.count(Wait.id)).where(
        Wait.status == WaitStatus.OFFERED, Wait.person_id == actor.person_id
    )


OFFERS = Source(
    heading=marked("Des places attendues se sont libérées"),
    template="bookings/_offers.html",
    load=offered,
    count=_count,
)
