"""Reads of what waits: requests with why, who has answered, what is proposed, what is around."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select

from coopshare.bookings import queries
from coopshare.bookings.models import (
    Booking,
    BookingLine,
    BookingStatus,
    Decision,
    DecisionStatus,
    Proposal,
    ProposalKind,
    ProposalStatus,
)
from coopshare.bookings.policies import visible
from coopshare.bookings.queries import BookingFilter, Shown
from coopshare.bookings.rules import LIVE
from coopshare.bookings.services.proposing import offered_price
from coopshare.bookings.wording import SaidPrice, said_price
from coopshare.db.work import Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.inbox import Source
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span, local_days
from coopshare.kernel.text import Sentence, marked
from coopshare.members.models import Person
from coopshare.members.queries import cooperative, people
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue
from coopshare.resources.services import is_approved_by, said

MOST_AROUND = 12
MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of the approvers of one resource, and what was answered."""

    resource: Resource
    sentences: list[Sentence]
    """Why it waits, as it was told."""
    status: DecisionStatus
    person_name: str | None
    """Who answered."""
    is_mine: bool
    """Whether the reader decides on it."""

    @property
    def is_waiting(self) -> bool:
        """Tell whether an answer is still waited for."""
        return self.status is DecisionStatus.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Something else that is booked near what is asked for."""

    name: str
    """Of the resource."""
    span: Interval
    booking_id: UUID | None
    """None where the reader may not see more than that it is taken."""
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A booking with all it takes to answer it."""

    booking: Booking
    decisions: list[Asked]
    proposal: Proposal | None
    """What is proposed and not answered."""
    offered: list[tuple[Resource, int]]
    """What it would take."""
    proposer: str | None
    price: SaidPrice | None
    """What it would cost, if what is proposed is taken; None where that changes nothing."""
    around: list[Around]

    @property
    def wish(self) -> Proposal | None:
        """Return the change that who booked asks for."""
        return self._of(ProposalKind.CHANGE)

    @property
    def counter(self) -> Proposal | None:
        """Return what an approver proposes."""
        return self._of(ProposalKind.COUNTER)

    def _of(self, kind: ProposalKind) -> Proposal | None:
        is_one = self.proposal is not None and self.proposal.kind is kind
        return self.proposal if is_one else None

    @property
    def offered_span(self) -> Interval | None:
        """Return when it would be, if what is proposed is taken."""
        if self.proposal is None:
            return None
        return Interval(self.proposal.starts_at, self.proposal.ends_at)

    @property
    def waiting(self) -> list[Asked]:
        """Return what still waits for an answer."""
        return [one for one in self.decisions if one.is_waiting]

    @property
    def mine(self) -> list[Asked]:
        """Return what waits for the reader's answer."""
        return [one for one in self.waiting if one.is_mine]


def request(work: Work, booking: Booking) -> Request:
    """Return one request."""
    return requests(work, [booking])[0]


def requests(work: Work, bookings: Sequence[Booking]) -> list[Request]:
    """Return requests, in a constant number of statements, but for the prices of proposals."""
    ids = [booking.id for booking in bookings]
    decisions: dict[UUID, list[Decision]] = {key: [] for key in ids}
    for row in work.session.scalars(
        select(Decision).where(Decision.booking_id.in_(ids)).order_by(Decision.resource_id)
    ):
        decisions[row.booking_id].append(row)
    query = select(Proposal).where(
        Proposal.booking_id.in_(ids), Proposal.status == ProposalStatus.OPEN
    )
    proposals = {row.booking_id: row for row in work.session.scalars(query)}
    who = {row.person_id for rows in decisions.values() for row in rows}
    who |= {row.person_id for row in proposals.values()}
    names = people(work, {key for key in who if key is not None})
    known = catalogue(work).resources
    near = _around(work, bookings, proposals)
    return [
        Request(
            booking=booking,
            decisions=[
                Asked(
                    resource=known[row.resource_id],
                    sentences=said(known[row.resource_id].name, row.reasons),
                    status=row.status,
                    person_name=names[row.person_id].name if row.person_id in names else None,
                    is_mine=is_approved_by(work.actor, known[row.resource_id]),
                )
                for row in decisions[booking.id]
            ],
            proposal=proposals.get(booking.id),
            offered=_offered(proposals.get(booking.id), known),
            proposer=_name(proposals.get(booking.id), names),
            price=_price(work, booking, proposals.get(booking.id)),
            around=near[booking.id],
        )
        for booking in bookings
    ]


def _offered(
    proposal: Proposal | None, known: Mapping[UUID, Resource]
) -> list[tuple[Resource, int]]:
    if proposal is None:
        return []
    return [(known[UUID(key)], int(n)) for key, n in proposal.lines.items()]


def _price(work: Work, booking: Booking, proposal: Proposal | None) -> SaidPrice | None:
    price = offered_price(work, booking, proposal) if proposal is not None else None
    if price is None:
        return None
    return said_price(price.charges, cooperative(work).currency)


