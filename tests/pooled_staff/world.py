"""A small employers' group, as tests need it: three members, one post, one person."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import at
from coopshare.members.models import Organisation
from coopshare.pooled_staff.commands import (
    AddGroupMember,
    AddSite,
    AddWorker,
    Assign,
    Clauses,
    Draw,
    Publish,
    SetContract,
    SetEmployer,
    SetJourney,
    SetPosition,
    Sign,
)
from coopshare.pooled_staff.kinds import (
    CommitmentUnit,
    ContractKind,
    EmployerKind,
    PriceMode,
)
from coopshare.pooled_staff.models import Assignment, Employer, Placement, Position, Site, Worker
from coopshare.pooled_staff.services import group, people, placements, rota
from coopshare.resources.kinds import VatMode
from tests.make import Maker

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2027, 3, 8)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
MORNING, AFTERNOON = (540, 750), (810, 1020)
FIRST = date(2026, 9, 1)


def span(day: date, hours: tuple[int, int] = MORNING) -> Interval:
    """Return a span of local minutes of a day."""
    return Interval(at(day, hours[0], PARIS), at(day, hours[1], PARIS))


class Group:
    """The group, its people, and verbs said by the right one."""

    def __init__(self, database: Database, make: Maker, **employer: Any) -> None:
        self.database, self.make = database, make
        self.place = make.cooperative("GE du Gard")
        self.ge = make.organisation(self.place, "Groupement 30")
        self.avenir = make.organisation(self.place, "Avenir")
        self.relais = make.organisation(self.place, "Relais")
        self.garrigue = make.organisation(self.place, "Garrigue")
        self.planner = make.actor(
            self.place, self.ge, Role.PLANNER, person=make.person("Dominique Plan")
        )
        self.manager = make.actor(
            self.place, self.avenir, Role.ORGANISATION_MANAGER, person=make.person("Ali Membre")
        )
        self.neighbour = make.actor(
            self.place, self.relais, Role.ORGANISATION_MANAGER, person=make.person("Bea Voisine")
        )
        self.person = make.person("Léa Durand", email="lea@example.org")
        self.cip = make.actor(self.place, self.ge, Role.POOLED_WORKER, person=self.person)
        values: dict[str, Any] = {
            "kind": EmployerKind.GE_ASSOCIATION,
            "vat_mode": VatMode.EXEMPT_261B,
        }
        self.employer: Employer = self.do(
            group.set_employer, SetEmployer(organisation_id=self.ge.id, **(values | employer))
        )
        for one in (self.avenir, self.relais):
            self.join(one)
        self.office, self.yard = (
            self.site(self.avenir, "Bureau"),
            self.site(self.relais, "Chantier"),
        )
        self.position: Position = self.do(
            people.set_position,
            SetPosition(
                employer_id=self.employer.id,
                title="Conseillère en insertion professionnelle",
                weekly_minutes=2100,
                starts_on=FIRST,
            ),
        )
        self.worker: Worker = self.do(
            people.add_worker,
            AddWorker(employer_id=self.employer.id, name="Léa Durand", email="lea@example.org"),
        )

    def do(self, verb: Any, *arguments: Any, actor: Actor | None = None, **named: Any) -> Any:
        """Run a verb as the planner, or as somebody else."""
        return self.database.write(actor or self.planner, verb, *arguments, **named)

    def read(self, question: Any, *arguments: Any, actor: Actor | None = None, **named: Any) -> Any:
        """Ask a question as the planner, or as somebody else."""
        with self.database.read(actor or self.planner) as work:
            return question(work, *arguments, **named)

    def join(self, one: Organisation, since: date = FIRST) -> None:
        """Have an organisation share the people of the group."""
        self.do(
            group.add_member,
            AddGroupMember(employer_id=self.employer.id, organisation_id=one.id, since=since),
        )

    def site(self, one: Organisation, name: str) -> Site:
        """Name a place of work."""
        made: Site = self.do(
            group.add_site,
            AddSite(employer_id=self.employer.id, organisation_id=one.id, name=name),
        )
        return made

    def journey(self, minutes: int) -> None:
        """Say how long it is between the two sites."""
        self.do(
            group.set_journey,
            SetJourney(
                employer_id=self.employer.id,
                from_id=self.office.id,
                to_id=self.yard.id,
                minutes=minutes,
            ),
        )

    def contract(self, worker: Worker | None = None, **fields: Any) -> Any:
        """Write a full-time contract that names both members, since the first day."""
        values: dict[str, Any] = {
            "kind": ContractKind.PERMANENT,
            "starts_on": FIRST,
            "weekly_minutes": 2100,
            "is_part_time": False,
            "gross_hourly_cents": 1650,
            "users": frozenset({self.avenir.id, self.relais.id}),
        }
        return self.do(
            people.set_contract,
            SetContract(
                worker_id=(worker or self.worker).id,
                position_id=self.position.id,
                **(values | fields),
            ),
        )

    def clauses(self, **fields: Any) -> Clauses:
        """Return the clauses of four hours a week, at cost."""
        values: dict[str, Any] = {
            "starts_on": FIRST,
            "unit": CommitmentUnit.WEEK,
            "amount": 240,
            "price_mode": PriceMode.COST_EXACT,
        }
        return Clauses(**(values | fields))

    def drawn(self, one: Organisation | None = None, **fields: Any) -> Placement:
        """Draw up a convention with a member."""
        made: Placement = self.do(
            placements.draw,
            Draw(
                employer_id=self.employer.id,
                organisation_id=(one or self.avenir).id,
                position_id=self.position.id,
                worker_id=self.worker.id,
                clauses=self.clauses(**fields),
            ),
        )
        return made

    def agreed(self, one: Organisation | None = None, **fields: Any) -> Placement:
        """Draw up a convention, send it, have both sides accept it."""
        made = self.drawn(one, **fields)
        sent = self.do(placements.send, made.id, made.version)
        member = self.manager if made.organisation_id == self.avenir.id else self.neighbour
        for actor in (self.planner, member):
            self.do(placements.sign, Sign(version_id=sent.id, sha256=sent.sha256), actor=actor)
        return made

    def assign(
        self,
        day: date,
        hours: tuple[int, int] = MORNING,
        one: Organisation | None = None,
        **fields: Any,
    ) -> Assignment:
        """Plan the person at a member, as a draft."""
        found = self.do(rota.assign, self.assigned(day, hours, one, **fields))
        row: Assignment = found.row
        return row

    def assigned(
        self,
        day: date,
        hours: tuple[int, int] = MORNING,
        one: Organisation | None = None,
        **fields: Any,
    ) -> Assign:
        """Return the command that plans the person at a member."""
        values: dict[str, Any] = {
            "worker_id": self.worker.id,
            "organisation_id": (one or self.avenir).id,
        }
        return Assign(span=span(day, hours), **(values | fields))

    def publish(self, first: date = MONDAY, last: date = MONDAY + 6 * DAY, **fields: Any) -> Any:
        """Publish the drafts of a week."""
        return self.do(
            rota.publish,
            Publish(employer_id=self.employer.id, first=first, last=last, **fields),
        )

    def again(self, model: Any, key: UUID) -> Any:
        """Return a row as it is now."""

        def find(work: Work) -> Any:
            return work.session.get_one(model, key)

        return self.read(find)
