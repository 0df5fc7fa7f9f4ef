"""Quotas by the JSON API."""

from typing import Any
from uuid import UUID

from coopshare.resources import queries, services
from coopshare.resources.commands import QuotaRule, SetQuota
from coopshare.resources.models import Quota
from coopshare.resources.policies import Permission
from coopshare.resources.schemas import QuotaListSchema, QuotaRuleSchema, QuotaSchema
from coopshare.web.api import Blueprint
from coopshare.web.context import reading, write
from coopshare.web.etag import give_version, seen_version
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "quotas_api",
    __name__,
    url_prefix="/api/v1/quotas",
    description="Les quotas : ce qui est gratuit, et ce qui est limité.",
)


def _one(quota_id: UUID) -> Quota:
    with reading() as work:
        found = services.quota(work, quota_id)
        give_version(found.version)
        return found


@blueprint.get("")
@blueprint.response(200, QuotaListSchema)
@requires(Permission.READ)
def listing() -> dict[str, Any]:
    """List the quotas that count, the narrowest first."""
    with reading() as work:
        return {"items": list(queries.catalogue(work).quotas)}


@blueprint.post("")
@blueprint.arguments(QuotaRuleSchema)
@blueprint.response(201, QuotaSchema)
@requires(Permission.EDIT)
def create(rule: QuotaRule) -> tuple[Quota, int, dict[str, str]]:
    """Set a quota: on a resource by who manages it, on everything by an administrator."""
    made = once(services.set_quota, SetQuota(rule=rule))
    return _one(made), 201, {"Location": f"/api/v1/quotas/{made}"}


@blueprint.get("/<uuid:quota_id>")
@blueprint.response(200, QuotaSchema)
@requires(Permission.READ)
def read(quota_id: UUID) -> Quota:
    """Read a quota; its ETag is the version a change has to name."""
    return _one(quota_id)


@blueprint.patch("/<uuid:quota_id>")
@blueprint.arguments(QuotaRuleSchema)
@blueprint.response(200, QuotaSchema)
@requires(Permission.EDIT)
def change(rule: QuotaRule, quota_id: UUID) -> Quota:
    """Say a quota anew; If-Match says on which version."""
    write(services.set_quota, SetQuota(rule=rule, quota_id=quota_id, version=seen_version()))
    return _one(quota_id)


@blueprint.delete("/<uuid:quota_id>")
@blueprint.response(204)
@requires(Permission.EDIT)
def end(quota_id: UUID) -> None:
    """Have a quota count no more; what was priced by it stays."""
    write(services.end_quota, quota_id, seen_version())
