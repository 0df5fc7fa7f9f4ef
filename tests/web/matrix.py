"""Who may what, route by route and role by role, as the tables of policies say.

`python -m tests.web.matrix` writes it into tests/web/expected/authorisation.txt, which is read as
a diff in review; tests/web/test_matrix.py asks the application the same questions.
"""

import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from flask import Flask

from coopshare.bookings import policies as bookings
from coopshare.calendars import policies as calendars
from coopshare.calendars.models import FeedKind
from coopshare.exchanges import policies as exchanges
from coopshare.holds import policies as holds
from coopshare.kernel.actor import ANONYMOUS, Actor, Role
from coopshare.members import policies as members
from coopshare.pooled_staff import policies as team
from coopshare.reports import policies as reports
from coopshare.resources import policies as resources
from coopshare.resources.models import Resource
from coopshare.resources.services import is_managed_by
from coopshare.web.permissions import PUBLIC, permission_of
from tests.interfaces import any_app

FILE = Path(__file__).parent / "expected" / "authorisation.txt"
QUIET = frozenset({"HEAD", "OPTIONS"})

COOPERATIVE, HOME, NEXT, AWAY, ME, COLLEAGUE, NEIGHBOUR, STRANGER = (
    uuid.UUID(int=number) for number in range(1, 9)
)
"""Our cooperative, two organisations of it and one of another; me, and one person of each."""


class Relation(StrEnum):
    """Whose the thing is."""

    OWN = "own"
    """Mine."""
    OURS = "ours"
    """My organisation's: a colleague's, or what my organisation runs."""
    MANAGED = "managed"
    """Another organisation's, on a resource that mine manages."""
    OTHER = "other"
    """Another organisation's of my cooperative."""
    ELSEWHERE = "elsewhere"
    """Another cooperative's: what its people see of ours is the same question."""


class Verdict(StrEnum):
    """What the application has to answer."""

    MAY = "+"
    """It is done: never 401, 403 or 404."""
    REFUSED = "x"
    """403: an action above one's role, on what one may see."""
    HIDDEN = "-"
    """The same answer as for what does not exist."""
    UNKNOWN = "?"
    """One has to log in: 303 to the login for a page, 401 for the rest."""


O_O_E = (Relation.OURS, Relation.OTHER, Relation.ELSEWHERE)
OWN_TOO = (Relation.OWN, *O_O_E)
KINDS: dict[str, tuple[Relation, ...]] = {
    "": (),
    "organisation": O_O_E,
    "person": O_O_E,
    "invitation": O_O_E,
    "key": OWN_TOO,
    "feed": OWN_TOO,
    "file": OWN_TOO,
    "statement": O_O_E,
    "list": OWN_TOO,
    "device": OWN_TOO,
    "place": O_O_E,
    "followed": O_O_E,
    "resource": O_O_E,
    "photo": O_O_E,
    "screen": O_O_E,
    "closure": O_O_E,
    "label": O_O_E,
    "maintenance": O_O_E,
    "hand-over photo": (
        Relation.OWN,
        Relation.OURS,
        Relation.MANAGED,
        Relation.OTHER,
        Relation.ELSEWHERE,
    ),
    "closed day": (Relation.OURS, Relation.ELSEWHERE),
    "quota": (Relation.OURS, Relation.ELSEWHERE),
    "booking": (
        Relation.OWN,
        Relation.OURS,
        Relation.MANAGED,
        Relation.OTHER,
        Relation.ELSEWHERE,
    ),
    "slot": (Relation.OURS, Relation.MANAGED, Relation.OTHER, Relation.ELSEWHERE),
    "option": (
        Relation.OWN,
        Relation.OURS,
        Relation.MANAGED,
        Relation.OTHER,
        Relation.ELSEWHERE,
    ),
    "proposal": (
        Relation.OWN,
        Relation.OURS,
        Relation.MANAGED,
        Relation.OTHER,
        Relation.ELSEWHERE,
    ),
    "running": (
        Relation.OWN,
        Relation.OURS,
        Relation.MANAGED,
        Relation.OTHER,
        Relation.ELSEWHERE,
    ),
    "wait": (
        Relation.OWN,
        Relation.OURS,
        Relation.MANAGED,
        Relation.OTHER,
        Relation.ELSEWHERE,
    ),
    "offer": (
        Relation.OWN,
        Relation.OURS,
        Relation.MANAGED,
        Relation.OTHER,
        Relation.ELSEWHERE,
    ),
    "series": (
        Relation.OWN,
        Relation.OURS,
        Relation.MANAGED,
        Relation.OTHER,
        Relation.ELSEWHERE,
    ),
    "occurrence": (
        Relation.OWN,
        Relation.OURS,
        Relation.MANAGED,
        Relation.OTHER,
        Relation.ELSEWHERE,
    ),
    "taken": (Relation.OURS, Relation.MANAGED, Relation.OTHER, Relation.ELSEWHERE),
    "request": (
        Relation.OWN,
        Relation.OURS,
        Relation.MANAGED,
        Relation.OTHER,
        Relation.ELSEWHERE,
    ),
}
"""Each kind of thing that routes are about, in the relations that are asked about."""

