"""The refusals of bookings.

* Conflict
  x AlreadyCancelled        it is cancelled or refused: nothing more can be done to it
  x AlreadyLapsed           its time ran out: it ended by itself
  x AlreadyReleased         nobody came: its slot was given back
  x AlreadyWaiting SlotIsFree NotOffered WaitIsOver OfferStands   places in a waiting list
  x NotConfirmedYet         it is a request or an option: nobody checks in
  x PriceNotSeen            its price is not the one that was seen
  x NotAnOption             it is no option: there is nothing to confirm
  x NotPending              it waits for nobody's decision
  x NotInASeries            it is a booking of its own
  x AlreadyInASeries        it comes back already
  x SeriesBlocked           some dates of a series are taken
  x NoProposal              nothing is proposed instead (any more)
* Refused
  x AlreadyEnded            it is over
  x NoWaitingList           nobody waits for it
  x CheckInNotOpen          it is too early to say that one is there
  x NotStarted              it has not begun: there is nothing to end before its time
  x NotAMember              the organisation left the cooperative
  x QuotaReached            more than a quota leaves
  x TooManyToExport         a file holds so many bookings, no more
  x SeriesRefused           some dates of a series break rules
  x NoLongerPossible        what was asked for cannot be had any more
  x ApprovalToAsk           it would wait for an approver, and nobody said so yet
* Forbidden
  x NotForThatOrganisation  the actor does not act for it
  x NotYourDecision         others decide on what still waits
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from coopshare.kernel.dates import say_day
from coopshare.kernel.errors import Conflict, CoopShareError, Forbidden, Refused
from coopshare.kernel.text import Sentence, Several, marked

SAID = 12
"""How many dates a refusal says in words; all are in its data."""


class AlreadyCancelled(Conflict):
    """The booking was cancelled or refused."""

    code = "already_cancelled"
    message = marked("Cette réservation est déjà annulée. Pour la reprendre, réservez de nouveau.")


class AlreadyLapsed(Conflict):
    """The request or the option ended by itself, without an answer in time."""

    code = "already_lapsed"
    message = marked(
        "Le délai est passé : cette demande a pris fin d'elle-même et la place est rendue."
        " Pour la reprendre, réservez de nouveau."
    )


class AlreadyReleased(Conflict):
    """Nobody came, and the slot was given back."""

    code = "already_released"
    message = marked(
        "Personne n'est venu : la place a été rendue. Pour la reprendre, réservez de nouveau."
    )


class AlreadyWaiting(Conflict):
    """The organisation waits for the very same already."""

    code = "already_waiting"
    message = marked("Votre organisation attend déjà cette place : son rang est gardé.")


class SlotIsFree(Conflict):
    """There is nothing to wait for."""

    code = "slot_is_free"
    message = marked("La place est libre : réservez-la, il n'y a pas à attendre.")


class NotOffered(Conflict):
    """Nothing became free yet."""

    code = "not_offered"
    message = marked("Rien ne s'est encore libéré : vous serez prévenu dès que ce sera le cas.")


class WaitIsOver(Conflict):
    """The place in the list was served, left, or ended."""

    code = "wait_is_over"
    message = marked("Cette attente est terminée : il n'y a plus rien à accepter ni à quitter.")


class OfferStands(Conflict):
    """What is offered is accepted or not, as it is."""

    code = "offer_stands"
    message = marked(
        "Cette place vous est proposée telle quelle : acceptez-la d'abord, vous pourrez ensuite"
        " la modifier."
    )


class NotConfirmedYet(Conflict):
    """It waits for an answer or a confirmation: nobody checks in."""

    code = "not_confirmed_yet"
    message = marked("Cette réservation n'est pas encore confirmée.")


class NotAnOption(Conflict):
    """There is nothing to confirm: it is no option, or no longer one."""

    code = "not_an_option"
    message = marked("Cette réservation n'est pas une option : il n'y a rien à confirmer.")


class NotPending(Conflict):
    """Nothing is left to decide about the booking."""

    code = "not_pending"
    message = marked("Cette demande a déjà reçu une réponse.")


class NoProposal(Conflict):
    """Nothing is proposed, or it was answered, replaced or withdrawn."""

    code = "no_proposal"
    message = marked("Aucune proposition n'attend de réponse ici.")


class NoLongerPossible(Refused):
    """A rule changed since it was asked for, or its moment is past."""

    code = "no_longer_possible"
    message = marked("Cette demande ne peut plus être acceptée. {why}")


class ApprovalToAsk(Refused):
    """It would not be confirmed at once: whoever asks is told why before anything is sent."""

    code = "approval_to_ask"
    message = marked("Cela se demande : {reasons}.")


class AlreadyEnded(Refused):
    """The booking belongs to the past."""

    code = "already_ended"
    message = marked("Cette réservation est terminée : elle ne change plus.")


class NoWaitingList(Refused):
    """Its manager keeps no waiting list."""

    code = "no_waiting_list"
    message = marked("{name} n'a pas de liste d'attente.")


class CheckInNotOpen(Refused):
    """It is too early to check in."""

    code = "check_in_not_open"
    message = marked("Il est trop tôt : dites que vous êtes là à partir de {opens}.")


class NotStarted(Refused):
    """The booking has not begun."""

    code = "not_started"
    message = marked(
        "Cette réservation commence {starts}. Pour la rendre avant, annulez-la ou déplacez-la."
    )


class NotAMember(Refused):
    """The organisation is no member of the cooperative today."""

    code = "not_a_member"
    message = marked("{name} n'est pas membre de la coopérative à ce jour et ne peut pas réserver.")


class TooManyToExport(Refused):
    """More bookings than a file of that format holds."""

    code = "too_many_to_export"
    message = marked(
        "Il y a {count} réservations : un fichier de ce format en contient {most} au plus."
        " Choisissez une période plus courte, une ressource ou une organisation."
    )


class NotForThatOrganisation(Forbidden):
    """The actor may book for their own organisation only."""

    code = "not_for_that_organisation"
    message = marked(
        "Vous réservez pour {mine}. Réserver pour une autre organisation revient"
        " aux personnes qui gèrent ces ressources ou administrent la coopérative."
    )


class NotInASeries(Conflict):
    """The booking is no occurrence of a series."""

    code = "not_in_a_series"
    message = marked("Cette réservation ne fait pas partie d'une série.")


class AlreadyInASeries(Conflict):
    """The booking is an occurrence of a series already."""

    code = "already_in_a_series"
    message = marked("Cette réservation fait déjà partie d'une série : changez la série.")


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A local day to be said; its year only where it differs from `year`."""

    day: date
    year: int | None = None

    def say(self, language: str = "fr") -> str:
        """Say the day."""
        return say_day(self.day, language, year=self.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedDate:
    """One date of a series that cannot be, and why: never who has the slot."""

    day: date
    errors: tuple[CoopShareError, ...]
    starts_at: str = ""
    ends_at: str = ""
    alternatives: tuple[dict[str, object], ...] = field(default_factory=tuple)

    @property
    def why(self) -> Several:
        """Say every reason."""
        return Several(tuple(_reason(error) for error in self.errors), " ")

    def sentence(self, year: int | None) -> Sentence:
        """Say the date and every reason."""
        data: dict[str, object] = {"day": SaidDay(self.day, year), "why": self.why}
        return Sentence(marked("{day} : {why}"), data)

    def to_dict(self, year: int | None) -> dict[str, Any]:
        """Return the date as data for programs."""
        rules = [rule for e in self.errors for rule in _listed(e, "rules")]
        conflicts = [c for e in self.errors for c in _listed(e, "conflicts")]
        return {
            "day": self.day.isoformat(),
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "detail": self.sentence(year),
            "rules": rules,
            "conflicts": conflicts,
            "alternatives": list(self.alternatives),
        }


def _reason(error: CoopShareError) -> Sentence:
    fields = getattr(error, "fields", None)
    if fields:
        return Sentence(
            "{all}", {"all": Several(tuple(s for f in fields.values() for s in f), " ")}
        )
    return error.sentence


def _listed(error: CoopShareError, name: str) -> list[object]:
    found = error.details.get(name, [])
    return list(found) if isinstance(found, list) else []


def _told(
    refused: Sequence[RefusedDate], total: int, year: int | None
) -> tuple[str, dict[str, object], dict[str, object]]:
    """Return message, its data and the details: every date is named, the first ones in words."""
    said = Several(tuple(one.sentence(year) for one in refused[:SAID]), " ")
    more = len(refused) - SAID
    message = marked("Rien n'a été enregistré : {count} dates sur {total} sont refusées. {dates}")
    if len(refused) == 1:
        message = marked("Rien n'a été enregistré : une date est refusée. {dates}")
    elif more > 0:
        message = marked(
            "Rien n'a été enregistré : {count} dates sur {total} sont refusées."
            " {dates} Et {more} de plus."
        )
    data: dict[str, object] = {"count": len(refused), "total": total, "dates": said, "more": more}
    details: dict[str, object] = {
        "dates": [one.to_dict(year) for one in refused],
        "conflicts": [
            c for one in refused for error in one.errors for c in _listed(error, "conflicts")
        ],
        "alternatives": [],
    }
    return message, data, details


class SeriesBlocked(Conflict):
    """Some dates of a series are taken: nothing of it was written."""

    code = "series_blocked"
    message = marked("Certaines dates de la série ne sont pas libres. Rien n'a été enregistré.")

    def __init__(
        self, refused: Sequence[RefusedDate] = (), total: int = 0, *, year: int | None = None
    ) -> None:
        self.refused, self.total, self.year = tuple(refused), total, year
        message, data, details = _told(refused, total, year)
        super().__init__(message=message, details=details, possible=_possible(), **data)

    def tell(self, refused: Sequence[RefusedDate]) -> None:
        """Tell the dates again, with what is possible instead of each."""
        self.details["dates"] = [one.to_dict(self.year) for one in refused]


class SeriesRefused(Refused):
    """Some dates of a series break rules, and none is taken: nothing of it was written."""

    code = "series_refused"
    message = marked("Certaines dates de la série ne sont pas permises. Rien n'a été enregistré.")

    def __init__(
        self, refused: Sequence[RefusedDate] = (), total: int = 0, *, year: int | None = None
    ) -> None:
        self.refused, self.total, self.year = tuple(refused), total, year
        message, data, details = _told(refused, total, year)
        super().__init__(message=message, details=details, possible=_possible(), **data)

    def tell(self, refused: Sequence[RefusedDate]) -> None:
        """Tell the dates again, with what is possible instead of each."""
        self.details["dates"] = [one.to_dict(self.year) for one in refused]


def _possible() -> Sentence:
    return Sentence(
        marked("Pour chacune, choisissez : la sauter, une autre ressource, ou une autre heure.")
    )


class QuotaReached(Refused):
    """More than a quota of the organisation or the person leaves in its period.

    The details carry `rule`, `resource_id`, `quota_id`, `used`, `asked`, `amount` (minutes or
    bookings, as `measure` says), `first_day` and `last_day` of the period, `starts_again`.
    """

    code = "quota_reached"
    message = marked(
        "La limite « {quota} » serait dépassée : {used} sur {amount} {period} pour {holder},"
        " et cette réservation en demande {asked}."
    )


class PriceNotSeen(Conflict):
    """The price is not the one that was seen: it has to be seen before it is agreed to."""

    code = "price_not_seen"
    message = marked("Cette réservation coûte {price} : regardez le détail, puis confirmez.")


class NotYourDecision(Forbidden):
    """What still waits is for other approvers."""

    code = "not_your_decision"
    message = marked("Ce qui attend encore une réponse dépend d'autres personnes que vous.")
