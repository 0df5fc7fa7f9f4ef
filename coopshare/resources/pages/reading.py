"""The catalogue, the sheet of a resource, and its pictures."""

from datetime import timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from coopshare.kernel.intervals import Interval
from coopshare.members import queries as members
from coopshare.resources import queries, wording
from coopshare.resources.kinds import (
    ACCESSIBILITY,
    FEATURES,
    KIND_HEADINGS,
    RESOURCE_KINDS,
    ResourceKind,
)
from coopshare.resources.pages.routes import blueprint
from coopshare.resources.policies import Permission, may
from coopshare.resources.queries import ResourceFilter
from coopshare.resources.services import is_offered_to
from coopshare.web.context import actor, reading
from coopshare.web.permissions import requires

MOST_PEOPLE = 100_000
KIND_ICONS = {
    ResourceKind.PLACE: "room",
    ResourceKind.EQUIPMENT: "equipment",
    ResourceKind.SERVICE: "service",
    ResourceKind.PERSON: "person",
}
ORDERED_FEATURES = (*ACCESSIBILITY, *(code for code in FEATURES if code not in ACCESSIBILITY))
"""Codes of features, those about accessibility first."""


def wanted() -> ResourceFilter:
    """Return what the address asks for; what it asks badly is not asked."""
    args = request.args
    people = args.get("places", "").strip()
    is_number = people.isascii() and people.isdecimal() and len(people) <= len(str(MOST_PEOPLE))
    try:
        owner_id = UUID(args.get("organisation", ""))
    except ValueError:
        owner_id = None
    kind = args.get("type", "")
    return ResourceFilter(
        q=args.get("q", "").strip()[:200],
        kind=ResourceKind(kind) if kind in RESOURCE_KINDS else None,
        min_capacity=int(people) if is_number and int(people) else None,
        features=frozenset(args.getlist("avec")) & FEATURES.keys(),
        owner_id=owner_id,
    )


@blueprint.get("/ressources")
@requires(Permission.READ)
def index() -> ResponseReturnValue:
    """Show what is shared, narrowed by words, kind, places, features or owner."""
    asked = wanted()
    with reading() as work:
        found = queries.search(work, asked)
        by_kind = sorted(found, key=lambda one: list(RESOURCE_KINDS).index(one.kind))
        owners = members.organisations(work, queries.owners(work))
        return render_template(
            "resources/index.html",
            asked=asked,
            is_narrowed=asked != ResourceFilter(),
            count=len(found),
            groups=[(kind, list(group)) for kind, group in groupby(by_kind, key=lambda r: r.kind)],
            prices={one.id: wording.prices_for(one, actor().standing) for one in found},
            currency=members.cooperative(work).currency,
            owners=sorted(owners.values(), key=lambda owner: owner.sort_key),
            names={owner.id: owner.name for owner in owners.values()},
            kinds=KIND_HEADINGS,
            icons=KIND_ICONS,
            features=FEATURES,
            ordered=ORDERED_FEATURES,
            accessibility=ACCESSIBILITY,
            may_add=may(actor(), Permission.EDIT),
            refused={one.id for one in found if not is_offered_to(actor(), one)},
        )


@blueprint.get("/ressources/<uuid:resource_id>")
@requires(Permission.READ)
def show(resource_id: UUID) -> ResponseReturnValue:
    """Show all that one has to know of a resource."""
    with reading() as work:
        resource = queries.get(work, resource_id)
        below, above = queries.parts_and_wholes(work)
        part_ids, whole_ids = below.get(resource.id, []), above.get(resource.id, [])
        near = {one.id: one for one in queries.get_many(work, {*part_ids, *whole_ids})}
        who = members.organisations(work, {resource.owner_id, resource.manager_id})
        today = work.now.astimezone(ZoneInfo(resource.timezone)).date()
        window = Interval(work.now, work.now + timedelta(days=wording.AHEAD))
        calendar = queries.calendar(work, window)
        return render_template(
            "resources/show.html",
            resource=resource,
            owner=who[resource.owner_id],
            manager=who[resource.manager_id],
            parts_of_it=sorted((near[key] for key in part_ids), key=lambda one: one.sort_key),
            wholes_of_it=sorted((near[key] for key in whole_ids), key=lambda one: one.sort_key),
            week=wording.week(resource),
            closures=wording.closures(resource, calendar, today),
            rules=wording.rules(resource, who[resource.manager_id].name),
            tariffs=wording.tariffs(resource, actor().standing),
            terms=wording.terms(resource, members.cooperative(work).currency),
            currency=members.cooperative(work).currency,
            kinds=RESOURCE_KINDS,
            icons=KIND_ICONS,
            features=FEATURES,
            ordered=[code for code in ORDERED_FEATURES if code in resource.features],
            accessibility=ACCESSIBILITY,
            may_edit=may(actor(), Permission.EDIT, resource.manager_id),
            is_offered=is_offered_to(actor(), resource),
        )


@blueprint.get("/photos/<uuid:photo_id>")
@requires(Permission.READ)
def photo(photo_id: UUID) -> Response:
    """Give a picture."""
    return _picture(photo_id, is_small=False)


@blueprint.get("/photos/<uuid:photo_id>/vignette")
@requires(Permission.READ)
def thumbnail(photo_id: UUID) -> Response:
    """Give a picture in small."""
    return _picture(photo_id, is_small=True)


def _picture(photo_id: UUID, *, is_small: bool) -> Response:
    with reading() as work:
        content_type, content = queries.picture(work, photo_id, is_small=is_small)
    response = make_response(content)
    response.content_type = content_type
    # A picture never changes; asked again each time, so that it is seen only while it may be.
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
