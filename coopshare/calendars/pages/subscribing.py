"""The page of subscriptions: list, make, renew, end."""

from uuid import UUID

import segno
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.calendars import queries, services
from coopshare.calendars.addresses import addresses
from coopshare.calendars.api import made_once
from coopshare.calendars.models import Feed
from coopshare.calendars.policies import Permission
from coopshare.calendars.schemas import CreateFeedSchema
from coopshare.resources.queries import ResourceFilter, search
from coopshare.web.context import reading, settings, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext
from coopshare.web.permissions import requires

blueprint = Blueprint("calendars", __name__)


def _page(form: Form, *, made: UUID | None = None, token: str | None = None) -> str:
    with reading() as work:
        feeds = queries.feeds(work)
        fresh = queries.get_feed(work, made) if made else None
        told = addresses(settings().base_url, fresh, token) if fresh and token else None
        return render_template(
            "calendars/index.html",
            form=form,
            feeds=feeds,
            fresh=fresh,
            told=told,
            picture=segno.make(told.https).svg_data_uri(scale=4, border=2) if told else None,
            resource_options=[(str(one.id), one.name) for one in search(work, ResourceFilter())],
        )


@blueprint.get("/abonnements")
@requires(Permission.SUBSCRIBE)
def index() -> ResponseReturnValue:
    """Show the person's subscriptions and how to make one."""
    return _page(Form(CreateFeedSchema()))


@blueprint.post("/abonnements")
@requires(Permission.SUBSCRIBE)
def create() -> ResponseReturnValue:
    """Make a subscription and show its address, once."""
    form = Form(CreateFeedSchema())
    with form.refusals():
        made, token = made_once(form.load())
        if token is None:
            flash(gettext("Cet abonnement existe déjà. Renouvelez son adresse pour la revoir."))
            return redirect(url_for("calendars.index"), 303)
        return _page(Form(CreateFeedSchema()), made=made, token=token), 201
    return _page(form), form.status


@blueprint.post("/abonnements/<uuid:feed_id>/renouveler")
@requires(Permission.SUBSCRIBE)
def rotate(feed_id: UUID) -> ResponseReturnValue:
    """Give a subscription another address; the former one answers no more."""
    feed, token = write(services.rotate, feed_id)
    return _page(Form(CreateFeedSchema()), made=feed.id, token=token)


@blueprint.post("/abonnements/<uuid:feed_id>/arreter")
@requires(Permission.SUBSCRIBE)
def revoke(feed_id: UUID) -> ResponseReturnValue:
    """End a subscription."""
    feed: Feed = write(services.revoke_feed, feed_id)
    flash(
        gettext(
            "L'abonnement « %(name)s » est arrêté : son adresse ne répond plus.", name=feed.name
        )
    )
    return redirect(url_for("calendars.index"), 303)
