"""The month before the present one, closed: every organisation has its statement."""

from dataclasses import replace

from coopshare.db.work import Work
from coopshare.demo.build import Made
from coopshare.exchanges.commands import CloseMonth
from coopshare.exchanges.services import close_month, next_month
from coopshare.kernel.actor import Role

WHO = "phares"
"""Key of the organisation whose first person administers Le Phares."""


def close_last_month(work: Work, made: Made) -> None:
    """Have the person who administers Le Phares close the month that is over."""
    loader = work.actor
    work.actor = replace(
        loader,
        person_id=made.people[WHO][0].id,
        cooperative_id=made.cooperative.id,
        organisation_id=made.organisations[WHO].id,
        roles=frozenset({Role.ADMINISTRATOR}),
    )
    close_month(work, CloseMonth(month=next_month(work)))
    work.actor = loader
