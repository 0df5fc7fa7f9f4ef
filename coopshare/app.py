"""The composition root: which pages, operations, handlers and sources make CoopShare."""

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta

import flask_smorest
from flask import Blueprint, Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from coopshare.bookings import agenda as bookings_agenda
from coopshare.bookings import api as bookings_api
from coopshare.bookings import attendance, series_notices, waiting_notices
from coopshare.bookings import jobs as bookings_jobs
from coopshare.bookings import notices as bookings_notices
from coopshare.bookings import pages as bookings_pages
from coopshare.bookings import reminders as bookings_reminders
from coopshare.bookings.api import requests as requests_api
from coopshare.bookings.api import screens as screens_api
from coopshare.bookings.api import waiting as waiting_api
from coopshare.bookings.charged import due_before
from coopshare.bookings.facts import (
    Approved,
    Booked,
    Cancelled,
    ChangeAsked,
    Changed,
    ChangeLapsed,
    ChangeRefused,
    Confirmed,
    Lapsed,
    Moved,
    NoShow,
    Offered,
    ProposalAccepted,
    ProposalDeclined,
    Proposed,
    RefusedByManager,
    Released,
    SeriesApproved,
    SeriesBooked,
    SeriesCancelled,
    SeriesChanged,
    SeriesLapsed,
    SeriesRefusedByManager,
    WaitEnded,
)
from coopshare.bookings.handing import api as handing_api
from coopshare.bookings.handing import jobs as handing_jobs
from coopshare.bookings.handing import notices as handing_notices
from coopshare.bookings.handing import pages as handing_pages
from coopshare.bookings.handing.following import NEXT_LATE, OVERDUE
from coopshare.bookings.handing.panels import lacking
from coopshare.bookings.offers import OFFERS
from coopshare.bookings.pages import door
from coopshare.bookings.requests import TO_ANSWER, TO_DECIDE
from coopshare.bookings.seen import SEEN
from coopshare.bookings.services import OPTION_REMINDER, serve_closure, serve_freed
from coopshare.bookings.services.regrouping import bookings_follow
from coopshare.calendars import agenda as calendars_agenda
from coopshare.calendars import api as calendars_api
from coopshare.calendars import jobs as calendars_jobs
from coopshare.calendars.pages import ical, planning, printing, subscribing
from coopshare.calendars.rebuilding import calendars_follow, follow_closure
from coopshare.calendars.uses import USES
from coopshare.catalogues import translation
from coopshare.config import Settings
from coopshare.db.engine import is_sqlite
from coopshare.db.outbox import Handler
from coopshare.db.work import Database, Handlers
from coopshare.exchanges import api as exchanges_api
from coopshare.exchanges import notices as exchanges_notices
from coopshare.exchanges import pages as exchanges_pages
from coopshare.exchanges.facts import MonthClosed
from coopshare.exchanges.services import SOURCES
from coopshare.holds import api as holds_api
from coopshare.holds import jobs as holds_jobs
from coopshare.holds import pages as holds_pages
from coopshare.holds.closing import FOLLOWERS
from coopshare.holds.facts import MaintenanceOpened
from coopshare.holds.queries import LACKING, free_over
from coopshare.holds.regrouping import closures_follow
from coopshare.holds.services import FREED, retire_past
from coopshare.jobs.worker import PURGE, Periodic, Worker
from coopshare.members import api as member_api
from coopshare.members import jobs as member_jobs
from coopshare.members import login
from coopshare.members import pages as member_pages
from coopshare.members.facts import Invited, OrganisationChanged
from coopshare.members.pages import organisation as organisation_sheet
from coopshare.members.pages.administration import CHECKLIST, JOURNAL_PAGES
from coopshare.members.services.accounts import RESET_MAIL
from coopshare.members.services.watching import FAILED_LOGIN
from coopshare.menu import NAVIGATION, ONLY_FOR, STEPS
from coopshare.notifications import api as notifications_api
from coopshare.notifications import jobs as notifications_jobs
from coopshare.notifications import pages as notifications_pages
from coopshare.notifications.services import DIGEST, Post, Tell
from coopshare.paces import PACES
from coopshare.paths import shipped
from coopshare.pooled_staff import api as team_api
from coopshare.pooled_staff import notices as team_notices
from coopshare.pooled_staff import pages as team_pages
from coopshare.pooled_staff.facts import RotaPublished
from coopshare.reports import api as reports_api
from coopshare.reports import pages as reports_pages
from coopshare.resources import api as resources_api
from coopshare.resources import pages as resources_pages
from coopshare.resources import quota_api
from coopshare.resources.facts import ResourceRenamed
from coopshare.resources.queries import FREE_OVER
from coopshare.resources.services import AROUND_PARTS, BEFORE_LOWERING
from coopshare.web import (
    api,
    appearance,
    csrf,
    errors,
    etag,
    headers,
    health,
    i18n,
    inbox,
    limits,
    metrics,
    pages,
    permissions,
    problems,
)
from coopshare.web.context import Site, SiteSettings

