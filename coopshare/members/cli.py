"""`coopshare cooperative add`, `user add`, `token create`: for whoever runs the installation."""

from collections.abc import Sequence
from pathlib import Path

import click
from marshmallow import ValidationError

from coopshare.db.work import Work
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import Invalid, NotFound
from coopshare.kernel.text import folded, marked
from coopshare.members import services, tokens
from coopshare.members.commands import (
    AddCooperative,
    AddOrganisation,
    AddPerson,
    ChangeCooperative,
    ChangeRole,
    CreateToken,
)
from coopshare.members.kinds import CooperativeKind, DoorNames, OrganisationKind, Standing
from coopshare.members.models import Cooperative, Person
from coopshare.members.pages.importing import IMPORTER
from coopshare.members.queries import (
    actor_named,
    affiliations,
    cooperative_named,
    memberships,
    person_by_email,
)
from coopshare.members.queries import (
    cooperative as current,
)
from coopshare.members.schemas import Address
from coopshare.web.console import Console, console

OPERATOR = Actor(door="cli")


@click.group(help="Les coopératives de cette installation.")
def cooperative() -> None:
    """Gather the commands about cooperatives."""


@cooperative.command("add", help="Ouvrir une coopérative, avec sa première organisation.")
@click.argument("slug", metavar="NOM_COURT")
@click.option("--name", required=True, metavar="NOM", help="Son nom.")
@click.option(
    "--kind", type=click.Choice([str(k) for k in CooperativeKind]), default="scic", help="Sa forme."
)
@click.option("--organisation", metavar="NOM", help="L'organisation qui la porte (son nom sinon).")
@click.option("--timezone", default="Europe/Paris", metavar="FUSEAU", help="Son fuseau horaire.")
@console
def cooperative_add(
    given: Console, slug: str, name: str, kind: str, organisation: str | None, timezone: str
) -> None:
    """Open a cooperative."""

    def begin(work: Work) -> None:
        command = AddCooperative(
            name=name, slug=slug, kind=CooperativeKind(kind), timezone=timezone
        )
        services.add_cooperative(work, command)
        first = AddOrganisation(
            name=organisation or name,
            kind=OrganisationKind.ASSOCIATION,
            standing=Standing.ASSOCIATE,
        )
        services.add_organisation(work, first)

    given.database.write(OPERATOR, begin)
    given.echo(marked("La coopérative {name} est ouverte."), name=name)


@cooperative.command(
    "change",
    help="Changer les réglages de la coopérative nommée avant la commande (--cooperative).",
)
@click.option("--name", metavar="NOM", help="Son nom.")
@click.option("--kind", type=click.Choice([str(k) for k in CooperativeKind]), help="Sa forme.")
@click.option("--timezone", metavar="FUSEAU", help="Son fuseau horaire (Europe/Paris…).")
@click.option("--currency", metavar="CODE", help="Sa monnaie (EUR, XPF, CHF).")
@click.option("--holidays", "holiday_area", metavar="CODE", help="Ses jours fériés (FR, 57, 974…).")
@click.option("--school-zone", metavar="ZONE", help="Sa zone scolaire (A, B, C ; vide : aucune).")
@click.option(
    "--doors",
    type=click.Choice([str(k) for k in DoorNames]),
    help="Ce que disent les écrans aux portes, de chaque réservation.",
)
@console
def cooperative_change(
    given: Console, /, kind: str | None, doors: str | None, **typed: str | None
) -> None:
    """Change the settings, as the person `--as` names, else as whoever runs the installation."""
    if not given.acting and not given.cooperative:
        raise Invalid.field(
            "cooperative", marked("Dites quelle coopérative : --cooperative NOM_COURT.")
        )
    acting = given.actor() if given.acting else _operator(given)
    known = CooperativeKind(kind) if kind else None
    told = DoorNames(doors) if doors else None

    def change(work: Work) -> Cooperative:
        version = current(work).version
        command = ChangeCooperative(version=version, kind=known, door_names=told, **typed)
        return services.change_cooperative(work, command)

    found = given.database.write(acting, change)
    given.echo(marked("Les réglages de {name} sont enregistrés."), name=found.name)


