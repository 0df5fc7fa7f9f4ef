"""Closing months: once, in order, for good; what comes after appears as a correction."""

import io
import random
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from coopshare.bookings.models import (
    Booking,
    BookingCharge,
    BookingStatus,
    ChargeKind,
    ChargeUnit,
)
from coopshare.db.work import Database, Work
from coopshare.exchanges import queries, services
from coopshare.exchanges.commands import CloseMonth
from coopshare.exchanges.errors import MonthAlreadyClosed, MonthNotOver, MonthsInOrder
from coopshare.exchanges.models import ClosedMonth, Statement, StatementLine
from coopshare.exchanges.months import Month
from coopshare.exchanges.paper import digest
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import Forbidden, NotFound
from coopshare.members.models import Organisation
from coopshare.resources.kinds import VatMode
from tests.make import Maker

PARIS = ZoneInfo("Europe/Paris")
JANUARY, FEBRUARY, MARCH = Month(2027, 1), Month(2027, 2), Month(2027, 3)


class Books:
    """A cooperative whose clock is set by hand, with charges written as a booking writes them."""

    def __init__(self, database: Database, make: Maker) -> None:
        self.database, self.make = database, make
        self.now = utc(2027, 2, 3, 9)
        database.clock = lambda: self.now
        self.phares = make.cooperative()
        self.scic = make.organisation(self.phares, "SCIC")
        self.nord = make.organisation(self.phares, "Atelier Nord")
        self.sud = make.organisation(self.phares, "Sud")
        self.admin = make.actor(self.phares, self.scic, Role.ADMINISTRATOR)
        self.member = make.actor(self.phares, self.nord)
        self.other = make.actor(self.phares, self.sud)
        self.room = make.resource(self.phares, self.scic, "Verrière")
        self.van = make.resource(self.phares, self.scic, "Camionnette")

    def booking(self, owner: Organisation, starts_at: datetime, **fields: Any) -> Booking:
        """Store a booking of two hours."""
        values: dict[str, Any] = {
            "id": uuid4(),
            "organisation_id": owner.id,
            "title": "Réunion",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "timezone": "Europe/Paris",
            "status": BookingStatus.CONFIRMED,
            "created_at": self.now,
            "changed_at": self.now,
        }
        return self.make.keep(Booking(**(values | fields)), self.phares.id)

    def charge(self, booking: Booking, cents: int, **fields: Any) -> BookingCharge:
        """Charge a booking two hours of the room."""
        values: dict[str, Any] = {
            "booking_id": booking.id,
            "position": 0,
            "resource_id": self.room.id,
            "kind": ChargeKind.USE,
            "unit": ChargeUnit.HOUR,
            "units": 120,
            "quantity": 1,
            "cents_each": cents // 2,
            "cents": cents,
            "vat_mode": VatMode.TAXABLE,
            "vat_bp": 2000,
            "data": {"name": "Verrière"},
        }
        return self.make.keep(BookingCharge(**(values | fields)), self.phares.id)

    def close(self, month: Month, actor: Actor | None = None) -> dict[str, Statement]:
        """Close a month; return its statements by name of organisation."""
        services.close(self.database, actor or self.admin, CloseMonth(month=month))
        return self.statements(month)

    def statements(self, month: Month) -> dict[str, Statement]:
        """Return the statements of a month, whole."""
        names = {self.nord.id: "nord", self.sud.id: "sud", self.scic.id: "scic"}
        with self.database.read(self.admin) as work:
            found = queries.listing(work, month=str(month))
            return {names[one.organisation_id]: queries.get(work, one.id) for one in found}

    def lines(self, statement: Statement) -> list[tuple[str, int, bool]]:
        """Return the lines of a statement: kind, cents, whether it corrects."""
        with self.database.read(self.admin) as work:
            found = queries.lines(work, statement)
            return [(line.kind, line.cents, line.is_correction) for line in found]

    def change(self, use: Any) -> None:
        """Change rows in one kept unit."""
        self.database.write(self.admin, use)


@pytest.fixture
def books(database: Database, make: Maker) -> Books:
    return Books(database, make)