def _name(proposal: Proposal | None, names: Mapping[UUID, Person]) -> str | None:
    person = names.get(proposal.person_id) if proposal and proposal.person_id else None
    return person.name if person is not None else None


def _window(booking: Booking, proposal: Proposal | None) -> Interval:
    """Return the local days of what is asked for."""
    row = proposal or booking
    place = ZoneInfo(row.timezone)
    days = local_days(Interval(row.starts_at, row.ends_at), place)
    return day_span(days[0], place, len(days))


def _around(
    work: Work, bookings: Sequence[Booking], proposals: Mapping[UUID, Proposal]
) -> dict[UUID, list[Around]]:
    """Return what else uses the same things on the same days, for each booking: one statement."""
    found: dict[UUID, list[Around]] = {booking.id: [] for booking in bookings}
    if not bookings:
        return found
    windows = {one.id: _window(one, proposals.get(one.id)) for one in bookings}
    used = {one.id: {line.resource_id for line in one.lines} for one in bookings}
    known = catalogue(work)
    wide = {key: known.sharing(ids) for key, ids in used.items()}
    rows = work.session.execute(
        select(
            Booking.id,
            Booking.title,
            Booking.starts_at,
            Booking.ends_at,
            BookingLine.resource_id,
            visible(work.actor).label("is_seen"),
        )
        .join(BookingLine, BookingLine.booking_id == Booking.id)
        .where(
            BookingLine.resource_id.in_(sorted(set().union(*wide.values()))),
            Booking.status.in_(LIVE),
            Booking.starts_at < max(window.end for window in windows.values()),
            Booking.ends_at > min(window.start for window in windows.values()),
        )
        .order_by(Booking.starts_at, Booking.id, BookingLine.resource_id)
        .limit(1000)
    ).all()
    for booking in bookings:
        near = found[booking.id]
        for key, title, starts_at, ends_at, resource_id, is_seen in rows:
            span = Interval(starts_at, ends_at)
            if key == booking.id or resource_id not in wide[booking.id]:
                continue
            if span.overlaps(windows[booking.id]) and len(near) < MOST_AROUND:
                name = known.resources[resource_id].name
                near.append(
                    Around(
                        name=name,
                        span=span,
                        booking_id=key if is_seen else None,
                        title=title if is_seen else "",
                    )
                )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A request as a list shows it."""

    shown: Shown
    request: Request
    others: tuple[Shown, ...] = ()
    """The other dates of the same series that wait for the same answer, the nearest first."""

    @property
    def id(self) -> UUID:
        """Return the id of the booking."""
        return self.shown.booking.id


def to_decide(work: Work) -> list[Waiting]:
    """Return the requests that wait for the actor, the nearest first; a series is one of them."""
    found = _listed(work, BookingFilter(is_to_decide=True, ends_after=work.now))
    groups: dict[UUID, list[Waiting]] = {}
    for one in found:
        booking = one.shown.booking
        is_whole = one.request.proposal is None and booking.status is BookingStatus.PENDING
        key = booking.series_id if is_whole and booking.series_id else booking.id
        groups.setdefault(key, []).append(one)
    return [
        replace(first, others=tuple(other.shown for other in others))
        for first, *others in groups.values()
    ]


def to_answer(work: Work) -> list[Waiting]:
    """Return what is proposed to the actor, the nearest first."""
    return _listed(work, BookingFilter(is_to_answer=True))


def _listed(work: Work, wanted: BookingFilter) -> list[Waiting]:
    found = queries.listing(work, wanted, limit=MOST)
    return [
        Waiting(shown=shown, request=asked)
        for shown, asked in zip(queries.shown(work, found), requests(work, found), strict=True)
    ]


def _to_decide(actor: Actor, now: datetime) -> Select[int]:
    return _count(actor, BookingFilter(is_to_decide=True, ends_after=now))


def _to_answer(actor: Actor, _now: datetime) -> Select[int]:
    return _count(actor, BookingFilter(is_to_answer=True))


def _count(actor: Actor, wanted: BookingFilter) -> Select[int]:
    """Count what `to_decide` and `to_answer` show: the dates of a series that ask, as one."""
    whole = case(
        (Booking.status == BookingStatus.PENDING, func.coalesce(Booking.series_id, Booking.id)),
        else_=Booking.id,
    )
    one = Booking.id if wanted.is_to_answer else whole
    return select(func.count(one.distinct())).where(*queries.conditions(actor, wanted))


TO_ANSWER = Source(
    heading=marked("On vous propose autre chose"),
    template="bookings/_proposals.html",
    load=to_answer,
    count=_to_answer,
)
TO_DECIDE = Source(
    heading=marked("Demandes à accepter ou à refuser"),
    template="bookings/_requests.html",
    load=to_decide,
    count=_to_decide,
)
