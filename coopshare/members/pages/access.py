"""The ways in: log in, log out, choose a password again, accept an invitation."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.db import throttle
from coopshare.db.throttle import Rate
from coopshare.kernel.actor import ANONYMOUS
from coopshare.kernel.text import Sentence
from coopshare.members import login, passwords, queries, services
from coopshare.members.commands import AcceptInvitation, ResetPassword, Switch
from coopshare.members.errors import LinkUnusable, WrongCredentials
from coopshare.members.models import Cooperative, Invitation, Person
from coopshare.members.pages.routes import blueprint, drawn
from coopshare.members.policies import Permission
from coopshare.members.schemas import (
    AcceptSchema,
    AskResetSchema,
    LogInSchema,
    NewPasswordSchema,
    SwitchSchema,
)
from coopshare.members.tokens import hashed
from coopshare.web.appearance import YEAR, page_of_ours
from coopshare.web.context import actor, database, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, language, say
from coopshare.web.permissions import public, requires
from coopshare.web.schemas import Schema

LOGINS_OF_ACCOUNT = Rate(count=5, minutes=1)
LOGINS_OF_ADDRESS = Rate(count=30, minutes=1)
RESETS_OF_ACCOUNT = Rate(count=3, minutes=60)
RESETS_OF_ADDRESS = Rate(count=30, minutes=60)
LINKS_OF_ADDRESS = Rate(count=60, minutes=60)


def _count(verb: str, rate: Rate, *more: str) -> None:
    """Count an attempt from this address; on an account, the owner elsewhere is not held up."""
    key = ":".join((verb, login.address(), *(hashed(word.strip().lower())[:32] for word in more)))
    throttle.count(database(), key[:120], rate)


def _suite() -> str:
    return page_of_ours(str(request.values.get("suite", "/")))


@blueprint.route("/connexion", methods=["GET", "POST"])
@public
def log_in() -> ResponseReturnValue:
    """Log in; the same words for an unknown address and a wrong password."""
    form = Form(LogInSchema(), {"suite": _suite()})
    if form.is_submitted:
        with form.refusals():
            typed: dict[str, Any] = form.load()
            person = _checked(typed["email"], typed["password"])
            login.log_in(person.id)
            answer = make_response(redirect(_suite(), 303))
            answer.set_cookie(
                "theme",
                person.theme,
                max_age=YEAR,
                secure=login.is_secure(),
                httponly=True,
                samesite="Lax",
            )
            return answer
    elif actor().is_known:
        return redirect(_suite(), 303)
    return drawn("members/login.html", form)


def _checked(email: str, password: str) -> Person:
    """Return the person of an address and a password; raises `WrongCredentials`, `TooMany`."""
    _count("login", LOGINS_OF_ADDRESS)
    _count("login", LOGINS_OF_ACCOUNT, email)
    with database().read(ANONYMOUS) as work:
        person = queries.person_by_email(work, email)
    # Checked outside of any unit: hashing takes a fifth of a second.
    is_right = passwords.matches(password, person.password_hash if person else None)
    if person is None or not is_right or person.is_suspended:
        database().write(ANONYMOUS, services.leave_failed_login, person.id if person else None)
        raise WrongCredentials
    return person


@blueprint.post("/deconnexion")
@public
def log_out() -> ResponseReturnValue:
    """Log out of this device."""
    login.log_out()
    return redirect(url_for("members.log_in"), 303)


@blueprint.route("/mot-de-passe", methods=["GET", "POST"])
@public
def ask_reset() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whether the address has an account or not."""
    form = Form(AskResetSchema())
    if form.is_submitted:
        with form.refusals():
            email = form.load()["email"]
            _count("reset", RESETS_OF_ADDRESS)
            _count("reset", RESETS_OF_ACCOUNT, email)
            database().write(ANONYMOUS, services.ask_reset, email)
            return render_template("members/reset_sent.html", email=email)
    return drawn("members/ask_reset.html", form)


@blueprint.route("/mot-de-passe/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Choose a new password by the link of a mail; opening it changes nothing."""
    form = Form(NewPasswordSchema())
    with database().read(ANONYMOUS) as work:
        found = queries.reset_by_token(work, token)
        person = work.session.get(Person, found.person_id) if found else None
    if person is None:
        return _unusable()
    if form.is_submitted:
        with form.refusals():
            _count("link", LINKS_OF_ADDRESS)
            password = passwords.chosen(form.load()["password"], (person.name, person.email))
            command = ResetPassword(token=token, password=password)
            try:
                database().write(ANONYMOUS, services.reset_password, command)
            except LinkUnusable:
                return _unusable()
            flash(gettext("Votre nouveau mot de passe est enregistré. Connectez-vous avec."))
            return redirect(url_for("members.log_in"), 303)
    return drawn("members/reset.html", form, token=token, person=person)


def _unusable() -> ResponseReturnValue:
    sentence = say(Sentence(LinkUnusable.message))
    return render_template("members/link_unusable.html", sentence=sentence), 404


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    """Show an invitation; a button accepts it, opening the page changes nothing."""
    with database().read(ANONYMOUS) as work:
        found = queries.invitation_by_token(work, token)
        account = queries.person_by_email(work, found.email) if found else None
        where = work.session.get(Cooperative, found.cooperative_id) if found else None
    if found is None or where is None:
        return _unusable()
    is_new = account is None
    form = Form(AcceptSchema() if is_new else Schema())
    if form.is_submitted:
        with form.refusals():
            _count("link", LINKS_OF_ADDRESS)
            command = AcceptInvitation(token=token)
            if is_new:
                typed = form.load()
                context = (typed["name"], found.email, where.name)
                command = AcceptInvitation(
                    token=token,
                    name=typed["name"],
                    password=passwords.chosen(typed["password"], context),
                )
            return _accepted(found, command)
    acting = replace(ANONYMOUS, cooperative_id=where.id)
    with database().read(acting) as work:
        organisation = queries.membership(work, found.organisation_id).organisation
        inviter = queries.people(work, [found.invited_by] if found.invited_by else [])
        return drawn(
            "members/invitation.html",
            form,
            token=token,
            invitation=found,
            cooperative=where,
            organisation=organisation,
            inviter=next((person.name for person in inviter.values()), None),
            is_new=is_new,
            is_mine=account is not None and account.id == actor().person_id,
        )


def _accepted(found: Invitation, command: AcceptInvitation) -> ResponseReturnValue:
    acting = replace(actor(), cooperative_id=found.cooperative_id, language=language())
    try:
        person = database().write(acting, services.accept_invitation, command)
    except LinkUnusable:
        return _unusable()
    login.log_in(person.id, (found.cooperative_id, found.organisation_id))
    flash(gettext("Bienvenue ! Votre place est ouverte."))
    return redirect("/", 303)


@blueprint.post("/changer")
@requires(Permission.OWN_ACCOUNT, anywhere=True)
def switch() -> ResponseReturnValue:
    """Act for another organisation from now on, on this device."""
    form = Form(SwitchSchema())
    mine = login.session_hash()
    if mine is None:
        abort(404)
    command = Switch(token_hash=mine, **form.load())
    write(services.switch, command)
    return redirect("/", 303)
