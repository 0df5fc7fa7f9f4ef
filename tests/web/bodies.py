"""What each call of the matrix says, so that whoever may do it really does it."""

import io
import uuid
from collections.abc import Callable
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from coopshare.db.work import Work
from coopshare.kernel.actor import Actor, Role
from coopshare.pooled_staff.models import Placement
from tests.web.matrix import HOME, Call
from tests.web.things import PASSWORD, TAKEN, TOMORROW, Thing, Things, picture

BODY = "the whole body"
"""Stands for the bytes of a request that is neither a form nor JSON."""

PARIS = ZoneInfo("Europe/Paris")
NEW_PASSWORD = "une autre longue phrase"

Said: TypeAlias = dict[str, Any]
Body: TypeAlias = Callable[[Things, Thing], Said]

FROM, TO = "2027-03-08T08:00:00Z", "2027-03-08T10:00:00Z"
QUOTA_FORM = {
    "name": "Vingt heures",
    "effect": "free",
    "measure": "hours",
    "amount": "20",
    "period": "month",
    "holder": "organisation",
}
QUOTA = {"name": "Vingt heures", "is_free": True, "amount": 1200}
SHEET = {"name": "Une maison", "kind": "ei"}


def _nothing(_things: Things, _thing: Thing) -> Said:
    return {}


def _always(**said: Any) -> Body:
    return lambda _things, _thing: dict(said)


def _span(things: Things) -> Said:
    span = things.span()
    return {"starts_at": span.start.isoformat(), "ends_at": span.end.isoformat()}


def _named(_things: Things, thing: Thing) -> Said:
    return dict(thing.arguments)


def _slot(things: Things, thing: Thing) -> Said:
    return {
        "organisation_id": str(thing.organisation_id),
        "title": "Réunion",
        "lines": [{"resource_id": str(thing.resource_id)}],
        **_span(things),
    }


def _times(things: Things, thing: Thing) -> Said:
    return {
        "title": "Réunion",
        "resource_id": str(thing.resource_id),
        "quantity": "1",
        "day": things.day().isoformat(),
        "starts_at": "14:00",
        "ends_at": "15:00",
    }


def _close(things: Things, thing: Thing) -> Said:
    return {"resource_ids": [str(thing.resource_id)], "reason": "Travaux", **_span(things)}


def _followed(_things: Things, thing: Thing) -> Said:
    return {"kind": "organisation", "target_id": str(thing.organisation_id)}


def _invite(things: Things, thing: Thing) -> Said:
    return {
        "organisation_id": str(thing.organisation_id),
        "email": f"{things.word()}@example.org",
        "role": "administrator" if things.only_administrators else "member",
    }


def _half_day(things: Things, thing: Thing) -> Said:
    team = things.team(HOME)
    day = thing.day or team.monday()
    return {
        "worker_id": str(things.me_in_the_team().id),
        "day": day.isoformat(),
        "starts_at": "14:00",
        "ends_at": "16:00",
        "where": "common",
        "version": "2",
    }


def _moved_half_day(things: Things, thing: Thing) -> Said:
    team = things.team(thing.organisation_id)
    worker = team.worker(things.people[thing.person_id].email)
    return _half_day(things, thing) | {"worker_id": str(worker.id)}


def _leave(things: Things, _thing: Thing) -> Said:
    day = things.team(HOME).monday().isoformat()
    return {"kind": "paid", "first": day, "worker_id": str(things.me_in_the_team().id)}


def _own_leave(things: Things, thing: Thing) -> Said:
    return {name: said for name, said in _leave(things, thing).items() if name != "worker_id"}


def _published(things: Things, _thing: Thing) -> Said:
    team = things.team(HOME)
    day = team.monday().isoformat()
    return {"employer_id": str(team.employer.id), "first": day, "last": day}


def _assigned(things: Things, _thing: Thing) -> Said:
    day = things.team(HOME).monday().isoformat()
    return {
        "worker_id": str(things.me_in_the_team().id),
        "starts_at": f"{day}T14:00:00+02:00",
        "ends_at": f"{day}T16:00:00+02:00",
        "kind": "common",
    }


def _reassigned(things: Things, thing: Thing) -> Said:
    worker = things.team(thing.organisation_id).worker(things.people[thing.person_id].email)
    return {"to": _assigned(things, thing) | {"worker_id": str(worker.id)}}


def _asked_leave(things: Things, thing: Thing) -> Said:
    said = _assigned(things, thing)
    return {name: said[name] for name in ("worker_id", "starts_at", "ends_at")} | {"kind": "paid"}


