"""A convention: drafted, sent, accepted by both on the very bytes they read, amended, ended."""

import io
from datetime import date

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from coopshare.db.work import Database, Work
from coopshare.kernel.errors import Forbidden, Invalid, NotFound
from coopshare.pooled_staff.commands import Amend, Sign
from coopshare.pooled_staff.errors import (
    AlreadySigned,
    AnotherDocument,
    ConsentFirst,
    ExemptAtCost,
    LoanAtCost,
    NotADraft,
    NotInTheGroup,
)
from coopshare.pooled_staff.kinds import EmployerKind, PriceMode, Side
from coopshare.pooled_staff.models import Placement, PlacementVersion
from coopshare.pooled_staff.paper import pdf_of, sha256
from coopshare.pooled_staff.queries import placements as queries
from coopshare.pooled_staff.services import placements
from tests.make import Maker
from tests.pooled_staff.world import FIRST, Group


def test_from_the_draft_to_both_signatures(database: Database, make: Maker) -> None:
    world = Group(database, make)
    world.contract()
    found = world.drawn(wished=("0-morning",), excluded=("4-afternoon",), tolerance_minutes=60)
    assert found.number == "C-2027-001"
    with pytest.raises(NotFound):  # a draft is nobody else's
        world.read(queries.placement, found.id, actor=world.manager)
    version = world.do(placements.send, found.id, found.version)
    assert world.read(queries.placement, found.id, actor=world.manager).number == found.number
    with pytest.raises(NotFound):
        world.read(queries.placement, found.id, actor=world.neighbour)
    with pytest.raises(NotFound):
        world.read(queries.placement, found.id, actor=world.cip)
    assert world.read(_in_force, found.id, FIRST) is None
    world.do(placements.sign, Sign(version_id=version.id, sha256=version.sha256))
    with pytest.raises(AlreadySigned):
        world.do(placements.sign, Sign(version_id=version.id, sha256=version.sha256))
    with pytest.raises(AnotherDocument):
        world.do(placements.sign, Sign(version_id=version.id, sha256="0" * 64), actor=world.manager)
    row = world.do(
        placements.sign,
        Sign(
            version_id=version.id,
            sha256=version.sha256,
            quality="Directrice",
            address="127.0.0.1",
        ),
        actor=world.manager,
    )
    assert (row.side, row.name, row.quality, row.address, row.at) == (
        Side.MEMBER,
        "Ali Membre",
        "Directrice",
        "127.0.0.1",
        database.clock(),
    )
    held = world.read(_in_force, found.id, FIRST)
    assert held is not None
    assert held.amount == 240


def _in_force(work: Work, placement_id: object, day: date) -> PlacementVersion | None:
    found = work.session.get_one(Placement, placement_id)
    return queries.in_force(found, day)


def test_the_document_says_what_was_agreed(database: Database, make: Maker) -> None:
    world = Group(database, make)
    found = world.drawn(wished=("0-morning",), terms="Un bureau fermé.")
    version = world.do(placements.send, found.id, found.version)
    _, kept = world.read(queries.version_with_paper, version.id)
    assert kept.pdf == pdf_of(kept.data)
    assert kept.sha256 == sha256(kept.pdf)
    reader = PdfReader(io.BytesIO(kept.pdf))
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for said in (
        "Groupement 30",
        "Avenir",
        "Conseillère en insertion professionnelle",
        "Léa Durand",
        "par semaine",
        "lundi matin",
        "Un bureau fermé.",
        "L1253-12, à vérifier",
    ):
        assert said in words.replace("\u202f", " ").replace("\u00a0", " "), words
    assert reader.metadata is not None
    assert reader.metadata.title == "Convention de mise à disposition C-2027-001"


