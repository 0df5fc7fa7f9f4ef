"""The closed lists of this package, with the French word for each."""

from enum import StrEnum

from coopshare.kernel.text import marked


class ResourceKind(StrEnum):
    """What sort of thing is pooled."""

    PLACE = "place"
    EQUIPMENT = "equipment"
    SERVICE = "service"
    PERSON = "person"


class TariffUnit(StrEnum):
    """What a price is for."""

    HOUR = "hour"
    HALF_DAY = "half_day"
    DAY = "day"
    UNIT = "unit"
    PERSON = "person"


class VatMode(StrEnum):
    """How a price stands towards value added tax: a person decides, the software never does."""

    TAXABLE = "taxable"
    """The rate is added to the price."""
    EXEMPT_261B = "exempt_261b"
    """Services of a group to its members, article 261 B of the tax code."""
    FRANCHISE = "franchise"
    """Small firms under the threshold, article 293 B of the tax code."""
    EXEMPT_OTHER = "exempt_other"
    """An exemption of the issuer's own, article 261, 7 of the tax code."""
    OUT = "out"
    """Not a taxable person for this."""


class QuotaMeasure(StrEnum):
    """What a quota counts."""

    HOURS = "hours"
    """Minutes of use, times the quantity."""
    BOOKINGS = "bookings"


class QuotaPeriod(StrEnum):
    """How often a quota starts again."""

    WEEK = "week"
    """Monday to Sunday, local days."""
    MONTH = "month"
    SEASON = "season"
    """Between two local days, both included."""


class QuotaHolder(StrEnum):
    """Whose use is added up."""

    ORGANISATION = "organisation"
    PERSON = "person"


RESOURCE_KINDS = {
    ResourceKind.PLACE: marked("Lieu"),
    ResourceKind.EQUIPMENT: marked("Matériel"),
    ResourceKind.SERVICE: marked("Service"),
    ResourceKind.PERSON: marked("Personne"),
}
KIND_HEADINGS = {
    ResourceKind.PLACE: marked("Salles et lieux"),
    ResourceKind.EQUIPMENT: marked("Matériel"),
    ResourceKind.SERVICE: marked("Services"),
    ResourceKind.PERSON: marked("Personnes"),
}
"""What stands above a list of each kind."""
TARIFF_UNITS = {
    TariffUnit.HOUR: marked("l'heure"),
    TariffUnit.HALF_DAY: marked("la demi-journée"),
    TariffUnit.DAY: marked("la journée"),
    TariffUnit.UNIT: marked("l'unité"),
    TariffUnit.PERSON: marked("par personne"),
}
VAT_MODES = {
    VatMode.TAXABLE: marked("Soumis à la TVA"),
    VatMode.EXEMPT_261B: marked(
        "Exonéré de TVA : groupement de moyens, article 261 B du CGI (à vérifier)"
    ),
    VatMode.FRANCHISE: marked("TVA non applicable, article 293 B du CGI (à vérifier)"),
    VatMode.EXEMPT_OTHER: marked("Exonéré de TVA, article 261, 7 du CGI (à vérifier)"),
    VatMode.OUT: marked("Hors du champ de la TVA (à vérifier)"),
}
QUOTA_MEASURES = {
    QuotaMeasure.HOURS: marked("Des heures"),
    QuotaMeasure.BOOKINGS: marked("Un nombre de réservations"),
}
QUOTA_PERIODS = {
    QuotaPeriod.WEEK: marked("Chaque semaine, du lundi au dimanche"),
    QuotaPeriod.MONTH: marked("Chaque mois"),
    QuotaPeriod.SEASON: marked("Entre deux dates"),
}
QUOTA_HOLDERS = {
    QuotaHolder.ORGANISATION: marked("Par organisation"),
    QuotaHolder.PERSON: marked("Par personne"),
}
FEATURES = {
    "projector": marked("Vidéoprojecteur"),
    "screen": marked("Écran"),
    "whiteboard": marked("Tableau blanc"),
    "wifi": marked("Wi-Fi"),
    "videoconference": marked("Visioconférence"),
    "sound": marked("Sonorisation"),
    "kitchen": marked("Cuisine ou coin café"),
    "computers": marked("Postes informatiques"),
    "daylight": marked("Lumière du jour"),
    "blackout": marked("Se plonge dans le noir"),
    "wheelchair": marked("Accessible en fauteuil roulant"),
    "adapted_toilets": marked("Toilettes adaptées"),
    "hearing_loop": marked("Boucle magnétique"),
    "lift": marked("Ascenseur"),
    "parking": marked("Stationnement"),
    "bicycle_parking": marked("Stationnement vélo"),
}
ACCESSIBILITY = ("wheelchair", "adapted_toilets", "hearing_loop", "lift")
"""The features that are about accessibility: always shown first."""
