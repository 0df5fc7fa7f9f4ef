"""The blueprint all pages of members are on, and what several of them need."""

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, render_template

from coopshare.members.kinds import ORGANISATION_KINDS, ROLES, STANDINGS
from coopshare.members.policies import Permission, allows
from coopshare.members.siret import spaced
from coopshare.web.context import actor
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext

blueprint = Blueprint("members", __name__)


@blueprint.app_context_processor
def words() -> dict[str, object]:
    """Give templates the words of our closed lists."""
    return {
        "organisation_kinds": ORGANISATION_KINDS,
        "standings": STANDINGS,
        "role_names": ROLES,
        "spaced_siret": spaced,
    }


def options(words_of: Sequence[tuple[object, str]]) -> list[tuple[str, str]]:
    """Return the choices of a list, in the reader's language."""
    return [(str(value), gettext(text)) for value, text in words_of]


def is_allowed(permission: Permission, organisation_id: object = None) -> bool:
    """Tell whether to show the way to something: its service decides."""
    return allows(actor(), permission, organisation_id)  # type: ignore[arg-type]


def drawn(template: str, form: Form, **values: object) -> Response:
    """Draw a page with its form, under the status of the form's refusal."""
    answer = make_response(render_template(template, form=form, **values), form.status)
    retry_after = getattr(form.refusal, "retry_after", None)
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer
