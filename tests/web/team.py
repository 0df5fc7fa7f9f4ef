"""Shared people, as the matrix imagines them: me and others, employed by each organisation."""

import itertools
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.members.models import Cooperative, Organisation
from coopshare.pooled_staff.commands import (
    AddGroupMember,
    AddWorker,
    AskLeave,
    Assign,
    Clauses,
    Draw,
    Publish,
    SetContract,
    SetEmployer,
    SetPosition,
    Sign,
)
from coopshare.pooled_staff.kinds import (
    CommitmentUnit,
    ContractKind,
    EmployerKind,
    LeaveKind,
    PriceMode,
)
from coopshare.pooled_staff.models import Assignment, Employer, Leave, Placement, Position, Worker
from coopshare.pooled_staff.queries import group as queries
from coopshare.pooled_staff.queries.placements import latest, placement
from coopshare.pooled_staff.services import group, leaves, people, placements, rota
from tests.make import Maker
from tests.pooled_staff.world import span

SINCE, FIRST = date(2026, 1, 5), date(2027, 4, 5)


@dataclass(slots=True)
class Team:
    """An employer with one member, one post and whoever it employs."""

    database: Database
    planner: Actor
    employer: Employer
    position: Position
    member_id: uuid.UUID
    signer: Actor
    """Who may bind the member."""
    workers: dict[str, Worker] = field(default_factory=dict)
    weeks: "itertools.count[int]" = field(default_factory=itertools.count)

    @classmethod
    def of(
        cls,
        database: Database,
        make: Maker,
        home: tuple[Cooperative, Organisation],
        member: Organisation,
    ) -> "Team":
        """Make the team of an organisation, which one member shares."""
        planner = make.actor(*home, Role.PLANNER, person=make.person("Qui planifie"))
        signer = make.actor(
            home[0], member, Role.ORGANISATION_MANAGER, person=make.person("Qui signe")
        )
        employer = cls._employer(database, planner, home[1])
        database.write(
            planner,
            group.add_member,
            AddGroupMember(employer_id=employer.id, organisation_id=member.id, since=SINCE),
        )
        position = database.write(
            planner,
            people.set_position,
            SetPosition(employer_id=employer.id, title="CIP", weekly_minutes=2100, starts_on=SINCE),
        )
        return cls(database, planner, employer, position, member.id, signer)

    @staticmethod
    def _employer(database: Database, planner: Actor, home: Organisation) -> Employer:
        """Return the employer that an organisation is, said now if not before."""
        with database.read(planner) as work:
            for one in queries.employers(work):
                if one.organisation_id == home.id:
                    return one
        command = SetEmployer(organisation_id=home.id, kind=EmployerKind.GE_ASSOCIATION)
        return database.write(planner, group.set_employer, command)

    def without_contract(self, word: str) -> Worker:
        """Return somebody who was just declared."""
        return self.database.write(
            self.planner,
            people.add_worker,
            AddWorker(employer_id=self.employer.id, name="Ève", email=f"{word}@example.org"),
        )

    def worker(self, email: str) -> Worker:
        """Return who has that address, employed now if not before."""
        if email not in self.workers:
            made = self.database.write(
                self.planner,
                people.add_worker,
                AddWorker(employer_id=self.employer.id, name="Léa Durand", email=email),
            )
            self.database.write(
                self.planner,
                people.set_contract,
                SetContract(
                    worker_id=made.id,
                    position_id=self.position.id,
                    kind=ContractKind.PERMANENT,
                    starts_on=SINCE,
                    weekly_minutes=2100,
                    is_part_time=False,
                    gross_hourly_cents=1650,
                    users=frozenset({self.member_id}),
                ),
            )
            self.workers[email] = made
        return self.workers[email]

    def monday(self) -> date:
        """Return the first day of a week that was not used yet."""
        return FIRST + timedelta(weeks=next(self.weeks))

    def half_day(self, email: str) -> Assignment:
        """Plan and publish a half-day."""
        day = self.monday()
        made = self.database.write(
            self.planner,
            rota.assign,
            Assign(worker_id=self.worker(email).id, span=span(day), organisation_id=self.member_id),
        ).row
        self.database.write(
            self.planner,
            rota.publish,
            Publish(employer_id=self.employer.id, first=day, last=day, ground="Essai"),
        )
        return made

    def leave(self, email: str) -> Leave:
        """Ask for a leave, as who plans."""
        return self.database.write(
            self.planner,
            leaves.ask,
            AskLeave(
                worker_id=self.worker(email).id,
                kind=LeaveKind.PAID,
                span=span(self.monday(), (0, 1440)),
            ),
        )

    def convention(self, *, is_sent: bool) -> Placement:
        """Draw up a convention with the member; send it."""
        made = self.database.write(
            self.planner,
            placements.draw,
            Draw(
                employer_id=self.employer.id,
                organisation_id=self.member_id,
                position_id=self.position.id,
                clauses=Clauses(
                    starts_on=SINCE,
                    unit=CommitmentUnit.WEEK,
                    amount=240,
                    price_mode=PriceMode.COST_EXACT,
                ),
            ),
        )
        if is_sent:
            self.database.write(self.planner, placements.send, made.id, made.version)
        return made

    def sign(self, found: Placement) -> None:
        """Accept a convention that was sent, for both sides."""
        with self.database.read(self.planner) as work:
            sent = latest(placement(work, found.id))
        for actor in (self.planner, self.signer):
            command = Sign(version_id=sent.id, sha256=sent.sha256)
            self.database.write(actor, placements.sign, command)
