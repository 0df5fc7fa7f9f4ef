"""The blueprint of these operations, which each of their modules fills."""

from collections.abc import Sequence

from coopshare.kernel.errors import VersionMismatch
from coopshare.web.api import Blueprint
from coopshare.web.etag import seen_version

blueprint = Blueprint(
    "members-api", __name__, url_prefix="/api/v1", description="Personnes et organisations."
)


def whole(items: Sequence[object]) -> dict[str, object]:
    """Return a list short enough to be one page."""
    return {"items": items, "next": None}


def want_only_version() -> None:
    """Want If-Match on what never changes but once."""
    if seen_version() != 1:
        raise VersionMismatch
