"""Importing resources: what becomes of every line, then all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.documents.importing import Outcome, Preview, Seen, problems_of
from coopshare.kernel.actor import Role
from coopshare.kernel.errors import Busy, CoopShareError
from coopshare.kernel.text import Sentence, folded, marked
from coopshare.members.queries import memberships
from coopshare.resources.commands import Create
from coopshare.resources.imports import FIELDS, ResourceLine
from coopshare.resources.models import Resource
from coopshare.resources.policies import Permission, allow, may
from coopshare.resources.services.editing import create

ADDED = marked("Sera au catalogue, pour {owner}.")
KNOWN = marked("Une ressource porte déjà ce nom.")
TWICE = marked("Ce nom est déjà à la ligne {line}.")
OWNER = marked("Propriétaire")


@dataclass(slots=True)
class _Known:
    """The members, and the names of resources there are and that the lines before bring."""

    owners: dict[str, tuple[UUID, str]]
    names: dict[str, Sentence] = field(default_factory=dict)


def preview_resources(work: Work, lines: Sequence[ResourceLine]) -> Preview:
    """Tell what becomes of every line. Raises `Forbidden` for who manages nothing."""
    return Preview([seen for seen, _ in _steps(work, lines)])


def import_resources(work: Work, lines: Sequence[ResourceLine]) -> Preview:
    """Declare the resources; nothing at all if a line has an error.

    A preview with errors is returned without more: the caller gives the unit up.
    """
    steps = _steps(work, lines)
    found = Preview([seen for seen, _ in steps])
    if not found.is_possible:
        return found
    told = []
    for seen, command in steps:
        told.append(seen)
        if command is None:
            continue
        try:
            create(work, command)
        except Busy:
            raise
        except CoopShareError as error:
            why = problems_of(error, FIELDS)
            told[-1] = replace(seen, outcome=Outcome.ERROR, notes=(), problems=why)
    return Preview(told)


def _steps(work: Work, lines: Sequence[ResourceLine]) -> list[tuple[Seen, Create | None]]:
    allow(work.actor, Permission.EDIT)
    if not lines:
        return []
    known = _Known(
        {
            folded(m.organisation.name): (m.organisation_id, m.organisation.name)
            for m in memberships(work)
        }
    )
    for name in work.session.scalars(select(Resource.name).where(Resource.is_listed)):
        known.names[folded(name)] = Sentence(KNOWN)
    return [_step(work, known, line) for line in lines]


def _step(work: Work, known: _Known, line: ResourceLine) -> tuple[Seen, Create | None]:
    if line.problems or line.command is None:
        return _wrong(line, line.problems), None
    mine = work.actor.organisation_id
    owner = known.owners.get(folded(line.owner or work.actor.organisation_name))
    if owner is None:
        sentence = Sentence(
            marked(
                "« {owner} » n'est pas membre. Importez d'abord les membres, ou vérifiez le nom."
            ),
            {"owner": line.owner or work.actor.organisation_name},
        )
        return _wrong(line, ((OWNER, sentence),)), None
    owner_id, owner_name = owner
    manager_id = owner_id if work.actor.has_role(Role.ADMINISTRATOR) or mine is None else mine
    if not may(work.actor, Permission.EDIT, manager_id):
        sentence = Sentence(marked("Vous ne gérez pas les ressources de cette organisation."))
        return _wrong(line, ((OWNER, sentence),)), None
    name = folded(line.command.name)
    if name in known.names:
        note = known.names[name]
        return _seen(line, Outcome.PRESENT, (note,)), None
    known.names[name] = Sentence(TWICE, {"line": line.number})
    values = {**line.command.values, "manager_id": manager_id}
    command = replace(line.command, owner_id=owner_id, values=values)
    return _seen(line, Outcome.CREATED, (Sentence(ADDED, {"owner": owner_name}),)), command


def _wrong(line: ResourceLine, problems: tuple[tuple[str, Sentence], ...]) -> Seen:
    return Seen(number=line.number, label=line.label, outcome=Outcome.ERROR, problems=problems)


def _seen(line: ResourceLine, outcome: Outcome, notes: tuple[Sentence, ...]) -> Seen:
    return Seen(number=line.number, label=line.label, outcome=outcome, notes=notes)
