"""Prices and quotas of bookings: looked up, counted under a lock, frozen with the booking.

A unit that writes counts a quota only once every other writer for the same organisation, or for
the same person, waits: two bookings at one instant cannot both take the last hour.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from coopshare.bookings import pricing, quotas
from coopshare.bookings.charges import Charge, taken, total
from coopshare.bookings.errors import PriceNotSeen, QuotaReached
from coopshare.bookings.models import Booking, BookingCharge
from coopshare.bookings.pricing import Allowance, Item, Rate
from coopshare.bookings.quotas import Period
from coopshare.bookings.rules import together
from coopshare.bookings.services import counting
from coopshare.bookings.services.counting import Uses
from coopshare.bookings.services.examining import Asked
from coopshare.db.work import Work
from coopshare.kernel.dates import Day
from coopshare.kernel.errors import Refused
from coopshare.kernel.text import Sentence, marked
from coopshare.kernel.units import Money
from coopshare.members.kinds import Standing
from coopshare.members.queries import cooperative, roll
from coopshare.resources.kinds import QuotaHolder
from coopshare.resources.models import Quota, Resource
from coopshare.resources.queries import catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a booking costs, and the quota that stands against it."""

    charges: tuple[Charge, ...]
    refusals: tuple[tuple[UUID, QuotaReached], ...] = ()
    """One for each quota it would pass, with the resource it is about."""

    @property
    def cents(self) -> int | None:
        """Return the sum before tax, deposits apart; None where nothing has a price."""
        return total(self.charges) if self.charges else None


@dataclass(slots=True, kw_only=True)
class _Counter:
    """What quotas leave, booking after booking."""

    work: Work
    person_id: UUID | None
    without: frozenset[UUID]
    limits: Uses = field(default_factory=dict)
    free: Uses = field(default_factory=dict)


def prices(
    work: Work,
    wanted: Sequence[Asked],
    *,
    person_id: UUID | None,
    without: Collection[UUID] = (),
    had: Sequence[Asked | None] = (),
    is_final: bool = False,
) -> list[Price]:
    """Return the price of each booking, in order: quotas are counted through all of them.

    All are for one organisation and one person. `without` names bookings that do not count: those
    that are changed. `had` is what each of them was: one that takes no more of a limit than
    it did is not refused. `is_final`: they are about to be written, so that others wait until this
    unit is kept; call it once in a unit, after the lock on the resources. Costs no statement where
    no quota is about these bookings; else one for limits, one for what is free, and on PostgreSQL
    one for the lock.
    """
    binding = _binding(work, wanted, person_id)
    if not binding:
        return [Price(charges=tuple(_price(what, ()))) for what in wanted]
    if is_final:
        counting.lock_holders(work, wanted[0].organisation_id, person_id, binding)
    counter = _Counter(work=work, person_id=person_id, without=frozenset(without))
    _count(counter, wanted, binding)
    before = [*had, *[None] * (len(wanted) - len(had))]
    return [_next(counter, what, binding, was) for what, was in zip(wanted, before, strict=True)]


def price(
    work: Work,
    what: Asked,
    *,
    person_id: UUID | None,
    without: Collection[UUID] = (),
    had: Asked | None = None,
    is_final: bool = False,
) -> Price:
    """Return the price of one booking, as `prices` does."""
    return prices(work, [what], person_id=person_id, without=without, had=[had], is_final=is_final)[
        0
    ]


def check_quotas(found: Iterable[Price]) -> None:
    """Raise `QuotaReached`, or one refusal that names every quota that would be passed."""
    refusals: list[tuple[UUID, Refused]] = [x for one in found for x in one.refusals]
    if len(refusals) == 1:
        raise refusals[0][1]
    if refusals:
        raise together(refusals)


def check_seen(work: Work, found: Price, seen_cents: int | None) -> None:
    """Raise `PriceNotSeen` where a price was seen, and it is another one."""
    cents = found.cents or 0
    if seen_cents is not None and seen_cents != cents:
        raise PriceNotSeen(price=Money(cents, cooperative(work).currency), details={"cents": cents})


