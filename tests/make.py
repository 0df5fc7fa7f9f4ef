"""Plain typed builders of what tests need: each call is one kept unit."""

import uuid
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from coopshare.db.base import Base
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.text import folded, sort_key
from coopshare.members.kinds import CooperativeKind, OrganisationKind, Standing
from coopshare.members.models import Affiliation, Cooperative, Membership, Organisation, Person
from coopshare.resources.kinds import ResourceKind
from coopshare.resources.models import OpeningHours, Resource, ResourcePart

M = TypeVar("M", bound=Base)

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Maker:
    """Builds rows directly, as if they had always been there."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def keep(self, row: M, cooperative_id: uuid.UUID | None = None) -> M:
        """Store one row, within a cooperative when it belongs to one."""

        def store(work: Work) -> M:
            work.session.add(row)
            work.session.flush()
            return row

        return self.database.write(Actor(door="demo", cooperative_id=cooperative_id), store)

    def cooperative(self, name: str = "Le Phares", **fields: Any) -> Cooperative:
        """Store a cooperative in Europe/Paris."""
        values: dict[str, Any] = {
            "kind": CooperativeKind.SCIC,
            "slug": f"{sort_key(name).replace(' ', '-')}-{uuid.uuid4().hex[:6]}",
            "timezone": "Europe/Paris",
            "currency": "EUR",
            "created_at": LONG_AGO,
        }
        return self.keep(Cooperative(name=name, **(values | fields)))

    def organisation(
        self,
        cooperative: Cooperative,
        name: str = "Atelier Nord",
        standing: Standing = Standing.ASSOCIATE,
        **fields: Any,
    ) -> Organisation:
        """Store an organisation that is a member of a cooperative."""
        values: dict[str, Any] = {"kind": OrganisationKind.ACI, "created_at": LONG_AGO}
        organisation = self.keep(
            Organisation(name=name, sort_key=sort_key(name), **(values | fields))
        )
        self.member(cooperative, organisation, standing)
        return organisation

    def member(
        self,
        cooperative: Cooperative,
        organisation: Organisation,
        standing: Standing = Standing.ASSOCIATE,
    ) -> Membership:
        """Make an organisation a member of a cooperative (one more)."""
        return self.keep(
            Membership(organisation_id=organisation.id, standing=standing, since=date(2026, 1, 1)),
            cooperative.id,
        )

    def person(self, name: str = "Camille Durand", **fields: Any) -> Person:
        """Store a person without any role."""
        values: dict[str, Any] = {
            "email": f"{sort_key(name).replace(' ', '.')}.{uuid.uuid4().hex[:6]}@example.org",
            "sort_key": sort_key(name),
            "created_at": LONG_AGO,
        }
        return self.keep(Person(name=name, **(values | fields)))

    def affiliate(
        self,
        cooperative: Cooperative,
        organisation: Organisation,
        person: Person,
        *roles: Role,
    ) -> None:
        """Give a person roles in an organisation of a cooperative."""
        for role in roles:
            self.keep(
                Affiliation(
                    organisation_id=organisation.id,
                    person_id=person.id,
                    role=role,
                    created_at=LONG_AGO,
                ),
                cooperative.id,
            )

    def actor(
        self,
        cooperative: Cooperative,
        organisation: Organisation,
        *roles: Role,
        person: Person | None = None,
        standing: Standing = Standing.ASSOCIATE,
        door: str = "web",
    ) -> Actor:
        """Return an actor with roles (member by default), as a stored person."""
        roles = roles or (Role.MEMBER,)
        person = person or self.person()
        self.affiliate(cooperative, organisation, person, *roles)
        return Actor(
            door=door,  # type: ignore[arg-type]
            person_id=person.id,
            person_name=person.name,
            cooperative_id=cooperative.id,
            cooperative_name=cooperative.name,
            organisation_id=organisation.id,
            organisation_name=organisation.name,
            standing=standing,
            roles=frozenset(roles),
            timezone=cooperative.timezone,
        )

    def resource(
        self,
        cooperative: Cooperative,
        owner: Organisation,
        name: str = "Atelier",
        *,
        hours: tuple[int, int] | None = None,
        **fields: Any,
    ) -> Resource:
        """Store a resource without rules: a place, one of it, always open unless `hours` says.

        `hours` are minutes of the day, the same for each weekday.
        """
        values: dict[str, Any] = {
            "kind": ResourceKind.PLACE,
            "owner_id": owner.id,
            "manager_id": owner.id,
            "timezone": cooperative.timezone,
            "closed_on_holidays": False,
            "created_at": LONG_AGO,
            "changed_at": LONG_AGO,
        }
        opening = (
            [OpeningHours(weekday=day, opens=hours[0], closes=hours[1]) for day in range(7)]
            if hours
            else []
        )
        return self.keep(
            Resource(
                name=name,
                sort_key=sort_key(name),
                search_text=folded(name),
                hours=opening,
                **(values | fields),
            ),
            cooperative.id,
        )

    def part(self, whole: Resource, part: Resource) -> ResourcePart:
        """Make a resource a part of another."""
        return self.keep(ResourcePart(whole_id=whole.id, part_id=part.id), whole.cooperative_id)