TEAM = (Relation.OWN, Relation.OURS, Relation.OTHER, Relation.ELSEWHERE)
"""Of shared people: me, another person my organisation employs, one that another employs."""
KINDS |= {
    "half-day": TEAM,
    "leave": TEAM,
    "worker": TEAM,
    "convention": O_O_E,
    "draft convention": O_O_E,
    "signed convention": O_O_E,
    "employer": O_O_E,
}

DRAFTS = frozenset({"send_convention", "send", "amend", "new_amendment", "amend_convention"})
"""Verbs about a convention that nobody was sent yet."""

HANDED = {"collect": "to collect", "give_back": "out", "free": "given back"}
"""Verbs of handing over -> what the booking they are about has come to."""
KINDS |= {
    f"booking {state}": (
        Relation.OWN,
        Relation.OURS,
        Relation.MANAGED,
        Relation.OTHER,
        Relation.ELSEWHERE,
    )
    for state in HANDED.values()
}

BY_ARGUMENTS = {
    ("organisation_id",): "organisation",
    ("organisation_id", "person_id"): "person",
    ("invitation_id",): "invitation",
    ("token_id",): "key",
    ("feed_id",): "feed",
    ("file_id",): "file",
    ("statement_id",): "statement",
    ("resource_id",): "resource",
    ("photo_id",): "photo",
    ("closure_id",): "closure",
    ("code",): "label",
    ("maintenance_id",): "maintenance",
    ("hand_over_photo_id",): "hand-over photo",
    ("day_id",): "closed day",
    ("quota_id",): "quota",
    ("booking_id",): "booking",
    ("screen_id",): "screen",
    ("wait_id",): "wait",
    ("series_id",): "series",
    ("assignment_id",): "half-day",
    ("leave_id",): "leave",
    ("worker_id",): "worker",
    ("employer_id",): "employer",
    ("placement_id",): "convention",
    ("number", "placement_id"): "convention",
}
"""Arguments of an address -> the kind of thing they name."""

IN_BODY = {
    ("bookings.book", "POST"): "slot",
    ("bookings.join_waiting", "POST"): "taken",
    ("waiting_api.join", "POST"): "taken",
    ("bookings_api.book", "POST"): "slot",
    ("bookings_api.quote", "POST"): "slot",
    ("calendars.create", "POST"): "followed",
    ("calendars_api.create", "POST"): "followed",
    ("holds.closures", "POST"): "resource",
    ("holds_api.close", "POST"): "resource",
    ("holds.maintenances", "POST"): "resource",
    ("holds_api.open_maintenance", "POST"): "resource",
    ("holds_api.availability", "GET"): "resource",
    ("members.end_session", "POST"): "device",
    ("members.switch", "POST"): "place",
    ("members-api.invite", "POST"): "organisation",
    ("planning.data", "GET"): "resource",
    ("resources.make_labels", "POST"): "resource",
    ("resources_api.create", "POST"): "organisation",
    ("screens_api.create", "POST"): "resource",
}
"""Routes that are told by their body or their query what they are about."""


