"""The verb of the demonstration: load cases into a database that holds nothing real."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy import select, update

from coopshare.db.models import Job
from coopshare.db.work import Database, Work
from coopshare.demo import (
    case_a_approval,
    case_a_handover,
    case_a_series,
    case_a_waiting,
    case_b_team,
)
from coopshare.demo.build import Made, build
from coopshare.demo.case_a import LE_PHARES
from coopshare.demo.case_a_doors import open_doors
from coopshare.demo.case_a_statement import close_last_month
from coopshare.demo.case_a_tariffs import price
from coopshare.demo.case_b import GE_DU_GARD
from coopshare.demo.lagon import LES_ATELIERS_DU_LAGON
from coopshare.demo.plans import CooperativePlan
from coopshare.demo.season import fill
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked
from coopshare.members.errors import DemonstrationApart
from coopshare.members.kinds import ROLES
from coopshare.members.models import Cooperative

DEMO = Actor(door="demo")
CASES: Mapping[str, Sequence[CooperativePlan]] = {
    "A": (LE_PHARES, LES_ATELIERS_DU_LAGON),
    "B": (GE_DU_GARD,),
}
"""Letter of a case -> its cooperatives."""
STORIES: Mapping[str, Sequence[Callable[[Work, Made], int]]] = {
    LE_PHARES.slug: (
        case_a_series.add,
        case_a_waiting.add,
        case_a_approval.add,
        case_a_handover.add,
    ),
    GE_DU_GARD.slug: (case_b_team.add,),
}
"""What is told of a cooperative once its season is there: each returns how many bookings came."""

FIRST_ACCOUNTS = (
    "coordination@phares.example.org",
    "salles@phares.example.org",
    "membre@atelier-nord.example.org",
    "coordination@lagon.example.org",
    "passerelle@reseau.example.org",
    "direction@ge-gard.example.org",
    "cip@ge-gard.example.org",
    "structure3@ge-gard.example.org",
)
"""Those shown when a demonstration starts."""


def accounts(cases: Sequence[str] = tuple(CASES)) -> Iterator[tuple[str, str, str, str]]:
    """Return each account: (e-mail, role, organisation, cooperative), one line per role."""
    for letter in cases:
        for plan in CASES[letter]:
            for organisation in plan.organisations:
                for person in organisation.people:
                    for role in person.roles:
                        yield person.email, str(role), organisation.name, plan.name


def described(role: str) -> str:
    """Return the French words for a role."""
    return next(words for known, words in ROLES.items() if known.value == role)


def refuse_real(work: Work) -> None:
    """Raise `DemonstrationApart` where a real cooperative stands."""
    if work.session.scalars(
        select(Cooperative.id).where(Cooperative.is_demonstration.is_(False)).limit(1)
    ).first():
        raise DemonstrationApart


def load(database: Database, cases: Sequence[str] = tuple(CASES)) -> int:
    """Load the cooperatives of cases that are not there yet; return how many bookings came.

    Each cooperative comes whole or not at all; loading again changes nothing. Raises
    `DemonstrationApart`, and `Invalid` for a case that does not exist.
    """
    unknown = [letter for letter in cases if letter not in CASES]
    if unknown:
        raise Invalid.field(
            "cases",
            marked("Le cas {case} n'existe pas. Il y a : {known}."),
            case=unknown[0],
            known=", ".join(CASES),
        )
    database.write(DEMO, refuse_real)
    return sum(database.write(DEMO, load_one, plan) for letter in cases for plan in CASES[letter])


def load_one(work: Work, plan: CooperativePlan) -> int:
    """Load one cooperative, unless it is there; return how many bookings came."""
    known = work.session.scalars(select(Cooperative.id).where(Cooperative.slug == plan.slug))
    if known.first() is not None:
        return 0
    made = build(work, plan)
    if plan is LE_PHARES:
        made.quotas = price(work, made)
    came = fill(work, made)
    came += sum(add(work, made) for add in STORIES.get(plan.slug, ()))
    if plan is LE_PHARES:
        open_doors(work, made)
        close_last_month(work, made)
    _leave_nothing_late(work, made)
    return came


def _leave_nothing_late(work: Work, made: Made) -> None:
    """Hold for done what a past that never was would have had the worker do."""
    work.session.flush()
    work.session.execute(
        update(Job)
        .where(Job.cooperative_id == made.cooperative.id, Job.run_at <= work.now)
        .where(Job.done_at.is_(None))
        .values(done_at=work.now)
    )


def is_empty(work: Work) -> bool:
    """Tell whether there is no cooperative at all."""
    return work.session.scalars(select(Cooperative.id).limit(1)).first() is None


def is_demonstration(work: Work) -> bool:
    """Tell whether the database holds a demonstration."""
    return (
        work.session.scalars(
            select(Cooperative.id).where(Cooperative.is_demonstration.is_(True)).limit(1)
        ).first()
        is not None
    )
