"""The refusals of handing over.

* Conflict
  x StillOut            things are still with the borrower
  x NotReadyToLeave     nothing leaves before the booking is confirmed
* Refused
  x NotHandedOver       this resource is used where it is
  x TooEarlyToCollect   not before the day it begins, but by who manages it
  x MoreThanBooked      more would be collected than was booked
  x MoreThanOut         more would come back than is out
  x NothingToHandOver   nothing is left to collect, or to give back
  x CannotFree          the rest of the booking cannot be given up so
"""

from coopshare.kernel.errors import Conflict, Refused
from coopshare.kernel.text import marked


class StillOut(Conflict):
    """Things were collected, and are not all back."""

    code = "still_out"
    message = marked(
        "« {name} » : {out} sont encore sortis. Notez d'abord leur retour, puis recommencez."
    )


class NotReadyToLeave(Conflict):
    """The booking waits for an answer, or is an option."""

    code = "not_ready_to_leave"
    message = marked(
        "Cette réservation n'est pas encore confirmée : le matériel part une fois qu'elle l'est."
    )


class NotHandedOver(Refused):
    """Nobody notes when it leaves and comes back."""

    code = "not_handed_over"
    message = marked(
        "« {name} » ne se remet pas en main propre : il n'y a rien à noter. C'est une règle de"
        " cette ressource, que change qui la gère."
    )


class TooEarlyToCollect(Refused):
    """The day of the booking has not come."""

    code = "too_early_to_collect"
    message = marked(
        "Le matériel se retire à partir du jour de la réservation. Plus tôt, demandez à"
        " {manager} : qui gère le matériel peut le remettre avant."
    )


class MoreThanBooked(Refused):
    """More than is left to collect."""

    code = "more_than_booked"
    message = marked(
        "« {name} » : il en reste {left} à retirer sur {booked} réservés, pas {asked}."
    )


class MoreThanOut(Refused):
    """More than is out."""

    code = "more_than_out"
    message = marked("« {name} » : il y en a {out} à rendre, pas {asked}.")


class NothingToHandOver(Refused):
    """There is nothing left to do."""

    code = "nothing_to_hand_over"
    message = marked("Il n'y a plus rien à noter : tout est déjà fait.")


class CannotFree(Refused):
    """Something of the booking is not back, or is no equipment."""

    code = "cannot_free"
    message = marked(
        "La fin de cette réservation ne se libère pas ainsi : tout ce qu'elle prend n'est pas"
        " rendu, ou elle prend autre chose que du matériel. Modifiez-la pour la raccourcir."
    )
