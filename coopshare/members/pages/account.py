"""One's own account: name, language, colours, password, devices, keys for programs."""

from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.db import throttle
from coopshare.kernel.text import marked
from coopshare.members import login, passwords, queries, services, tokens
from coopshare.members.commands import ChangePassword, CreateToken
from coopshare.members.errors import WrongCredentials
from coopshare.members.pages.access import LOGINS_OF_ACCOUNT
from coopshare.members.pages.routes import blueprint
from coopshare.members.policies import Permission
from coopshare.members.schemas import (
    ChangePasswordSchema,
    PreferencesSchema,
    TokenNameSchema,
)
from coopshare.members.services.accounts import own
from coopshare.web.appearance import YEAR
from coopshare.web.context import actor, database, reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, speak
from coopshare.web.permissions import requires


def _page(shown: str = "", form: Form | None = None, key: str | None = None) -> ResponseReturnValue:
    """Draw the account; `form` is the one that was refused, `key` a new one shown this once."""
    with reading() as work:
        person = own(work)
        asked = {"name": person.name, "language": person.language, "theme": person.theme}
        forms = {
            "preferences": Form(PreferencesSchema(), asked),
            "password": Form(ChangePasswordSchema()),
            "key": Form(TokenNameSchema()),
        }
        for name in forms.keys() - {shown}:
            forms[name].values = asked if name == "preferences" else {}
            forms[name].is_submitted = False
        if form is not None:
            forms[shown] = form
        html = render_template(
            "members/account.html",
            person=person,
            forms_by_name=forms,
            devices=queries.sessions(work, person.id),
            this_device=login.session_hash(),
            tokens=queries.api_tokens(work, person.id),
            places=queries.places(work, person.id),
            new_key=key,
            zone=actor().timezone,
        )
    return html, form.status if form else 200


@blueprint.get("/compte")
@requires(Permission.OWN_ACCOUNT, anywhere=True)
def account() -> ResponseReturnValue:
    """Show one's account."""
    return _page()


@blueprint.post("/compte")
@requires(Permission.OWN_ACCOUNT, anywhere=True)
def change_preferences() -> ResponseReturnValue:
    """Change one's name, language, colours."""
    form = Form(PreferencesSchema())
    with form.refusals():
        command = form.load()
        write(services.change_preferences, command)
        speak(command.language)
        flash(gettext("C'est enregistré."))
        answer = make_response(redirect(url_for("members.account"), 303))
        answer.set_cookie(
            "theme",
            command.theme,
            max_age=YEAR,
            secure=login.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return answer
    return _page("preferences", form)


@blueprint.post("/compte/mot-de-passe")
@requires(Permission.OWN_ACCOUNT, anywhere=True)
def change_password() -> ResponseReturnValue:
    """Change one's password; the other devices are logged out."""
    form = Form(ChangePasswordSchema())
    with form.refusals():
        typed = form.load()
        with reading() as work:
            person = own(work)
        throttle.count(database(), f"password:{person.id}", LOGINS_OF_ACCOUNT)
        if not passwords.matches(typed["current"], person.password_hash):
            raise WrongCredentials(message=marked("Le mot de passe actuel n'est pas le bon."))
        context = (person.name, person.email, actor().organisation_name, actor().cooperative_name)
        command = ChangePassword(
            seen_hash=person.password_hash,
            password=passwords.chosen(typed["password"], context),
            kept_session=None,
        )
        write(services.change_password, command)
        login.log_in(person.id, _here())  # a new id for this device too
        flash(
            gettext("Votre mot de passe est changé. Vos autres appareils devront se reconnecter.")
        )
        return redirect(url_for("members.account"), 303)
    return _page("password", form)


def _here() -> tuple[UUID, UUID] | None:
    where = actor().cooperative_id, actor().organisation_id
    return (where[0], where[1]) if where[0] and where[1] else None


@blueprint.post("/compte/appareils")
@requires(Permission.OWN_ACCOUNT, anywhere=True)
def end_session() -> ResponseReturnValue:
    """Log another device out."""
    write(services.end_sessions, {request.form.get("device", "")})
    flash(gettext("Cet appareil est déconnecté."))
    return redirect(url_for("members.account"), 303)


@blueprint.post("/compte/cles")
@requires(Permission.OWN_ACCOUNT)
def create_token() -> ResponseReturnValue:
    """Make a key for a program and show it, this once."""
    form = Form(TokenNameSchema())
    with form.refusals():
        name = form.load()["name"]
        key = tokens.new()
        write(services.create_token, CreateToken(name=name, token_hash=tokens.hashed(key)))
        return _page(key=key)
    return _page("key", form)


@blueprint.post("/compte/cles/<uuid:token_id>/supprimer")
@requires(Permission.OWN_ACCOUNT, anywhere=True)
def revoke_token(token_id: UUID) -> ResponseReturnValue:
    """Revoke a key."""
    write(services.revoke_token, token_id)
    flash(gettext("La clé ne sert plus."))
    return redirect(url_for("members.account"), 303)