MEGABYTE = 1024 * 1024

PAGES: Sequence[Blueprint] = (
    health.blueprint,
    metrics.blueprint,
    appearance.blueprint,
    problems.blueprint,
    api.documentation,
    member_pages.blueprint,
    ical.blueprint,
    door.blueprint,
    holds_pages.blueprint,
    subscribing.blueprint,
    planning.blueprint,
    printing.blueprint,
    bookings_pages.blueprint,
    exchanges_pages.blueprint,
    handing_pages.blueprint,
    team_pages.blueprint,
    resources_pages.blueprint,
    reports_pages.blueprint,
    notifications_pages.blueprint,
)
"""The pages, package by package."""

OPERATIONS: Sequence[flask_smorest.Blueprint] = (
    member_api.blueprint,
    resources_api.blueprint,
    quota_api.blueprint,
    holds_api.blueprint,
    bookings_api.blueprint,
    screens_api.blueprint,
    requests_api.blueprint,
    waiting_api.blueprint,
    exchanges_api.blueprint,
    handing_api.blueprint,
    calendars_api.blueprint,
    reports_api.blueprint,
    notifications_api.blueprint,
    *team_api.blueprints,
)
"""The operations of the JSON API, package by package."""


HANDLERS: Handlers = {
    Invited: (member_jobs.INVITATION_MAIL,),
    OrganisationChanged: (calendars_jobs.REBUILD,),
    ResourceRenamed: (calendars_jobs.REBUILD,),
    WaitEnded: (waiting_notices.KIND,),
    MonthClosed: (exchanges_notices.KIND,),
    RotaPublished: (team_notices.KIND,),
    MaintenanceOpened: (handing_notices.OUT_OF_USE,),
    **dict.fromkeys(
        (
            SeriesBooked,
            SeriesChanged,
            SeriesCancelled,
            SeriesApproved,
            SeriesRefusedByManager,
            SeriesLapsed,
        ),
        (series_notices.KIND,),
    ),
    **dict.fromkeys(
        (
            Approved,
            Booked,
            Cancelled,
            ChangeAsked,
            ChangeLapsed,
            ChangeRefused,
            Changed,
            Confirmed,
            Lapsed,
            Moved,
            NoShow,
            Offered,
            ProposalAccepted,
            ProposalDeclined,
            Proposed,
            RefusedByManager,
            Released,
        ),
        (bookings_notices.KIND,),
    ),
}
"""Fact -> the kinds of jobs that follow it."""

NOTICES: Mapping[str, Tell] = {
    member_jobs.INVITATION_MAIL: member_jobs.tell_invitation,
    RESET_MAIL: member_jobs.tell_reset,
    bookings_notices.KIND: bookings_notices.tell,
    bookings_reminders.START: bookings_reminders.tell_start,
    bookings_reminders.ANSWER: bookings_reminders.tell_answer,
    DIGEST: notifications_jobs.Digest((bookings_reminders.coming,)),
    OPTION_REMINDER: bookings_notices.remind,
    waiting_notices.KIND: waiting_notices.tell,
    series_notices.KIND: series_notices.tell,
    exchanges_notices.KIND: exchanges_notices.tell,
    team_notices.KIND: team_notices.tell,
    OVERDUE: handing_notices.tell_late,
    NEXT_LATE: handing_notices.tell_next,
    handing_notices.OUT_OF_USE: handing_notices.tell_out_of_use,
}
"""Kind of job -> what people are told: (database, job) -> messages."""

JOBS: Mapping[str, Handler] = {
    FAILED_LOGIN: member_jobs.trace_failed_login,
    calendars_jobs.REBUILD: calendars_jobs.Rebuild(
        (bookings_agenda.coming, calendars_agenda.coming)
    ),
}
"""Kind of job -> what else the worker does."""

