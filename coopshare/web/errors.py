"""One table from refusals to HTTP, and one way to draw them: a page or an RFC 9457 problem."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from flask import (
    Flask,
    Response,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError

from coopshare.db.work import is_passing, is_unavailable
from coopshare.kernel import errors
from coopshare.kernel.actor import ANONYMOUS
from coopshare.kernel.errors import CoopShareError, Invalid, NotFound
from coopshare.kernel.text import Sentence, marked
from coopshare.web.context import actor, site
from coopshare.web.csrf import ForeignRequest
from coopshare.web.i18n import gettext, language, said, say

log = logging.getLogger("coopshare")

HTTP_SENTENCES: Mapping[int, str] = {
    400: marked("Cette demande ne peut pas être lue."),
    404: NotFound.message,
    405: marked("Cette adresse ne permet pas cette action."),
    413: marked("Ce que vous envoyez est trop lourd (10 Mo au plus)."),
    415: marked("Ce format n'est pas lu ici : envoyez du JSON."),
}


class PreconditionRequired(CoopShareError):
    """A change by the API has to say which version it was made on."""

    code = "precondition_required"
    message = marked(
        "Dites sur quelle version porte votre modification (en-tête If-Match, avec l'ETag lu)."
    )


class Unreadable(CoopShareError):
    """The request cannot be read at all: not JSON, too large, unknown method..."""

    code = "unreadable"
    message = HTTP_SENTENCES[400]


class UnexpectedError(CoopShareError):
    """A mistake of ours: logged with the id of the request."""

    code = "unexpected"
    message = marked("Quelque chose s'est mal passé de notre côté. L'incident est noté.")


STATUSES: Mapping[type[CoopShareError], HTTPStatus] = {
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.VersionMismatch: HTTPStatus.PRECONDITION_FAILED,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    ForeignRequest: HTTPStatus.BAD_REQUEST,
    Unreadable: HTTPStatus.BAD_REQUEST,
    PreconditionRequired: HTTPStatus.PRECONDITION_REQUIRED,
}


def status_of(error: CoopShareError) -> int:
    """Return the HTTP status of a refusal, by its nearest base class in the table."""
    for base in type(error).__mro__:
        if base in STATUSES:
            return STATUSES[base]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def wants_json() -> bool:
    """Tell whether the caller is a program."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def problem(error: CoopShareError, status: int) -> Response:
    """Return a refusal as an RFC 9457 problem."""
    body: dict[str, object] = {
        "type": f"/problems/{error.code}",
        "title": say(Sentence(type(error).message)) if not error.data else say(error.sentence),
        "status": int(status),
        "detail": error.say(language(), gettext),
        "code": error.code,
        "request_id": g.get("request_id", ""),
        **{name: said(value) for name, value in error.details.items()},
    }
    if isinstance(error, Invalid):
        body["errors"] = {
            name: [say(sentence) for sentence in found] for name, found in error.fields.items()
        }
    response = jsonify(body)
    response.status_code = int(status)
    response.content_type = "application/problem+json"
    return response


def without_database() -> None:
    """Have what is drawn from now on ask the database nothing: it may be what is missing."""
    if "actor" in g:
        language()  # the person's own, while they are known
    g.actor = ANONYMOUS


def drawn(error: CoopShareError, status: int) -> Response:
    """Return a refusal in the form its reader understands: a problem, a line or a page."""
    if wants_json():
        return problem(error, status)
    is_foreign = isinstance(request.routing_exception, SecurityError)
    if request.path.startswith("/ical/") or is_foreign:  # no link can be made to another's name
        said = f"{error.say(language(), gettext)}\n"
        return Response(said, int(status), content_type="text/plain; charset=utf-8")
    return page(error, status)


def page(error: CoopShareError, status: int) -> Response:
    """Return a refusal as a page."""
    if isinstance(error, errors.NotAuthenticated) and request.method == "GET":
        target = request.full_path.rstrip("?")
        return make_response(redirect(f"/connexion?suite={quote(target)}", 303))
    template = {404: "errors/404.html", 403: "errors/403.html", 503: "errors/503.html"}.get(status)
    possible = [say(error.possible)] if error.possible else []
    html = render_template(
        template or ("errors/500.html" if status == 500 else "errors/refused.html"),  # noqa: PLR2004
        sentence=say(error.sentence)
        if not isinstance(error, Invalid)
        else error.say(language(), gettext),
        rule=None,
        instead=possible,
    )
    return make_response(html, int(status))


def answer(error: CoopShareError) -> Response:
    """Draw a refusal for whoever asked."""
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        without_database()
    if status == HTTPStatus.FORBIDDEN and request.url_rule is not None:
        site().refused(actor(), request.url_rule.rule, request.method)
    response = drawn(error, status)
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="CoopShare"'
    return response


def _refused(error: CoopShareError) -> ResponseReturnValue:
    if isinstance(error, errors.Busy):
        cause = error.__cause__
        reason = getattr(cause, "orig", None) or cause
        log.warning("database: %s, request %s: %s", error.code, g.get("request_id"), reason)
    return answer(error)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    messages = getattr(error, "data", {}).get("messages") if hasattr(error, "data") else None
    refusal: CoopShareError
    if messages:
        refusal = Invalid(flattened(messages))
    elif status == HTTPStatus.NOT_FOUND:
        refusal = NotFound()
    else:
        refusal = Unreadable(message=HTTP_SENTENCES.get(status, Unreadable.message))
    if messages or status in {HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}:
        return answer(refusal)
    response = drawn(refusal, status)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def flattened(messages: object, path: str = "") -> dict[str, list[Sentence]]:
    """Return marshmallow's nested messages as {dotted path: sentences}."""
    if isinstance(messages, Mapping):
        found: dict[str, list[Sentence]] = {}
        for key, inner in messages.items():
            here = path if key in {"json", "query", "form", "_schema"} else f"{path}.{key}"
            found |= flattened(inner, here.strip("."))
        return found
    listed = messages if isinstance(messages, list) else [messages]
    return {path: [s if isinstance(s, Sentence) else Sentence(_escaped(str(s))) for s in listed]}


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _database(error: SQLAlchemyError) -> ResponseReturnValue:
    if is_passing(error) or is_unavailable(error):
        refusal = errors.Busy() if is_passing(error) else errors.Unavailable()
        refusal.__cause__ = error
        return _refused(refusal)
    return _bug(error)


def _bug(error: Exception) -> ResponseReturnValue:
    log.error("unexpected error, request %s", g.get("request_id"), exc_info=error)
    return answer(UnexpectedError())


def install(app: Flask) -> None:
    """Draw every error the same way."""
    app.register_error_handler(CoopShareError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(Exception, _bug)
