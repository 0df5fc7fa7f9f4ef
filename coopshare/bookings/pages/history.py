"""The history of a booking as people tell it: who did what, when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from coopshare.bookings.models import Booking
from coopshare.bookings.queries import Happening
from coopshare.kernel.dates import LocalMoment, LocalSpan
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import Sentence, marked
from coopshare.kernel.units import Money

ACTIONS: Mapping[str, str] = {
    "booking.booked": marked("{who} a réservé."),
    "booking.moved": marked("{who} a déplacé la réservation."),
    "booking.changed": marked("{who} a modifié la réservation."),
    "booking.cancelled": marked("{who} a annulé la réservation."),
    "booking.approved": marked("{who} a accepté la demande."),
    "booking.confirmed": marked("{who} a confirmé l'option."),
    "booking.offered": marked("La place attendue s'est libérée : elle est proposée."),
    "booking.lapsed": marked("Le délai est passé : la place est rendue."),
    "booking.collected": marked("{who} a noté un départ de matériel."),
    "booking.given_back": marked("{who} a noté un retour de matériel."),
    "booking.ended_early": marked("{who} a libéré la fin de la réservation."),
    "booking.refused": marked("{who} a refusé la demande."),
    "booking.joined_series": marked("{who} a répété la réservation : c'est une série."),
    "booking.left_series": marked("{who} a sorti la réservation de sa série."),
    "occurrence.booked": marked("{who} a réservé, avec toute la série."),
    "occurrence.moved": marked("{who} a déplacé la réservation, avec d'autres dates de la série."),
    "occurrence.changed": marked("{who} a modifié la réservation, avec d'autres de la série."),
    "occurrence.cancelled": marked("{who} a annulé la réservation, avec d'autres de la série."),
    "occurrence.approved": marked("{who} a accepté la demande, avec toute la série."),
    "occurrence.lapsed": marked("Le délai est passé : les places de la série sont rendues."),
    "occurrence.refused": marked("{who} a refusé la demande, avec toute la série."),
    "booking.checked_in": marked("{who} a signalé son arrivée."),
    "booking.left": marked("{who} a libéré la place avant l'heure."),
    "booking.no_show": marked("Personne n'est venu : la place est rendue."),
    "booking.released": marked("Personne n'est venu : une partie est rendue."),
    "booking.partly_approved": marked("{who} a donné son accord ; d'autres ont à donner le leur."),
    "booking.proposed": marked("{who} a proposé autre chose."),
    "booking.proposal_accepted": marked("{who} a accepté ce qui était proposé."),
    "booking.proposal_declined": marked("{who} a décliné ce qui était proposé."),
    "booking.change_asked": marked("{who} a demandé un changement, qui attend un accord."),
    "booking.change_refused": marked("{who} a refusé le changement."),
    "booking.change_lapsed": marked("Le changement demandé n'a pas eu de réponse à temps."),
}
DOORS: Mapping[str, str] = {
    "api": marked("par un programme"),
    "cli": marked("en ligne de commande"),
    "dav": marked("depuis son agenda"),
    "worker": marked("automatiquement"),
}
LINE = "line:"
WISHED = frozenset({"booking.proposed", "booking.change_asked"})
"""What tells of a booking as it would be, not as it is."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history."""

    sentence: Sentence
    details: list[Sentence]
    when: LocalMoment
    door: str | None


def told(
    happenings: Sequence[Happening], booking: Booking, names: Mapping[str, str], now: datetime
) -> list[Told]:
    """Return the history as sentences; `names` are those of the resources, by id."""
    place = ZoneInfo(booking.timezone)
    year = now.astimezone(place).year
    return [
        Told(
            Sentence(
                ACTIONS.get(one.action, marked("{who} a modifié la réservation.")),
                {"who": one.person_name or "CoopShare"},
            ),
            _details(one, place, year, names),
            LocalMoment(one.at, place, year),
            DOORS.get(one.door),
        )
        for one in happenings
    ]


def _details(
    one: Happening, place: ZoneInfo, year: int, names: Mapping[str, str]
) -> list[Sentence]:
    found: list[Sentence] = []
    if "starts_at" in one.changes and "ends_at" in one.changes:
        spans = [_span(one, number, place, year) for number in (0, 1)]
        if None not in spans:
            found.append(
                Sentence(
                    marked("Au lieu de : {before}. Proposé : {after}.")
                    if one.action in WISHED
                    else marked("Avant : {before}. Maintenant : {after}."),
                    dict(zip(("before", "after"), spans, strict=True)),
                )
            )
    for field, (before, after) in one.changes.items():
        if not field.startswith(LINE):
            continue
        name = names.get(field.removeprefix(LINE), "?")
        if before == "0":
            sentence = Sentence(
                marked("En plus : {name} (× {count})."), {"name": name, "count": after}
            )
        elif after == "0":
            sentence = Sentence(marked("En moins : {name}."), {"name": name})
        else:
            sentence = Sentence(
                marked("{name} : {before} avant, {after} depuis."),
                {"name": name, "before": before, "after": after},
            )
        found.append(sentence)
    if "price_cents" in one.changes:
        found.append(_price(*one.changes["price_cents"]))
    if "people" in one.changes:
        found.append(_people(*one.changes["people"]))
    if one.action == "booking.booked" and one.changes.get("status", ("", ""))[1] == "option":
        found.append(Sentence(marked("C'est une option : la place est gardée sans engagement.")))
    if one.changes.get("status", ("", ""))[1] == "pending":
        found.append(Sentence(marked("La demande attend une réponse.")))
    return found


def _price(before: str, after: str) -> Sentence:
    amounts = [Money(int(one or 0)) for one in (before, after)]
    return Sentence(
        marked("Prix hors taxes : {before} avant, {after} depuis."),
        {"before": amounts[0], "after": amounts[1]},
    )


def _people(before: str, after: str) -> Sentence:
    if not after:
        return Sentence(marked("Le nombre de personnes n'est plus dit."))
    if not before:
        return Sentence(marked("Personnes attendues : {after}."), {"after": after})
    return Sentence(
        marked("Personnes attendues : {before} avant, {after} depuis."),
        {"before": before, "after": after},
    )


def _span(one: Happening, number: int, place: ZoneInfo, year: int) -> LocalSpan | None:
    try:
        start, end = (
            datetime.fromisoformat(one.changes[name][number]) for name in ("starts_at", "ends_at")
        )
        return LocalSpan(Interval(start, end), place, year=year)
    except (ValueError, Invalid):
        return None
