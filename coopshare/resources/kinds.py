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
