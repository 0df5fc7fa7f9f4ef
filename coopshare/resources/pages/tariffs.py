"""All there is to say of the price of a resource: steps, days, hours, deposit, late, tax."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError, fields, post_load

from coopshare.kernel.dates import DAYS
from coopshare.kernel.text import marked
from coopshare.members.kinds import STANDINGS, Standing
from coopshare.resources import queries, services
from coopshare.resources.commands import Change, TariffLine
from coopshare.resources.kinds import TARIFF_UNITS, VAT_MODES, TariffUnit, VatMode
from coopshare.resources.models import Resource
from coopshare.resources.pages.routes import blueprint
from coopshare.resources.policies import Permission, allow
from coopshare.resources.schemas import TimeOfDay
from coopshare.web.context import reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, language
from coopshare.web.permissions import requires
from coopshare.web.schemas import Schema, Whole
from coopshare.web.typed import Euros, Hours, Percent, said_hundredths, said_minutes

MOST_LINES = 24
FREE = 2
"""Empty lines below those that are filled."""
HOUR = 60
YEAR_IN_HOURS = 366 * 24
WEEK = range(7)


class _TariffsSchema(Schema):
    """The terms; the lines are numbered fields."""

    version = Whole(1, required=True)
    deposit = Euros(load_default=0)
    late_hours = Hours(YEAR_IN_HOURS, load_default=0)
    late_percent = Percent(load_default=0)
    vat_mode = fields.Enum(VatMode, by_value=True, load_default=None)
    vat_percent = Percent(load_default=0)

    @post_load
    def values(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Return the version, and the values of the command."""
        lines = [line for number in range(MOST_LINES) if (line := _line(data, number))]
        is_taxed = data["vat_mode"] is VatMode.TAXABLE
        return {
            "version": data["version"],
            "values": {
                "tariffs": lines,
                "deposit_cents": data["deposit"],
                "late_before": data["late_hours"],
                "late_share": data["late_percent"],
                "vat_mode": data["vat_mode"],
                "vat_bp": data["vat_percent"] if is_taxed else 0,
            },
        }


def _line(data: dict[str, Any], number: int) -> TariffLine | None:
    """Return a line of the form, or None where it has no amount."""
    cents, unit = data.get(f"price_{number}"), data.get(f"unit_{number}")
    if cents is None:
        return None
    if unit is None:
        raise ValidationError({f"unit_{number}": [marked("Dites pour quelle unité.")]})
    beyond = data.get(f"beyond_{number}") or 0
    if unit is not TariffUnit.HOUR and beyond % HOUR:
        raise ValidationError({f"beyond_{number}": [marked("Écrivez un nombre entier.")]})
    return TariffLine(
        standing=data.get(f"standing_{number}"),
        unit=unit,
        cents=cents,
        note=data.get(f"note_{number}") or "",
        beyond=beyond if unit is TariffUnit.HOUR else beyond // HOUR,
        weekdays=data.get(f"days_{number}") or [],
        opens=data.get(f"opens_{number}"),
        closes=data.get(f"closes_{number}"),
    )


def _numbered() -> dict[str, fields.Field[Any]]:
    found: dict[str, fields.Field[Any]] = {}
    for number in range(MOST_LINES):
        found[f"price_{number}"] = Euros()
        found[f"unit_{number}"] = fields.Enum(TariffUnit, by_value=True)
        found[f"standing_{number}"] = fields.Enum(Standing, by_value=True)
        found[f"note_{number}"] = fields.String()
        found[f"beyond_{number}"] = Hours(YEAR_IN_HOURS)
        found[f"days_{number}"] = fields.List(Whole(0, 6))
        found[f"opens_{number}"] = TimeOfDay()
        found[f"closes_{number}"] = TimeOfDay()
    return found


class TariffsSchema(_TariffsSchema.from_dict(_numbered())):  # type: ignore[misc]
    """The form of the prices of a resource."""


def _clock(minute: int | None) -> str:
    return "" if minute is None else f"{minute // HOUR:02}:{minute % HOUR:02}"


def _initial(resource: Resource) -> dict[str, Any]:
    values: dict[str, Any] = {
        "version": str(resource.version),
        "deposit": f"{resource.deposit_cents // 100},{resource.deposit_cents % 100:02}"
        if resource.deposit_cents
        else "",
        "late_hours": said_minutes(resource.late_before),
        "late_percent": said_hundredths(resource.late_share),
        "vat_mode": resource.vat_mode.value if resource.vat_mode else "",
        "vat_percent": said_hundredths(resource.vat_bp),
    }
    for number, row in enumerate(resource.tariffs[:MOST_LINES]):
        each = HOUR if row.unit is TariffUnit.HOUR else 1
        values |= {
            f"price_{number}": f"{row.cents // 100},{row.cents % 100:02}",
            f"unit_{number}": row.unit.value,
            f"standing_{number}": row.standing.value if row.standing else "",
            f"note_{number}": row.note,
            f"beyond_{number}": said_minutes(row.beyond * HOUR // each),
            f"days_{number}": [str(day) for day in row.weekdays],
            f"opens_{number}": _clock(row.opens),
            f"closes_{number}": _clock(row.closes),
        }
    return values


@blueprint.route("/ressources/<uuid:resource_id>/tarifs", methods=["GET", "POST"])
@requires(Permission.EDIT)
def tariffs(resource_id: UUID) -> ResponseReturnValue:
    """Set the prices of a resource; bookings there are keep theirs."""
    with reading() as work:
        resource = queries.get(work, resource_id)
        allow(work.actor, Permission.EDIT, resource.manager_id)
        form = Form(TariffsSchema(), initial=_initial(resource))
    if form.is_submitted:
        with form.refusals():
            data = form.load()
            write(services.change, Change(resource_id=resource_id, **data))
            flash(gettext("Les tarifs sont à jour. Les prix déjà fixés restent."), "success")
            return redirect(url_for("resources.tariffs", resource_id=resource_id), 303)
    with reading() as work:
        resource = queries.get(work, resource_id)
        filled = sum(1 for n in range(MOST_LINES) if form.value(f"price_{n}"))
        return render_template(
            "resources/tariffs.html",
            form=form,
            resource=resource,
            lines=range(min(MOST_LINES, filled + FREE)),
            standings=[(code.value, gettext(text)) for code, text in STANDINGS.items()],
            units=[(code.value, gettext(text)) for code, text in TARIFF_UNITS.items()],
            modes=[(code.value, gettext(text)) for code, text in VAT_MODES.items()],
            days=[(str(day), DAYS[language()][day]) for day in WEEK],
            quotas=[
                (row, services.said_quota(row, resource.name if row.resource_id else None))
                for row in queries.catalogue(work).quotas
                if row.resource_id == resource.id
                or (row.resource_id is None and row.kind in {None, resource.kind})
            ],
        ), form.status
