"""The demonstration is rich, plausible, loaded once, and never beside real data."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from stdnum.fr import siret

from coopshare.bookings import jobs
from coopshare.bookings.models import Booking, BookingStatus, Wait, WaitStatus
from coopshare.calendars.models import CalendarEntry
from coopshare.db.base import Base
from coopshare.db.models import AuditEntry
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Database
from coopshare.demo import services
from coopshare.demo.build import fictitious_siret
from coopshare.demo.case_a import GATEWAY, LE_PHARES
from coopshare.demo.lagon import LES_ATELIERS_DU_LAGON
from coopshare.demo.pictures import DRAWINGS
from coopshare.demo.services import DEMO
from coopshare.holds.models import Closure, Hold
from coopshare.kernel.errors import Invalid
from coopshare.members.errors import DemonstrationApart
from coopshare.members.kinds import OrganisationKind
from coopshare.members.models import Affiliation, Cooperative, Membership, Organisation, Person
from coopshare.resources.models import Photo, Resource, ResourcePart
from tests.conftest import NOW
from tests.make import Maker

COUNTED: tuple[type[Base], ...] = (
    Cooperative,
    Organisation,
    Membership,
    Person,
    Affiliation,
    Resource,
    ResourcePart,
    Photo,
    Closure,
    Booking,
    Hold,
    CalendarEntry,
    AuditEntry,
)


def counts(database: Database) -> dict[str, int]:
    with database.read(DEMO) as work:
        return {
            model.__tablename__: work.session.scalar(
                select(func.count()).select_from(model), execution_options=EVERYWHERE
            )
            or 0
            for model in COUNTED
        }


def test_it_is_rich_and_loaded_once(database: Database) -> None:
    came = services.load(database, ["A"])
    first = counts(database)
    assert services.load(database, ["A"]) == 0
    assert counts(database) == first
    assert came == first["bookings"]
    assert first["calendar_entries"] == first["bookings"] + first["closures"]
    assert 800 < came < 1600
    assert first["cooperatives"] == 2
    assert first["memberships"] == 20
    assert first["organisations"] == 19
    assert first["resources"] == first["photos"] == 26
    assert first["resource_parts"] == 3
    with database.read(DEMO) as work:
        rows = work.session.execute(
            select(Booking.starts_at, Booking.status), execution_options=EVERYWHERE
        ).all()
    past = sum(starts < NOW for starts, _ in rows)
    assert 300 < past < len(rows) - 300
    by_status = Counter(status for _, status in rows)
    assert set(by_status) == {
        BookingStatus.CONFIRMED,
        BookingStatus.PENDING,
        BookingStatus.OPTION,
        BookingStatus.CANCELLED,
        BookingStatus.NO_SHOW,
    }
    assert min(starts for starts, _ in rows) > NOW - timedelta(days=7 * 27)


def test_le_phares_has_sixteen_members_of_which_four_are_siae() -> None:
    kinds = [one.kind for one in LE_PHARES.organisations]
    siae = {OrganisationKind.ACI, OrganisationKind.EI, OrganisationKind.AI, OrganisationKind.ETTI}
    assert len(kinds) == 16
    assert [kind for kind in kinds if kind in siae] == [
        OrganisationKind.ACI,
        OrganisationKind.EI,
        OrganisationKind.AI,
        OrganisationKind.ETTI,
    ]


def test_sirets_are_fictitious_and_pass_the_check() -> None:
    plans = (*LE_PHARES.organisations, *LES_ATELIERS_DU_LAGON.organisations)
    numbers = {one.name: fictitious_siret(one.number) for one in plans if one.number}
    assert len(set(numbers.values())) == len(numbers)
    for number in numbers.values():
        assert siret.is_valid(number)
        assert number.startswith("99990")


def test_the_accounts_are_those_of_the_interface() -> None:
    lines = list(services.accounts())
    assert lines[:3] == [
        ("coordination@phares.example.org", "administrator", "SCIC Le Phares", "Le Phares"),
        ("salles@phares.example.org", "resource_manager", "SCIC Le Phares", "Le Phares"),
        ("membre@atelier-nord.example.org", "member", "Atelier Nord", "Le Phares"),
    ]
    assert [line[3] for line in lines if line[0] == GATEWAY.email] == [
        "Le Phares",
        "Les Ateliers du Lagon",
    ]
    assert all(line[0].endswith(".example.org") for line in lines)


def test_each_resource_has_a_drawing_that_exists() -> None:
    for plan in (*LE_PHARES.resources, *LES_ATELIERS_DU_LAGON.resources):
        assert plan.picture in DRAWINGS
        assert plan.picture_says


def test_it_stands_beside_nothing_real(database: Database, make: Maker) -> None:
    make.cooperative()
    with pytest.raises(DemonstrationApart):
        services.load(database)


def test_a_case_that_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(Invalid) as refused:
        services.load(database, ["Z"])
    assert refused.value.say() == "Le cas Z n'existe pas. Il y a : A, B."


def test_options_and_waiting_lists_are_alive(database: Database) -> None:
    """An option that lapses within the day, a slot that two wait for, an offer that is open."""
    services.load(database, ["A"])
    found = select(Cooperative.id).where(Cooperative.slug == LE_PHARES.slug)
    with database.read(DEMO) as work:
        actor = replace(DEMO, cooperative_id=work.session.scalars(found).one())
    with database.read(actor) as work:
        options = work.session.scalars(
            select(Booking.lapses_at)
            .where(Booking.status == BookingStatus.OPTION)
            .order_by(Booking.lapses_at)
        ).all()
        waits = Counter(work.session.scalars(select(Wait.status)))
    assert [NOW < at < NOW + timedelta(days=1) for at in options if at] == [True, True]
    assert waits == Counter({WaitStatus.WAITING: 3, WaitStatus.OFFERED: 1})
    assert jobs.tend_queues(database) == 0
