"""From plans to rows: a cooperative with its members, people, resources, parts and pictures."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from argon2 import PasswordHasher
from sqlalchemy import select

from coopshare.db.base import Base
from coopshare.db.work import Work
from coopshare.demo.pictures import drawn
from coopshare.demo.plans import (
    PASSWORD,
    CooperativePlan,
    OrganisationPlan,
    PersonPlan,
    ResourcePlan,
)
from coopshare.kernel.text import folded, sort_key
from coopshare.members.kinds import OrganisationKind
from coopshare.members.models import Affiliation, Cooperative, Membership, Organisation, Person
from coopshare.resources.kinds import FEATURES, VatMode
from coopshare.resources.models import OpeningHours, Photo, Quota, Resource, ResourcePart, Tariff

NAMESPACE = UUID("6f1b6c5e-6a7f-4c1e-9a57-2f6d0c8e93a1")
"""The ids of demonstration rows are made of their names: the same on every machine."""
FOUNDED = timedelta(days=400)
"""How long ago the demonstration began."""


@dataclass(slots=True)
class Made:
    """The rows of one cooperative, by the keys of its plan."""

    plan: CooperativePlan
    cooperative: Cooperative
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    quotas: list[Quota] = field(default_factory=list)

    def leaves(self, key: str) -> tuple[str, ...]:
        """Return the leaf parts of a resource, or itself when it has no part."""
        parts = next(plan.parts for plan in self.plan.resources if plan.key == key)
        return tuple(leaf for part in parts for leaf in self.leaves(part)) or (key,)


def identity(*words: str) -> UUID:
    """Return the id of a demonstration row, from the words that name it."""
    return uuid5(NAMESPACE, "/".join(words))


@cache
def password_hash() -> str:
    """Return the hash of the password of every demonstration account."""
    return PasswordHasher().hash(PASSWORD)


def fictitious_siret(number: int) -> str:
    """Return a SIRET that nobody has (no SIREN begins with 99990) and that passes the check."""
    siren = _completed(f"99990{number:03}")
    return _completed(f"{siren}0001")


def _completed(digits: str) -> str:
    """Add the digit that makes a number pass the Luhn check."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - one digit
    return f"{digits}{-total % 10}"


def keep(work: Work, *rows: Base) -> None:
    """Add rows now, in this order."""
    work.session.add_all(rows)
    work.session.flush()


def build(work: Work, plan: CooperativePlan) -> Made:
    """Make a cooperative and what it shares; the unit acts in it from then on."""
    since = work.now - FOUNDED
    cooperative = Cooperative(
        id=identity(plan.slug),
        name=plan.name,
        slug=plan.slug,
        kind=plan.kind,
        timezone=plan.timezone,
        currency="EUR",
        holiday_area=plan.holiday_area,
        school_zone=plan.school_zone,
        is_demonstration=True,
        created_at=since,
    )
    keep(work, cooperative)
    # The demonstration makes its cooperative in the very unit that fills it: all or nothing.
    work.session.cooperative_id = cooperative.id
    work.actor = replace(work.actor, cooperative_id=cooperative.id, timezone=plan.timezone)
    made = Made(plan, cooperative)
    for organisation in plan.organisations:
        _organisation(work, made, organisation, since)
    for resource in plan.resources:
        _resource(work, made, resource, since)
    keep(
        work,
        *(
            ResourcePart(whole_id=made.resources[one.key].id, part_id=made.resources[part].id)
            for one in plan.resources
            for part in one.parts
        ),
    )
    return made


