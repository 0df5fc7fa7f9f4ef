"""Importing members: what becomes of every line, then all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.documents.importing import Outcome, Preview, Seen, problems_of
from coopshare.kernel.actor import Role
from coopshare.kernel.errors import Busy, CoopShareError
from coopshare.kernel.text import Sentence, folded, marked
from coopshare.members.commands import Invite
from coopshare.members.imports import FIELDS, MemberLine
from coopshare.members.models import Affiliation, Invitation, Person
from coopshare.members.policies import Permission, allow
from coopshare.members.queries import cooperative, is_current, today
from coopshare.members.queries.roll import roll
from coopshare.members.services.invitations import invite
from coopshare.members.services.organisations import add_organisation
from coopshare.members.siret import checked

ADDED = marked("Organisation à ajouter.")
INVITED = marked("Invitation à envoyer.")
KNOWN = marked("L'organisation est déjà membre.")
KNOWN_AS = marked("Ce SIRET est celui d'un membre, sous le nom {name}.")
SAME_AS = marked("L'organisation est celle de la ligne {line}.")
THERE = marked("Cette personne a déjà ce rôle.")
WAITING = marked("Une invitation attend déjà sa réponse.")
TWICE = marked("Cette invitation est déjà à la ligne {line}.")


@dataclass(slots=True)
class _Known:
    """The members there are, and those that the lines before bring."""

    by_name: dict[str, UUID | int] = field(default_factory=dict)
    """Folded name -> id of a member, or number of the line that adds it."""
    by_siret: dict[str, UUID | int] = field(default_factory=dict)
    names: dict[UUID | int, str] = field(default_factory=dict)
    sirets: dict[UUID | int, str] = field(default_factory=dict)
    gone: set[UUID | int] = field(default_factory=set)
    people: dict[tuple[UUID | int, str, Role], Sentence] = field(default_factory=dict)
    """Who is in or invited already: what is said of it."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A line, what is said of it, and what is to be done."""

    line: MemberLine
    seen: Seen
    member: UUID | int = 0
    adds: bool = False
    invites: bool = False


def preview_members(work: Work, lines: Sequence[MemberLine]) -> Preview:
    """Tell what becomes of every line. Raises `Forbidden` for who does not administer."""
    return Preview([step.seen for step in _steps(work, lines)])


def import_members(work: Work, lines: Sequence[MemberLine]) -> Preview:
    """Add the organisations, then invite the people; nothing at all if a line has an error.

    A preview with errors is returned without more: the caller gives the unit up.
    """
    steps = _steps(work, lines)
    found = Preview([step.seen for step in steps])
    if not found.is_possible:
        return found
    day = today(work, cooperative(work))
    added: dict[UUID | int, UUID] = {}
    refusals: dict[int, CoopShareError] = {}
    for step in steps:
        if step.adds and step.line.organisation is not None:
            command = replace(step.line.organisation, since=step.line.organisation.since or day)
            try:
                added[step.line.number] = add_organisation(work, command).id
            except Busy:
                raise
            except CoopShareError as error:
                refusals[step.line.number] = error
    for step in steps if not refusals else ():
        if step.invites:
            home = added.get(step.member, step.member)
            command_ = Invite(
                organisation_id=home if isinstance(home, UUID) else UUID(int=0),
                email=step.line.email,
                role=step.line.role,
            )
            try:
                invite(work, command_)
            except Busy:
                raise
            except CoopShareError as error:
                refusals[step.line.number] = error
    return Preview(
        [
            replace(
                step.seen,
                outcome=Outcome.ERROR,
                notes=(),
                problems=problems_of(refusals[step.line.number], FIELDS),
            )
            if step.line.number in refusals
            else step.seen
            for step in steps
        ]
    )


def _steps(work: Work, lines: Sequence[MemberLine]) -> list[_Step]:
    allow(work.actor, Permission.ADMINISTER)
    if not lines:
        return []
    known = _known(work)
    return [_step(known, line) for line in lines]


def _known(work: Work) -> _Known:
    found = _Known()
    members = roll(work)
    day = today(work, members.cooperative)
    for one in members:
        sheet = one.organisation
        found.by_name[folded(sheet.name)] = sheet.id
        found.names[sheet.id] = sheet.name
        if sheet.siret:
            found.by_siret[sheet.siret] = sheet.id
            found.sirets[sheet.id] = sheet.siret
        if not is_current(one, day):
            found.gone.add(sheet.id)
    for organisation_id, email, role in work.session.execute(
        select(Affiliation.organisation_id, Person.email, Affiliation.role).join(Affiliation.person)
    ):
        found.people[organisation_id, email, role] = Sentence(THERE)
    for organisation_id, email, role in work.session.execute(
        select(Invitation.organisation_id, Invitation.email, Invitation.role).where(
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > work.now,
        )
    ):
        found.people.setdefault((organisation_id, email, role), Sentence(WAITING))
    return found


def _step(known: _Known, line: MemberLine) -> _Step:
    if line.problems or line.organisation is None:
        return _Step(line, _seen(line, Outcome.ERROR, problems=line.problems))
    sheet = line.organisation
    siret, name = checked(sheet.siret), folded(sheet.name)
    member = known.by_siret.get(siret) if siret else None
    member = member if member is not None else known.by_name.get(name)
    notes: list[Sentence] = []
    adds = member is None
    if member is None:
        member = line.number
        known.by_name[name], known.names[member] = member, sheet.name
        if siret:
            known.by_siret[siret] = member
            known.sirets[member] = siret
        notes.append(Sentence(ADDED))
    else:
        wrong = _mismatch(known, member, siret)
        if wrong is not None:
            return _Step(line, _seen(line, Outcome.ERROR, problems=(wrong,)))
        notes.append(_same(known, member, name))
    invites = bool(line.email)
    if invites:
        key = (member, line.email, line.role)
        invites = key not in known.people
        notes.append(known.people.get(key, Sentence(INVITED)))
        known.people.setdefault(key, Sentence(TWICE, {"line": line.number}))
    outcome = Outcome.CREATED if adds or invites else Outcome.PRESENT
    return _Step(line, _seen(line, outcome, notes=tuple(notes)), member, adds, invites)


def _mismatch(known: _Known, member: UUID | int, siret: str) -> tuple[str, Sentence] | None:
    """Return why a line cannot be about the member it seems to be about."""
    if member in known.gone:
        return (
            marked("Organisation"),
            Sentence(marked("Cette organisation n'est plus membre de la coopérative.")),
        )
    other = known.sirets.get(member)
    if siret and other and other != siret:
        return (
            marked("SIRET"),
            Sentence(
                marked("{name} a déjà un autre SIRET : {siret}. Vérifiez, ou changez le nom."),
                {"name": known.names[member], "siret": other},
            ),
        )
    return None


def _same(known: _Known, member: UUID | int, name: str) -> Sentence:
    if isinstance(member, int):
        return Sentence(SAME_AS, {"line": member})
    if folded(known.names[member]) != name:
        return Sentence(KNOWN_AS, {"name": known.names[member]})
    return Sentence(KNOWN)


def _seen(
    line: MemberLine,
    outcome: Outcome,
    *,
    notes: tuple[Sentence, ...] = (),
    problems: tuple[tuple[str, Sentence], ...] = (),
) -> Seen:
    return Seen(
        number=line.number, label=line.label, outcome=outcome, notes=notes, problems=problems
    )
