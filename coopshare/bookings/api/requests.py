"""Requests by the JSON API: where they stand, what is proposed instead, and the answer to that."""

from typing import Any
from uuid import UUID

from coopshare.bookings import queries, requests, services
from coopshare.bookings.api.shapes_of_requests import (
    AcceptSchema,
    ApprovalSchema,
    NothingSchema,
    ProposeSchema,
)
from coopshare.bookings.api.shown import one_booking, said_instant, version_of
from coopshare.bookings.commands import Answer, Propose
from coopshare.bookings.policies import Permission
from coopshare.bookings.requests import Request
from coopshare.bookings.schemas import BookingSchema, span_of
from coopshare.web.api import Blueprint
from coopshare.web.context import reading
from coopshare.web.i18n import said
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "requests_api",
    __name__,
    url_prefix="/api/v1/bookings",
    description="Demander, proposer autre chose, accepter.",
)


@blueprint.get("/<uuid:booking_id>/approval")
@blueprint.response(200, ApprovalSchema)
@requires(Permission.READ)
def approval(booking_id: UUID) -> dict[str, Any]:
    """Tell where a request stands: who has answered, what is proposed, until when it waits."""
    with reading() as work:
        return _approval(requests.request(work, queries.get(work, booking_id)))


def _approval(asked: Request) -> dict[str, Any]:
    proposal = asked.proposal
    return {
        "decisions": [
            {
                "resource_id": one.resource.id,
                "name": one.resource.name,
                "status": one.status,
                "reasons": said(one.sentences),
                "answered_by": one.person_name,
                "is_mine": one.is_mine,
            }
            for one in asked.decisions
        ],
        "proposal": None
        if proposal is None
        else {
            "kind": proposal.kind,
            "starts_at": said_instant(proposal.starts_at),
            "ends_at": said_instant(proposal.ends_at),
            "timezone": proposal.timezone,
            "all_day": proposal.all_day,
            "lines": [
                {"resource_id": resource.id, "name": resource.name, "quantity": quantity}
                for resource, quantity in asked.offered
            ],
            "proposed_by": asked.proposer,
            "note": proposal.note,
            "price_cents": asked.price.cents if asked.price else asked.booking.price_cents,
            "lapses_at": said_instant(proposal.lapses_at),
        },
        "lapses_at": said_instant(asked.booking.lapses_at),
        "version": asked.booking.version,
    }


@blueprint.post("/<uuid:booking_id>/propose")
@blueprint.arguments(ProposeSchema)
@blueprint.response(200, BookingSchema)
@requires(Permission.DECIDE)
def propose(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Offer another time or other things to who asked; both slots are held until the answer."""
    lines = body["lines"]
    command = Propose(
        booking_id=booking_id,
        version=version_of(booking_id),
        lines=tuple(lines) if lines is not None else None,
        span=span_of(body),
        note=body["note"],
    )
    once(services.propose, command)
    return one_booking(booking_id)


@blueprint.post("/<uuid:booking_id>/accept")
@blueprint.arguments(AcceptSchema)
@blueprint.response(200, BookingSchema)
@requires(Permission.ANSWER)
def accept(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Take what is proposed instead, at the price `/approval` says: another one is refused."""
    command = Answer(booking_id=booking_id, version=version_of(booking_id), **body)
    once(services.accept_proposal, command)
    return one_booking(booking_id)


@blueprint.post("/<uuid:booking_id>/decline")
@blueprint.arguments(NothingSchema)
@blueprint.response(200, BookingSchema)
@requires(Permission.ANSWER)
def decline(_body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Do without what is proposed: the request stands as it was."""
    once(services.decline_proposal, Answer(booking_id=booking_id, version=version_of(booking_id)))
    return one_booking(booking_id)
