"""What happened to bookings. The codes of `changes` are those of `history`: never rename one."""

from dataclasses import dataclass
from typing import ClassVar

from coopshare.kernel.facts import Fact
from coopshare.kernel.text import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFact(Fact):
    """Something happened to one booking."""

    object_kind: ClassVar[str] = "booking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked(BookingFact):
    """A booking was made, confirmed at once or waiting for its manager."""

    name: ClassVar[str] = "booking.booked"
    said: ClassVar[str] = marked("{who} a fait une réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(BookingFact):
    """Its span changed, and maybe more with it."""

    name: ClassVar[str] = "booking.moved"
    said: ClassVar[str] = marked("{who} a déplacé une réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(BookingFact):
    """Its lines or its words changed, not its span."""

    name: ClassVar[str] = "booking.changed"
    said: ClassVar[str] = marked("{who} a modifié une réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(BookingFact):
    """It was given up."""

    name: ClassVar[str] = "booking.cancelled"
    said: ClassVar[str] = marked("{who} a annulé une réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved(BookingFact):
    """Its manager said yes."""

    name: ClassVar[str] = "booking.approved"
    said: ClassVar[str] = marked("{who} a accepté une demande de réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedByManager(BookingFact):
    """Its manager said no."""

    name: ClassVar[str] = "booking.refused"
    said: ClassVar[str] = marked("{who} a refusé une demande de réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed(BookingFact):
    """Its time ran out: it ended by itself."""

    name: ClassVar[str] = "booking.lapsed"
    said: ClassVar[str] = marked("Une demande ou une option est arrivée à son terme.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed(BookingFact):
    """An option became a booking."""

    name: ClassVar[str] = "booking.confirmed"
    said: ClassVar[str] = marked("{who} a confirmé une option.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFact(Fact):
    """Something happened to a series: told once, however many dates it has.

    `changes` tell how many dates it is about: ("dates", "", "12").
    """

    object_kind: ClassVar[str] = "series"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesBooked(SeriesFact):
    """A series was made."""

    name: ClassVar[str] = "series.booked"
    said: ClassVar[str] = marked("{who} a fait une série de réservations.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesChanged(SeriesFact):
    """Several dates of a series changed."""

    name: ClassVar[str] = "series.changed"
    said: ClassVar[str] = marked("{who} a modifié une série de réservations.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesCancelled(SeriesFact):
    """Several dates of a series were given up."""

    name: ClassVar[str] = "series.cancelled"
    said: ClassVar[str] = marked("{who} a annulé des dates d'une série de réservations.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesApproved(SeriesFact):
    """The dates of a series that waited were accepted together."""

    name: ClassVar[str] = "series.approved"
    said: ClassVar[str] = marked("{who} a accepté une série de réservations.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRefusedByManager(SeriesFact):
    """The dates of a series that waited were refused together."""

    name: ClassVar[str] = "series.refused"
    said: ClassVar[str] = marked("{who} a refusé une série de réservations.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLapsed(SeriesFact):
    """The dates of a series that waited got no answer in time: they ended together."""

    name: ClassVar[str] = "series.lapsed"
    said: ClassVar[str] = marked("Une demande de série est arrivée à son terme.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceFact(Fact):
    """What happened to one booking because of its series: in its history, told to nobody."""

    object_kind: ClassVar[str] = "occurrence"


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceBooked(OccurrenceFact):
    """It was made with its series."""

    name: ClassVar[str] = "occurrence.booked"


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceMoved(OccurrenceFact):
    """It was moved with its series."""

    name: ClassVar[str] = "occurrence.moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceChanged(OccurrenceFact):
    """It was changed with its series."""

    name: ClassVar[str] = "occurrence.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceCancelled(OccurrenceFact):
    """It was given up with its series."""

    name: ClassVar[str] = "occurrence.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceApproved(OccurrenceFact):
    """It was accepted with its series."""

    name: ClassVar[str] = "occurrence.approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceRefused(OccurrenceFact):
    """It was refused with its series."""

    name: ClassVar[str] = "occurrence.refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceLapsed(OccurrenceFact):
    """It got no answer in time, as its series."""

    name: ClassVar[str] = "occurrence.lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedSeries(BookingFact):
    """A single booking became the first date of a series."""

    name: ClassVar[str] = "booking.joined_series"
    said: ClassVar[str] = marked("{who} a fait une série d'une réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftSeries(BookingFact):
    """An occurrence became a single booking."""

    name: ClassVar[str] = "booking.left_series"
    said: ClassVar[str] = marked("{who} a sorti une réservation de sa série.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(BookingFact):
    """What became free was offered to the first who waited: an option was made."""

    name: ClassVar[str] = "booking.offered"
    said: ClassVar[str] = marked("Une place libérée a été proposée à qui l'attendait.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFact(Fact):
    """Something happened to a place in a waiting list."""

    object_kind: ClassVar[str] = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitJoined(WaitFact):
    """A request was put at the end of the list."""

    name: ClassVar[str] = "wait.joined"
    said: ClassVar[str] = marked("{who} a pris place dans une liste d'attente.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitLeft(WaitFact):
    """A place was given up."""

    name: ClassVar[str] = "wait.left"
    said: ClassVar[str] = marked("{who} a quitté une liste d'attente.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitEnded(WaitFact):
    """What was waited for has begun without becoming free."""

    name: ClassVar[str] = "wait.ended"
    said: ClassVar[str] = marked("Une attente a pris fin : rien ne s'est libéré à temps.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn(BookingFact):
    """Somebody said that they are there."""

    name: ClassVar[str] = "booking.checked_in"
    said: ClassVar[str] = marked("{who} a signalé une arrivée.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftEarly(BookingFact):
    """It was ended before its time: the rest is free."""

    name: ClassVar[str] = "booking.left"
    said: ClassVar[str] = marked("{who} a libéré une place avant l'heure.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoShow(BookingFact):
    """Nobody came: everything was given back."""

    name: ClassVar[str] = "booking.no_show"
    said: ClassVar[str] = marked("Personne n'est venu : une place a été rendue.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(BookingFact):
    """Nobody came: what asks for check-in was given back, the rest stays booked."""

    name: ClassVar[str] = "booking.released"
    said: ClassVar[str] = marked("Personne n'est venu : une partie d'une réservation a été rendue.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenFact(Fact):
    """Something happened to a screen at a door."""

    object_kind: ClassVar[str] = "screen"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenAdded(ScreenFact):
    """A screen was given an address."""

    name: ClassVar[str] = "screen.added"
    said: ClassVar[str] = marked("{who} a posé un écran à une porte.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenRenewed(ScreenFact):
    """A screen was given another address."""

    name: ClassVar[str] = "screen.renewed"
    said: ClassVar[str] = marked("{who} a renouvelé l'adresse d'un écran.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenStopped(ScreenFact):
    """The address of a screen answers no more."""

    name: ClassVar[str] = "screen.stopped"
    said: ClassVar[str] = marked("{who} a arrêté un écran.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartlyApproved(BookingFact):
    """One of several approvers said yes: the others have yet to answer."""

    name: ClassVar[str] = "booking.partly_approved"
    said: ClassVar[str] = marked("{who} a donné son accord à une demande, qui en attend d'autres.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed(BookingFact):
    """An approver offers something else."""

    name: ClassVar[str] = "booking.proposed"
    said: ClassVar[str] = marked("{who} a proposé autre chose en réponse à une demande.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAccepted(BookingFact):
    """Who asked takes what was proposed."""

    name: ClassVar[str] = "booking.proposal_accepted"
    said: ClassVar[str] = marked("{who} a accepté ce qui était proposé.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalDeclined(BookingFact):
    """Who asked does not want what was proposed: the request stands as it was."""

    name: ClassVar[str] = "booking.proposal_declined"
    said: ClassVar[str] = marked("{who} a décliné ce qui était proposé.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAsked(BookingFact):
    """A change of a confirmed booking waits for the approvers; it stands as it is meanwhile."""

    name: ClassVar[str] = "booking.change_asked"
    said: ClassVar[str] = marked("{who} a demandé à changer une réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRefused(BookingFact):
    """The change that was asked for is refused: the booking stays as it was."""

    name: ClassVar[str] = "booking.change_refused"
    said: ClassVar[str] = marked("{who} a refusé le changement d'une réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLapsed(BookingFact):
    """Nobody answered in time about a change: the booking stays as it was."""

    name: ClassVar[str] = "booking.change_lapsed"
    said: ClassVar[str] = marked("Un changement demandé n'a pas eu de réponse à temps.")
