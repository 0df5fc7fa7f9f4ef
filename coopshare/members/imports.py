"""What a file says of members, line by line: an organisation, and a person to invite into it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from coopshare.documents.importing import Field, chosen, problems_of, typed_lines
from coopshare.kernel.actor import Role
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import Sentence, marked
from coopshare.members.commands import AddOrganisation
from coopshare.members.kinds import ORGANISATION_KINDS, ROLES, STANDINGS
from coopshare.members.schemas import InviteSchema, OrganisationSchema, loaded
from coopshare.members.siret import checked

FIELDS = (
    Field(
        name="organisation",
        title=marked("Organisation"),
        help=marked("Son nom ; la même sur plusieurs lignes pour plusieurs personnes"),
        example="Atelier Nord",
        is_required=True,
        also=("nom", "structure", "membre"),
    ),
    Field(
        name="kind",
        title=marked("Type"),
        help=marked("ACI, EI, AI, ETTI, EITI, EA, ESAT, GEIQ, association, entreprise…"),
        example="Association",
        also=("forme", "statut"),
    ),
    Field(
        name="standing",
        title=marked("Place"),
        help=marked("Associé, locataire, partenaire ou extérieur ; vide : associé"),
        example="Locataire",
    ),
    Field(
        name="siret", title=marked("SIRET"), help=marked("14 chiffres"), example="73282932000074"
    ),
    Field(
        name="email",
        title=marked("Courriel de l'organisation"),
        help=marked("Une adresse électronique"),
        example="contact@atelier-nord.example.org",
    ),
    Field(
        name="phone",
        title=marked("Téléphone"),
        help=marked("Comme on le compose"),
        example="01 23 45 67 89",
    ),
    Field(
        name="address",
        title=marked("Adresse"),
        help=marked("Rue, code postal, ville"),
        example="12 quai du Canal, 93000 Bobigny",
    ),
    Field(
        name="since",
        title=marked("Membre depuis"),
        help=marked("Un jour, 2026-01-31 ou 31/01/2026 ; vide : aujourd'hui"),
        example="31/01/2026",
    ),
    Field(
        name="person",
        title=marked("Courriel de la personne"),
        help=marked("À qui envoyer une invitation ; vide : personne"),
        example="samira@atelier-nord.example.org",
        also=("personne", "courriel"),
    ),
    Field(
        name="role",
        title=marked("Rôle"),
        help=marked("Réserve, responsable, gère les ressources… ; vide : réserve"),
        example="Responsable",
    ),
)

ROLE_WORDS = {
    "reserve": Role.MEMBER,
    "membre": Role.MEMBER,
    "responsable": Role.ORGANISATION_MANAGER,
    "gere": Role.RESOURCE_MANAGER,
    "gere les ressources": Role.RESOURCE_MANAGER,
    "administre": Role.ADMINISTRATOR,
}
"""Short words for roles, besides the whole ones."""

OF_COLUMN = {"name": "organisation"}
NOT_A_CHOICE = marked("« {typed} » n'est pas dans la liste. {known}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """A line that was read: what it asks for, or what is wrong with it."""

    number: int
    label: str
    organisation: AddOrganisation | None
    """As it would be added."""
    email: str
    """Of the person; empty: nobody."""
    role: Role
    problems: tuple[tuple[str, Sentence], ...] = field(default=())


def read_members(content: bytes) -> Sequence[MemberLine]:
    """Return the lines of a file; raises `Invalid` on `file` when it cannot be read at all."""
    return [_line(one.number, dict(one.values)) for one in typed_lines(content, FIELDS)]


def _line(number: int, typed: dict[str, str]) -> MemberLine:
    problems: list[tuple[str, Sentence]] = []
    kind = _choice(typed, "kind", {str(k): v for k, v in ORGANISATION_KINDS.items()}, problems)
    standing = _choice(typed, "standing", {str(k): v for k, v in STANDINGS.items()}, problems)
    sheet: dict[str, Any] = {
        "name": typed.get("organisation", ""),
        "kind": kind or "association",
        "standing": standing or "associate",
        **{name: typed.get(name, "") for name in ("siret", "email", "phone", "address")},
    }
    if typed.get("since"):
        sheet["since"] = as_day(typed["since"])
    organisation = None
    try:
        made: AddOrganisation = loaded(OrganisationSchema(), sheet)
        checked(made.siret)
        organisation = made
    except Invalid as error:
        problems += problems_of(error, FIELDS, OF_COLUMN)
    email, role = typed.get("person", ""), Role.MEMBER
    if email:
        role = _role(typed, problems)
        try:
            email = loaded(InviteSchema(), {"email": email})["email"]
        except Invalid as error:
            problems += problems_of(error, FIELDS, {"email": "person"})
    elif typed.get("role"):
        sentence = Sentence(marked("Il manque le courriel de la personne qui a ce rôle."))
        problems.append((_title("person"), sentence))
    label = typed.get("organisation", "") + (f" · {email}" if email else "")
    return MemberLine(
        number=number,
        label=label,
        organisation=organisation,
        email=email,
        role=role,
        problems=tuple(problems),
    )


def as_day(typed: str) -> str:
    """Return a day as 2026-01-31, from that or from 31/01/2026; anything else as it is."""
    parts = typed.replace(".", "/").split("/")
    if len(parts) == 3 and all(part.isdecimal() for part in parts):  # noqa: PLR2004 - day/month/year
        day, month, year = parts
        return f"{year:0>4}-{month:0>2}-{day:0>2}"
    return typed


def _role(typed: dict[str, str], problems: list[tuple[str, Sentence]]) -> Role:
    said = typed.get("role", "").strip()
    short = chosen(said, {key: key for key in ROLE_WORDS})
    if short is not None:
        return ROLE_WORDS[short]
    found = _choice(typed, "role", {str(k): v for k, v in ROLES.items()}, problems)
    return Role(found) if found else Role.MEMBER


def _choice(
    typed: dict[str, str], name: str, options: dict[str, str], problems: list[tuple[str, Sentence]]
) -> str | None:
    said = typed.get(name, "")
    if not said:
        return None
    found = chosen(said, options)
    if found is None:
        one = next(one for one in FIELDS if one.name == name)
        data = {"typed": said[:60], "known": Sentence(one.help)}
        problems.append((one.title, Sentence(NOT_A_CHOICE, data)))
    return found


def _title(name: str) -> str:
    return next(one.title for one in FIELDS if one.name == name)