@dataclass(frozen=True, slots=True)
class Call:
    """A route and one of its methods."""

    endpoint: str
    method: str
    path: str
    permission: str
    kind: str
    """Of the thing it is about; empty: none."""
    anywhere: bool
    """Also for a person who belongs to no cooperative (any more)."""

    @property
    def is_public(self) -> bool:
        """Tell whether it is for everybody."""
        return self.permission == PUBLIC


def calls(app: Flask) -> list[Call]:
    """Return every call of the application, static files apart."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        declared = str(permission_of(app, rule.endpoint))
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - QUIET):
            kind = IN_BODY.get((rule.endpoint, method), "")
            if declared != PUBLIC and rule.arguments:
                kind = kind_of(rule.rule, tuple(sorted(rule.arguments)), rule.endpoint)
            found.append(
                Call(
                    rule.endpoint,
                    method,
                    rule.rule,
                    declared,
                    kind,
                    getattr(view, "anywhere", False),
                )
            )
    return sorted(found, key=lambda call: (call.path, call.method, call.endpoint))


def kind_of(path: str, arguments: tuple[str, ...], endpoint: str) -> str:
    """Return the kind of thing an address is about; fails for one this matrix cannot make."""
    if arguments not in BY_ARGUMENTS:
        message = (
            f"The route {path} ({endpoint}) names a thing by {', '.join(arguments)}, which the"
            " matrix cannot make: add it to BY_ARGUMENTS and KINDS of tests/web/matrix.py, with"
            " its verdict, and to tests/web/things.py."
        )
        raise LookupError(message)
    kind = BY_ARGUMENTS[arguments]
    if kind == "file" and endpoint.startswith("resources."):
        return "list"  # a file of resources, not of members
    verb = endpoint.split(".")[1]
    if kind == "convention" and verb in DRAFTS:
        return "draft convention"
    if kind == "convention" and verb == "end":
        return "signed convention"
    if kind == "wait" and verb == "accept":
        return "offer"
    if kind == "booking" and verb == "confirm":
        return "option"
    if kind == "booking" and verb in {"leave_series", "add_date"}:
        return "occurrence"
    if kind == "booking" and verb in {"check_in", "leave"}:
        return "running"
    if kind == "booking" and endpoint.startswith("handing") and verb in HANDED:
        return f"booking {HANDED[verb]}"
    if kind == "booking" and verb in {"approve", "refuse", "propose", "request_page"}:
        return "request"
    return "proposal" if kind == "booking" and verb in {"accept", "decline", "proposal"} else kind


def organisation_of(relation: Relation) -> uuid.UUID:
    """Return the organisation a thing belongs to."""
    if relation is Relation.ELSEWHERE:
        return AWAY
    return HOME if relation in {Relation.OWN, Relation.OURS} else NEXT


def manager_of(kind: str, relation: Relation) -> uuid.UUID:
    """Return the organisation that manages the resource of a thing."""
    if relation is Relation.ELSEWHERE:
        return AWAY
    if kind in {
        "booking",
        "occurrence",
        "option",
        "proposal",
        "request",
        "series",
        "running",
        "slot",
        "taken",
        "wait",
        "offer",
        "hand-over photo",
        *(f"booking {state}" for state in HANDED.values()),
    }:  # what we book is not ours: being ours is enough
        return HOME if relation is Relation.MANAGED else NEXT
    return HOME if relation is Relation.OURS else NEXT


def person_of(relation: Relation) -> uuid.UUID:
    """Return the person a thing belongs to."""
    return {
        Relation.OWN: ME,
        Relation.OURS: COLLEAGUE,
        Relation.MANAGED: NEIGHBOUR,
        Relation.OTHER: NEIGHBOUR,
        Relation.ELSEWHERE: STRANGER,
    }[relation]


def actor_with(role: Role) -> Actor:
    """Return me, with one role in my organisation."""
    return Actor(
        door="web",
        person_id=ME,
        person_name="Moi",
        cooperative_id=COOPERATIVE,
        cooperative_name="Le Phares",
        organisation_id=HOME,
        organisation_name="Ici",
        standing="associate",
        roles=frozenset({role}),
    )


def suspended() -> Actor:
    """Return me, once my cooperative has suspended me: known, and nowhere at home."""
    return Actor(door="web", person_id=ME, person_name="Moi")


WHO: dict[str, Actor] = {
    "anonymous": ANONYMOUS,
    "suspended": suspended(),
    **{str(role): actor_with(role) for role in Role},
}
"""Everybody who asks, by name."""


def verdict(actor: Actor, call: Call, relation: Relation | None = None) -> Verdict:
    """Return what the policies make of a call about a thing."""
    if call.is_public:
        return Verdict.MAY
    if not actor.is_known:
        return Verdict.UNKNOWN
    if actor.cooperative_id is None and not call.anywhere:
        return Verdict.REFUSED
    if call.kind == "place":
        is_mine = relation is Relation.OURS and actor.cooperative_id is not None
        return Verdict.MAY if is_mine else Verdict.HIDDEN
    if call.kind in {"key", "feed", "device"}:
        return Verdict.MAY if relation is Relation.OWN else Verdict.HIDDEN
    if call.kind in {"file", "list"}:
        at_all = _BY_PACKAGE[call.permission.split(":")[0]](actor, call, None)
        is_mine = at_all is not Verdict.MAY or relation is Relation.OWN
        return at_all if is_mine else Verdict.HIDDEN
    if relation is Relation.ELSEWHERE:
        return Verdict.HIDDEN
    package = call.permission.split(":")[0]
    return _BY_PACKAGE[package](actor, call, relation)


def _told(may: object) -> Verdict:
    return Verdict.MAY if may else Verdict.REFUSED


def _members(actor: Actor, call: Call, relation: Relation | None) -> Verdict:
    place = organisation_of(relation) if relation else actor.organisation_id
    return _told(members.allows(actor, members.Permission(call.permission), place))


def _bookings(actor: Actor, call: Call, relation: Relation | None) -> Verdict:
    permission = bookings.Permission(call.permission)
    if call.kind == "label":  # leads everybody of the cooperative to the thing
        manager_id = manager_of("label", relation or Relation.OURS)
        managed = Resource(cooperative_id=COOPERATIVE, manager_id=manager_id)
        return _told(call.method == "GET" or is_managed_by(actor, managed))
    if relation is None:
        if permission is bookings.Permission.READ:
            return Verdict.MAY  # a list, of what one may see
        at_all = {
            bookings.Permission.BOOK: bookings.may_book,
            bookings.Permission.SCREENS: bookings.manages_something,
        }
        return _told(at_all[permission](actor))
    if permission is bookings.Permission.SCREENS:
        manager_id = manager_of(call.kind, relation)
        return _told(resources.may(actor, resources.Permission.EDIT, manager_id))
    if call.kind == "resource":
        return _told(resources.may(actor, resources.Permission.READ))
    manager = frozenset({manager_of(call.kind, relation)})
    stake = bookings.Stake(
        organisation_id=organisation_of(relation),
        person_id=person_of(relation),
        managers=manager,
        all_managers=manager,
        deciders=manager,
    )
    is_seen = bookings.allows(actor, bookings.Permission.READ, stake)
    if call.kind not in {"slot", "taken"} and not is_seen:
        return Verdict.HIDDEN
    may = bookings.allows(actor, permission, stake)
    if call.kind == "hand-over photo" and not may:
        return Verdict.HIDDEN  # for whom it is not, it is not there
    return _told(may)


WHOLE_QUOTAS = frozenset(
    {
        ("resources.edit_quota", "GET"),
        ("resources.edit_quota", "POST"),
        ("resources.end_quota", "POST"),
        ("resources.new_quota", "POST"),
        ("quotas_api.create", "POST"),
        ("quotas_api.change", "PATCH"),
        ("quotas_api.end", "DELETE"),
    }
)
"""Calls about a quota on everything: whoever manages one resource sets those of that one only."""


def _resources(actor: Actor, call: Call, relation: Relation | None) -> Verdict:
    permission = resources.Permission(call.permission)
    if (call.endpoint, call.method) in WHOLE_QUOTAS:
        return _told(resources.may(actor, resources.Permission.SET_QUOTAS))
    if relation is None:
        return _told(resources.may(actor, permission))
    manager = organisation_of(relation) if call.kind == "organisation" else None
    return _told(resources.may(actor, permission, manager or manager_of(call.kind, relation)))


def _holds(actor: Actor, call: Call, relation: Relation | None) -> Verdict:
    if call.permission == holds.Permission.SEE:
        return _told(resources.may(actor, resources.Permission.READ))
    managed = (
        Resource(cooperative_id=COOPERATIVE, manager_id=manager_of(call.kind, relation))
        if relation
        else None
    )
    return _told(holds.may_close(actor) and (managed is None or is_managed_by(actor, managed)))


def _calendars(actor: Actor, call: Call, relation: Relation | None) -> Verdict:
    if call.kind == "followed" and relation:
        organisation = organisation_of(relation)
        return _told(calendars.may_follow(actor, FeedKind.ORGANISATION, organisation))
    return _told(actor.organisation_id is not None)


def _reports(actor: Actor, _call: Call, _relation: Relation | None) -> Verdict:
    return _told(reports.may_see(actor))


def _exchanges(actor: Actor, call: Call, relation: Relation | None) -> Verdict:
    permission = exchanges.Permission(call.permission)
    if relation is None:
        return _told(exchanges.allows(actor, permission))
    is_read = exchanges.allows(actor, permission, organisation_of(relation))
    return Verdict.MAY if is_read else Verdict.HIDDEN


def _pooled_staff(actor: Actor, call: Call, relation: Relation | None) -> Verdict:
    permission = team.Permission(call.permission)
    if relation is None:
        return _told(team.allows(actor, permission))
    is_mine, is_ours = relation is Relation.OWN, relation in {Relation.OWN, Relation.OURS}
    plans = is_ours and actor.has_role(Role.PLANNER)
    administers = actor.has_role(Role.ADMINISTRATOR)
    if call.kind == "employer":
        return _told(permission is team.Permission.SEE or plans or administers)
    if call.kind.endswith("convention"):
        may = {
            team.Permission.READ_PLACEMENTS: plans or administers,
            team.Permission.SET_UP: plans or administers,
            team.Permission.SIGN: plans,
        }[permission]
        return _told(may) if plans or administers else Verdict.HIDDEN
    if not (is_mine or plans or (administers and call.kind == "half-day")):
        return Verdict.HIDDEN
    needs_planner = permission is team.Permission.PLAN or call.endpoint == "team.answer_leave"
    return _told(plans or not needs_planner)


_BY_PACKAGE = {
    "pooled_staff": _pooled_staff,
    "exchanges": _exchanges,
    "reports": _reports,
    "notifications": lambda actor, _call, _relation: _told(actor.person_id),
    "members": _members,
    "bookings": _bookings,
    "resources": _resources,
    "holds": _holds,
    "calendars": _calendars,
}

HEAD = """\
# Who may what: each route and method, its permission, the kind of thing it is about, and a sign
# for each role, one per relation of that kind in the order of the first table. Written by
# `python -m tests.web.matrix` from the tables of policies; tests/web/test_matrix.py asks the
# application the same questions.
#
#   +  it is done           x  403: above one's role, on what one may see
#   ?  one has to log in    -  the same answer as for what does not exist
"""


def lines(app: Flask) -> Iterator[str]:
    """Give the lines of the file."""
    yield HEAD.rstrip()
    yield ""
    for kind, relations in KINDS.items():
        if kind:
            yield f"{kind:<13} {' '.join(relations)}"
    yield ""
    known = calls(app)
    left = max(len(f"{call.method:<6} {call.path}") for call in known)
    yield f"{'':<{left}}  {'':<28} {'':<13} {' '.join(f'{name[:7]:<7}' for name in WHO)}".rstrip()
    for call in known:
        cells = [
            "".join(verdict(actor, call, relation) for relation in KINDS[call.kind])
            or verdict(actor, call).value
            for actor in WHO.values()
        ]
        signs = " ".join(f"{cell:<7}" for cell in cells)
        where = f"{call.method:<6} {call.path}"
        yield f"{where:<{left}}  {call.permission:<28} {call.kind:<13} {signs}".rstrip()


def told(app: Flask) -> str:
    """Return what the file has to say."""
    return "\n".join(lines(app)) + "\n"


if __name__ == "__main__":
    FILE.write_text(told(any_app()), encoding="utf-8")
    sys.stdout.write(f"{FILE.name} is written.\n")
