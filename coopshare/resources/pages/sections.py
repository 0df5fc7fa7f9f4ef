"""The long form of a resource in sections: what each one says now, and which are open."""

from collections.abc import Mapping
from dataclasses import dataclass

from coopshare.kernel.text import Sentence, enumerated, marked
from coopshare.resources import wording
from coopshare.resources.approval import rules_said
from coopshare.resources.models import Resource
from coopshare.resources.pages.shapes import LINES
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, language, ngettext, say

FIELDS: Mapping[str, tuple[str, ...]] = {
    "quoi": (
        "name",
        "kind",
        "owner_id",
        "manager_id",
        "description",
        "capacity",
        "quantity",
        "features",
    ),
    "lieu": ("location", "address", "access_notes", "timezone"),
    "horaires": ("hours_", "closed_on_holidays", "closed_in_school_holidays"),
    "regles": (
        "step",
        "slots",
        "shortest",
        "longest",
        "notice",
        "horizon",
        "preparation_",
        "standings",
        "option_longest",
        "waiting_delay",
        "check_in_within",
        "hand_over",
    ),
    "accord": ("needs_approval", "approval_", "approvers"),
    "tarifs": ("standing_", "price_", "unit_", "note_"),
    "parties": ("parts",),
}
"""Id of a section -> its fields; a name that ends with "_" stands for all that begin so."""
FREE_LINES = 3
"""Empty lines of tariffs below those that are filled."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section as it is folded: what it says now, and whether it is open."""

    glance: str
    is_open: bool


def sections(form: Form, resource: Resource, parts: list[Resource]) -> dict[str, Section]:
    """Return the sections by id; one with an error is open, and the first where there is none."""
    wrong = {
        key
        for key, names in FIELDS.items()
        if any(_is_among(field, names) for field in form.errors)
    }
    glances = {
        "quoi": "",
        "lieu": resource.location or gettext("À préciser"),
        "horaires": _hours(resource),
        "regles": say(wording.rules(resource, "")[0]),
        "accord": _approval(resource),
        "tarifs": _count(len(resource.tariffs)),
        "parties": enumerated([part.name for part in parts], gettext("et")) or gettext("Aucune"),
    }
    return {key: Section(glance, key in (wrong or {"quoi"})) for key, glance in glances.items()}


def _is_among(field: str, names: tuple[str, ...]) -> bool:
    return any(field.startswith(name) if name.endswith("_") else field == name for name in names)


def _hours(resource: Resource) -> str:
    """Say when it is open: « lundi à vendredi, 9 h – 18 h »."""
    week = wording.week(resource)
    if all(days.is_whole_day for days in week):
        return str(gettext("Tous les jours, à toute heure"))
    said = [f"{days.days.say(language())}, {say(days.hours)}" for days in week if days.hours.spans]
    return " ; ".join(said)


def _approval(resource: Resource) -> str:
    """Say which requests wait for somebody."""
    confirmed = Sentence(marked("La réservation est confirmée tout de suite."))
    return " ".join(say(one) for one in rules_said(resource) or [confirmed])


def _count(number: int) -> str:
    if not number:
        return str(gettext("Aucun"))
    return str(ngettext("%(num)d ligne", "%(num)d lignes", number))


def lines(form: Form) -> range:
    """Return the lines of tariffs that are shown: the filled ones, and a few free ones."""
    filled = [n for n in range(LINES) if form.value(f"price_{n}") or form.value(f"note_{n}")]
    return range(min(LINES, max(filled, default=-1) + 1 + FREE_LINES))
