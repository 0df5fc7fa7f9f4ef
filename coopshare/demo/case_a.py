"""Case A: Le Phares, a SCIC of Seine-Saint-Denis. Names, addresses and numbers are invented."""

from coopshare.demo.case_a_resources import RESOURCES
from coopshare.demo.case_a_rooms import ADDRESS
from coopshare.demo.plans import (
    ClosurePlan,
    CooperativePlan,
    HabitPlan,
    OrganisationPlan,
    PersonPlan,
)
from coopshare.kernel.actor import Role
from coopshare.members.kinds import CooperativeKind, OrganisationKind, Standing

Kind = OrganisationKind
GATEWAY = PersonPlan(email="passerelle@reseau.example.org", name="Inès Fontaine")
"""Belongs to both demonstration cooperatives."""


def _one(
    key: str,
    name: str,
    kind: OrganisationKind,
    standing: Standing,
    number: int,
    *people: PersonPlan,
) -> OrganisationPlan:
    return OrganisationPlan(
        key=key,
        name=name,
        kind=kind,
        standing=standing,
        number=number,
        address=ADDRESS if standing is Standing.TENANT else "",
        people=people,
    )


def _person(email: str, name: str, *roles: Role) -> PersonPlan:
    return PersonPlan(email=f"{email}.example.org", name=name, roles=roles or (Role.MEMBER,))


RESPONSIBLE = Role.ORGANISATION_MANAGER
KEEPER = Role.RESOURCE_MANAGER

ORGANISATIONS = (
    _one(
        "phares",
        "SCIC Le Phares",
        Kind.COMPANY,
        Standing.ASSOCIATE,
        1,
        _person("coordination@phares", "Claire Marchand", Role.ADMINISTRATOR),
        _person("salles@phares", "Sami Belkacem", KEEPER),
    ),
    _one(
        "atelier-nord",
        "Atelier Nord",
        Kind.ACI,
        Standing.ASSOCIATE,
        2,
        _person("membre@atelier-nord", "Nadia Cherif"),
        _person("direction@atelier-nord", "Paul Lemoine", RESPONSIBLE),
    ),
    _one(
        "menuisiers",
        "Les Menuisiers du Canal",
        Kind.EI,
        Standing.TENANT,
        3,
        _person("atelier@menuisiers", "Yann Le Goff", RESPONSIBLE, KEEPER),
    ),
    _one(
        "coup-de-pouce",
        "Coup de Pouce Services",
        Kind.AI,
        Standing.ASSOCIATE,
        4,
        _person("accueil@coup-de-pouce", "Fatou Diarra"),
    ),
    _one(
        "tremplin",
        "Intérim Tremplin 93",
        Kind.ETTI,
        Standing.TENANT,
        5,
        _person("agence@tremplin", "Hugo Rosset"),
    ),
    _one(
        "table",
        "La Table Partagée",
        Kind.ASSOCIATION,
        Standing.TENANT,
        6,
        _person("cuisine@table-partagee", "Mariam Koné", RESPONSIBLE, KEEPER),
    ),
    _one(
        "cyclofficine",
        "La Cyclofficine des Francs-Moisins",
        Kind.ASSOCIATION,
        Standing.ASSOCIATE,
        7,
        _person("atelier@cyclofficine", "Léo Garnier", RESPONSIBLE, KEEPER),
    ),
    _one(
        "ressourcerie",
        "La Ressourcerie du Port",
        Kind.ASSOCIATION,
        Standing.ASSOCIATE,
        8,
        _person("equipe@ressourcerie", "Awa Traoré"),
    ),
    _one(
        "radio",
        "Radio Voisine",
        Kind.ASSOCIATION,
        Standing.TENANT,
        9,
        _person("antenne@radio-voisine", "Thomas Nguyen", RESPONSIBLE, KEEPER),
    ),
    _one(
        "ecrivains",
        "Les Écrivaines publiques",
        Kind.ASSOCIATION,
        Standing.PARTNER,
        10,
        _person("permanence@ecrivaines", "Judith Amsellem"),
    ),
    _one(
        "numerique",
        "Clic Solidaire",
        Kind.COMPANY,
        Standing.TENANT,
        11,
        _person("formation@clic-solidaire", "Karim Haddad", RESPONSIBLE, KEEPER),
    ),
    _one(
        "adapte",
        "Mains Habiles",
        Kind.EA,
        Standing.PARTNER,
        12,
        _person("accueil@mains-habiles", "Sophie Delmas"),
    ),
    _one(
        "theatre",
        "Compagnie du Quai",
        Kind.ASSOCIATION,
        Standing.PARTNER,
        13,
        _person("compagnie@quai", "Olivier Perrin"),
    ),
    _one(
        "ville",
        "Ville de Saint-Martin-sur-Canal",
        Kind.LOCAL_AUTHORITY,
        Standing.PARTNER,
        14,
        _person("ess@saint-martin", "Brigitte Morel"),
    ),
    _one(
        "habitants",
        "Collectif des habitantes et habitants du Canal",
        Kind.COLLECTIVE,
        Standing.OUTSIDE,
        0,
        _person("collectif@canal", "Rachid Benali"),
    ),
    _one("reseau", "Réseau Passerelles", Kind.ASSOCIATION, Standing.OUTSIDE, 16, GATEWAY),
)


