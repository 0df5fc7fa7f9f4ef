"""The page where each person chooses the messages they get."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.notifications import queries, services
from coopshare.notifications.policies import Permission
from coopshare.notifications.schemas import ChooseSchema
from coopshare.web.context import reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext
from coopshare.web.permissions import requires

blueprint = Blueprint("notifications", __name__)


@blueprint.get("/compte/messages")
@requires(Permission.CHOOSE, anywhere=True)
def messages() -> ResponseReturnValue:
    """Show what one is told."""
    with reading() as work:
        choice = queries.own(work)
        return _page(
            Form(
                ChooseSchema(),
                {
                    "news": choice.news.value,
                    "reminder": str(choice.reminder),
                    "deadlines": "1" if choice.deadlines else "",
                    "digest": "1" if choice.digest else "",
                },
            )
        )


@blueprint.post("/compte/messages")
@requires(Permission.CHOOSE, anywhere=True)
def choose() -> ResponseReturnValue:
    """Keep what one wants to be told."""
    form = Form(ChooseSchema())
    with form.refusals():
        write(services.choose, form.load())
        flash(gettext("C'est enregistré."))
        return redirect(url_for("notifications.messages"), 303)
    return _page(form)


def _page(form: Form) -> ResponseReturnValue:
    return render_template("notifications/messages.html", form=form), form.status
