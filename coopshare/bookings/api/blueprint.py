"""The address under which bookings are by the JSON API."""

from coopshare.web.api import Blueprint

blueprint = Blueprint(
    "bookings_api",
    __name__,
    url_prefix="/api/v1/bookings",
    description="Réserver, déplacer, annuler.",
)
