"""The words of charges."""

from collections.abc import Mapping

from coopshare.kernel.text import marked

KINDS: Mapping[str, str] = {
    "use": marked("Usage"),
    "off_peak": marked("Usage, heures creuses"),
    "free_quota": marked("Compris dans le forfait"),
    "late_cancellation": marked("Annulation tardive"),
}
UNITS: Mapping[str, str] = {
    "hour": marked("heure"),
    "half_day": marked("demi-journée"),
    "day": marked("journée"),
    "unit": marked("unité"),
    "person": marked("personne"),
    "booking": marked("réservation"),
}
TAXES: Mapping[str | None, str] = {
    "taxable": marked("TVA"),
    "exempt_261b": marked("Exonéré de TVA, article 261 B du CGI"),
    "franchise": marked("TVA non applicable, article 293 B du CGI"),
    "exempt_other": marked("Exonéré de TVA, article 261, 7 du CGI"),
    "out": marked("Hors du champ de la TVA"),
    None: marked("TVA non précisée"),
}