def _habit(
    organisation: str,
    title: str,
    lines: str,
    weekday: int,
    starts: float,
    hours: float,
    every: int = 1,
) -> HabitPlan:
    """Return a habit; `lines` reads "salle-a, chaises x 30"."""
    wanted = []
    for word in lines.split(", "):
        key, _, quantity = word.partition(" x ")
        wanted.append((key, int(quantity or 1)))
    return HabitPlan(
        organisation=organisation,
        title=title,
        lines=tuple(wanted),
        weekday=weekday,
        starts=int(starts * 60),
        minutes=int(hours * 60),
        every=every,
    )


HABITS = (
    _habit("phares", "Réunion de l'équipe", "canal", 0, 9, 1.5),
    _habit("phares", "Conseil de la coopérative", "grande-salle, projecteurs", 3, 18, 2, 4),
    _habit("atelier-nord", "Accueil des nouveaux salariés", "salle-a, projecteurs", 0, 9, 3, 2),
    _habit("atelier-nord", "Atelier recherche d'emploi", "informatique", 1, 9, 4),
    _habit("atelier-nord", "Point des encadrants", "canal", 4, 9, 1.5),
    _habit("menuisiers", "Chantier école", "atelier-bois", 2, 9, 4),
    _habit("coup-de-pouce", "Entretiens d'inscription", "canal", 1, 14, 3),
    _habit("coup-de-pouce", "Réunion des salariées", "salle-b, chaises x 20", 3, 14, 2, 2),
    _habit("tremplin", "Information collective", "salle-b, projecteurs", 1, 10, 2),
    _habit("tremplin", "Formation sécurité", "salle-a", 4, 9, 3, 4),
    _habit("table", "Préparation du repas de quartier", "cuisine", 4, 9, 4),
    _habit("table", "Atelier anti-gaspillage", "cuisine", 2, 14, 3, 2),
    _habit("cyclofficine", "Atelier d'autoréparation", "jardin, tables x 2", 5, 10, 4),
    _habit("ressourcerie", "Collecte à vélo", "velo-cargo", 1, 9, 3),
    _habit("ressourcerie", "Collecte à vélo", "velo-cargo", 3, 9, 3),
    _habit("radio", "Émission « Parole voisine »", "studio", 2, 17, 2),
    _habit("radio", "Atelier de montage", "studio", 5, 10, 3, 2),
    _habit("ecrivains", "Permanence d'écriture", "canal", 2, 14, 3),
    _habit("numerique", "Premiers clics", "informatique", 3, 9, 4),
    _habit("numerique", "Aide aux démarches en ligne", "informatique", 2, 14, 4),
    _habit("numerique", "Clinique de l'ordinateur", "salle-b, ordinateurs x 6", 2, 9, 3, 2),
    _habit("cyclofficine", "Bourse aux vélos", "jardin, barnums x 2, tables x 3", 6, 10, 6, 4),
    _habit("cyclofficine", "Réunion des bénévoles", "verriere", 3, 17, 2, 2),
    _habit("ressourcerie", "Point de l'équipe", "verriere", 0, 14, 1.5),
    _habit("phares", "Bureau de la SCIC", "verriere", 4, 10, 2, 2),
    _habit("table", "Stockage du repas de quartier", "chambre-froide x 2", 3, 18, 16),
    _habit("coup-de-pouce", "Paniers solidaires", "chambre-froide", 1, 8, 30, 2),
    _habit("tremplin", "Tests de recrutement", "bureau x 3", 0, 9, 3),
    _habit("adapte", "Langue des signes, niveau 1", "salle-a", 2, 17.5, 2),
    _habit("theatre", "Répétition", "salle-b, sono", 0, 18, 2),
    _habit("theatre", "Prise de parole en public", "grande-salle", 5, 14, 3, 3),
    _habit("ville", "Permanence emploi de la ville", "salle-b", 4, 14, 3, 2),
    _habit("habitants", "Réunion du collectif", "salle-a, chaises x 30", 1, 18, 2, 2),
    _habit("phares", "Entretien du parc informatique", "support", 4, 14, 3),
    _habit("coup-de-pouce", "Impression des contrats", "impression x 200", 0, 10, 1, 2),
)

OCCASIONS = (
    "Réunion de projet",
    "Assemblée générale",
    "Journée portes ouvertes",
    "Formation premiers secours",
    "Entretiens de recrutement",
    "Rencontre avec les entreprises",
    "Comité de pilotage",
    "Atelier CV",
    "Fête de quartier",
    "Visite de partenaires",
    "Bilan de parcours",
    "Réunion d'information",
)

LE_PHARES = CooperativePlan(
    slug="le-phares",
    name="Le Phares",
    kind=CooperativeKind.SCIC,
    timezone="Europe/Paris",
    school_zone="C",
    organisations=ORGANISATIONS,
    resources=RESOURCES,
    habits=HABITS,
    occasions=OCCASIONS,
    single_bookings=170,
    closures=(
        ClosurePlan(resources=("salle-b",), reason="Peinture", in_days=16, days=3),
        ClosurePlan(resources=("cuisine",), reason="Contrôle sanitaire", in_days=9, days=1),
        ClosurePlan(
            resources=("informatique",), reason="Changement des postes", in_days=-30, days=2
        ),
    ),
    closed_days=((-60, "Journée de l'équipe"),),
    closed_dates=tuple(
        (12, day, "Fermeture de fin d'année") for day in (24, 26, 27, 28, 29, 30, 31)
    ),
)
