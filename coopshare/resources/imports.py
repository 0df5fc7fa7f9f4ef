"""What a file says of resources, line by line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from coopshare.documents.importing import Field, chosen, problems_of, typed_lines
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import Sentence, folded, marked
from coopshare.resources.commands import Create
from coopshare.resources.kinds import FEATURES, RESOURCE_KINDS
from coopshare.resources.schemas import ResourceCreateSchema, loaded

FIELDS = (
    Field(
        name="name",
        title=marked("Nom"),
        help=marked("Comme tout le monde l'appelle"),
        example="Salle Verrière",
        is_required=True,
        also=("ressource",),
    ),
    Field(
        name="kind",
        title=marked("Type"),
        help=marked("Lieu, matériel, service ou personne"),
        example="Lieu",
        is_required=True,
    ),
    Field(
        name="owner",
        title=marked("Propriétaire"),
        help=marked("Une organisation membre ; vide : la vôtre"),
        example="Atelier Nord",
        also=("organisation",),
    ),
    Field(
        name="quantity",
        title=marked("Combien"),
        help=marked("Combien il y en a ; vide : 1"),
        example="1",
        also=("quantite", "nombre"),
    ),
    Field(
        name="capacity",
        title=marked("Places"),
        help=marked("Pour combien de personnes"),
        example="14",
        also=("capacite",),
    ),
    Field(
        name="location",
        title=marked("Lieu"),
        help=marked("Bâtiment, étage"),
        example="Bâtiment A, 1er étage",
        also=("endroit", "emplacement"),
    ),
    Field(
        name="address",
        title=marked("Adresse"),
        help=marked("Rue, code postal, ville"),
        example="12 quai du Canal, 93000 Bobigny",
    ),
    Field(
        name="description",
        title=marked("Description"),
        help=marked("En quelques phrases"),
        example="Grande table, lumière du jour",
    ),
    Field(
        name="features",
        title=marked("Équipements"),
        help=marked("Séparés par des virgules : Wi-Fi, Vidéoprojecteur, Ascenseur…"),
        example="Wi-Fi, Vidéoprojecteur",
    ),
    Field(
        name="opening_hours",
        title=marked("Horaires"),
        help=marked("« lun-ven 8h-19h ; sam 9h-12h30 » ; vide : toujours"),
        example="lun-ven 8h-19h ; sam 9h-12h30",
        also=("ouverture",),
    ),
    Field(
        name="preparation_before",
        title=marked("Préparation avant"),
        help=marked("En minutes"),
        example="15",
    ),
    Field(
        name="preparation_after",
        title=marked("Préparation après"),
        help=marked("En minutes"),
        example="15",
    ),
    Field(
        name="needs_approval",
        title=marked("Sur accord"),
        help=marked("oui : chaque réservation attend une réponse ; non : elle est acquise"),
        example="non",
        also=("accord", "validation"),
    ),
)
RULES = ("preparation_before", "preparation_after", "needs_approval")
YES_NO = {"true": marked("oui"), "false": marked("non")}
OF_COLUMN = {"closes": "opening_hours", "opens": "opening_hours", "rules": "needs_approval"}
WEEKDAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
TIMES = re.compile(r"(\d{1,2})\s*[h:]\s*(\d{2})?\s*-\s*(\d{1,2})\s*[h:]\s*(\d{2})?")
SEGMENT = re.compile(r"(?P<days>[a-z][a-z .,-]*?)\s*:?\s*(?P<times>\d.*)")
HOURS = marked("Écrivez les horaires ainsi : « lun-ven 8h-19h ; sam 9h-12h30 ».")
NOT_A_CHOICE = marked("« {typed} » n'est pas dans la liste. {known}.")
NOBODY = UUID(int=0)
"""Stands for the owner until its name is looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLine:
    """A line that was read: what it asks for, or what is wrong with it."""

    number: int
    label: str
    owner: str
    """The name of an organisation; empty: the actor's own."""
    command: Create | None
    problems: tuple[tuple[str, Sentence], ...] = field(default=())


def read_resources(content: bytes) -> Sequence[ResourceLine]:
    """Return the lines of a file; raises `Invalid` on `file` when it cannot be read at all."""
    return [_line(one.number, one.values) for one in typed_lines(content, FIELDS)]


def _line(number: int, typed: Mapping[str, str]) -> ResourceLine:
    problems: list[tuple[str, Sentence]] = []
    said: dict[str, Any] = {"name": typed.get("name", ""), "owner_id": str(NOBODY)}
    kind = _choice(typed, "kind", {str(k): v for k, v in RESOURCE_KINDS.items()}, problems)
    said["kind"] = kind or "place"
    if not typed.get("kind"):
        problems.append((_title("kind"), Sentence(marked("Cette réponse est nécessaire."))))
    for name in ("quantity", "capacity", "location", "address", "description"):
        if typed.get(name):
            said[name] = typed[name]
    rules: dict[str, Any] = {name: typed[name] for name in RULES[:2] if typed.get(name)}
    approval = _choice(typed, "needs_approval", YES_NO, problems)
    if approval:
        rules["needs_approval"] = approval == "true"
    if rules:
        said["rules"] = rules
    features = [one.strip() for one in typed.get("features", "").split(",") if one.strip()]
    codes = [_choice({"features": one}, "features", FEATURES, problems) for one in features]
    said["features"] = list(dict.fromkeys(code for code in codes if code))
    command = None
    try:
        said["opening_hours"] = opening_hours(typed.get("opening_hours", ""))
        command = loaded(ResourceCreateSchema(), said)
    except Invalid as error:
        problems += problems_of(error, FIELDS, OF_COLUMN)
    return ResourceLine(
        number=number,
        label=typed.get("name", ""),
        owner=typed.get("owner", ""),
        command=command,
        problems=tuple(problems),
    )


def opening_hours(text: str) -> list[dict[str, Any]]:
    """Return hours as they are typed, in the shape of the API; raises `Invalid`."""
    found: list[dict[str, Any]] = []
    plain = folded(text).replace("–", "-").replace(" au ", "-").replace(" a ", "-")
    for segment in re.split(r"[;\n]", plain):
        if not segment.strip():
            continue
        parts = SEGMENT.fullmatch(segment.strip())
        spans = TIMES.findall(parts["times"]) if parts else []
        left = TIMES.sub("", parts["times"]) if parts else "?"
        if not parts or not spans or re.sub(r"\bet\b|[ ,+]", "", left):
            raise Invalid.field("opening_hours", HOURS)
        found += [
            {"weekday": day, "opens": _time(*span[:2]), "closes": _time(*span[2:])}
            for day in _days(parts["days"])
            for span in spans
        ]
    return found


def _time(hour: str, minute: str) -> str:
    return f"{int(hour):02}:{minute or '00'}"


def _days(text: str) -> list[int]:
    """Return weekdays: « lun-ven », « lundi, mercredi », « tous les jours »."""
    if text.replace(".", "").strip() in {"tous les jours", "tlj"}:
        return list(range(7))
    days: list[int] = []
    for part in re.split(r",|\bet\b", text):
        ends = [word.strip(" .")[:3] for word in part.split("-")]
        if any(end not in WEEKDAYS for end in ends) or len(ends) > 2:  # noqa: PLR2004 - from, to
            raise Invalid.field("opening_hours", HOURS)
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        days += [day % 7 for day in range(first, (last if last >= first else last + 7) + 1)]
    return days


def _choice(
    typed: Mapping[str, str],
    name: str,
    options: Mapping[str, str],
    problems: list[tuple[str, Sentence]],
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
