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


COOPERATIVE_KINDS = {
    CooperativeKind.PTCE: marked("Pôle territorial de coopération économique (PTCE)"),
    CooperativeKind.SCIC: marked("Société coopérative d'intérêt collectif (SCIC)"),
    CooperativeKind.EMPLOYERS_GROUP: marked("Groupement d'employeurs"),
    CooperativeKind.GES: marked("Groupe économique solidaire (GES)"),
    CooperativeKind.NETWORK: marked("Réseau"),
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