def freeze(work: Work, priced: Iterable[tuple[UUID, Sequence[Charge]]]) -> None:
    """Keep the charges of new bookings (id, charges): one statement for all, none without any."""
    work.add_rows(
        BookingCharge,
        [
            {
                "id": uuid4(),
                "booking_id": booking_id,
                "position": position,
                "resource_id": charge.resource_id,
                "kind": charge.kind,
                "unit": charge.unit,
                "units": charge.units,
                "quantity": charge.quantity,
                "cents_each": charge.cents_each,
                "cents": charge.cents,
                "vat_mode": charge.vat_mode,
                "vat_bp": charge.vat_bp,
                "quota_id": charge.quota_id,
                "data": dict(charge.data),
            }
            for booking_id, charges in priced
            for position, charge in enumerate(charges)
        ],
    )


def freeze_again(work: Work, booking: Booking, charges: Sequence[Charge]) -> None:
    """Keep other charges instead of those a booking had; tells `price_cents`."""
    if booking.price_cents is not None:
        replace_charges(work, [(booking.id, charges)])
    else:
        freeze(work, [(booking.id, charges)])
    cents = total(charges) if charges else None
    if booking.price_cents != cents:
        booking.price_cents = cents


def replace_charges(work: Work, priced: Sequence[tuple[UUID, Sequence[Charge]]]) -> None:
    """Keep other charges instead of those bookings had."""
    ids = sorted(booking_id for booking_id, _ in priced)
    work.session.execute(delete(BookingCharge).where(BookingCharge.booking_id.in_(ids)))
    freeze(work, priced)


def rates_for(resource: Resource, standing: Standing) -> tuple[Rate, ...]:
    """Return the prices of a standing: its own ones, else those of all."""
    own = [t for t in resource.tariffs if t.standing is standing]
    return tuple(
        Rate(
            unit=tariff.unit,
            cents=tariff.cents,
            beyond=tariff.beyond,
            weekdays=tuple(tariff.weekdays),
            opens=tariff.opens,
            closes=tariff.closes,
            note=tariff.note,
        )
        for tariff in own or [t for t in resource.tariffs if t.standing is None]
    )


def _items(what: Asked) -> list[Item]:
    found = []
    for line in what.lines:
        resource = what.resources[line.resource_id]
        found.append(
            Item(
                resource_id=resource.id,
                name=resource.name,
                quantity=line.quantity,
                rates=rates_for(resource, what.standing),
                deposit_cents=resource.deposit_cents,
                vat_mode=resource.vat_mode,
                vat_bp=resource.vat_bp,
            )
        )
    return found


def _price(what: Asked, allowances: Iterable[Allowance]) -> list[Charge]:
    items = [item for item in _items(what) if item.rates or item.deposit_cents]
    if not items:
        return []
    return pricing.price(
        items, what.span, ZoneInfo(what.timezone), people=what.people, allowances=allowances
    )


def _binding(work: Work, wanted: Sequence[Asked], person_id: UUID | None) -> list[Quota]:
    """Return the quotas that are about some of these bookings, the narrowest first."""
    found = []
    for quota in catalogue(work).quotas:
        for what in wanted:
            if not quotas.binds(quota, what.standing, person_id):
                continue
            if period_for(quota, what) is not None and _covered(quota, what):
                found.append(quota)
                break
    return found


def _covered(quota: Quota, what: Asked) -> frozenset[UUID]:
    """Return the resources of a booking a quota is about: for a free one, those that are paid."""
    covered = {key for key, one in what.resources.items() if quotas.covers(quota, one)}
    if quota.is_free:
        covered &= {item.resource_id for item in _items(what) if item.is_paid_by_time}
    return frozenset(covered)


def period_for(quota: Quota, what: Asked) -> Period | None:
    """Return the period of a quota a booking counts in: that of the local day it starts on."""
    return quotas.period_of(quota, what.span.start.astimezone(ZoneInfo(what.timezone)).date())


