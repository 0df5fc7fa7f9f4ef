"""Tariffs and quotas of Le Phares: invented, plausible, and each kind of rule alive.

Associates have hours free each month, then pay less than the others; tenants and partners come
between; evenings and Saturdays have prices of their own; pages cost less beyond five hundred.
"""

from datetime import date
from zoneinfo import ZoneInfo

from coopshare.db.work import Work
from coopshare.demo.build import Made, identity, keep
from coopshare.members.kinds import Standing
from coopshare.resources.kinds import (
    QuotaHolder,
    QuotaMeasure,
    QuotaPeriod,
    ResourceKind,
    TariffUnit,
    VatMode,
)
from coopshare.resources.models import Quota, Resource, Tariff

HOUR = 60
TWO_DAYS = 2 * 24 * HOUR
HALF = 5000
"""Basis points."""
VAT = 2000
"""Basis points."""
FREE_HOURS, STUDIO_HOURS, DESKS = 20, 24, 4
SUMMER, SCHOOL = 8, 9
"""The months in which a season ends and begins."""


def price(work: Work, made: Made) -> list[Quota]:
    """Set the prices and the quotas; return the quotas."""
    for resource in made.resources.values():
        if resource.kind is ResourceKind.PLACE:
            _room(resource)
        resource.vat_mode, resource.vat_bp = VatMode.TAXABLE, VAT
    made.resources["grande-salle"].deposit_cents = 30000
    made.resources["velo-cargo"].deposit_cents = 20000
    _pages(made.resources["impression"])
    quotas = _quotas(work, made)
    keep(work, *quotas)
    return quotas


def _room(resource: Resource) -> None:
    """Give a room that has a price by the hour one for each class, and one for the evening."""
    hourly = next(
        (t.cents for t in resource.tariffs if t.standing is None and t.unit is TariffUnit.HOUR), 0
    )
    if not hourly:
        return
    for tariff in resource.tariffs:
        if tariff.standing is Standing.ASSOCIATE:
            tariff.cents, tariff.note = hourly * 4 // 10, "au-delà des heures gratuites"
    added = (
        {"standing": Standing.PARTNER, "cents": hourly * 8 // 10},
        {"standing": Standing.PARTNER, "cents": hourly * 6 // 10, "beyond": 4 * HOUR},
        {"cents": hourly * 7 // 10, "opens": 18 * HOUR, "closes": 22 * HOUR, "note": "soirée"},
        {"unit": TariffUnit.HALF_DAY, "cents": hourly * 4},
    )
    for one in added:
        values = {"unit": TariffUnit.HOUR, "note": "", "beyond": 0, "weekdays": []} | one
        resource.tariffs.append(Tariff(position=len(resource.tariffs), **values))
    resource.late_before, resource.late_share = TWO_DAYS, HALF


def _pages(resource: Resource) -> None:
    for standing, cents in ((Standing.ASSOCIATE, 3), (None, 5)):
        resource.tariffs.append(
            Tariff(
                position=len(resource.tariffs),
                standing=standing,
                unit=TariffUnit.UNIT,
                cents=cents,
                beyond=500,
                note="la page",
            )
        )


def _quotas(work: Work, made: Made) -> list[Quota]:
    today = work.now.astimezone(ZoneInfo(made.plan.timezone)).date()
    first = today.year if today.month >= SCHOOL else today.year - 1
    season = {"first_day": date(first, SCHOOL, 1), "last_day": date(first + 1, SUMMER, 31)}
    hours = {"measure": QuotaMeasure.HOURS, "holder": QuotaHolder.ORGANISATION}
    rows = (
        {
            "name": f"{FREE_HOURS} h de salle par mois",
            "is_free": True,
            "amount": FREE_HOURS * HOUR,
            "period": QuotaPeriod.MONTH,
            "standing": Standing.ASSOCIATE,
            "kind": ResourceKind.PLACE,
        }
        | hours,
        {
            "name": "Studio : pour que chacun y passe",
            "is_free": False,
            "amount": STUDIO_HOURS * HOUR,
            "period": QuotaPeriod.MONTH,
            "resource_id": made.resources["studio"].id,
        }
        | hours,
        {
            "name": "Quatre passages au bureau par semaine",
            "is_free": False,
            "measure": QuotaMeasure.BOOKINGS,
            "holder": QuotaHolder.PERSON,
            "amount": DESKS,
            "period": QuotaPeriod.WEEK,
            "resource_id": made.resources["bureau"].id,
        },
        {
            "name": "Le jardin, pour toute la saison",
            "is_free": False,
            "amount": 300 * HOUR,
            "period": QuotaPeriod.SEASON,
            "resource_id": made.resources["jardin"].id,
        }
        | season
        | hours,
    )
    return [
        Quota(
            id=identity(made.plan.slug, "quota", str(number)),
            is_active=True,
            created_at=made.cooperative.created_at,
            changed_at=made.cooperative.created_at,
            **row,
        )
        for number, row in enumerate(rows)
    ]
