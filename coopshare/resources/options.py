"""The rules of options: holding a resource for a while without engagement. Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from coopshare.kernel.dates import Duration, LocalMoment
from coopshare.kernel.errors import Refused
from coopshare.kernel.text import Sentence, marked
from coopshare.resources import errors
from coopshare.resources.holidays import ClosedCalendar
from coopshare.resources.models import Resource


def option_breaches(
    resource: Resource,
    *,
    until: datetime,
    starts_at: datetime,
    since: datetime,
    made_by_manager: bool,
    calendar: ClosedCalendar,
) -> list[Refused]:
    """Return one refusal for each rule that an option held from `since` to `until` would break.

    Managers may pass over whether options are offered and how long; nobody past the start.
    """
    manager = calendar.managers.get(resource.manager_id)
    whose = (
        Sentence(marked("règle fixée par {manager}"), {"manager": manager})
        if manager
        else Sentence(marked("règle de cette ressource"))
    )
    zone = ZoneInfo(resource.timezone)
    year = since.astimezone(zone).year
    details: dict[str, object] = {"resource_id": str(resource.id), "name": resource.name}
    found: list[Refused] = []
    if until > starts_at:
        possible = Sentence(
            marked("Posez-la jusqu'à {moment} au plus."),
            {"moment": LocalMoment(starts_at, zone, year)},
        )
        found.append(
            errors.OptionPastStart(details=dict(details), possible=possible, name=resource.name)
        )
    if made_by_manager:
        return found
    if not resource.option_longest:
        possible = Sentence(marked("Réservez : vous pourrez toujours annuler."))
        found.append(
            errors.NoOptions(
                details=dict(details), possible=possible, name=resource.name, whose=whose
            )
        )
    elif until - since > timedelta(minutes=resource.option_longest):
        latest = min(since + timedelta(minutes=resource.option_longest), starts_at)
        possible = Sentence(
            marked("Posez-la jusqu'à {moment} au plus."),
            {"moment": LocalMoment(latest.replace(second=0, microsecond=0), zone, year)},
        )
        found.append(
            errors.OptionTooLong(
                details=dict(details),
                possible=possible,
                name=resource.name,
                whose=whose,
                longest=Duration(resource.option_longest),
            )
        )
    return found
