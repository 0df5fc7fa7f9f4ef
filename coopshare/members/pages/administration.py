"""The first page of those who administer, and the journal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.db.models import AuditEntry
from coopshare.db.work import Work
from coopshare.kernel.facts import Fact
from coopshare.kernel.text import marked
from coopshare.members import queries
from coopshare.members.kinds import (
    COOPERATIVE_KINDS,
    CURRENCIES,
    HOLIDAY_AREAS,
    ROLES,
    SCHOOL_ZONES,
    STANDINGS,
)
from coopshare.members.models import Invitation, Organisation, Person
from coopshare.members.pages.routes import blueprint
from coopshare.members.pages.settings import zone_words
from coopshare.members.policies import Permission, allow
from coopshare.web.context import actor, reading
from coopshare.web.i18n import gettext
from coopshare.web.pages import address_maker, has_endpoint
from coopshare.web.pagination import by_instant, page
from coopshare.web.permissions import requires

CHECKLIST = "coopshare-checklist"
JOURNAL_PAGES = "coopshare-journal-pages"
"""Kind of object -> the page that shows one, and the name of its id in the address."""
"""Key of the steps that app.py plugs in."""
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a new cooperative: what to do, why, where, and whether it is done."""

    label: str
    why: str
    endpoint: str
    is_done: Callable[[Work], bool]


@blueprint.get("/administration")
@requires(Permission.ADMINISTER)
def administration() -> ResponseReturnValue:
    """Show what is to be done first, then the ways to everything."""
    with reading() as work:
        allow(work.actor, Permission.ADMINISTER)
        known: tuple[Step, ...] = current_app.extensions.get(CHECKLIST, ())
        steps = [(step, step.is_done(work)) for step in known if has_endpoint(step.endpoint)]
        return render_template(
            "members/administration.html",
            cooperative=queries.cooperative(work),
            cooperative_kinds=COOPERATIVE_KINDS,
            timezone=zone_words(queries.cooperative(work).timezone),
            holiday_areas=HOLIDAY_AREAS,
            school_zones=SCHOOL_ZONES,
            currencies=CURRENCIES,
            members=len(queries.memberships(work)),
            waiting=len(queries.invitations(work)),
            steps=steps,
            following=next((step for step, done in steps if not done), None),
        )


@blueprint.get("/administration/journal")
@requires(Permission.READ_JOURNAL)
def journal() -> ResponseReturnValue:
    """Tell who did what, most recent first."""
    with reading() as work:
        allow(work.actor, Permission.READ_JOURNAL)
        after = request.args.get("after")
        found = page(
            queries.journal(work, limit=PER_PAGE, after=by_instant(after)),
            PER_PAGE,
            lambda entry: (entry.at, entry.id),
        )
        url = url_for("members.journal", after=found.next) if found.next else None
        return render_template(
            "members/journal.html",
            lines=_sentences(work, list(found.items)),
            zone=actor().timezone,
            next_url=url,
            first_url=url_for("members.journal") if after else None,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal."""

    at: datetime
    sentence: str
    url: str
    """The page of what it happened to; empty where there is none."""
    detail: str
    door: str


DOORS = {
    "web": "",
    "api": marked("par l'API"),
    "cli": marked("par la ligne de commande"),
    "dav": marked("par un agenda"),
    "feed": marked("par un abonnement"),
    "worker": marked("automatiquement"),
    "demo": marked("à la mise en place de la démonstration"),
}


def _said() -> dict[str, str]:
    """Return the sentence of each kind of fact, of every package."""
    found: dict[str, str] = {}
    waiting = list(Fact.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind.said:
            found[kind.name] = kind.said
    return found


def _sentences(work: Work, entries: list[AuditEntry]) -> list[Line]:
    """Say each entry: three reads for all of them."""
    objects = {entry.object_id for entry in entries}
    people = queries.people(work, {e.person_id for e in entries if e.person_id} | objects)
    houses = queries.organisations(work, objects)
    invited = queries.invited(work, {e.object_id for e in entries if e.object_kind == "invitation"})
    said = _said()
    opened: Mapping[str, tuple[str, str]] = current_app.extensions.get(JOURNAL_PAGES, {})
    pages = {kind: address_maker(*where) for kind, where in opened.items()}
    return [
        Line(
            entry.at,
            gettext(said.get(entry.action, marked("{who} a agi : {action}."))).format(
                who=_who(entry, {key: person.name for key, person in people.items()}),
                what=_what(entry, houses, people, invited),
                action=entry.action,
            ),
            page_of(entry.object_id) if (page_of := pages.get(entry.object_kind)) else "",
            _detail(entry),
            gettext(DOORS.get(entry.door, "")) if DOORS.get(entry.door) else "",
        )
        for entry in entries
    ]


def _who(entry: AuditEntry, names: dict[UUID, str]) -> str:
    if entry.person_id is None:
        return "CoopShare"
    return names.get(entry.person_id) or str(gettext("Une personne partie depuis"))


def _what(
    entry: AuditEntry,
    houses: dict[UUID, Organisation],
    people: dict[UUID, Person],
    invited: dict[UUID, Invitation],
) -> str:
    found = houses.get(entry.object_id) or people.get(entry.object_id)
    if found is not None:
        return found.name
    if entry.object_id in invited:
        return invited[entry.object_id].email
    return str(gettext("un élément"))


def _detail(entry: AuditEntry) -> str:
    """Say the codes of what changed, where they are ours to say."""
    words = {**{str(k): v for k, v in STANDINGS.items()}, **{str(k): v for k, v in ROLES.items()}}
    parts = []
    for name in ("roles", "role", "standing"):
        if name in entry.changes:
            before, after = (
                ", ".join(gettext(words.get(code, code)) for code in str(codes).split())
                for codes in entry.changes[name]
            )
            parts.append(f"{before} → {after or '–'}" if before else after)
    return " ; ".join(parts)
