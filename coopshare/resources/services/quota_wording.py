"""A quota in plain words. Pure."""

from coopshare.kernel.dates import Day, InHours
from coopshare.kernel.text import Sentence, marked
from coopshare.members.kinds import STANDINGS
from coopshare.resources.kinds import KIND_HEADINGS, QuotaHolder, QuotaMeasure, QuotaPeriod
from coopshare.resources.models import Quota

PERIODS = {
    QuotaPeriod.WEEK: marked("par semaine"),
    QuotaPeriod.MONTH: marked("par mois"),
    QuotaPeriod.SEASON: marked("du {first} au {last}"),
}
HOLDERS = {
    QuotaHolder.ORGANISATION: marked("pour chaque organisation"),
    QuotaHolder.PERSON: marked("pour chaque personne"),
}
RULES = {
    (True, QuotaMeasure.HOURS): marked("{time} gratuites {period} {holder}{standing}, {scope}."),
    (True, QuotaMeasure.BOOKINGS): marked(
        "Réservations gratuites : {amount} {period} {holder}{standing}, {scope}."
    ),
    (False, QuotaMeasure.HOURS): marked("{time} au plus {period} {holder}{standing}, {scope}."),
    (False, QuotaMeasure.BOOKINGS): marked(
        "Réservations : {amount} au plus {period} {holder}{standing}, {scope}."
    ),
}


def said_quota(quota: Quota, resource_name: str | None) -> Sentence:
    """Return what a quota says: « 10 h gratuites par mois pour chaque organisation… »."""
    days: dict[str, object] = {}
    if quota.first_day is not None and quota.last_day is not None:
        days = {"first": Day(quota.first_day), "last": Day(quota.last_day)}
    standing: object = ""
    if quota.standing is not None:
        words = Sentence(STANDINGS[quota.standing])
        standing = Sentence(marked(" ({standing})"), {"standing": words})
    scope: object = Sentence(marked("tout compris"))
    if resource_name is not None:
        scope = Sentence(marked("pour {name}"), {"name": resource_name})
    elif quota.kind is not None:
        scope = Sentence(marked("pour « {kind} »"), {"kind": Sentence(KIND_HEADINGS[quota.kind])})
    return Sentence(
        RULES[quota.is_free, quota.measure],
        {
            "time": InHours(quota.amount),
            "amount": quota.amount,
            "period": Sentence(PERIODS[quota.period], days),
            "holder": Sentence(HOLDERS[quota.holder]),
            "standing": standing,
            "scope": scope,
        },
    )