def test_what_was_sent_changes_no_more(database: Database, make: Maker) -> None:
    world = Group(database, make)
    found = world.drawn()
    changed = world.do(
        placements.amend,
        Amend(placement_id=found.id, version=found.version, clauses=world.clauses(amount=300)),
    )
    assert [one.amount for one in changed.versions] == [300]
    version = world.do(placements.send, found.id, changed.version)
    with pytest.raises(NotADraft):
        world.do(
            placements.amend,
            Amend(placement_id=found.id, version=changed.version + 1, clauses=world.clauses()),
        )
    for actor in (world.planner, world.manager):
        world.do(placements.sign, Sign(version_id=version.id, sha256=version.sha256), actor=actor)
    now = world.again(Placement, found.id)
    later = world.clauses(starts_on=date(2027, 4, 1), amount=480)
    with pytest.raises(Invalid):
        world.do(
            placements.amend,
            Amend(placement_id=found.id, version=now.version, clauses=world.clauses()),
        )
    amended = world.do(
        placements.amend, Amend(placement_id=found.id, version=now.version, clauses=later)
    )
    assert [one.number for one in amended.versions] == [1, 2]
    held = world.read(_in_force, found.id, date(2027, 4, 1))
    assert held.amount == 300  # the amendment is not accepted yet
    second = world.do(placements.send, found.id, amended.version)
    for actor in (world.planner, world.manager):
        world.do(placements.sign, Sign(version_id=second.id, sha256=second.sha256), actor=actor)
    days = (date(2027, 3, 31), date(2027, 4, 1))
    assert [world.read(_in_force, found.id, day).amount for day in days] == [300, 480]


def test_a_document_that_somebody_changed_is_not_accepted(database: Database, make: Maker) -> None:
    world = Group(database, make)
    found = world.drawn()
    version = world.do(placements.send, found.id, found.version)
    with database.engine.begin() as connection:
        connection.execute(
            sa.update(PlacementVersion.__table__).values(pdf=b"%PDF- another one")  # type: ignore[arg-type]
        )
    with pytest.raises(AnotherDocument):
        world.do(placements.sign, Sign(version_id=version.id, sha256=version.sha256))


def test_prices_that_the_law_refuses(database: Database, make: Maker) -> None:
    world = Group(database, make)
    with pytest.raises(ExemptAtCost, match="261 B"):
        world.drawn(price_mode=PriceMode.COEFFICIENT, price=18_700)
    with pytest.raises(NotInTheGroup, match="Garrigue"):
        world.drawn(world.garrigue)
    with pytest.raises(Invalid):
        world.drawn(wished=("0-morning",), excluded=("0-morning",))
    with pytest.raises(Invalid):
        world.drawn(sites=frozenset({world.yard.id}))


def test_a_loan_names_who_until_when_and_their_consent(database: Database, make: Maker) -> None:
    world = Group(database, make, kind=EmployerKind.LOAN, vat_mode=None)
    with pytest.raises(LoanAtCost, match="L8241-1"):
        world.drawn(price_mode=PriceMode.HOURLY, price=3000)
    found = world.drawn(ends_on=date(2027, 8, 31))
    with pytest.raises(ConsentFirst, match="L8241-2"):
        world.do(placements.send, found.id, found.version)
    consented = world.do(
        placements.amend,
        Amend(
            placement_id=found.id,
            version=found.version,
            clauses=world.clauses(ends_on=date(2027, 8, 31), consent_on=date(2026, 8, 20)),
        ),
    )
    version = world.do(placements.send, found.id, consented.version)
    assert "prêt de main-d'œuvre" in version.data["heading"]


def test_a_convention_ends(database: Database, make: Maker) -> None:
    world = Group(database, make)
    found = world.agreed()
    now = world.again(Placement, found.id)
    with pytest.raises(Forbidden):
        world.do(placements.end, found.id, now.version, date(2027, 6, 30), actor=world.manager)
    world.do(placements.end, found.id, now.version, date(2027, 6, 30))
    days = (date(2027, 6, 30), date(2027, 7, 1))
    assert [world.read(_in_force, found.id, day) is None for day in days] == [False, True]


def test_numbers_follow_each_other(database: Database, make: Maker) -> None:
    world = Group(database, make)
    numbers = [world.drawn(one).number for one in (world.avenir, world.relais, world.avenir)]
    assert numbers == ["C-2027-001", "C-2027-002", "C-2027-003"]
