"""A series before anything is written: every date, what stands in its way, what is possible."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

from coopshare.bookings.commands import AddDate, BookSeries, ChangeSeries, MakeSeries, Scope
from coopshare.bookings.errors import SeriesBlocked, SeriesRefused
from coopshare.bookings.policies import Permission
from coopshare.bookings.series import occurrences
from coopshare.bookings.services.alternatives import alternatives, explained
from coopshare.bookings.services.changing import loaded
from coopshare.bookings.services.series.dates import PlannedDate, SeriesPlan, judged
from coopshare.bookings.services.series.drafting import Draft
from coopshare.bookings.services.series.making import draft_added, draft_book, draft_made
from coopshare.bookings.services.series.reworking import draft_change, single
from coopshare.bookings.services.series.scoping import anchored
from coopshare.db.work import Database, Work
from coopshare.holds.errors import SlotTaken
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import CoopShareError

Plannable: TypeAlias = BookSeries | MakeSeries | ChangeSeries | AddDate

MOST_EXPLAINED = 12
"""For how many refused dates something else is looked for: the first ones."""


def plan_series(work: Work, command: Plannable) -> SeriesPlan:
    """Return every date of a series as it would be, and what is possible where it cannot.

    Works in a read-only unit and judges as the verb does. Raises what the verb raises for what is
    the same for every date.
    """
    draft = _draft(work, command)
    plan = judged(work, draft.dates, but=draft.given_back())
    explained = {one.id for one in plan.refused[:MOST_EXPLAINED]}
    return replace(
        plan,
        dates=tuple(_with_ways(work, one) if one.id in explained else one for one in plan.dates),
    )


def _draft(work: Work, command: Plannable) -> Draft:
    if isinstance(command, BookSeries):
        return draft_book(work, command)
    if isinstance(command, AddDate):
        return draft_added(work, command)
    if isinstance(command, MakeSeries):
        booking, _ = loaded(work, command.booking_id, command.version, Permission.CHANGE)
        return draft_made(work, command, booking)
    _, series = anchored(work, command.booking_id, command.version)
    return draft_change(work, command, series, occurrences(work, series.id))


def _with_ways(work: Work, one: PlannedDate) -> PlannedDate:
    taken = next((error for error in one.errors if isinstance(error, SlotTaken)), None)
    source_id = one.booking.id if one.booking is not None else None
    found = alternatives(work, one.what, taken=taken, booking_id=source_id)
    return replace(one, alternatives=tuple(found))


@contextmanager
def explained_series(database: Database, actor: Actor, command: Plannable) -> Iterator[None]:
    """Let a refusal of the verb inside pass, with what is possible for each date added to it.

    Every door runs the verbs of series inside it; nothing is searched while anything is locked.
    """
    if isinstance(command, ChangeSeries) and command.scope is Scope.THIS:
        with explained(database, actor, single(command)):
            yield
        return
    try:
        yield
    except (SeriesBlocked, SeriesRefused) as error:
        try:
            with database.read(actor) as work:
                plan = plan_series(work, command)
        except CoopShareError:
            raise error from None
        if plan.refused:
            error.tell([one.refused() for one in plan.refused])
        raise