def test_a_month_is_stated_to_each_organisation(books: Books) -> None:
    first = books.booking(books.nord, utc(2027, 1, 12, 8))
    books.charge(first, 3000)
    books.charge(first, 5000, position=1, kind=ChargeKind.DEPOSIT)  # given back: not stated
    books.charge(
        books.booking(books.nord, utc(2027, 1, 31, 22, 30)),  # the last evening, in Paris
        1000,
        resource_id=books.van.id,
        data={"name": "Camionnette"},
        vat_mode=VatMode.EXEMPT_261B,
        vat_bp=0,
    )
    books.charge(books.booking(books.nord, utc(2027, 1, 31, 23, 30)), 9999)  # February, in Paris
    books.charge(books.booking(books.sud, utc(2027, 1, 5, 8)), 2000)
    waiting = books.booking(books.sud, utc(2027, 1, 6, 8), status=BookingStatus.PENDING)
    books.charge(waiting, 7000)
    found = books.close(JANUARY)
    assert {name: (one.number, one.net_cents, one.vat_cents) for name, one in found.items()} == {
        "nord": ("R-2027-01-001", 4000, 600),
        "sud": ("R-2027-01-002", 2000, 400),
    }
    nord = found["nord"]
    assert [(group["title"], group["subtotal"]) for group in nord.data["groups"]] == [
        ("Camionnette", "10,00\u00a0€"),
        ("Verrière", "30,00\u00a0€"),
    ]
    assert [tax["said"] for tax in nord.data["taxes"]] == [
        "Exonéré de TVA, article 261 B du CGI",
        "TVA 20\u00a0%",
    ]
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(nord.pdf)).pages)
    for words in ("Atelier Nord", "janvier\u00a02027", "R-2027-01-001", "46,00\u00a0€"):
        assert words in text
    assert nord.csv.decode("utf-8-sig").count("\r\n") == 3
    assert services.unlike(nord) == []


def test_what_comes_after_the_close_is_a_correction(books: Books) -> None:
    longer = books.booking(books.nord, utc(2027, 1, 12, 8))
    charge = books.charge(longer, 3000)
    dropped = books.booking(books.nord, utc(2027, 1, 13, 8))
    gone = books.charge(dropped, 4000)
    january = books.close(JANUARY)["nord"]
    assert books.lines(january) == [("use", 3000, False), ("use", 4000, False)]

    def later(work: Work) -> None:
        found = work.session.get_one(BookingCharge, charge.id)
        found.units, found.cents = 180, 4500
        work.session.get_one(Booking, dropped.id).status = BookingStatus.CANCELLED
        late = work.session.get_one(BookingCharge, gone.id)
        late.kind, late.cents_each, late.cents = ChargeKind.LATE_CANCELLATION, 1000, 2000

    books.change(later)
    forgotten = books.booking(books.nord, utc(2027, 1, 20, 8))  # booked after the month was closed
    books.charge(forgotten, 600)
    books.charge(books.booking(books.nord, utc(2027, 2, 10, 8)), 800)
    books.now = utc(2027, 3, 2, 9)
    february = books.close(FEBRUARY)["nord"]
    assert books.lines(february) == [
        ("use", 600, False),
        ("use", 800, False),
        ("use", 1500, True),
        ("late_cancellation", 2000, True),
        ("use", -4000, True),
    ]
    assert february.data["corrections"]["subtotal"] == "−5,00\u00a0€"
    again = books.statements(JANUARY)["nord"]
    assert (again.pdf, again.csv, again.data) == (january.pdf, january.csv, january.data)
    books.now = utc(2027, 4, 2, 9)
    assert books.close(MARCH) == {}


def test_a_month_is_closed_once_in_order_when_it_is_over(books: Books) -> None:
    with pytest.raises(MonthNotOver) as soon:
        books.close(FEBRUARY)
    assert soon.value.say() == (
        "Un mois se clôt une fois terminé : février\u00a02027 pourra l'être à partir de"
        " lundi 1er\u00a0mars\u00a02027, 0\u202fh."
    )
    books.close(JANUARY)
    with pytest.raises(MonthAlreadyClosed):
        books.close(JANUARY)
    with pytest.raises(MonthAlreadyClosed):
        books.close(Month(2026, 12))
    books.now = utc(2027, 4, 2, 9)
    with pytest.raises(MonthsInOrder) as order:
        books.close(MARCH)
    assert "février\u00a02027" in order.value.say()
    books.close(FEBRUARY)
    books.close(MARCH)


def test_nobody_reads_the_statements_of_others(books: Books) -> None:
    books.charge(books.booking(books.nord, utc(2027, 1, 12, 8)), 3000)
    books.charge(books.booking(books.sud, utc(2027, 1, 12, 8)), 5000)
    with pytest.raises(Forbidden):
        books.close(JANUARY, books.member)
    found = books.close(JANUARY)
    for actor, name, others in ((books.member, "nord", "sud"), (books.other, "sud", "nord")):
        with books.database.read(actor) as work:
            assert [one.id for one in queries.listing(work)] == [found[name].id]
            with pytest.raises(NotFound):
                queries.get(work, found[others].id)
    worker = replace(books.member, roles=frozenset({Role.POOLED_WORKER}))
    with books.database.read(worker) as work:
        assert queries.listing(work) == []


