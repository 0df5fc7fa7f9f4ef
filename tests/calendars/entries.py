"""Entries for the tests of calendars."""

from typing import Any
from uuid import UUID

from coopshare.kernel.agenda import Entry
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval

SOURCE = UUID("6f1c2a52-8a3e-4a53-9d0b-0d3f0c0b7a11")
ORGANISATION = UUID("11111111-1111-4111-8111-111111111111")
PERSON = UUID("22222222-2222-4222-8222-222222222222")


def entry(**fields: Any) -> Entry:
    """Return the entry of a booking: Tuesday 9 March 2027, 9 h to 12 h 30 in Paris."""
    values: dict[str, Any] = {
        "source_kind": "booking",
        "source_id": SOURCE,
        "organisation_id": ORGANISATION,
        "person_id": PERSON,
        "span": Interval(utc(2027, 3, 9, 8), utc(2027, 3, 9, 11, 30)),
        "timezone": "Europe/Paris",
        "all_day": False,
        "status": "confirmed",
        "title": "Atelier CV ; accueil, café et œufs – à l'étage de la Verrière, porte de gauche",
        "place": "Verrière, 12 rue du Phare, 29200 Brest",
        "note": "Prévoir :\n- 30 chaises\n- un chemin C:\\New\\table",
        "categories": ("Lieu", "Matériel, sono"),
        "url": f"https://phares.example.org/reservations/{SOURCE}",
        "sequence": 2,
        "created_at": utc(2027, 2, 1, 8),
        "changed_at": utc(2027, 2, 15, 17, 42),
    }
    return Entry(**(values | fields))
