"""What each refusal means and what to do: the sections of docs/erreurs.md, served by code."""

import re
from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from coopshare.kernel.errors import CoopShareError, NotFound
from coopshare.web.errors import status_of
from coopshare.web.permissions import public

blueprint = Blueprint("problems", __name__)

EXPLANATIONS = "coopshare-explanations"
SECTION = re.compile(r"^## `(?P<code>\w+)`$(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
MARKS = ((re.compile(r"`([^`]+)`"), "code"), (re.compile(r"\*\*([^*]+)\*\*"), "strong"))
"""What the page draws of Markdown: nothing else is written there."""


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


def explanations(text: str) -> Mapping[str, tuple[Markup, ...]]:
    """Return the paragraphs of each refusal by its code, as the documentation has them."""
    return {
        found["code"]: tuple(map(drawn, found["text"].strip().split("\n\n")))
        for found in SECTION.finditer(text)
    }


def drawn(paragraph: str) -> Markup:
    """Return a paragraph as HTML: all of it escaped, then its two marks drawn."""
    html = str(escape(paragraph))
    for mark, tag in MARKS:
        html = mark.sub(rf"<{tag}>\1</{tag}>", html)
    return Markup(html)  # noqa: S704 - escaped above


def install(app: Flask, documentation: Path) -> None:
    """Give the application the explanations of docs/erreurs.md."""
    app.extensions[EXPLANATIONS] = explanations(documentation.read_text(encoding="utf-8"))


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
        paragraphs=current_app.extensions[EXPLANATIONS][code],
        status=int(status_of(kind.__new__(kind))),
    )