def _organisation(work: Work, made: Made, plan: OrganisationPlan, since: datetime) -> None:
    found = work.session.get(Organisation, identity("organisation", plan.key))
    if found is None:
        found = Organisation(
            id=identity("organisation", plan.key),
            name=plan.name,
            sort_key=sort_key(plan.name),
            kind=plan.kind,
            siret=fictitious_siret(plan.number) if plan.number else None,
            email=plan.people[0].email if plan.people else None,
            address=plan.address or None,
            created_at=since,
        )
        keep(work, found)
    made.organisations[plan.key] = found
    keep(
        work,
        Membership(organisation_id=found.id, standing=plan.standing, since=since.date()),
    )
    made.people[plan.key] = [_person(work, person, since) for person in plan.people]
    keep(
        work,
        *(
            Affiliation(organisation_id=found.id, person_id=row.id, role=role, created_at=since)
            for row, person in zip(made.people[plan.key], plan.people, strict=True)
            for role in person.roles
        ),
    )


def _person(work: Work, plan: PersonPlan, since: datetime) -> Person:
    found = work.session.scalars(select(Person).where(Person.email == plan.email)).first()
    if found is None:
        found = Person(
            id=identity("person", plan.email),
            email=plan.email,
            name=plan.name,
            sort_key=sort_key(plan.name),
            password_hash=password_hash(),
            is_demonstration=True,
            created_at=since,
        )
        keep(work, found)
    return found


def _resource(work: Work, made: Made, plan: ResourcePlan, since: datetime) -> None:
    words = (
        plan.name,
        plan.description,
        plan.location,
        *(FEATURES[code] for code in plan.features),
        *(code.replace("_", " ") for code in plan.features),
    )
    row = Resource(
        id=identity(made.plan.slug, "resource", plan.key),
        kind=plan.kind,
        name=plan.name,
        sort_key=sort_key(plan.name),
        search_text=folded(" ".join(words)),
        description=plan.description,
        owner_id=made.organisations[plan.owner].id,
        manager_id=made.organisations[plan.manager or plan.owner].id,
        quantity=plan.quantity,
        capacity=plan.capacity,
        location=plan.location,
        address=plan.address,
        access_notes=plan.access,
        timezone=made.plan.timezone,
        features=list(plan.features),
        billed_by=plan.billed_by,
        preparation_before=plan.before,
        preparation_after=plan.after,
        shortest=plan.shortest,
        longest=plan.longest,
        step=plan.step,
        slots=[list(slot) for slot in plan.slots],
        notice=plan.notice,
        horizon=plan.horizon,
        standings=[str(standing) for standing in plan.standings],
        needs_approval=plan.needs_approval,
        closed_on_holidays=plan.closed_on_holidays,
        closed_in_school_holidays=plan.closed_in_school_holidays,
        **_tax(made, plan.owner),
        created_at=since,
        changed_at=since,
        hours=[
            OpeningHours(weekday=day, opens=opens, closes=closes)
            for day, opens, closes in plan.hours
        ],
        tariffs=[
            Tariff(
                position=position,
                standing=tariff.standing,
                unit=tariff.unit,
                cents=tariff.cents,
                note=tariff.note,
            )
            for position, tariff in enumerate(plan.tariffs)
        ],
        photos=[_photo(plan, since)] if plan.picture else [],
    )
    keep(work, row)
    made.resources[plan.key] = row


def _tax(made: Made, owner: str) -> dict[str, Any]:
    """Return how the prices of an owner stand towards tax: companies add it, small ones do not."""
    if made.organisations[owner].kind not in {OrganisationKind.COMPANY, OrganisationKind.EI}:
        return {"vat_mode": VatMode.FRANCHISE, "vat_bp": 0}
    is_reunion = made.plan.holiday_area == "974"
    return {"vat_mode": VatMode.TAXABLE, "vat_bp": 850 if is_reunion else 2000}


def _photo(plan: ResourcePlan, since: datetime) -> Photo:
    picture = drawn(plan.picture, plan.key)
    return Photo(
        position=0,
        description=plan.picture_says,
        width=picture.width,
        height=picture.height,
        content_type=picture.content_type,
        content=picture.content,
        thumbnail=picture.thumbnail,
        created_at=since,
    )