TYPED_CLAUSES = {
    "starts_on": "2026-01-05",
    "unit": "week",
    "amount": "4",
    "price_mode": "cost_exact",
}
CLAUSES = {"starts_on": "2026-01-05", "unit": "week", "amount": 240, "price_mode": "cost_exact"}


def _contract(things: Things, _thing: Thing) -> Said:
    team = things.team(HOME)
    return {
        "worker_id": str(
            (
                team.without_contract(things.word())
                if Role.PLANNER in things.roles
                else things.me_in_the_team()
            ).id
        ),
        "position_id": str(team.position.id),
        "kind": "permanent",
        "starts_on": "2026-01-05",
        "weekly_minutes": 2100,
        "is_part_time": False,
        "gross_hourly_cents": 1650,
        "users": [str(team.member_id)],
    }


def _signed(things: Things, thing: Thing) -> Said:
    def find(work: Work) -> str:
        key = uuid.UUID(thing.arguments["placement_id"])
        return work.session.get_one(Placement, key).versions[-1].sha256

    actor = Actor(door="demo", cooperative_id=things.homes[thing.organisation_id][0].id)
    with things.database.read(actor) as work:
        return {"sha256": find(work), "quality": "Direction"}


BODIES: dict[tuple[str, str], Body] = {
    ("team.save_employer", "POST"): lambda things, _thing: {
        "organisation_id": str(things.not_an_employer()),
        "kind": "ge_association",
        "half_days": "9 h – 12 h 30, 13 h 30 – 17 h",
    },
    ("team.join_group", "POST"): lambda things, _thing: {
        "employer_id": str(things.team(HOME).employer.id),
        "organisation_id": str(things.another(HOME)),
        "since": "2026-01-05",
    },
    ("team.name_site", "POST"): lambda things, _thing: {
        "employer_id": str(things.team(HOME).employer.id),
        "organisation_id": str(things.team(HOME).member_id),
        "name": "Bureau",
    },
    ("team.add_position", "POST"): lambda things, _thing: {
        "employer_id": str(things.team(HOME).employer.id),
        "title": "CIP",
        "weekly_minutes": "35",
        "starts_on": "2026-01-05",
    },
    ("team.add_worker", "POST"): lambda things, _thing: {
        "employer_id": str(things.team(HOME).employer.id),
        "name": "Ève",
        "email": f"{things.word()}@example.org",
    },
    ("team.add_contract", "POST"): lambda things, thing: {
        "position_id": str(things.team(thing.organisation_id).position.id),
        "kind": "permanent",
        "starts_on": things.day().isoformat(),
        "weekly_minutes": "35",
        "gross_hourly_cents": "16,50",
        "users": [str(things.team(thing.organisation_id).member_id)],
    },
    ("team.draw_convention", "POST"): lambda things, _thing: {
        "employer_id": str(things.team(HOME).employer.id),
        "organisation_id": str(things.team(HOME).member_id),
        "position_id": str(things.team(HOME).position.id),
        **TYPED_CLAUSES,
    },
    ("team.amend_convention", "POST"): _always(version="1", **TYPED_CLAUSES),
    ("group_api.add_employer", "POST"): lambda things, _thing: {
        "organisation_id": str(things.not_an_employer()),
        "kind": "ge_association",
    },
    ("group_api.add_member", "POST"): lambda things, thing: {
        "organisation_id": str(things.another(thing.organisation_id)),
        "since": "2026-01-05",
    },
    ("group_api.add_site", "POST"): lambda things, thing: {
        "organisation_id": str(things.team(thing.organisation_id).member_id),
        "name": "Bureau",
    },
    ("group_api.add_position", "POST"): lambda things, _thing: {
        "employer_id": str(things.team(HOME).employer.id),
        "title": "CIP",
        "weekly_minutes": 2100,
        "starts_on": "2026-01-05",
    },
    ("group_api.add_worker", "POST"): lambda things, _thing: {
        "employer_id": str(things.team(HOME).employer.id),
        "name": "Ève",
        "email": f"{things.word()}@example.org",
    },
    ("group_api.add_contract", "POST"): _contract,
    ("placements_api.draw", "POST"): lambda things, _thing: {
        "employer_id": str(things.team(HOME).employer.id),
        "organisation_id": str(things.team(HOME).member_id),
        "position_id": str(things.team(HOME).position.id),
        "clauses": CLAUSES,
    },
    ("placements_api.amend", "POST"): _always(version=1, clauses=CLAUSES),
    ("placements_api.send", "POST"): _always(version=1),
    ("placements_api.accept", "POST"): _signed,
    ("placements_api.end", "POST"): _always(version=2, last_day="2027-06-30"),
    ("assignments_api.assign", "POST"): _assigned,
    ("assignments_api.look", "POST"): _assigned,
    ("assignments_api.publish", "POST"): _published,
    ("assignments_api.reassign", "PATCH"): _reassigned,
    ("assignments_api.call_off", "DELETE"): _nothing,
    ("leaves_api.ask", "POST"): _asked_leave,
    ("leaves_api.decide", "POST"): _always(version=1, is_accepted=True),
    ("leaves_api.cancel", "DELETE"): _nothing,
    ("team.add_half_day", "POST"): _half_day,
    ("team.change_half_day", "POST"): _moved_half_day,
    ("team.call_off", "POST"): _always(version="2"),
    ("team.write_absence", "POST"): _leave,
    ("team.ask_leave", "POST"): _own_leave,
    ("team.answer_leave", "POST"): _always(version="1", act="accept"),
    ("team.publish", "POST"): _published,
    ("team.send_convention", "POST"): _always(version="1"),
    ("team.accept_convention", "POST"): _signed,
    ("bookings.book", "POST"): lambda things, thing: (
        _times(things, thing) | {"organisation_id": str(thing.organisation_id)}
    ),
    ("bookings.change", "POST"): lambda things, thing: _times(things, thing) | {"version": "1"},
    ("bookings.cancel", "POST"): _always(version="1", reason=""),
    ("bookings.join_waiting", "POST"): lambda things, thing: (
        _times(things, thing)
        | {
            "organisation_id": str(thing.organisation_id),
            "day": TAKEN.start.astimezone(PARIS).date().isoformat(),
            "starts_at": TAKEN.start.astimezone(PARIS).time().isoformat("minutes"),
            "ends_at": TAKEN.end.astimezone(PARIS).time().isoformat("minutes"),
        }
    ),
    ("waiting_api.join", "POST"): lambda things, thing: (
        _slot(things, thing)
        | {"starts_at": TAKEN.start.isoformat(), "ends_at": TAKEN.end.isoformat()}
    ),
    ("bookings.leave_waiting", "POST"): _nothing,
    ("waiting_api.accept", "POST"): _nothing,
    ("waiting_api.leave", "POST"): _nothing,
    ("bookings.repeat", "POST"): _always(version="1", repeat="DAILY", ends="times", times="2"),
    ("bookings.add_date", "POST"): lambda _things, thing: {"do": "series", "day": str(thing.day)},
    ("bookings.leave_series", "POST"): _always(version="1"),
    ("bookings.confirm", "POST"): _always(version="1"),
    ("bookings.check_in", "POST"): _nothing,
    ("bookings.add_screen", "POST"): _always(name="Porte"),
    ("bookings.renew_screen", "POST"): _nothing,
    ("bookings.stop_screen", "POST"): _nothing,
    ("screens_api.create", "POST"): lambda _things, thing: {
        "resource_id": str(thing.resource_id),
        "name": "Porte",
    },
    ("screens_api.renew", "POST"): _nothing,
    ("screens_api.stop", "DELETE"): _nothing,
    ("bookings.leave", "POST"): _nothing,
    ("bookings_api.check_in", "POST"): _nothing,
    ("bookings_api.leave", "POST"): _nothing,
    ("bookings.approve", "POST"): _always(version="1", reason=""),
    ("bookings.refuse", "POST"): _always(version="1", reason="Complet"),
    ("bookings.propose", "POST"): lambda things, thing: (
        _times(things, thing) | {"version": "1", "title": ""}
    ),
    ("bookings.accept", "POST"): _always(version="2"),
    ("bookings.decline", "POST"): _always(version="2"),
    ("bookings_api.book", "POST"): _slot,
    ("bookings_api.quote", "POST"): _slot,
    ("bookings_api.change", "PATCH"): _always(title="Autre chose"),
    ("bookings_api.cancel", "POST"): _nothing,
    ("bookings_api.confirm", "POST"): _nothing,
    ("bookings_api.approve", "POST"): _nothing,
    ("bookings_api.refuse", "POST"): _always(reason="Complet"),
    ("bookings_api.make_series", "POST"): _always(recurrence="FREQ=WEEKLY;COUNT=2"),
    ("bookings_api.leave_series", "POST"): _always(cancel_others=False),
    ("bookings_api.add_date", "POST"): lambda _things, thing: {"day": str(thing.day)},
    ("requests_api.propose", "POST"): lambda things, _thing: _span(things),
    ("requests_api.accept", "POST"): _nothing,
    ("requests_api.decline", "POST"): _nothing,
    ("handing.collect", "POST"): _always(state_0="good"),
    ("handing.give_back", "POST"): _always(state_0="good"),
    ("handing.free", "POST"): _nothing,
    ("handing.report", "POST"): _always(reason="damaged"),
    ("handing_api.collect", "POST"): _nothing,
    ("handing_api.give_back", "POST"): _nothing,
    ("calendars.create", "POST"): _followed,
    ("calendars.revoke", "POST"): _nothing,
    ("calendars.rotate", "POST"): _nothing,
    ("calendars_api.create", "POST"): _followed,
    ("calendars_api.revoke", "DELETE"): _nothing,
    ("holds.closures", "POST"): lambda things, thing: {
        "resource_ids": str(thing.resource_id),
        "day": things.day().isoformat(),
        "reason": "Travaux",
    },
    ("holds.lift", "POST"): _nothing,
    ("holds_api.close", "POST"): _close,
    ("holds_api.lift", "POST"): _nothing,
    ("holds.maintenances", "POST"): lambda _things, thing: {"resource_id": str(thing.resource_id)},
    ("holds.lift_maintenance", "POST"): _nothing,
    ("holds_api.open_maintenance", "POST"): lambda _things, thing: {
        "resource_id": str(thing.resource_id)
    },
    ("holds_api.lift_maintenance", "POST"): _nothing,
    ("members.revoke_invitation", "POST"): _nothing,
    ("members.end_membership", "POST"): _always(until="2027-12-31"),
    ("members.invite", "POST"): lambda things, thing: {
        name: said for name, said in _invite(things, thing).items() if name != "organisation_id"
    },
    ("members.change_organisation", "POST"): lambda things, thing: {
        **SHEET,
        "version": str(things.version(thing)),
    },
    ("members.person", "POST"): _always(roles="organisation_manager"),
    ("members.restore", "POST"): _nothing,
    ("members.suspend", "POST"): _nothing,
    ("members.end_logins", "POST"): _nothing,
    ("members-api.end_logins", "POST"): _nothing,
    # What stands already, so that the version that is named stays the present one.
    ("members.settings", "POST"): _always(
        version="1",
        name="Le Phares",
        kind="scic",
        timezone="Europe/Paris",
        currency="EUR",
        holiday_area="FR",
    ),
    ("members.standing", "POST"): _always(standing="associate"),
    ("members.add_organisation", "POST"): _always(**SHEET, standing="tenant"),
    ("members.switch", "POST"): _named,
    ("members.change_preferences", "POST"): _always(name="Moi", language="fr", theme="auto"),
    ("members.end_session", "POST"): _named,
    ("members.create_token", "POST"): _always(name="clé"),
    ("members.revoke_token", "POST"): _nothing,
    ("members.change_password", "POST"): _always(current=PASSWORD, password=NEW_PASSWORD),
    ("members-api.invite", "POST"): _invite,
    ("members-api.revoke_invitation", "DELETE"): _nothing,
    ("members-api.add_organisation", "POST"): _always(**SHEET, standing="tenant"),
    ("members-api.change_cooperative", "PATCH"): _nothing,
    ("members-api.change_organisation", "PATCH"): _always(phone="0388000000"),
    ("members-api.change_roles", "PUT"): _always(roles=["organisation_manager"]),
    ("members-api.create_token", "POST"): _always(name="clé"),
    ("members-api.revoke_token", "DELETE"): _nothing,
    ("resources.closed_days", "POST"): lambda things, _thing: {
        "day": things.day().isoformat(),
        "reason": "Fête",
    },
    ("resources.open_day", "POST"): _nothing,
    ("resources.new", "POST"): lambda things, _thing: {
        "name": things.word(),
        "kind": "place",
        "owner_id": str(HOME),
    },
    ("resources.tariffs", "POST"): _always(version="1", price_0="12,50", unit_0="hour"),
    ("resources.new_quota", "POST"): _always(**QUOTA_FORM),
    ("resources.edit_quota", "POST"): _always(**QUOTA_FORM, version="1"),
    ("resources.end_quota", "POST"): _always(version="1"),
    ("quotas_api.create", "POST"): _always(**QUOTA),
    ("quotas_api.change", "PATCH"): _always(**QUOTA),
    ("quotas_api.end", "DELETE"): _nothing,
    ("resources.edit", "POST"): _always(version="1", name="Salle", kind="place"),
    ("exchanges.close", "POST"): lambda things, _thing: {"month": things.next_month()},
    ("exchanges_api.close", "POST"): lambda things, _thing: {"month": things.next_month()},
    ("members.importing", "POST"): lambda things, _thing: {
        "file": (io.BytesIO(f"Organisation\n{things.word()}\n".encode()), "membres.csv"),
    },
    ("members.importing_apply", "POST"): _nothing,
    ("members-api.import_members", "POST"): lambda things, _thing: {
        BODY: f"Organisation\n{things.word()}\n".encode()
    },
    ("resources.importing", "POST"): lambda things, _thing: {
        "file": (io.BytesIO(f"Nom;Type\n{things.word()};Lieu\n".encode()), "ressources.csv"),
    },
    ("resources.importing_apply", "POST"): _nothing,
    ("resources_api.import_resources", "POST"): lambda things, _thing: {
        BODY: f"Nom;Type\n{things.word()};Lieu\n".encode()
    },
    ("resources.add_photo", "POST"): lambda _things, _thing: {
        "photo": (io.BytesIO(picture()), "salle.png"),
        "description": "Une salle",
    },
    ("resources.offer", "POST"): _nothing,
    ("resources.withdraw", "POST"): _nothing,
    ("resources.remove_photo", "POST"): _nothing,
    ("resources.make_labels", "POST"): lambda _things, thing: {f"n-{thing.resource_id}": "1"},
    ("resources.renew_label", "POST"): _nothing,
    ("resources_api.label", "POST"): _nothing,
    ("resources_api.renew_label", "POST"): _nothing,
    ("resources_api.create", "POST"): lambda things, thing: {
        "name": things.word(),
        "kind": "place",
        "owner_id": str(thing.organisation_id),
        "manager_id": str(thing.organisation_id),
    },
    ("notifications.choose", "POST"): _always(news="now", reminder="24"),
    ("notifications_api.choose", "PUT"): _always(news="now", reminder=24),
    ("resources_api.change", "PATCH"): _always(description="Au calme"),
    ("resources_api.remove", "DELETE"): _nothing,
}
"""Every call that is not public and writes."""