def test_two_at_once_close_it_once(books: Books) -> None:
    for day in range(1, 20):
        books.charge(books.booking(books.nord, utc(2027, 1, day, 8)), 1000)
    answers: list[str] = []
    start = threading.Barrier(4)

    def close() -> None:
        start.wait()
        try:
            services.close(books.database, books.admin, CloseMonth(month=JANUARY))
            answers.append("closed")
        except MonthAlreadyClosed:
            answers.append("already")

    threads = [threading.Thread(target=close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["already", "already", "already", "closed"]
    assert books.statements(JANUARY)["nord"].net_cents == 19_000
    with books.database.read(books.admin) as work:
        for model, count in ((ClosedMonth, 1), (Statement, 1), (StatementLine, 19)):
            assert work.session.scalar(sa.select(sa.func.count(model.id))) == count


def test_a_change_of_a_document_is_found(books: Books) -> None:
    books.charge(books.booking(books.nord, utc(2027, 1, 12, 8)), 3000)
    found = books.close(JANUARY)["nord"]

    def tamper(work: Work) -> None:
        row = work.session.get_one(Statement, found.id)
        row.csv = row.csv.replace(b"30,00", b"10,00")

    books.change(tamper)
    assert services.unlike(books.statements(JANUARY)["nord"]) == ["csv"]


def test_documents_printed_before_are_those_that_are_kept(books: Books) -> None:
    """What changes between the printing and the close is printed again."""
    charge = books.charge(books.booking(books.nord, utc(2027, 1, 12, 8)), 3000)
    with books.database.read(books.admin) as work:
        (draft,) = services.drafts(work, JANUARY)
    ready = {digest(draft.data): b"printed before"}

    def cheaper(work: Work) -> None:
        work.session.get_one(BookingCharge, charge.id).cents = 2500

    books.change(cheaper)
    command = CloseMonth(month=JANUARY)
    books.database.write(books.admin, services.close_month, command, ready)
    kept = books.statements(JANUARY)["nord"]
    assert kept.net_cents == 2500
    assert services.unlike(kept) == []


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_statements_add_up(books: Books, seed: int) -> None:
    """Any sequence of bookings, changes, cancellations and closes, by organisation."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    owners = [books.nord, books.sud]
    month, known = JANUARY, []
    for _ in range(40):
        match chance.choice(["book", "book", "change", "cancel", "move", "close"]):
            case "book":
                starts_at = utc(2027, 1, 1, 9) + timedelta(days=chance.randrange(150))
                known.append(booking := books.booking(chance.choice(owners), starts_at))
                for position in range(chance.randrange(3)):
                    books.charge(booking, 100 * chance.randrange(50), position=position)
            case "change" if known:
                books.change(lambda work: _recharge(work, chance.choice(known).id, chance))
            case "cancel" if known:
                books.change(lambda work: _cancel(work, chance.choice(known).id))
            case "move" if known:
                books.change(lambda work: _move(work, chance.choice(known).id, chance))
            case "close":
                books.now = month.span(PARIS).end + timedelta(days=1)
                books.close(month)
                month = month.shifted(1)
    for _ in range(8):  # until every booking has taken place
        books.now = month.span(PARIS).end + timedelta(days=1)
        books.close(month)
        month = month.shifted(1)
    with books.database.read(books.admin) as work:
        due = dict(
            work.session.execute(
                sa.select(Booking.organisation_id, sa.func.sum(BookingCharge.cents))
                .join(BookingCharge, BookingCharge.booking_id == Booking.id)
                .group_by(Booking.organisation_id)
            ).all()
        )
        stated = dict(
            work.session.execute(
                sa.select(Statement.organisation_id, sa.func.sum(Statement.net_cents)).group_by(
                    Statement.organisation_id
                )
            ).all()
        )
        lines = work.session.scalar(sa.select(sa.func.sum(StatementLine.cents)))
    assert {key: int(value) for key, value in stated.items() if value} == {
        key: int(value) for key, value in due.items() if value
    }
    assert int(lines or 0) == sum(int(value) for value in due.values())


def _recharge(work: Work, booking_id: UUID, chance: random.Random) -> None:
    query = sa.select(BookingCharge).where(BookingCharge.booking_id == booking_id)
    for charge in work.session.scalars(query):
        charge.units, charge.cents = 60 * chance.randrange(1, 5), 100 * chance.randrange(50)


def _cancel(work: Work, booking_id: UUID) -> None:
    work.session.get_one(Booking, booking_id).status = BookingStatus.CANCELLED
    query = sa.select(BookingCharge).where(BookingCharge.booking_id == booking_id)
    for number, charge in enumerate(work.session.scalars(query)):
        if number:
            work.session.delete(charge)
        else:
            charge.kind, charge.cents = ChargeKind.LATE_CANCELLATION, charge.cents // 2


def _move(work: Work, booking_id: UUID, chance: random.Random) -> None:
    booking = work.session.get_one(Booking, booking_id)
    shift = timedelta(days=chance.randrange(-20, 20))
    booking.starts_at, booking.ends_at = booking.starts_at + shift, booking.ends_at + shift
