"""The closed lists of this package, with the French word for each."""

from enum import StrEnum

from coopshare.kernel.actor import Role
from coopshare.kernel.text import marked


class CooperativeKind(StrEnum):
    """What sort of cooperation it is."""

    PTCE = "ptce"
    SCIC = "scic"
    EMPLOYERS_GROUP = "employers_group"
    GES = "ges"
    NETWORK = "network"


class OrganisationKind(StrEnum):
    """What sort of organisation a member is."""

    ACI = "aci"
    EI = "ei"
    AI = "ai"
    ETTI = "etti"
    EITI = "eiti"
    EA = "ea"
    ESAT = "esat"
    GEIQ = "geiq"
    ASSOCIATION = "association"
    COMPANY = "company"
    LOCAL_AUTHORITY = "local_authority"
    COLLECTIVE = "collective"


class Standing(StrEnum):
    """An organisation's place in the cooperative: tariffs and rules depend on it."""

    ASSOCIATE = "associate"
    TENANT = "tenant"
    PARTNER = "partner"
    OUTSIDE = "outside"


class DoorNames(StrEnum):
    """What a screen at a door tells of a booking, beside its hours."""

    NOTHING = "nothing"
    ORGANISATION = "organisation"
    TITLE = "title"


DOOR_NAMES = {
    DoorNames.NOTHING: marked("Les heures seulement"),
    DoorNames.ORGANISATION: marked("Le nom de l'organisation"),
    DoorNames.TITLE: marked("Le titre de la réservation"),
}
"""What the screens at doors tell."""

COOPERATIVE_KINDS = {
    CooperativeKind.PTCE: marked("Pôle territorial de coopération économique (PTCE)"),
    CooperativeKind.SCIC: marked("Société coopérative d'intérêt collectif (SCIC)"),
    CooperativeKind.EMPLOYERS_GROUP: marked("Groupement d'employeurs"),
    CooperativeKind.GES: marked("Groupe économique solidaire (GES)"),
    CooperativeKind.NETWORK: marked("Réseau"),
}
ZONES = {
    "Europe/Paris": marked("France métropolitaine"),
    "America/Guadeloupe": marked("Guadeloupe"),
    "America/Martinique": marked("Martinique"),
    "America/Cayenne": marked("Guyane"),
    "Indian/Reunion": marked("La Réunion"),
    "Indian/Mayotte": marked("Mayotte"),
    "America/Miquelon": marked("Saint-Pierre-et-Miquelon"),
    "America/St_Barthelemy": marked("Saint-Barthélemy"),
    "America/Marigot": marked("Saint-Martin"),
    "Pacific/Wallis": marked("Wallis-et-Futuna"),
    "Pacific/Tahiti": marked("Polynésie française"),
    "Pacific/Noumea": marked("Nouvelle-Calédonie"),
}
"""Time zones that are proposed, by IANA name; any other one is taken too."""
HOLIDAY_AREAS = {
    "FR": marked("France métropolitaine"),
    "57": marked("Moselle (Alsace-Moselle)"),
    "67": marked("Bas-Rhin (Alsace-Moselle)"),
    "68": marked("Haut-Rhin (Alsace-Moselle)"),
    "971": marked("Guadeloupe"),
    "972": marked("Martinique"),
    "973": marked("Guyane"),
    "974": marked("La Réunion"),
    "976": marked("Mayotte"),
    "975": marked("Saint-Pierre-et-Miquelon"),
    "977": marked("Saint-Barthélemy"),
    "978": marked("Saint-Martin"),
    "WF": marked("Wallis-et-Futuna"),
    "PF": marked("Polynésie française"),
    "NC": marked("Nouvelle-Calédonie"),
}
"""Whose public holidays apply."""
SCHOOL_ZONES = {
    "A": marked("Zone A (Besançon, Bordeaux, Clermont-Ferrand, Dijon, Grenoble, Limoges, Lyon…)"),
    "B": marked("Zone B (Aix-Marseille, Amiens, Lille, Nancy-Metz, Nantes, Nice, Rennes…)"),
    "C": marked("Zone C (Créteil, Montpellier, Paris, Toulouse, Versailles)"),
}
CURRENCIES = {
    "EUR": marked("Euro (€)"),
    "XPF": marked("Franc pacifique (F CFP)"),
    "CHF": marked("Franc suisse (CHF)"),
}
ORGANISATION_KINDS = {
    OrganisationKind.ACI: marked("Atelier et chantier d'insertion (ACI)"),
    OrganisationKind.EI: marked("Entreprise d'insertion (EI)"),
    OrganisationKind.AI: marked("Association intermédiaire (AI)"),
    OrganisationKind.ETTI: marked("Entreprise de travail temporaire d'insertion (ETTI)"),
    OrganisationKind.EITI: marked("Entreprise d'insertion par le travail indépendant (EITI)"),
    OrganisationKind.EA: marked("Entreprise adaptée (EA)"),
    OrganisationKind.ESAT: marked("Établissement d'accompagnement par le travail (ESAT)"),
    OrganisationKind.GEIQ: marked(
        "Groupement d'employeurs pour l'insertion et la qualification (GEIQ)"
    ),
    OrganisationKind.ASSOCIATION: marked("Association"),
    OrganisationKind.COMPANY: marked("Entreprise"),
    OrganisationKind.LOCAL_AUTHORITY: marked("Collectivité territoriale"),
    OrganisationKind.COLLECTIVE: marked("Collectif d'habitantes et d'habitants"),
}
STANDINGS = {
    Standing.ASSOCIATE: marked("Associé"),
    Standing.TENANT: marked("Locataire"),
    Standing.PARTNER: marked("Partenaire"),
    Standing.OUTSIDE: marked("Extérieur"),
}
ROLES = {
    Role.MEMBER: marked("Réserve pour son organisation"),
    Role.ORGANISATION_MANAGER: marked("Responsable de l'organisation"),
    Role.RESOURCE_MANAGER: marked("Gère les ressources de son organisation"),
    Role.POOLED_WORKER: marked("Poste partagé"),
    Role.PLANNER: marked("Planifie les postes partagés"),
    Role.ADMINISTRATOR: marked("Administre la coopérative"),
    Role.NETWORK_ADMINISTRATOR: marked("Suit plusieurs coopératives"),
}
