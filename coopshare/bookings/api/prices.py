"""A price as programs read it."""

from collections.abc import Iterable, Sequence
from typing import Any

from coopshare.bookings import queries
from coopshare.bookings.charges import AnyCharge, totals
from coopshare.bookings.services.pricing import Price
from coopshare.bookings.wording import how
from coopshare.db.work import Work
from coopshare.members.kinds import Standing
from coopshare.members.queries import cooperative
from coopshare.resources.models import Resource
from coopshare.web.i18n import say


def price_of(
    currency: str, tariffs: list[dict[str, object]], charges: Sequence[AnyCharge]
) -> dict[str, Any]:
    """Return a price, line by line; `cents` is null where nothing has a price."""
    sums = totals(charges)
    return {
        "currency": currency,
        "tariffs": tariffs,
        "cents": sums.net if charges else None,
        "vat_cents": sums.vat,
        "total_cents": sums.gross,
        "deposit_cents": sums.deposit,
        "vat": [{"bp": tax.bp, "base_cents": tax.base, "cents": tax.cents} for tax in sums.taxes],
        "lines": [
            {
                "resource_id": charge.resource_id,
                "name": str(charge.data.get("name", "")),
                "kind": charge.kind,
                "unit": charge.unit,
                "units": charge.units,
                "quantity": charge.quantity,
                "cents_each": charge.cents_each,
                "cents": charge.cents,
                "vat_mode": charge.vat_mode,
                "vat_bp": charge.vat_bp,
                "quota_id": charge.quota_id,
                "detail": say(how(charge, currency)),
            }
            for charge in charges
        ],
    }


def quoted(
    work: Work, price: Iterable[Price], standing: Standing, resources: Iterable[Resource]
) -> dict[str, Any]:
    """Return what bookings would cost, all together."""
    return price_of(
        cooperative(work).currency,
        queries.tariffs_for(standing, list(resources)),
        [charge for one in price for charge in one.charges],
    )
