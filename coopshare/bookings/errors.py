"""The refusals of bookings.

* Conflict
  x AlreadyCancelled        it is cancelled or refused: nothing more can be done to it
  x AlreadyLapsed           its time ran out: it ended by itself
  x AlreadyReleased         nobody came: its slot was given back
  x NotAnOption             it is no option: there is nothing to confirm
  x NotPending              it waits for nobody's decision
* Refused
  x AlreadyEnded            it is over
  x NotAMember              the organisation left the cooperative
  x TooManyToExport         a file holds so many bookings, no more
* Forbidden
  x NotForThatOrganisation  the actor does not act for it
"""

from coopshare.kernel.errors import Conflict, Forbidden, Refused
from coopshare.kernel.text import marked


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


class NotAnOption(Conflict):
    """There is nothing to confirm: it is no option, or no longer one."""

    code = "not_an_option"
    message = marked("Cette réservation n'est pas une option : il n'y a rien à confirmer.")


class NotPending(Conflict):
    """Nothing is left to decide about the booking."""

    code = "not_pending"
    message = marked("Cette demande a déjà reçu une réponse.")


class AlreadyEnded(Refused):
    """The booking belongs to the past."""

    code = "already_ended"
    message = marked("Cette réservation est terminée : elle ne change plus.")


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
