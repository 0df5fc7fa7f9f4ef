"""Waiting lists: take a place from a refusal, see how far it has come, leave it."""

import secrets
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.bookings import queue, services
from coopshare.bookings.commands import Book, BookSeries
from coopshare.bookings.pages.booking import book_page
from coopshare.bookings.pages.form import from_query
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.pages.series.shapes import RepeatedBookFormSchema, proposed
from coopshare.bookings.policies import Permission
from coopshare.bookings.queue import WaitShown
from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import Sentence, marked
from coopshare.resources import queries as catalogue
from coopshare.resources.models import Resource
from coopshare.resources.services import is_managed_by
from coopshare.web.context import actor, reading
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, present, say
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires


@blueprint.get("/liste-d-attente")
@requires(Permission.READ)
def waiting() -> ResponseReturnValue:
    """List my places, my organisation's, or those for a resource one looks after."""
    who = actor()
    is_ours = request.args.get("vue") == "organisation"
    with reading() as work:
        resource = _resource(work)
        if resource is not None:
            found = queue.waits(work, resource_id=resource.id)
        elif is_ours:
            found = queue.waits(work, organisation_id=who.organisation_id)
        else:
            found = queue.waits(work, person_id=who.person_id)
        return render_template(
            "bookings/waiting.html",
            shown=queue.shown_waits(work, found),
            key=secrets.token_urlsafe(16),
            is_ours=is_ours,
            resource=resource,
            rank=rank,
            managed=sorted(
                (r for r in catalogue.catalogue(work).resources.values() if is_managed_by(who, r)),
                key=lambda r: r.sort_key,
            ),
        )


def _resource(work: Work) -> Resource | None:
    try:
        resource_id = UUID(request.args.get("ressource", ""))
    except ValueError:
        return None
    return catalogue.get(work, resource_id)


def rank(one: WaitShown) -> str:
    """Say how many are before: « vous êtes 2e »."""
    if one.place is None:
        return ""
    is_mine = one.wait.person_id == one.actor.person_id
    if one.place == 1:
        return gettext("votre tour est le prochain") if is_mine else gettext("en tête de la liste")
    if is_mine:
        return gettext("vous êtes %(place)se", place=one.place)
    return gettext("%(place)se de la liste", place=one.place)


@blueprint.post("/liste-d-attente")
@requires(Permission.BOOK)
def join_waiting() -> ResponseReturnValue:
    """Keep the request that was just refused, in the list of its slot."""
    who = actor()
    initial = from_query(present(), who.timezone) | {"organisation_id": str(who.organisation_id)}
    initial |= proposed(date.fromisoformat(initial["day"]))
    form = Form(RepeatedBookFormSchema(), initial)
    with form.refusals():
        command: Book | BookSeries = form.load()
        if isinstance(command, BookSeries):
            raise Invalid(message=marked("Une série n'attend pas : prenez rang date par date."))
        wait_id = once(services.join, command)
        with reading() as work:
            [one] = queue.shown_waits(work, [queue.get_wait(work, wait_id)])
            said = Sentence(
                marked(
                    "C'est noté : {rank}. Un courriel part dès que la place se libère, et elle"
                    " vous est alors gardée le temps de répondre."
                ),
                {"rank": rank(one)},
            )
            flash(say(said))
        return redirect(url_for("bookings.waiting"), 303)
    return book_page(form)


@blueprint.post("/liste-d-attente/<uuid:wait_id>/quitter")
@requires(Permission.CHANGE)
def leave_waiting(wait_id: UUID) -> ResponseReturnValue:
    """Give up a place, or let an offer pass."""
    once(services.leave, wait_id)
    said = marked("C'est fait : la place va à la personne suivante, s'il y en a une.")
    flash(say(Sentence(said)))
    return redirect(url_for("bookings.waiting"), 303)