def _count(counter: _Counter, wanted: Sequence[Asked], binding: Sequence[Quota]) -> None:
    """Read what is used of quotas in all periods these bookings are in."""
    work, organisation_id = counter.work, wanted[0].organisation_id
    found: dict[bool, set[tuple[UUID, Period]]] = {True: set(), False: set()}
    for quota in binding:
        for what in wanted:
            period = period_for(quota, what)
            if period is not None and _covered(quota, what):
                found[quota.is_free].add((quota.id, period))
    by_id = {quota.id: quota for quota in binding}
    if found[False]:
        counter.limits = counting.limits_used(
            work,
            [(by_id[key], period) for key, period in found[False]],
            organisation_id=organisation_id,
            person_id=counter.person_id,
            without=counter.without,
        )
    if found[True]:
        counter.free = counting.free_used(
            work,
            [(by_id[key], period) for key, period in found[True]],
            organisation_id=organisation_id,
            person_id=counter.person_id,
            without=counter.without,
        )


def _next(counter: _Counter, what: Asked, binding: Sequence[Quota], had: Asked | None) -> Price:
    """Price one booking, and count what it takes for those that follow."""
    allowances = []
    refusals = []
    for quota in binding:
        period, covered = period_for(quota, what), _covered(quota, what)
        if period is None or not covered:
            continue
        if not quotas.binds(quota, what.standing, counter.person_id):
            continue
        key = (quota.id, period.first)
        if quota.is_free:
            allowances.append(
                Allowance(
                    quota_id=quota.id,
                    name=quota.name,
                    measure=quota.measure,
                    left=max(0, quota.amount - counter.free.get(key, 0)),
                    covers=covered,
                )
            )
            continue
        used = counter.limits.get(key, 0)
        asked = quotas.need(quota, what.lines, covered, what.span.minutes)
        if used + asked > quota.amount and asked > _had(quota, period, had):
            refusals.append((min(covered), _reached(counter, quota, period, used, asked, what)))
        counter.limits[key] = used + asked
    charges = tuple(_price(what, allowances))
    by_id = {quota.id: quota for quota in binding}
    for quota_id, amount in taken(charges).items():
        period = period_for(by_id[quota_id], what)
        if period is not None:
            key = (quota_id, period.first)
            counter.free[key] = counter.free.get(key, 0) + amount
    return Price(charges=charges, refusals=tuple(refusals))


def _had(quota: Quota, period: Period, had: Asked | None) -> int:
    """Return what the booking took of a limit before it was changed."""
    if had is None or period_for(quota, had) != period:
        return 0
    return quotas.need(quota, had.lines, _covered(quota, had), had.span.minutes)


def _reached(
    counter: _Counter, quota: Quota, period: Period, used: int, asked: int, what: Asked
) -> QuotaReached:
    work = counter.work
    year = work.now.astimezone(ZoneInfo(what.timezone)).year
    left = max(0, quota.amount - used)
    holder: object = Sentence(marked("chaque personne"))
    if quota.holder is QuotaHolder.ORGANISATION:
        holder = roll(work).memberships[what.organisation_id].organisation.name
    possible = Sentence(
        marked("Il reste {left}. Le compte repart de zéro le {again}."),
        {
            "left": quotas.said_amount(quota.measure, left),
            "again": Day(period.starts_again, year),
        },
    )
    resource_id = str(min(_covered(quota, what)))
    return QuotaReached(
        quota=quota.name,
        used=quotas.said_amount(quota.measure, used),
        asked=quotas.said_amount(quota.measure, asked),
        amount=quotas.said_amount(quota.measure, quota.amount),
        period=quotas.said_period(period, year),
        holder=holder,
        possible=possible,
        details={
            "rule": QuotaReached.code,
            "resource_id": resource_id,
            "rules": [{"rule": QuotaReached.code, "resource_id": resource_id}],
            "quota_id": str(quota.id),
            "measure": quota.measure.value,
            "used": used,
            "asked": asked,
            "amount": quota.amount,
            "first_day": period.first.isoformat(),
            "last_day": period.last.isoformat(),
            "starts_again": period.starts_again.isoformat(),
        },
    )
