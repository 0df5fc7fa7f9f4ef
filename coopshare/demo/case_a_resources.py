"""What Le Phares and its members share: rooms, equipment, services, a technician."""

from coopshare.demo.case_a_rooms import ADDRESS, ASSOCIATE, MORE_ROOMS, OFFICE, ROOMS, SIX_DAYS
from coopshare.demo.plans import ResourcePlan, TariffPlan, weekdays
from coopshare.resources.kinds import ResourceKind, TariffUnit


def _equipment(
    key: str,
    name: str,
    quantity: int,
    description: str,
    picture: str,
    cents: int,
    owner: str = "phares",
    *,
    after: int = 0,
) -> ResourcePlan:
    return ResourcePlan(
        key=key,
        name=name,
        kind=ResourceKind.EQUIPMENT,
        owner=owner,
        description=description,
        quantity=quantity,
        location="Réserve du rez-de-chaussée",
        address=ADDRESS,
        hours=SIX_DAYS if after else (),
        after=after,
        closed_on_holidays=bool(after),
        longest=14 * 24 * 60,
        tariffs=(
            TariffPlan(cents=0, unit=TariffUnit.DAY, standing=ASSOCIATE),
            TariffPlan(cents=cents, unit=TariffUnit.DAY, note="par unité"),
        ),
        picture=picture,
        picture_says=f"Dessin : {name.lower()}.",
    )


EQUIPMENT = (
    _equipment("chaises", "Chaises pliantes", 60, "Pliantes, en bois clair.", "chair", 50),
    _equipment("tables", "Tables pliantes", 4, "1,80 m sur 75 cm, six places.", "table", 300),
    _equipment(
        "projecteurs",
        "Vidéoprojecteurs portables",
        2,
        "Avec leur câble HDMI et leur sacoche.",
        "projector",
        1500,
    ),
    _equipment(
        "velo-cargo",
        "Vélo cargo électrique",
        1,
        "Charge jusqu'à 100 kg. Antivol et casque fournis ; rechargé entre deux prêts.",
        "bike",
        1200,
        "cyclofficine",
        after=60,
    ),
    _equipment("sono", "Sonorisation portable", 1, "Deux enceintes, deux micros.", "speaker", 2500),
    _equipment("barnums", "Barnums 3 × 3 m", 2, "Montage à deux, un quart d'heure.", "tent", 2000),
    _equipment(
        "ordinateurs",
        "Ordinateurs portables reconditionnés",
        8,
        "Sous Linux, avec souris et chargeur.",
        "laptop",
        500,
        "numerique",
    ),
)

SERVICES = (
    ResourcePlan(
        key="impression",
        name="Impression (noir et couleur)",
        kind=ResourceKind.SERVICE,
        owner="phares",
        description="À l'unité : demandez le nombre de pages. Prêt dans l'heure, à l'accueil.",
        quantity=2000,
        location="Accueil",
        address=ADDRESS,
        hours=OFFICE,
        billed_by=TariffUnit.UNIT,
        tariffs=(
            TariffPlan(cents=4, unit=TariffUnit.UNIT, standing=ASSOCIATE, note="la page"),
            TariffPlan(cents=7, unit=TariffUnit.UNIT, note="la page"),
        ),
        picture="printer",
        picture_says="Une imprimante et ses feuilles.",
    ),
    ResourcePlan(
        key="technicien",
        name="Malik Aubert, technicien",
        kind=ResourceKind.PERSON,
        owner="phares",
        description="Technicien partagé : installation de salle, son, image, réseau.",
        location="Sur place",
        address=ADDRESS,
        hours=weekdays(9, 18),
        before=15,
        after=15,
        shortest=60,
        longest=8 * 60,
        notice=24 * 60,
        tariffs=(TariffPlan(cents=3200, unit=TariffUnit.HOUR),),
        picture="person",
        picture_says="Le dessin d'une personne avec une caisse à outils.",
    ),
    ResourcePlan(
        key="support",
        name="Support technique",
        kind=ResourceKind.SERVICE,
        owner="phares",
        description="De l'aide sur vos ordinateurs et votre réseau, par le technicien partagé.",
        location="Chez vous ou sur place",
        address=ADDRESS,
        hours=weekdays(9, 18),
        parts=("technicien",),
        before=15,
        after=15,
        shortest=60,
        longest=8 * 60,
        notice=24 * 60,
        tariffs=(
            TariffPlan(cents=2800, unit=TariffUnit.HOUR, standing=ASSOCIATE),
            TariffPlan(cents=4500, unit=TariffUnit.HOUR),
        ),
        picture="tools",
        picture_says="Un tournevis et une clé croisés.",
    ),
)

RESOURCES = (*ROOMS, *MORE_ROOMS, *EQUIPMENT, *SERVICES)
