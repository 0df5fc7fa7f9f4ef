"""Resources by the JSON API."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import url_for

from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import marked
from coopshare.members.kinds import Standing
from coopshare.members.queries import organisations
from coopshare.resources import queries, services
from coopshare.resources.commands import Change, Create
from coopshare.resources.models import Resource
from coopshare.resources.pages.importing import IMPORTER
from coopshare.resources.policies import Permission
from coopshare.resources.schemas import (
    LabelSchema,
    ResourceChangeSchema,
    ResourceCreateSchema,
    ResourcePageSchema,
    ResourceQuerySchema,
    ResourceSchema,
    values_of,
)
from coopshare.web.api import Blueprint
from coopshare.web.context import reading, write
from coopshare.web.etag import give_version, seen_version
from coopshare.web.idempotency import once
from coopshare.web.importing import FILE_BODY, DryRunSchema, PreviewSchema
from coopshare.web.pagination import decode, page
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "resources_api",
    __name__,
    url_prefix="/api/v1/resources",
    description="Lieux, matériel, services et personnes mis en commun.",
)

RULES = (
    "preparation_before",
    "preparation_after",
    "shortest",
    "longest",
    "step",
    "notice",
    "horizon",
    "needs_approval",
    "option_longest",
    "waiting_delay",
    "check_in_within",
    "hand_over",
    "closed_on_holidays",
    "closed_in_school_holidays",
)
PRICING = ("deposit_cents", "late_before", "late_share", "vat_mode", "vat_bp")
SAME = (
    "id",
    "name",
    "kind",
    "owner_id",
    "manager_id",
    "quantity",
    "capacity",
    "description",
    "location",
    "address",
    "access_notes",
    "timezone",
    "features",
    "billed_by",
    "tariffs",
    "is_listed",
    "out_of_order",
    "created_at",
    "changed_at",
)


def as_json(work: Work, found: Sequence[Resource]) -> list[dict[str, Any]]:
    """Return resources as programs read them, in a constant number of statements."""
    names = organisations(work, {r.owner_id for r in found} | {r.manager_id for r in found})
    parts, wholes = queries.parts_and_wholes(work)
    return [
        {name: getattr(resource, name) for name in SAME}
        | {
            "owner_name": names[resource.owner_id].name,
            "manager_name": names[resource.manager_id].name,
            "opening_hours": resource.hours,
            "rules": {name: getattr(resource, name) for name in RULES}
            | {
                "slots": [{"opens": a, "closes": b} for a, b in resource.slots],
                "standings": [Standing(one) for one in resource.standings],
            },
            "approval": {
                "outside_hours": resource.approval_outside_hours,
                "above": resource.approval_above,
                "quantity": resource.approval_quantity,
                "standings": [Standing(one) for one in resource.approval_standings],
                "delay": resource.approval_delay,
                "approvers": [one.person_id for one in resource.approvers],
            },
            "pricing": {name: getattr(resource, name) for name in PRICING},
            "parts": parts.get(resource.id, []),
            "wholes": wholes.get(resource.id, []),
            "photos": [
                {
                    "id": str(photo.id),
                    "description": photo.description,
                    "url": f"/photos/{photo.id}",
                }
                for photo in resource.photos
            ],
        }
        for resource in found
    ]


def _one(resource_id: UUID) -> dict[str, Any]:
    with reading() as work:
        resource = queries.get(work, resource_id)
        give_version(resource.version)
        return as_json(work, [resource])[0]


@blueprint.get("")
@blueprint.arguments(ResourceQuerySchema, location="query")
@blueprint.response(200, ResourcePageSchema)
@requires(Permission.READ)
def listing(asked: dict[str, Any]) -> dict[str, Any]:
    """List the resources one may book, by name; with `from` and `to`, those free all that time."""
    after = _after(asked["after"]) if asked["after"] else None
    wanted = queries.ResourceFilter(
        kind=asked["kind"],
        q=asked["q"],
        min_capacity=asked["min_capacity"],
        features=frozenset(asked["feature"]),
        owner_id=asked["owner"],
    )
    span = _span(asked)
    with reading() as work:
        if span is not None:
            wanted = queries.free_over(work, wanted, span)
        found = queries.search(work, wanted, limit=asked["limit"], after=after)
        shown = page(found, asked["limit"], lambda r: (r.sort_key, r.id))
        return {"items": as_json(work, shown.items), "next": shown.next}


def _span(asked: dict[str, Any]) -> Interval | None:
    """Return the span of a query; raises `Invalid` on `from` or `to`."""
    starts_at, ends_at = asked["starts_at"], asked["ends_at"]
    if starts_at is None and ends_at is None:
        return None
    if starts_at is None or ends_at is None:
        missing = "from" if starts_at is None else "to"
        raise Invalid.field(missing, marked("Donnez le début et la fin ensemble."))
    try:
        return Interval(starts_at, ends_at)
    except Invalid as error:
        names = {"starts_at": "from", "ends_at": "to"}
        error.fields = {names.get(name, name): said for name, said in error.fields.items()}
        raise


def _after(cursor: str) -> tuple[str, UUID]:
    name, key = decode(cursor, 2)
    try:
        return name, UUID(key)
    except ValueError as error:
        raise Invalid.field("after", marked("Cette suite de liste n'existe pas.")) from error


@blueprint.post("")
@blueprint.arguments(ResourceCreateSchema)
@blueprint.response(201, ResourceSchema)
@requires(Permission.EDIT)
def create(command: Create) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Declare a resource."""
    made = once(services.create, command)
    return _one(made), 201, {"Location": url_for("resources_api.read", resource_id=made)}


