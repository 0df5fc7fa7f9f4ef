"""Case B: eleven SIAE of the Gard form an employers' group. Names and numbers are invented."""

from coopshare.demo.plans import (
    CooperativePlan,
    HabitPlan,
    OrganisationPlan,
    PersonPlan,
    ResourcePlan,
    weekdays,
)
from coopshare.kernel.actor import Role
from coopshare.members.kinds import CooperativeKind, OrganisationKind, Standing
from coopshare.resources.kinds import ResourceKind

Kind = OrganisationKind

MEMBERS: tuple[tuple[str, str, OrganisationKind, str, str], ...] = (
    ("structure1", "Les Jardins du Vistre", Kind.ACI, "Nîmes", "Farida Roussel"),
    ("structure2", "Atelier des Costières", Kind.ACI, "Vauvert", "Hugo Martel"),
    ("structure3", "Cévennes Rebond", Kind.ACI, "Alès", "Nadia Ferrand"),
    ("structure4", "Gardon Propreté", Kind.EI, "Nîmes", "Marc Soulier"),
    ("structure5", "Recyclerie d'Uzès", Kind.ACI, "Uzès", "Sophie Arnal"),
    ("structure6", "Camargue Services", Kind.AI, "Aigues-Mortes", "Karim Haddad"),
    ("structure7", "Passerelle Emploi 30", Kind.AI, "Bagnols-sur-Cèze", "Claire Teissier"),
    ("structure8", "Bâti Solidaire", Kind.EI, "Alès", "Yann Prévost"),
    ("structure9", "Garrigue Intérim", Kind.ETTI, "Nîmes", "Élodie Blanc"),
    ("structure10", "La Lessive Verte", Kind.EI, "Beaucaire", "Sarah Meunier"),
    ("structure11", "Vidourle Espaces Verts", Kind.ACI, "Sommières", "Paul Vernet"),
)
"""Key, name, kind, town, who manages it."""

GE_DU_GARD = CooperativePlan(
    slug="ge-gard",
    name="Groupement d'employeurs du Gard",
    kind=CooperativeKind.EMPLOYERS_GROUP,
    timezone="Europe/Paris",
    school_zone="C",
    organisations=(
        OrganisationPlan(
            key="ge",
            name="GE Insertion 30",
            kind=Kind.ASSOCIATION,
            standing=Standing.ASSOCIATE,
            number=101,
            address="12 rue des Tanneurs, 30000 Nîmes",
            people=(
                PersonPlan(
                    email="direction@ge-gard.example.org",
                    name="Dominique Laurens",
                    roles=(Role.PLANNER, Role.ADMINISTRATOR),
                ),
                PersonPlan(
                    email="cip@ge-gard.example.org",
                    name="Léa Castan",
                    roles=(Role.POOLED_WORKER,),
                ),
                PersonPlan(
                    email="entreprises@ge-gard.example.org",
                    name="Rachid Benali",
                    roles=(Role.POOLED_WORKER,),
                ),
            ),
        ),
        *(
            OrganisationPlan(
                key=key,
                name=name,
                kind=kind,
                standing=Standing.ASSOCIATE,
                number=101 + number,
                address=f"{number} avenue de la République, {town} (Gard)",
                people=(
                    PersonPlan(
                        email=f"{key}@ge-gard.example.org",
                        name=manager,
                        roles=(Role.ORGANISATION_MANAGER,),
                    ),
                ),
            )
            for number, (key, name, kind, town, manager) in enumerate(MEMBERS, 1)
        ),
    ),
    resources=(
        ResourcePlan(
            key="salle",
            name="Salle du groupement",
            kind=ResourceKind.PLACE,
            owner="ge",
            description="Une table pour douze, un écran, du café : pour recevoir et se réunir.",
            capacity=12,
            address="12 rue des Tanneurs, 30000 Nîmes",
            features=("screen", "wifi", "wheelchair"),
            hours=weekdays(8, 19),
            picture="room",
            picture_says="Dessin : une salle avec une longue table.",
        ),
    ),
    habits=(
        HabitPlan(
            organisation="ge",
            title="Réunion des directions",
            lines=(("salle", 1),),
            weekday=3,
            starts=14 * 60,
            minutes=120,
            every=4,
        ),
    ),
    occasions=("Rencontre avec une entreprise", "Entretiens"),
    single_bookings=6,
)
