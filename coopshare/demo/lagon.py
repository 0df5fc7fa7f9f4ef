"""A second, smaller cooperative, in Réunion: another time zone, other public holidays."""

from coopshare.demo.case_a import GATEWAY
from coopshare.demo.plans import (
    CooperativePlan,
    HabitPlan,
    OrganisationPlan,
    PersonPlan,
    ResourcePlan,
    TariffPlan,
    weekdays,
)
from coopshare.kernel.actor import Role
from coopshare.members.kinds import CooperativeKind, OrganisationKind, Standing
from coopshare.resources.kinds import ResourceKind, TariffUnit

PLACE = "3 rue des Exemples, 97499 Sainte-Espérance"

LES_ATELIERS_DU_LAGON = CooperativePlan(
    slug="ateliers-du-lagon",
    name="Les Ateliers du Lagon",
    kind=CooperativeKind.PTCE,
    timezone="Indian/Reunion",
    holiday_area="974",
    organisations=(
        OrganisationPlan(
            key="lagon",
            name="Les Ateliers du Lagon",
            kind=OrganisationKind.ASSOCIATION,
            standing=Standing.ASSOCIATE,
            number=41,
            address=PLACE,
            people=(
                PersonPlan(
                    email="coordination@lagon.example.org",
                    name="Marie-Josée Hoarau",
                    roles=(Role.ADMINISTRATOR, Role.RESOURCE_MANAGER),
                ),
            ),
        ),
        OrganisationPlan(
            key="vacoa",
            name="Vacoa Solidaire",
            kind=OrganisationKind.ACI,
            standing=Standing.ASSOCIATE,
            number=42,
            people=(PersonPlan(email="membre@vacoa.example.org", name="Jean-Yves Payet"),),
        ),
        OrganisationPlan(
            key="bois-rouge",
            name="Coopérative Bois Rouge",
            kind=OrganisationKind.EI,
            standing=Standing.TENANT,
            number=43,
            people=(PersonPlan(email="atelier@bois-rouge.example.org", name="Lucie Técher"),),
        ),
        OrganisationPlan(
            key="reseau",
            name="Réseau Passerelles",
            kind=OrganisationKind.ASSOCIATION,
            standing=Standing.PARTNER,
            number=16,
            people=(GATEWAY,),
        ),
    ),
    resources=(
        ResourcePlan(
            key="varangue",
            name="La Varangue",
            kind=ResourceKind.PLACE,
            owner="lagon",
            description="Une grande salle ouverte sur le jardin, pour 30 personnes.",
            capacity=30,
            address=PLACE,
            features=("wifi", "daylight", "wheelchair", "parking"),
            hours=weekdays(8, 20, range(6)),
            after=15,
            tariffs=(TariffPlan(cents=2000, unit=TariffUnit.HOUR),),
            picture="hall",
            picture_says="Une grande salle avec des rangées de chaises.",
        ),
        ResourcePlan(
            key="case",
            name="Petite case",
            kind=ResourceKind.PLACE,
            owner="lagon",
            description="Un bureau pour six, avec la visioconférence vers l'hexagone.",
            capacity=6,
            address=PLACE,
            features=("wifi", "videoconference"),
            hours=weekdays(8, 20, range(6)),
            tariffs=(TariffPlan(cents=800, unit=TariffUnit.HOUR),),
            picture="meeting",
            picture_says="Une table et des chaises devant un écran.",
        ),
        ResourcePlan(
            key="tables",
            name="Tables de marché",
            kind=ResourceKind.EQUIPMENT,
            owner="bois-rouge",
            description="Dix tables pliantes en bois de goyavier.",
            quantity=10,
            address=PLACE,
            closed_on_holidays=False,
            tariffs=(TariffPlan(cents=200, unit=TariffUnit.DAY),),
            picture="table",
            picture_says="Dessin : une table.",
        ),
    ),
    habits=(
        HabitPlan(
            organisation="vacoa",
            title="Atelier tressage",
            lines=(("varangue", 1),),
            weekday=1,
            starts=9 * 60,
            minutes=180,
        ),
        HabitPlan(
            organisation="bois-rouge",
            title="Réunion d'équipe",
            lines=(("case", 1),),
            weekday=0,
            starts=8 * 60,
            minutes=90,
        ),
        HabitPlan(
            organisation="lagon",
            title="Marché solidaire",
            lines=(("varangue", 1), ("tables", 6)),
            weekday=5,
            starts=8 * 60,
            minutes=240,
            every=2,
        ),
    ),
    occasions=("Réunion avec l'hexagone", "Formation", "Assemblée"),
    single_bookings=15,
)