@blueprint.get("/<uuid:resource_id>")
@blueprint.response(200, ResourceSchema)
@requires(Permission.READ)
def read(resource_id: UUID) -> dict[str, Any]:
    """Read one resource."""
    return _one(resource_id)


@blueprint.patch("/<uuid:resource_id>")
@blueprint.arguments(ResourceChangeSchema)
@blueprint.response(200, ResourceSchema)
@requires(Permission.EDIT)
def change(data: dict[str, Any], resource_id: UUID) -> dict[str, Any]:
    """Change what is given; If-Match says on which version."""
    command = Change(resource_id=resource_id, version=seen_version(), values=values_of(data))
    write(services.change, command)
    return _one(resource_id)


@blueprint.delete("/<uuid:resource_id>")
@blueprint.response(204)
@requires(Permission.EDIT)
def remove(resource_id: UUID) -> None:
    """Offer a resource no more; its bookings stay."""
    write(services.remove, resource_id, seen_version())


@blueprint.post("/import")
@blueprint.doc(**FILE_BODY)
@blueprint.arguments(DryRunSchema, location="query")
@blueprint.response(200, PreviewSchema)
@requires(Permission.EDIT)
def import_resources(asked: dict[str, Any]) -> dict[str, Any]:
    """Ajouter les ressources d'un tableau ; avec `dry_run`, dire seulement ce qui serait fait."""
    return IMPORTER.operation(dry_run=asked["dry_run"])


def _label(label_id: UUID) -> dict[str, Any]:
    with reading() as work:
        label = queries.label_of_id(work, label_id)
        return {
            "resource_id": label.resource_id,
            "code": label.code,
            "url": queries.label_address(work, label),
            "created_at": label.created_at.isoformat().replace("+00:00", "Z"),
        }


@blueprint.post("/<uuid:resource_id>/label")
@blueprint.response(200, LabelSchema)
@requires(Permission.EDIT)
def label(resource_id: UUID) -> dict[str, Any]:
    """Give the label of a resource, made if there is none: the address to put in a QR code."""
    return _label(once(lambda work: services.label(work, [resource_id])[0]))


@blueprint.post("/<uuid:resource_id>/label/renew")
@blueprint.response(200, LabelSchema)
@requires(Permission.EDIT)
def renew_label(resource_id: UUID) -> dict[str, Any]:
    """Give up the label of a resource for another: the old address leads nowhere."""
    return _label(once(services.renew_label, resource_id))