PERIODIC: Sequence[Periodic] = (
    PURGE,
    Periodic(timedelta(minutes=5), USES.write),
    Periodic(timedelta(minutes=2), SEEN.write),
    Periodic(timedelta(minutes=1), bookings_jobs.lapse),
    Periodic(timedelta(minutes=5), notifications_jobs.Remind((bookings_reminders.due,))),
    Periodic(timedelta(minutes=15), notifications_jobs.send_digests),
    Periodic(timedelta(days=1), notifications_jobs.forget),
    Periodic(timedelta(minutes=2), bookings_jobs.tend_queues),
    Periodic(timedelta(minutes=1), bookings_jobs.release),
    Periodic(timedelta(minutes=5), holds_jobs.settle_all),
    Periodic(timedelta(minutes=5), handing_jobs.follow_late),
)
"""What the worker does again and again."""

organisation_sheet.SHEET[:] = [attendance.said_of]
BEFORE_LOWERING[:] = [retire_past]
inbox.SOURCES[:] = [OFFERS, TO_ANSWER, TO_DECIDE]
FREE_OVER[:] = [free_over]
SOURCES[:] = [due_before]
FOLLOWERS[:] = [follow_closure, serve_closure]
FREED[:] = [serve_freed]
LACKING[:] = [lacking]
AROUND_PARTS[:] = [calendars_follow, closures_follow, bookings_follow]


def create_app(settings: SiteSettings, database: Database) -> Flask:
    """Return the application on a database that is already migrated."""
    app = Flask("coopshare", template_folder=str(shipped("templates")), static_url_path="/statique")
    configure(app, settings)
    app.extensions["coopshare"] = Site(
        settings=settings, database=database, navigation=NAVIGATION, only_for=ONLY_FOR
    )
    app.extensions[CHECKLIST] = STEPS
    app.extensions[JOURNAL_PAGES] = {
        "booking": ("bookings.show", "booking_id"),
        "resource": ("resources.show", "resource_id"),
        "organisation": ("members.organisation", "organisation_id"),
    }
    login.install(app)
    metrics.install(app)
    headers.install(app)
    i18n.install(app)
    pages.install(app)
    inbox.install(app)
    csrf.install(app)
    app.before_request(permissions.check)
    limits.install(app, PACES, is_on=settings.limits == "on")
    errors.install(app)
    etag.install(app)
    problems.install(app, shipped("docs") / "erreurs.md")
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    smorest = api.install(app)
    for operations in OPERATIONS:
        smorest.register_blueprint(operations)
    api.describe_problems(smorest)
    app.extensions["coopshare-api"] = smorest
    refuse_undeclared(app)
    limits.refuse_unknown(app)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def open_database(settings: Settings) -> Database:
    """Return the database of an installation, with what follows each fact."""
    if is_sqlite(settings.database_url):
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Database(settings.database_url, handlers=HANDLERS, address=settings.base_url)


def make_worker(settings: Settings, database: Database) -> Worker:
    """Return what does the jobs of an installation."""
    post = Post.named(settings.mail_url, settings.mail_from, translation)
    notices = {kind: post.handler(tell) for kind, tell in NOTICES.items()}
    return Worker(database, {**JOBS, **notices}, periodic=PERIODIC)


def from_environment() -> Flask:
    """Return the application as the environment sets it, for a WSGI server."""
    settings = Settings.from_env(os.environ)
    return create_app(settings, open_database(settings))


def configure(app: Flask, settings: SiteSettings) -> None:
    """Set cookies, limits and templates."""
    secure = settings.base_url.startswith("https://")
    app.config |= {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "__Host-coopshare" if secure else "coopshare",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "MAX_CONTENT_LENGTH": 10 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "MAX_FORM_PARTS": 1000,
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
    }
    app.jinja_env.undefined = StrictUndefined
    app.json.sort_keys = False  # type: ignore[attr-defined]


def refuse_undeclared(app: Flask) -> None:
    """Refuse to start with a route that does not say who it is for."""
    silent = [name for name in app.view_functions if permissions.permission_of(app, name) is None]
    if silent:
        message = f"Routes without a permission nor @public: {', '.join(sorted(silent))}"
        raise RuntimeError(message)
