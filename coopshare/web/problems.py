"""What each refusal means and what to do: the sections of docs/erreurs.md, served by code."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from coopshare.kernel.errors import CoopShareError, NotFound
from coopshare.web.errors import status_of
from coopshare.web.i18n import gettext
from coopshare.web.permissions import public

blueprint = Blueprint("problems", __name__)


def refusals() -> dict[str, type[CoopShareError]]:
    """Return every kind of refusal by its code."""
    found: dict[str, type[CoopShareError]] = {}
    waiting: list[type[CoopShareError]] = [CoopShareError]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind is not CoopShareError and not kind.__name__.startswith("_"):
            found[kind.code] = kind
    return found


@blueprint.get("/problems/<code>")
@public
def problem(code: str) -> ResponseReturnValue:
    """Explain one refusal."""
    kind = refusals().get(code)
    if kind is None:
        raise NotFound
    return render_template(
        "web/problem.html",
        code=code,
        message=gettext(kind.message),
        status=int(status_of(kind.__new__(kind))),
    )
