"""Each state of a booking as people read it: how it is drawn, and its word."""

from collections.abc import Mapping

from coopshare.bookings.models import BookingStatus
from coopshare.kernel.text import marked

STATES: Mapping[BookingStatus, tuple[str, str]] = {
    BookingStatus.PENDING: ("pending", marked("En attente de réponse")),
    BookingStatus.OPTION: ("pending", marked("En option")),
    BookingStatus.CONFIRMED: ("done", marked("Confirmée")),
    BookingStatus.CANCELLED: ("cancelled", marked("Annulée")),
    BookingStatus.REFUSED: ("cancelled", marked("Refusée")),
    BookingStatus.LAPSED: ("closed", marked("Délai passé")),
    BookingStatus.NO_SHOW: ("closed", marked("Personne n'est venu")),
}
