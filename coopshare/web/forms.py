"""HTML forms over the same schemas as JSON: what was typed is kept, errors are sorted."""

import secrets
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from flask import request
from marshmallow import ValidationError
from marshmallow import fields as marshmallow_fields

from coopshare.kernel.errors import Busy, CoopShareError, Forbidden, Invalid, NotFound
from coopshare.web.errors import flattened, status_of
from coopshare.web.i18n import say
from coopshare.web.schemas import Schema

IGNORED = frozenset({"csrf_token", "_key"})


class Form:
    """A form as the macros of templates/macros/forms.html draw it.

    `initial` holds what is there before anything is typed; strings, or lists of strings.
    """

    def __init__(self, schema: Schema, initial: Mapping[str, Any] | None = None) -> None:
        self.schema = schema
        self.is_submitted = request.method == "POST"
        self.errors: dict[str, list[str]] = {}
        self.general: list[str] = []
        self.refusal: CoopShareError | None = None
        """The refusal that came back, for pages that show what is possible instead."""
        self.status = 200
        self.values: dict[str, Any] = dict(initial or {})
        if self.is_submitted:
            self.values |= self._unticked() | self._typed()
        self.key = request.form.get("_key") or secrets.token_urlsafe(16)

    def _typed(self) -> dict[str, Any]:
        lists = {
            name
            for name, field in self.schema.fields.items()
            if isinstance(field, marshmallow_fields.List)
        }
        typed: dict[str, Any] = {
            name: request.form.getlist(name) if name in lists else value
            for name, value in request.form.items()
            if name not in IGNORED
        }
        return typed | {name: request.form.getlist(name) for name in lists}

    def _unticked(self) -> dict[str, Any]:
        """Return the boxes as they are when nothing comes: browsers name only ticked ones."""
        found = self.schema.fields.items()
        return {name: "" for name, field in found if isinstance(field, marshmallow_fields.Boolean)}

    def value(self, name: str, default: str = "") -> Any:
        """Return what was typed in a field, or what was there before."""
        found = self.values.get(name)
        return default if found is None else found

    def error(self, name: str) -> str | None:
        """Return the first sentence about a field."""
        found = self.errors.get(name)
        return found[0] if found else None

    def load(self) -> Any:
        """Return the command made of what was typed; raises `Invalid`, field by field."""
        typed = self._typed()
        given = {
            name: value
            for name, value in typed.items()
            if value != "" or self.schema.keeps_empty(name)
        }
        try:
            return self.schema.load(given)
        except ValidationError as error:
            raise Invalid(flattened(error.messages)) from error

    def refusals(self) -> "Refusals":
        """Turn a refusal into messages of the form; what may not be seen stays "not found"."""
        return Refusals(self)

    def refuse(self, error: CoopShareError) -> None:
        """Show a refusal in the form."""
        self.status, self.refusal = status_of(error), error
        if isinstance(error, Invalid) and error.fields:
            for name, sentences in error.fields.items():
                said = [say(sentence) for sentence in sentences]
                if name in self.schema.fields:
                    self.errors.setdefault(name, []).extend(said)
                else:
                    self.general.extend(said)
            return
        self.general.append(say(error.sentence))
        if error.possible is not None:
            self.general.append(say(error.possible))


class Refusals:
    """A block in which a refusal becomes a message of the form."""

    def __init__(self, form: Form) -> None:
        self.form = form

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Swallow the refusals that belong in a form."""
        if isinstance(error, NotFound | Forbidden | Busy) or not isinstance(error, CoopShareError):
            return False
        self.form.refuse(error)
        return True
