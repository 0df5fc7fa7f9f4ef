"""The page of statistics: how what is shared is used, and the same as a file."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from coopshare.bookings.states import STATES
from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked
from coopshare.members.queries import cooperative
from coopshare.reports.exporting import SHEETS, ExportFormat, Table, export
from coopshare.reports.periods import Compared, Period, Usual, usual
from coopshare.reports.policies import Permission
from coopshare.reports.queries import Report, Wanted, report
from coopshare.reports.rules import STEPS
from coopshare.reports.schemas import ALL, CHOSEN, StatisticsFormSchema
from coopshare.reports.wording import COMPARED, PERIODS, WEEKDAYS
from coopshare.resources.kinds import KIND_HEADINGS, ResourceKind
from coopshare.web.context import reading
from coopshare.web.errors import flattened
from coopshare.web.files import download
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, present
from coopshare.web.permissions import requires

blueprint = Blueprint("reports", __name__)

SHOWN = 40
"""Lines of a table on the page; the file has all of them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for."""

    period: Period
    compared: Compared | None
    wanted: Wanted
    table: Table
    form: ExportFormat | None


@blueprint.get("/administration/statistiques")
@requires(Permission.SEE)
def statistics() -> ResponseReturnValue:
    """Show how what is shared is used."""
    form = Form(StatisticsFormSchema(), initial=request.args.to_dict())
    found: Report | None = None
    before: Report | None = None
    with reading() as work:
        with form.refusals():
            asked = _asked(work)
            found = report(work, asked.period, asked.wanted)
            if asked.form is not None:
                return _file(found, asked)
            if asked.compared is not None:
                before = report(work, asked.period.compared(asked.compared), asked.wanted)
        html = render_template(
            "reports/statistics.html",
            form=form,
            found=found,
            before=before,
            earlier=_by_id(before),
            shown=SHOWN,
            periods=[
                *((str(key), gettext(words)) for key, words in PERIODS.items()),
                (CHOSEN, gettext(marked("Des jours choisis"))),
            ],
            comparisons=[(str(key), gettext(words)) for key, words in COMPARED.items()],
            kinds=[
                *((str(kind), gettext(words)) for kind, words in KIND_HEADINGS.items()),
                (ALL, gettext(marked("Tout ensemble"))),
            ],
            weekdays=WEEKDAYS,
            steps=range(STEPS + 1),
            states=STATES,
            files=_files(),
        )
    return html, form.status


def _file(found: Report, asked: Asked) -> Response:
    assert asked.form is not None  # noqa: S101 - asked by the caller
    return download(export(found, asked.table, asked.form, gettext))


def _asked(work: Work) -> Asked:
    """Read the address; a period of typed days wants both."""
    typed = {name: value for name, value in request.args.items() if value}
    try:
        given: dict[str, Any] = StatisticsFormSchema().load(typed)
    except ValidationError as error:
        raise Invalid(flattened(error.messages)) from error
    if given["periode"] == CHOSEN:
        for name in ("du", "au"):
            if given[name] is None:
                raise Invalid.field(name, marked("Choisissez le premier et le dernier jour."))
        try:
            period = Period(given["du"], given["au"])
        except Invalid as error:
            raise Invalid({"au": error.fields["to"]}) from error
    else:
        place = ZoneInfo(cooperative(work).timezone)
        period = usual(Usual(given["periode"]), present().astimezone(place).date())
    return Asked(
        period=period,
        compared=given["comparer"],
        wanted=Wanted(
            kind=None if given["quoi"] == ALL else ResourceKind(given["quoi"]),
            resource_id=given["ressource"],
        ),
        table=given["tableau"],
        form=given["format"],
    )


def _by_id(before: Report | None) -> dict[Any, Any]:
    """Return what each resource and each organisation used in the period compared with."""
    if before is None:
        return {}
    resources = {one.resource.id: one.minutes for one in before.resources}
    return resources | {one.organisation_id: one.minutes for one in before.organisations}


def _files() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (table, [(format, address)]) for what is looked at."""
    kept: dict[str, Any] = request.args.to_dict()
    return [
        (
            gettext(SHEETS[table]),
            [
                (
                    form.value.upper(),
                    url_for("reports.statistics", **kept | {"tableau": table, "format": form}),
                )
                for form in ExportFormat
            ],
        )
        for table in Table
    ]
