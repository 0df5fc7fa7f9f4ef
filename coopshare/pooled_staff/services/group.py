"""Declaring who employs, who shares, where, and what agreements change of the law."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from coopshare.db import guards
from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid, NotFound, VersionMismatch
from coopshare.kernel.text import marked
from coopshare.members.queries import organisations
from coopshare.pooled_staff.commands import (
    AddGroupMember,
    AddSite,
    SetEmployer,
    SetJourney,
    SetRule,
)
from coopshare.pooled_staff.errors import (
    AlreadyAnEmployer,
    AlreadyInTheGroup,
    ExemptAtCost,
    LoanAtCost,
    StatutesFirst,
)
from coopshare.pooled_staff.facts import EmployerSet, GroupChanged
from coopshare.pooled_staff.kinds import EmployerKind
from coopshare.pooled_staff.models import Employer, EmployerRule, GroupMember, Journey, Site
from coopshare.pooled_staff.policies import Permission, allow
from coopshare.pooled_staff.queries.group import set_up_employer
from coopshare.pooled_staff.rules import SETS, Override
from coopshare.pooled_staff.rules.ruleset import check_override, in_force
from coopshare.resources.kinds import VatMode

guards.refuses("uq_employers_cooperative_id_organisation_id", AlreadyAnEmployer)
guards.refuses("employers.cooperative_id, employers.organisation_id", AlreadyAnEmployer)
guards.refuses("uq_group_members_employer_id_organisation_id", AlreadyInTheGroup)
guards.refuses("group_members.employer_id, group_members.organisation_id", AlreadyInTheGroup)


def set_employer(work: Work, command: SetEmployer) -> Employer:
    """Say who employs people for others; with an id, change what is said of it.

    Raises `Forbidden`, `NotFound`, `VersionMismatch`, `AlreadyAnEmployer`, `StatutesFirst`,
    `LoanAtCost`, `ExemptAtCost`, `Invalid`.
    """
    allow(work.actor, Permission.SET_UP, command.organisation_id)
    _check(command)
    if command.employer_id is None:
        if command.organisation_id not in organisations(work, [command.organisation_id]):
            raise NotFound
        found = Employer(id=uuid4(), organisation_id=command.organisation_id, created_at=work.now)
        work.session.add(found)
    else:
        found = set_up_employer(work, command.employer_id)
        if found.version != command.version:
            raise VersionMismatch
        if found.organisation_id != command.organisation_id:
            raise Invalid.field(
                "organisation_id", marked("L'organisation qui emploie ne se change pas.")
            )
    for name in (
        "kind",
        "agreement",
        "idcc",
        "idcc_declared_on",
        "statutes_on",
        "vat_mode",
        "vat_bp",
        "fee_bp",
        "absent_weeks_count",
    ):
        setattr(found, name, getattr(command, name))
    found.morning_opens, found.morning_closes = command.morning
    found.afternoon_opens, found.afternoon_closes = command.afternoon
    found.holidays_worked = list(command.holidays_worked)
    work.session.flush()
    work.record(EmployerSet(object_id=found.id))
    return found


def _check(command: SetEmployer) -> None:
    (opens, closes), (again, end) = command.morning, command.afternoon
    if not 0 <= opens < closes <= again < end <= 1440:  # noqa: PLR2004 - minutes of a day
        raise Invalid.field(
            "morning", marked("La matinée finit avant l'après-midi, et chacune après son début.")
        )
    if command.idcc and not (command.idcc.isascii() and command.idcc.isdigit()):
        raise Invalid.field("idcc", marked("Un numéro IDCC a quatre chiffres."))
    if command.kind is EmployerKind.GE_COOPERATIVE and command.statutes_on is None:
        raise StatutesFirst
    if command.fee_bp and command.kind is EmployerKind.LOAN:
        raise LoanAtCost
    if command.fee_bp and command.vat_mode is VatMode.EXEMPT_261B:
        raise ExemptAtCost
    if command.vat_bp and command.vat_mode is not VatMode.TAXABLE:
        raise Invalid.field("vat_bp", marked("Un taux ne va qu'avec ce qui est soumis à la TVA."))


def add_member(work: Work, command: AddGroupMember) -> GroupMember:
    """Have an organisation of the cooperative share the people of an employer.

    Raises `NotFound`, `Forbidden`, `AlreadyInTheGroup`.
    """
    owner = set_up_employer(work, command.employer_id)
    if command.organisation_id not in organisations(work, [command.organisation_id]):
        raise NotFound
    row = GroupMember(
        id=uuid4(),
        employer_id=owner.id,
        organisation_id=command.organisation_id,
        since=command.since,
        deposit_cents=command.deposit_cents,
        liability_weight=command.liability_weight,
    )
    work.session.add(row)
    work.session.flush()
    work.record(GroupChanged(object_id=owner.id, changes=(("member", "", str(row.id)),)))
    return row


def end_member(work: Work, employer_id: UUID, organisation_id: UUID, last_day: date) -> GroupMember:
    """Have an organisation share no more after a day. Raises `NotFound`, `Forbidden`, `Invalid`."""
    owner = set_up_employer(work, employer_id)
    row = work.session.scalar(
        select(GroupMember).where(
            GroupMember.employer_id == owner.id, GroupMember.organisation_id == organisation_id
        )
    )
    if row is None:
        raise NotFound
    if last_day < row.since:
        raise Invalid.field("last_day", marked("La fin vient avant le début."))
    row.until = last_day + timedelta(days=1)
    work.record(GroupChanged(object_id=owner.id, changes=(("until", "", str(row.until)),)))
    return row


def add_site(work: Work, command: AddSite) -> Site:
    """Name a place of work. Raises `NotFound`, `Forbidden`."""
    owner = set_up_employer(work, command.employer_id)
    members = work.session.scalars(
        select(GroupMember.organisation_id).where(GroupMember.employer_id == owner.id)
    ).all()
    if command.organisation_id not in {owner.organisation_id, *members}:
        raise NotFound
    row = Site(
        id=uuid4(),
        organisation_id=command.organisation_id,
        name=command.name,
        address=command.address,
        contact=command.contact,
    )
    work.session.add(row)
    work.session.flush()
    work.record(GroupChanged(object_id=owner.id, changes=(("site", "", str(row.id)),)))
    return row


def set_journey(work: Work, command: SetJourney) -> Journey:
    """Say how long it is between two sites. Raises `NotFound`, `Forbidden`, `Invalid`."""
    owner = set_up_employer(work, command.employer_id)
    if command.from_id == command.to_id:
        raise Invalid.field("to_id", marked("Choisissez deux lieux différents."))
    first, last = sorted((command.from_id, command.to_id))
    known = set(work.session.scalars(select(Site.id).where(Site.id.in_((first, last)))))
    if known != {first, last}:
        raise NotFound
    row = work.session.scalar(
        select(Journey).where(Journey.from_id == first, Journey.to_id == last)
    )
    if row is None:
        row = Journey(id=uuid4(), from_id=first, to_id=last)
        work.session.add(row)
    row.minutes, row.metres = command.minutes, command.metres
    work.session.flush()
    work.record(GroupChanged(object_id=owner.id, changes=(("journey", "", str(row.id)),)))
    return row


def set_rule(work: Work, command: SetRule) -> EmployerRule:
    """Say what an agreement changes of a rule. Raises `OutOfBounds`, `NotFound`, `Forbidden`."""
    owner = set_up_employer(work, command.employer_id)
    override = Override(
        rule_id=command.rule_id,
        value=command.value,
        agreement=command.agreement,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
    )
    known = in_force(SETS, command.valid_from).rules
    if command.rule_id not in known:
        raise Invalid.field("rule_id", marked("Cette règle n'existe pas."))
    check_override(known[command.rule_id], override)
    row = EmployerRule(
        id=uuid4(),
        employer_id=owner.id,
        rule_id=command.rule_id,
        value=command.value,
        agreement=command.agreement,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
    )
    work.session.add(row)
    work.session.flush()
    work.record(GroupChanged(object_id=owner.id, changes=(("rule", "", command.rule_id),)))
    return row
