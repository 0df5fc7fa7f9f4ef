"""What one is told, by the JSON API."""

from coopshare.notifications import queries, services
from coopshare.notifications.commands import Choose
from coopshare.notifications.models import NoticeChoice
from coopshare.notifications.policies import Permission
from coopshare.notifications.schemas import ChoiceSchema, ChooseSchema
from coopshare.web.api import Blueprint
from coopshare.web.context import reading, write
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "notifications_api",
    __name__,
    url_prefix="/api/v1/me/messages",
    description="Choisir les messages que l'on reçoit.",
)


@blueprint.get("")
@blueprint.response(200, ChoiceSchema)
@requires(Permission.CHOOSE, anywhere=True)
def messages() -> NoticeChoice:
    """Lire ce que l'on a choisi de recevoir."""
    with reading() as work:
        return queries.own(work)


@blueprint.put("")
@blueprint.arguments(ChooseSchema)
@blueprint.response(200, ChoiceSchema)
@requires(Permission.CHOOSE, anywhere=True)
def choose(command: Choose) -> NoticeChoice:
    """Choisir ce que l'on reçoit : tout est dit à chaque fois."""
    return write(services.choose, command)
