"""The page between a wish and the act: every date, its state, the choices, then all or none."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from coopshare.bookings import services
from coopshare.bookings.charges import merged
from coopshare.bookings.commands import Choice
from coopshare.bookings.errors import PriceNotSeen, SeriesBlocked, SeriesRefused
from coopshare.bookings.pages.prices import shown_price
from coopshare.bookings.pages.series.choices import typed
from coopshare.bookings.pages.series.plan import Sheet, sheet_of
from coopshare.bookings.pages.series.shapes import on_repeat
from coopshare.db.work import Work
from coopshare.kernel.text import Sentence
from coopshare.members.queries import cooperative
from coopshare.web.context import reading
from coopshare.web.errors import status_of
from coopshare.web.forms import Form
from coopshare.web.i18n import say
from coopshare.web.idempotency import once

ACT, CHECK, SKIP_ALL, BACK = "series", "dates", "skip-all", "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A verb of series about to be done, and how its page speaks."""

    command: Callable[[tuple[Choice, ...]], Any]
    """The command with the choices that were made."""
    use_case: Callable[[Work, Any], Any]
    done: Callable[[UUID], ResponseReturnValue]
    url: str
    heading: str
    lead: Sentence | None
    act: Callable[[Sheet], str]
    """The words of the button that acts."""
    home: Sequence[UUID]
    """The resources each date has, unless it has its own."""
    days: Collection[date] | None = None
    """The days that may be spoken of; None: those of the plan shown before."""
    has_back: bool = True
    """Whether there is a form to come back to."""


def propose(form: Form, proposal: Proposal) -> ResponseReturnValue:
    """Do it where it was asked for and is possible; else show every date, nothing typed lost.

    Raises `Invalid` for what is the same for every date: the form before it shows it.
    """
    asked = request.form.get("do")
    chosen = typed()
    choices, refusal = chosen.choices(proposal.days)
    if refusal is not None:
        form.refuse(refusal)
    with on_repeat():
        if asked == ACT and refusal is None:
            try:
                return proposal.done(once(proposal.use_case, proposal.command(choices)))
            except (SeriesBlocked, SeriesRefused) as error:
                form.status = status_of(error)
            except PriceNotSeen as error:
                form.refuse(error)
        with reading() as work:
            plan = services.plan_series(work, proposal.command(choices))
            if asked == SKIP_ALL and plan.refused:
                chosen = chosen.with_skipped([one.day for one in plan.refused])
                command = proposal.command(chosen.choices(proposal.days)[0])
                plan = services.plan_series(work, command)
            sheet = sheet_of(plan, chosen, proposal.home)
            return render_template(
                "bookings/series_plan.html",
                form=form,
                proposal=proposal,
                lead=say(proposal.lead) if proposal.lead is not None else "",
                sheet=sheet,
                searched=services.MOST_EXPLAINED,
                currency=cooperative(work).currency,
                price=shown_price(
                    work, merged(c for one in plan.kept if one.price for c in one.price.charges)
                ),
                act_text=proposal.act(sheet),
                was_refused=asked == ACT,
                hidden=_carried(form),
            ), form.status


def _carried(form: Form) -> list[tuple[str, str]]:
    """Return what was typed in the form before, to be carried along."""
    return [
        (name, value) for name in form.schema.fields for value in _values(form, name) if value != ""
    ]


def _values(form: Form, name: str) -> list[str]:
    if form.is_submitted:
        return request.form.getlist(name)
    return [str(form.value(name))]
