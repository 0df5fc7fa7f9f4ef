"""Cooperatives and the organisations that are their members."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid, VersionMismatch
from coopshare.kernel.localtime import zone
from coopshare.kernel.text import marked, sort_key
from coopshare.members.commands import (
    AddCooperative,
    AddOrganisation,
    ChangeOrganisation,
    EndMembership,
    SetStanding,
)
from coopshare.members.errors import DemonstrationApart, SiretTaken
from coopshare.members.facts import (
    CooperativeAdded,
    MembershipEnded,
    OrganisationAdded,
    OrganisationChanged,
    StandingSet,
)
from coopshare.members.models import Cooperative, Membership, Organisation
from coopshare.members.policies import Permission, allow
from coopshare.members.queries import cooperative, membership, today
from coopshare.members.services.guarding import keep_an_administrator
from coopshare.members.siret import checked

FIELDS = ("name", "kind", "siret", "email", "phone", "address")


def add_cooperative(work: Work, command: AddCooperative) -> Cooperative:
    """Open a cooperative; the rest of the unit acts in it."""
    allow(work.actor, Permission.OPERATE)
    zone(command.timezone)
    if work.session.scalar(select(Cooperative.id).where(Cooperative.slug == command.slug)):
        raise Invalid.field("slug", marked("Une coopérative porte déjà ce nom court."))
    if work.session.scalars(
        select(Cooperative.id)
        .where(Cooperative.is_demonstration.is_not(command.is_demonstration))
        .limit(1)
    ).first():
        raise DemonstrationApart
    added = Cooperative(
        id=uuid4(),
        name=command.name,
        slug=command.slug,
        kind=command.kind,
        timezone=command.timezone,
        currency=command.currency,
        holiday_area=command.holiday_area,
        school_zone=command.school_zone,
        is_demonstration=command.is_demonstration,
        created_at=work.now,
    )
    work.session.add(added)
    work.session.flush()
    work.session.cooperative_id = added.id
    work.actor = replace(work.actor, cooperative_id=added.id, cooperative_name=added.name)
    work.record(CooperativeAdded(object_id=added.id))
    return added


def add_organisation(work: Work, command: AddOrganisation) -> Organisation:
    """Add an organisation and make it a member."""
    allow(work.actor, Permission.ADMINISTER)
    siret = checked(command.siret)
    _refuse_same(work, siret)
    added = Organisation(
        id=uuid4(),
        name=command.name,
        sort_key=sort_key(command.name),
        kind=command.kind,
        siret=siret or None,
        email=command.email or None,
        phone=command.phone or None,
        address=command.address or None,
        created_at=work.now,
    )
    work.session.add(added)
    work.session.flush()
    work.session.add(
        Membership(
            organisation_id=added.id,
            standing=command.standing,
            since=command.since or today(work, cooperative(work)),
        )
    )
    work.record(OrganisationAdded(object_id=added.id))
    work.session.flush()
    return added


def change_organisation(work: Work, command: ChangeOrganisation) -> Organisation:
    """Change an organisation's sheet; raises `VersionMismatch` when it changed meanwhile."""
    found = membership(work, command.organisation_id).organisation
    allow(work.actor, Permission.MANAGE_ORGANISATION, found.id)
    if found.version != command.version:
        raise VersionMismatch
    asked: dict[str, Any] = {name: getattr(command, name) for name in FIELDS}
    if asked["siret"] is not None:
        asked["siret"] = checked(asked["siret"])
        if asked["siret"] != (found.siret or ""):
            _refuse_same(work, asked["siret"])
    changed = []
    for name, value in asked.items():
        kept = value if value != "" else None
        if value is None or kept == getattr(found, name):
            continue
        if name == "name":
            found.sort_key = sort_key(str(value))
        setattr(found, name, kept)
        changed.append((name, "", ""))  # that it changed, not the words: no free text is kept
    if changed:
        work.record(OrganisationChanged(object_id=found.id, changes=tuple(changed)))
        work.session.flush()
    return found


def set_standing(work: Work, command: SetStanding) -> Membership:
    """Give an organisation another place; prices and rules follow from now on."""
    allow(work.actor, Permission.ADMINISTER)
    found = membership(work, command.organisation_id)
    if found.standing != command.standing:
        change = ("standing", str(found.standing), str(command.standing))
        found.standing = command.standing
        work.record(StandingSet(object_id=found.organisation_id, changes=(change,)))
    return found


def end_membership(work: Work, command: EndMembership) -> Membership:
    """Have an organisation leave on a day; its people then act for it no more."""
    allow(work.actor, Permission.ADMINISTER)
    found = membership(work, command.organisation_id)
    if command.until < found.since:
        raise Invalid.field("until", marked("Le départ ne peut pas précéder l'arrivée."))
    before = found.until.isoformat() if found.until else ""
    found.until = command.until
    work.session.flush()
    keep_an_administrator(work, command.until)
    change = ("until", before, command.until.isoformat())
    work.record(MembershipEnded(object_id=found.organisation_id, changes=(change,)))
    return found


def _refuse_same(work: Work, siret: str) -> None:
    """Raise `SiretTaken` when a member of this cooperative has that number."""
    if not siret:
        return
    query = select(Membership).join(Membership.organisation).where(Organisation.siret == siret)
    found = work.session.scalar(query)
    if found is not None:
        raise SiretTaken(name=found.organisation.name)
