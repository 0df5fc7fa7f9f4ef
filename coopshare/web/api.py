"""The JSON API's frame: flask-smorest with our errors, its description and its documentation."""

import json
import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import flask_smorest
import marshmallow
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint as PageBlueprint
from flask import Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from marshmallow import fields
from webargs.flaskparser import FlaskParser

from coopshare.web.errors import Unreadable
from coopshare.web.permissions import public
from coopshare.web.schemas import Schema

F = TypeVar("F", bound=Callable[..., Any])

METHODS = ("get", "post", "patch", "put", "delete")


class ProblemSchema(Schema):
    """An RFC 9457 problem: why something was not done, and what is possible instead."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    request_id = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name comes twice"
        raise ValueError(message)
    return found


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(written)
    return number


def strict_json(body: bytes) -> Any:
    """Return what a body of JSON says; raises `Unreadable`.

    UTF-8 only, each name once in its object, finite numbers, no half of a character, no abyss.
    """
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_float=_finite,
            parse_constant=_finite,
        )
        if b"\\u" in body:
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    return found


class Parser(FlaskParser):
    """Reads what a request gives; an unknown word in the address is refused, as one in the body."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - declared on an instance by webargs
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": None,
        "querystring": None,
    }

    def load_json(self, req: Any, schema: Any) -> Any:
        """Read a body of JSON: what two programs could read differently is refused."""
        if not req.is_json:
            return super().load_json(req, schema)
        body: bytes = req.get_data(cache=True)
        return strict_json(body) if body.strip() else super().load_json(req, schema)


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """An API blueprint whose every operation documents our problems; its decorators have types."""

    ARGUMENTS_PARSER = Parser()

    def get(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Route GET."""
        return cast("Callable[[F], F]", super().get(rule, **options))

    def post(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Route POST."""
        return cast("Callable[[F], F]", super().post(rule, **options))

    def patch(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Route PATCH."""
        return cast("Callable[[F], F]", super().patch(rule, **options))

    def delete(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Route DELETE."""
        return cast("Callable[[F], F]", super().delete(rule, **options))

    def arguments(self, schema: type[Schema], **options: Any) -> Callable[[F], F]:
        """Read the body (or `location="query"`) by a schema."""
        return cast("Callable[[F], F]", super().arguments(schema, **options))

    def response(
        self, status_code: int, schema: type[Schema] | None = None, **options: Any
    ) -> Callable[[F], F]:
        """Write the answer by a schema."""
        return cast("Callable[[F], F]", super().response(status_code, schema, **options))


class Api(flask_smorest.Api):  # type: ignore[misc]
    """The API without flask-smorest's own error pages: ours are problems."""

    DEFAULT_ERROR_RESPONSE_NAME: Any = None

    def _register_error_handlers(self) -> None:
        """Leave errors to web/errors.py."""


def install(app: Flask) -> Api:
    """Give the application its API; blueprints are registered by app.py."""
    app.config |= {
        "API_TITLE": "CoopShare",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api",
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {
            "info": {
                "description": "Lieux, matériel, services et postes mis en commun.",
                "license": {"name": "MIT"},
            },
            "components": {
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            },
            "security": [{"bearer": []}],
        },
    }
    plugin = MarshmallowPlugin(schema_name_resolver=name_of)
    return Api(app, spec_kwargs={"marshmallow_plugin": plugin})


def name_of(schema: type[marshmallow.Schema] | marshmallow.Schema) -> str:
    """Return the name of a shape in the description: its package, its own, and what is left out.

    A shape of a partial change, or with fields left out, is another shape and has another name.
    """
    kind = schema if isinstance(schema, type) else type(schema)
    words = kind.__module__.split(".")
    name = words[1].title().replace("_", "") + kind.__name__.removesuffix("Schema")
    if isinstance(schema, type):
        return name
    if schema.partial:
        name += "Partial"
    return name + ("Some" if schema.only or schema.exclude else "")


def describe_problems(api: Api) -> None:
    """Add to each operation the problems that any of them may answer."""
    spec = api.spec
    spec.components.schema("Problem", schema=ProblemSchema)
    answer = {
        "description": "Refusé : un problème (RFC 9457), avec sa phrase.",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for operations in spec._paths.values():  # noqa: SLF001 - apispec has no other way
        for method, operation in operations.items():
            if method in METHODS:
                responses = operation.setdefault("responses", {})
                responses.pop("default", None)
                for status in ("400", "401", "403", "404", "409", "412", "413", "415", "422"):
                    responses[status] = answer
                for status in ("428", "429", "500", "503"):
                    responses[status] = answer


documentation = PageBlueprint("web", __name__)


@documentation.get("/api/docs")
@public
def api_docs() -> ResponseReturnValue:
    """Show the operations of the API, to be read by people."""
    api: Api = current_app.extensions["coopshare-api"]
    return render_template("web/api_docs.html", spec=api.spec.to_dict(), methods=METHODS)
