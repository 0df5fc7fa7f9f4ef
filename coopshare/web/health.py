"""Is the process up, is the database reachable and migrated?"""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from coopshare.db import migrate
from coopshare.kernel.errors import NotFound
from coopshare.web.context import database
from coopshare.web.metrics import may_watch
from coopshare.web.permissions import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that the process answers."""
    return "ok\n", {"Content-Type": "text/plain"}


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether the database answers with the expected schema, to who may know."""
    if not may_watch():
        raise NotFound
    try:
        ready = migrate.current(database().reading) == migrate.head()
    except SQLAlchemyError:
        ready = False
    text = "ready\n" if ready else "not ready\n"
    return text, 200 if ready else 503, {"Content-Type": "text/plain"}