QUERIES: dict[str, Body] = {
    "group_api.contracts": lambda things, _thing: {"worker_id": str(things.me_in_the_team().id)},
    "assignments_api.listing": _always(**{"from": FROM, "to": TO}),
    "team.new_half_day": lambda things, _thing: {"personne": str(things.me_in_the_team().id)},
    "bookings.add_date": lambda _things, thing: {"jour": str(thing.day)},
    "holds_api.availability": lambda _things, thing: {
        "from": FROM,
        "to": TO,
        "resource_id": str(thing.resource_id),
    },
    "holds_api.busy": _always(**{"from": FROM, "to": TO}),
    "reports_api.statistics": _always(**{"from": "2027-03-01", "to": "2027-03-31"}),
    "planning.data": lambda _things, thing: {
        "from": "2027-03-08",
        "to": "2027-03-09",
        "ressource": str(thing.resource_id),
    },
    "resources.offer": _always(version="1"),
    "resources.withdraw": _always(version="1"),
}
"""What stands after the question mark, where something has to."""

NO_THING = Thing(
    relation="ours",  # type: ignore[arg-type]
    organisation_id=HOME,
    person_id=uuid.UUID(int=0),
)
"""What a call without a thing is about: nothing."""


def body_of(call: Call, things: Things, thing: Thing) -> Said:
    """Return what a call says; fails for one that nobody wrote."""
    if call.method == "GET":
        return {}
    key = (call.endpoint, call.method)
    if key not in BODIES:
        message = (
            f"Nobody said what {call.method} {call.path} ({call.endpoint}) is sent: write it in"
            " BODIES of tests/web/bodies.py, so that the matrix does what it asks for."
        )
        raise LookupError(message)
    return BODIES[key](things, thing)


def query_of(call: Call, things: Things, thing: Thing) -> Said:
    """Return what stands after the question mark of a call."""
    return QUERIES.get(call.endpoint, _nothing)(things, thing)


assert TOMORROW.isoformat() < FROM, "what is asked about is to come"
