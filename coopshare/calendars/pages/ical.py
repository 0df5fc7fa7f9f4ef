"""The addresses that calendar applications read: no session, no cookie, no redirect.

Only GET and HEAD, only the token in the path; whatever does not answer gives one same 404.
"""

from flask import Blueprint, Response, request

from coopshare.calendars import feeds, subscriptions
from coopshare.calendars.pages import answers
from coopshare.calendars.uses import USES
from coopshare.kernel.errors import NotFound
from coopshare.web import limits
from coopshare.web.context import database
from coopshare.web.i18n import gettext, speak
from coopshare.web.limits import Pace
from coopshare.web.permissions import public

blueprint = Blueprint("ical", __name__)
LONGEST_TOKEN = 100


@blueprint.get("/ical/<token>/<slug>.ics")
@public
def calendar(token: str, slug: str) -> Response:
    """Answer a subscription: 304 before any event is read when the client has it already."""
    del slug
    try:
        found = _find(token)
    except NotFound:
        return answers.lives_not()
    told, now = found.told, database().clock()
    known = answers.not_modified(found.etag, told.changed_at, now)
    if known is not None:
        return known
    limits.count(Pace.FEED, told.feed.id)  # what a client has already costs it nothing
    speak(told.actor.language)
    body = subscriptions.calendar(database(), told, gettext)
    return answers.calendar(body, found.etag, told.changed_at, now)


@blueprint.get("/ical/<token>/<slug>.ifb")
@public
def free_busy(token: str, slug: str) -> Response:
    """Answer the free/busy periods of a subscription; their tag is that of the bytes."""
    del slug
    try:
        found = _find(token)
        limits.count(Pace.FEED, found.told.feed.id)
        body = subscriptions.free_busy(database(), found.told)
    except NotFound:
        return answers.lives_not()
    now = database().clock()
    etag = feeds.etag("ifb", body)
    return answers.not_modified(etag, None, now) or answers.calendar(body, etag, None, now)


def _find(token: str) -> subscriptions.Found:
    if len(token) > LONGEST_TOKEN:
        raise NotFound
    found = subscriptions.find(database(), token)
    client = feeds.family(request.headers.get("User-Agent", ""))
    USES.note(found.told.feed.id, found.told.day, client)
    return found