@click.group(help="Les comptes.")
def user() -> None:
    """Gather the commands about accounts."""


@user.command("add", help="Créer un compte, et lui donner un rôle dans une coopérative.")
@click.argument("email", metavar="ADRESSE")
@click.option("--name", metavar="NOM", help="Prénom et nom (le début de l'adresse sinon).")
@click.option(
    "--role",
    type=click.Choice([str(one) for one in Role]),
    default="member",
    help="Rôle, dans l'organisation dite avant la commande (--cooperative, --organisation).",
)
@console
def user_add(given: Console, email: str, name: str | None, role: str) -> None:
    """Make an account, or give a role to one there is; a mail lets its owner set a password."""
    address = _address(email)

    def add(work: Work) -> str:
        person = person_by_email(work, address)
        if person is None:
            made = AddPerson(email=address, name=name or address.split("@", maxsplit=1)[0])
            person = services.add_person(work, made)
        elif not given.cooperative:
            services.add_person(work, AddPerson(email=address, name=person.name))
        if given.cooperative:
            _give(work, given, person, Role(role))
        if person.password_hash is None:
            services.ask_reset(work, address)
        return str(person.id)

    acting = _operator(given)
    click.echo(given.database.write(acting, add))
    given.echo(marked("Un message part à {email} pour choisir un mot de passe."), email=address)


def _give(work: Work, given: Console, person: Person, role: Role) -> None:
    """Add a role to those the person holds in the organisation named before the command."""
    found = [
        one
        for one in memberships(work)
        if not given.organisation or folded(one.organisation.name) == folded(given.organisation)
    ]
    if not found or (len(found) > 1 and not given.organisation):
        raise NotFound(message=marked("Dites pour quelle organisation : --organisation NOM."))
    place = found[0].organisation_id
    held = {row.role for row in affiliations(work, person_id=person.id, organisation_id=place)}
    command = ChangeRole(organisation_id=place, person_id=person.id, roles=frozenset(held | {role}))
    services.change_role(work, command)


def _operator(given: Console) -> Actor:
    """Return the operator, in the cooperative named before the command."""
    if not given.cooperative:
        return OPERATOR
    with given.database.read(OPERATOR) as work:
        found = cooperative_named(work, given.cooperative)
    return Actor(door="cli", cooperative_id=found.id, cooperative_name=found.name)


def _address(email: str) -> str:
    try:
        found: str = Address(254, required=True).deserialize(email)
    except ValidationError as error:
        raise Invalid.field("email", marked("Cette adresse n'est pas complète.")) from error
    return found


@click.group(help="Les clés d'accès des programmes.")
def token() -> None:
    """Gather the commands about keys."""


@token.command("create", help="Créer une clé pour une personne, et la montrer une fois.")
@click.argument("email", metavar="ADRESSE")
@click.option("--name", required=True, metavar="NOM", help="À quoi elle sert.")
@console
def token_create(given: Console, email: str, name: str) -> None:
    """Make a key; it is printed on the standard output, and nowhere else."""
    with given.database.read(OPERATOR) as work:
        acting = actor_named(work, email, given.cooperative, given.organisation)
    key = tokens.new()
    command = CreateToken(name=name, token_hash=tokens.hashed(key))
    given.database.write(acting, services.create_token, command)
    click.echo(key)
    given.echo(
        marked("Cette clé agit pour {name}, au nom de {organisation}. Elle ne sera plus montrée."),
        name=acting.person_name,
        organisation=acting.organisation_name,
    )


@click.group(name="import", help="Importer un tableau CSV ou XLSX : tout, ou rien.")
def import_() -> None:
    """Gather the imports."""


@import_.command("members", help="Importer des membres ; dit ce que devient chaque ligne.")
@click.argument(
    "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FICHIER"
)
@click.option("--dry-run", is_flag=True, help="Dire ce qui serait fait, sans rien écrire.")
@console
def import_members(given: Console, file: Path, *, dry_run: bool) -> None:
    """Import organisations and invite people."""
    IMPORTER.command(given, file, dry_run=dry_run)


commands: Sequence[click.Command] = (cooperative, user, token, import_)
