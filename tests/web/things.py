"""The things the matrix asks about, made in a database as `tests.web.matrix` imagines them."""

import io
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache

from PIL import Image

from coopshare.bookings import services as bookings
from coopshare.bookings.commands import (
    AddScreen,
    Book,
    BookSeries,
    Cancel,
    Choice,
    Line,
    Propose,
    Recurrence,
)
from coopshare.bookings.handing import services as handing
from coopshare.bookings.handing.commands import Collect, GiveBack
from coopshare.bookings.handing.models import HandOverPhoto
from coopshare.bookings.models import Booking
from coopshare.bookings.series import first_of
from coopshare.calendars import services as calendars
from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.models import FeedKind
from coopshare.db.models import KeptFile
from coopshare.db.work import Database, Work
from coopshare.exchanges.models import ClosedMonth, Statement
from coopshare.exchanges.months import Month
from coopshare.exchanges.paper import data_of
from coopshare.exchanges.services import next_month
from coopshare.holds import services as holds
from coopshare.holds.commands import Close, OpenMaintenance
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.intervals import Interval
from coopshare.kernel.recurrence import Frequency, Rule
from coopshare.members import passwords, tokens
from coopshare.members import services as members
from coopshare.members.commands import OpenSession
from coopshare.members.models import (
    Affiliation,
    ApiToken,
    Cooperative,
    Invitation,
    Organisation,
    PasswordReset,
    Person,
)
from coopshare.pooled_staff.models import Employer, Worker
from coopshare.resources import services as resources
from coopshare.resources.commands import AddPhoto
from coopshare.resources.kinds import QuotaHolder, QuotaMeasure, QuotaPeriod
from coopshare.resources.models import ClosedDay, Quota, Resource
from tests.conftest import NOW
from tests.make import LONG_AGO, Maker
from tests.web.matrix import (
    AWAY,
    COLLEAGUE,
    COOPERATIVE,
    HOME,
    ME,
    NEIGHBOUR,
    NEXT,
    STRANGER,
    Relation,
    manager_of,
    organisation_of,
    person_of,
)
from tests.web.team import Team

TOMORROW = NOW + timedelta(days=1)
TAKEN = Interval(TOMORROW + timedelta(days=400), TOMORROW + timedelta(days=400, hours=1))
"""An hour that is taken wherever a waiting list is about to begin."""
PASSWORD = "une longue phrase à moi"
SPARES = 6
"""More organisations than any role adds to a group."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing, as calls need it."""

    relation: Relation
    organisation_id: uuid.UUID
    person_id: uuid.UUID
    arguments: dict[str, str] = field(default_factory=dict)
    """Of the address that names it."""
    resource_id: uuid.UUID | None = None
    day: date | None = None
    """Of a series: one that was skipped."""


@cache
def _hash() -> str:
    return passwords.hashed(PASSWORD).hash


def picture() -> bytes:
    """Return the bytes of a small picture."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (15, 92, 99)).save(file, "PNG")
    return file.getvalue()


class Things:
    """Two cooperatives, their people, and a maker of each kind of thing."""

    def __init__(self, database: Database, make: Maker) -> None:
        self.database = database
        self.make = make
        self.numbers = itertools.count()
        self.teams: dict[uuid.UUID, Team] = {}
        self.spares: dict[uuid.UUID, list[uuid.UUID]] = {}
        """Organisations that share nobody, made beforehand: a refused call makes nothing."""
        self.roles: frozenset[Role] = frozenset()
        """Mine."""
        self.only_administrators = False
        """Whether nobody but administrators may be invited by who asks."""
        phares = make.cooperative(id=COOPERATIVE)
        ailleurs = make.cooperative("Ailleurs")
        self.homes: dict[uuid.UUID, tuple[Cooperative, Organisation]] = {
            HOME: (phares, make.organisation(phares, "Ici", id=HOME)),
            NEXT: (phares, make.organisation(phares, "À côté", id=NEXT)),
            AWAY: (ailleurs, make.organisation(ailleurs, "Loin", id=AWAY)),
        }
        third = make.organisation(phares, "Toujours là")
        make.actor(phares, third, Role.ADMINISTRATOR, person=make.person("Gardienne"))
        self.people: dict[uuid.UUID, Person] = {}
        self.guards = {
            key: make.actor(*self.homes[key], Role.ADMINISTRATOR, person=make.person("Gardien"))
            for key in self.homes
        }
        """Somebody who may do everything in each cooperative, so that all of it can be made."""
        for key, name, home in (
            (ME, "Moi", HOME),
            (COLLEAGUE, "Collègue", HOME),
            (NEIGHBOUR, "Voisine", NEXT),
            (STRANGER, "Étranger", AWAY),
        ):
            self.people[key] = make.person(
                name, id=key, password_hash=_hash() if key == ME else None
            )
            if key != ME:
                make.affiliate(*self.homes[home], self.people[key], Role.MEMBER)

    def become(self, actor: Actor) -> None:
        """Give me the roles of an actor."""
        self.roles = actor.roles
        self.only_administrators = actor.roles == {Role.NETWORK_ADMINISTRATOR}
        self.make.affiliate(*self.homes[HOME], self.people[ME], *sorted(actor.roles))

    def login_of(self, actor: Actor) -> Actor:
        """Return the actor as a login opens: where I have ever been at home."""
        return replace(actor, cooperative_id=COOPERATIVE, organisation_id=HOME)

    def version(self, thing: Thing) -> int:
        """Return the present version of what a thing is: an organisation's may have moved."""
        if "assignment_id" in thing.arguments:
            return 2  # planned, then published
        if set(thing.arguments) != {"organisation_id"}:
            return 1
        with self.database.read(Actor(door="demo")) as work:
            found = work.session.get(Organisation, thing.organisation_id)
            assert found is not None
            return found.version

    def suspend_me(self) -> None:
        """Suspend me, leaving my login as it was: it is the door that has to look."""

        def act(work: Work) -> None:
            work.session.add(
                Affiliation(
                    organisation_id=HOME,
                    person_id=ME,
                    role=Role.ADMINISTRATOR,
                    created_at=LONG_AGO,
                    suspended_at=LONG_AGO,
                )
            )

        self.database.write(Actor(door="demo", cooperative_id=COOPERATIVE), act)

    def thing(self, kind: str, relation: Relation) -> Thing:
        """Make a thing."""
        made = Thing(relation, organisation_of(relation), person_of(relation))
        return _MAKERS[kind](self, made)

    def secrets(self) -> dict[str, str]:
        """Make a token for each public address that has one: the path's beginning -> the token."""
        keys = {name: tokens.new() for name in ("/invitation", "/mot-de-passe")}
        self.make.keep(
            Invitation(
                organisation_id=HOME,
                email=f"{self.word()}@example.org",
                role=Role.MEMBER,
                token_hash=tokens.hashed(keys["/invitation"]),
                created_at=NOW,
                expires_at=TOMORROW,
            ),
            COOPERATIVE,
        )
        self.make.keep(
            PasswordReset(
                token_hash=tokens.hashed(keys["/mot-de-passe"]),
                person_id=COLLEAGUE,
                created_at=NOW,
                expires_at=TOMORROW,
            )
        )
        room = self.resource_of(HOME)
        hung = AddScreen(resource_id=room.id, name="Porte")
        _, keys["/ecran"] = self.database.write(self.guards[HOME], bookings.add_screen, hung)
        command = CreateFeed(kind=FeedKind.MY_BOOKINGS)
        _, keys["/ical"] = self.database.write(self.guards[HOME], calendars.create_feed, command)
        return keys

    def team(self, organisation_id: uuid.UUID) -> Team:
        """Return the team of an organisation, made when it is first asked for."""
        if organisation_id not in self.teams:
            home = self.homes[organisation_id]
            member = self.make.organisation(home[0], f"Membre {self.word()}")
            self.spares[organisation_id] = [
                self.make.organisation(home[0], self.word()).id for _ in range(SPARES)
            ]
            self.teams[organisation_id] = Team.of(self.database, self.make, home, member)
        return self.teams[organisation_id]

    @property
    def sets_up(self) -> bool:
        """Tell whether I may declare employers and posts: nobody else's calls make anything."""
        return bool(self.roles & {Role.PLANNER, Role.ADMINISTRATOR})

    def another(self, organisation_id: uuid.UUID) -> uuid.UUID:
        """Return an organisation of the same cooperative that shares nobody yet."""
        self.team(organisation_id)
        spares = self.spares[organisation_id]
        return spares.pop() if self.sets_up else spares[0]

    def not_an_employer(self) -> uuid.UUID:
        """Return an organisation that employs nobody, of those I may say it of.

        A planner says it of their own: what it employed until now is another's from then on.
        """
        if not self.sets_up:
            return HOME
        where = self.homes[HOME][0]
        fresh = self.make.organisation(where, f"Employeuse {self.word()}")
        if self.roles != {Role.PLANNER}:
            return fresh.id

        def hand_over(work: Work) -> None:
            work.session.get_one(Employer, self.team(HOME).employer.id).organisation_id = fresh.id

        self.database.write(Actor(door="demo", cooperative_id=where.id), hand_over)
        del self.teams[HOME]
        return HOME

    def me_in_the_team(self) -> Worker:
        """Return myself as my organisation employs me."""
        return self.team(HOME).worker(self.people[ME].email)

    def next_month(self) -> str:
        """Return the month that our cooperative may close now, all months being over."""
        with self.database.read(self.guards[HOME]) as work:
            return str(next_month(work))

    def word(self) -> str:
        """Return a word that was not said yet."""
        return f"mot{next(self.numbers)}"

    def day(self) -> date:
        """Return a day that was not taken yet."""
        return TOMORROW.date() + timedelta(days=next(self.numbers) % 300)

    def span(self) -> Interval:
        """Return an hour of such a day."""
        start = TOMORROW + timedelta(days=next(self.numbers) % 300)
        return Interval(start, start + timedelta(hours=1))

    def resource_of(self, manager_id: uuid.UUID, **fields: object) -> Resource:
        """Make a resource that an organisation manages."""
        return self.make.resource(*self.homes[manager_id], f"Salle {self.word()}", **fields)  # type: ignore[arg-type]

    def _resource(self, thing: Thing) -> Thing:
        made = self.resource_of(manager_of("resource", thing.relation))
        return replace(thing, resource_id=made.id, arguments={"resource_id": str(made.id)})

    def _organisation(self, thing: Thing) -> Thing:
        return replace(thing, arguments={"organisation_id": str(thing.organisation_id)})

    def _person(self, thing: Thing) -> Thing:
        person = self.make.person("Cible")
        self.make.affiliate(*self.homes[thing.organisation_id], person, Role.MEMBER)
        named = {"organisation_id": str(thing.organisation_id), "person_id": str(person.id)}
        return replace(thing, person_id=person.id, arguments=named)

    def _invitation(self, thing: Thing) -> Thing:
        where, home = self.homes[thing.organisation_id]
        made = Invitation(
            organisation_id=home.id,
            email=f"{self.word()}@example.org",
            role=Role.ADMINISTRATOR,
            created_at=NOW,
            expires_at=TOMORROW,
        )
        self.make.keep(made, where.id)
        return replace(thing, arguments={"invitation_id": str(made.id)})

    def _key(self, thing: Thing) -> Thing:
        where, home = self.homes[thing.organisation_id]
        made = ApiToken(
            token_hash=tokens.hashed(tokens.new()),
            person_id=thing.person_id,
            cooperative_id=where.id,
            organisation_id=home.id,
            name="clé",
            created_at=NOW,
        )
        return replace(thing, arguments={"token_id": str(self.make.keep(made).id)})

    def _device(self, thing: Thing) -> Thing:
        where, home = self.homes[thing.organisation_id]
        opening = OpenSession(
            person_id=thing.person_id,
            token_hash=tokens.hashed(tokens.new()),
            device="Essai",
            cooperative_id=where.id,
            organisation_id=home.id,
        )
        self.database.write(Actor(door="web"), members.open_session, opening)
        return replace(thing, arguments={"device": opening.token_hash})

    def _place(self, thing: Thing) -> Thing:
        where, home = self.homes[thing.organisation_id]
        named = {"cooperative_id": str(where.id), "organisation_id": str(home.id)}
        return replace(thing, arguments=named)

    def _feed(self, thing: Thing) -> Thing:
        maker = self._as(thing)
        command = CreateFeed(kind=FeedKind.MY_BOOKINGS)
        made, _ = self.database.write(maker, calendars.create_feed, command)
        return replace(thing, arguments={"feed_id": str(made.id)})

    def _file(self, thing: Thing) -> Thing:
        made = self.make.keep(
            KeptFile(
                person_id=thing.person_id,
                purpose="members",
                name="membres.csv",
                content=f"Organisation\n{self.word()}\n".encode(),
                created_at=NOW,
            ),
            self.homes[thing.organisation_id][0].id,
        )
        return replace(thing, arguments={"file_id": str(made.id)})

    def _statement(self, thing: Thing) -> Thing:
        home = self.homes[thing.organisation_id][0].id
        month = f"{2000 + next(self.numbers)}-01"
        closed = self.make.keep(ClosedMonth(month=month, closed_at=NOW), home)
        made = self.make.keep(
            Statement(
                month_id=closed.id,
                month=month,
                organisation_id=thing.organisation_id,
                number=f"R-{month}-001",
                issued_on=NOW.date(),
                currency="EUR",
                net_cents=0,
                vat_cents=0,
                data=data_of(
                    number=f"R-{month}-001",
                    month=Month.parse(month),
                    issued_on=NOW.date(),
                    currency="EUR",
                    cooperative="Le Phares",
                    organisation={"name": "Une", "address": "", "siret": ""},
                    lines=(),
                    taxes=(),
                ),
                csv=b"",
                pdf=b"%PDF",
                csv_sha256="",
                pdf_sha256="",
            ),
            home,
        )
        return replace(thing, arguments={"statement_id": str(made.id)})

    def _list(self, thing: Thing) -> Thing:
        made = self.make.keep(
            KeptFile(
                person_id=thing.person_id,
                purpose="resources",
                name="ressources.csv",
                content=f"Nom;Type\n{self.word()};Lieu\n".encode(),
                created_at=NOW,
            ),
            self.homes[thing.organisation_id][0].id,
        )
        return replace(thing, arguments={"file_id": str(made.id)})

    def _photo(self, thing: Thing) -> Thing:
        resource = self.resource_of(manager_of("photo", thing.relation))
        command = AddPhoto(resource_id=resource.id, content=picture(), description="Une salle")
        made = self.database.write(self.guards[thing.organisation_id], resources.add_photo, command)
        return replace(thing, arguments={"photo_id": str(made.id)})

    def _closure(self, thing: Thing) -> Thing:
        resource = self.resource_of(manager_of("closure", thing.relation))
        command = Close(
            resource_ids=(resource.id,), span=self.span(), timezone="Europe/Paris", reason="Travaux"
        )
        made = self.database.write(self.guards[thing.organisation_id], holds.close, command)
        return replace(thing, arguments={"closure_id": str(made.id)})

    def _closed_day(self, thing: Thing) -> Thing:
        where, _ = self.homes[thing.organisation_id]
        made = ClosedDay(day=self.day(), reason="Fête", created_at=NOW)
        return replace(thing, arguments={"day_id": str(self.make.keep(made, where.id).id)})

    def _quota(self, thing: Thing) -> Thing:
        where, _ = self.homes[thing.organisation_id]
        made = Quota(
            name="Dix heures",
            is_free=True,
            measure=QuotaMeasure.HOURS,
            amount=600,
            period=QuotaPeriod.MONTH,
            holder=QuotaHolder.ORGANISATION,
            created_at=NOW,
            changed_at=NOW,
        )
        return replace(thing, arguments={"quota_id": str(self.make.keep(made, where.id).id)})

    def _slot(self, thing: Thing) -> Thing:
        made = self.resource_of(manager_of("slot", thing.relation))
        home = HOME if thing.relation is Relation.ELSEWHERE else thing.organisation_id
        return replace(thing, organisation_id=home, resource_id=made.id)

    def _booking(
        self,
        thing: Thing,
        *,
        until: datetime | None = None,
        span: Interval | None = None,
        **rules: object,
    ) -> Thing:
        manager_id = manager_of("booking", thing.relation)
        resource = self.resource_of(manager_id, **rules)
        command = Book(
            organisation_id=thing.organisation_id,
            title="Réunion",
            note="",
            lines=(Line(resource_id=resource.id),),
            span=span or self.span(),
            option_until=until,
        )
        made = self.database.write(self._as(thing), bookings.book, command)
        return replace(thing, resource_id=resource.id, arguments={"booking_id": str(made.id)})

    def _request(self, thing: Thing) -> Thing:
        return self._booking(thing, needs_approval=True)

    def _option(self, thing: Thing) -> Thing:
        return self._booking(thing, until=NOW + timedelta(hours=1), option_longest=1440)

    def _wait(self, thing: Thing) -> Thing:
        return self._waiting(thing)[0]

    def _waiting(self, thing: Thing) -> tuple[Thing, uuid.UUID]:
        """Make a place in the list of a slot, and return what takes the slot."""
        resource = self.resource_of(manager_of("wait", thing.relation))
        command = Book(
            organisation_id=thing.organisation_id,
            title="Réunion",
            lines=(Line(resource_id=resource.id),),
            span=self.span(),
        )
        taken = self.database.write(self._as(thing), bookings.book, command)
        made = self.database.write(self._as(thing), bookings.join, command)
        wait = replace(thing, resource_id=resource.id, arguments={"wait_id": str(made.id)})
        return wait, taken.id

    def _offer(self, thing: Thing) -> Thing:
        wait, taken_id = self._waiting(thing)
        command = Cancel(booking_id=taken_id, version=1)
        self.database.write(self._as(thing), bookings.cancel, command)
        return wait

    def _taken(self, thing: Thing) -> Thing:
        """Make a resource that is taken at `TAKEN`."""
        made = self.resource_of(manager_of("taken", thing.relation))
        command = Book(
            organisation_id=thing.organisation_id,
            title="Réunion",
            lines=(Line(resource_id=made.id),),
            span=TAKEN,
        )
        self.database.write(self._as(thing), bookings.book, command)
        home = HOME if thing.relation is Relation.ELSEWHERE else thing.organisation_id
        return replace(thing, organisation_id=home, resource_id=made.id)

    def _occurrence(self, thing: Thing) -> Thing:
        made, day = self._season(thing)
        return replace(thing, day=day, arguments={"booking_id": str(made.id)})

    def _series(self, thing: Thing) -> Thing:
        made, _ = self._season(thing)
        return replace(thing, arguments={"series_id": str(made.series_id)})

    def _season(self, thing: Thing) -> tuple[Booking, date]:
        """Make a series of three weeks, the second one skipped; return its first date."""
        resource = self.resource_of(manager_of("series", thing.relation))
        span = self.span()
        skipped = (span.start + timedelta(days=7)).date()
        command = BookSeries(
            book=Book(
                organisation_id=thing.organisation_id,
                title="Chorale",
                lines=(Line(resource_id=resource.id),),
                span=span,
            ),
            recurrence=Recurrence(rule=Rule(Frequency.WEEKLY, count=3)),
            choices=(Choice(day=skipped, skip=True),),
        )

        def make(work: Work) -> Booking:
            return first_of(work, bookings.book_series(work, command).id)

        return self.database.write(self._as(thing), make), skipped

    def _screen(self, thing: Thing) -> Thing:
        resource = self.resource_of(manager_of("screen", thing.relation))
        command = AddScreen(resource_id=resource.id, name="Porte")
        made, _ = self.database.write(
            self.guards[thing.organisation_id], bookings.add_screen, command
        )
        return replace(thing, arguments={"screen_id": str(made.id)})

    def _running(self, thing: Thing) -> Thing:
        return self._booking(thing, span=Interval(NOW, NOW + timedelta(hours=1)))

    def _proposal(self, thing: Thing) -> Thing:
        asked = self._booking(thing, needs_approval=True)
        command = Propose(
            booking_id=uuid.UUID(asked.arguments["booking_id"]), version=1, span=self.span()
        )
        self.database.write(self.guards[thing.organisation_id], bookings.propose, command)
        return asked

    def _to_collect(self, thing: Thing) -> Thing:
        return self._booking(thing, span=Interval(NOW, NOW + timedelta(hours=1)), hand_over=True)

    def _out(self, thing: Thing, photo: bytes = b"") -> Thing:
        made = self._to_collect(thing)
        booking_id = uuid.UUID(made.arguments["booking_id"])
        command = Collect(booking_id=booking_id, photo=photo)
        self.database.write(self._as(thing), handing.collect, command)
        return made

    def _given_back(self, thing: Thing) -> Thing:
        clock = self.database.clock
        self.database.clock = lambda: NOW - timedelta(hours=2)
        try:
            span = Interval(NOW - timedelta(hours=1), NOW + timedelta(hours=1))
            made = self._booking(thing, span=span, hand_over=True)
        finally:
            self.database.clock = clock
        booking_id = uuid.UUID(made.arguments["booking_id"])
        self.database.write(self._as(thing), handing.collect, Collect(booking_id=booking_id))
        self.database.write(self._as(thing), handing.give_back, GiveBack(booking_id=booking_id))
        return made

    def _hand_over_photo(self, thing: Thing) -> Thing:
        made = self._out(thing, picture())
        with self.database.read(self._as(thing)) as work:
            row = work.session.query(HandOverPhoto).filter_by(
                booking_id=uuid.UUID(made.arguments["booking_id"])
            )
            return replace(made, arguments={"hand_over_photo_id": str(row.one().id)})

    def _label(self, thing: Thing) -> Thing:
        resource = self.resource_of(manager_of("label", thing.relation), hand_over=True)
        guard = self.guards[thing.organisation_id]
        (made,) = self.database.write(guard, resources.label, [resource.id])
        return replace(thing, resource_id=resource.id, arguments={"code": made.code})

    def _maintenance(self, thing: Thing) -> Thing:
        resource = self.resource_of(manager_of("maintenance", thing.relation))
        guard = self.guards[thing.organisation_id]
        command = OpenMaintenance(resource_id=resource.id)
        made = self.database.write(guard, holds.open_maintenance, command)
        return replace(thing, arguments={"maintenance_id": str(made.id)})

    def _as(self, thing: Thing) -> Actor:
        """Return the person a thing belongs to, as a plain member of its organisation."""
        where, home = self.homes[thing.organisation_id]
        return Actor(
            door="web",
            person_id=thing.person_id,
            cooperative_id=where.id,
            organisation_id=home.id,
            standing="associate",
            roles=frozenset({Role.MEMBER}),
        )


def _team_maker(kind: str) -> Callable[[Things, Thing], Thing]:
    """Return what makes a thing of a shared team: mine, ours, or of another employer."""

    def make(things: Things, thing: Thing) -> Thing:
        team = things.team(thing.organisation_id)
        email = things.people[thing.person_id].email
        if kind == "worker":
            return replace(thing, arguments={"worker_id": str(team.worker(email).id)})
        if kind == "leave":
            return replace(thing, arguments={"leave_id": str(team.leave(email).id)})
        if kind == "half-day":
            made = team.half_day(email)
            named = {"assignment_id": str(made.id)}
            return replace(thing, arguments=named, day=made.starts_at.date())
        if kind == "employer":
            return replace(thing, arguments={"employer_id": str(team.employer.id)})
        found = team.convention(is_sent=kind != "draft convention")
        if kind == "signed convention":
            team.sign(found)
        return replace(thing, arguments={"placement_id": str(found.id), "number": "1"})

    return make


_MAKERS: dict[str, Callable[[Things, Thing], Thing]] = {
    **{
        kind: _team_maker(kind)
        for kind in (
            "worker",
            "leave",
            "half-day",
            "convention",
            "draft convention",
            "signed convention",
            "employer",
        )
    },
    "organisation": Things._organisation,
    "device": Things._device,
    "place": Things._place,
    "followed": Things._organisation,
    "person": Things._person,
    "invitation": Things._invitation,
    "key": Things._key,
    "feed": Things._feed,
    "resource": Things._resource,
    "photo": Things._photo,
    "file": Things._file,
    "statement": Things._statement,
    "list": Things._list,
    "closure": Things._closure,
    "closed day": Things._closed_day,
    "quota": Things._quota,
    "label": Things._label,
    "maintenance": Things._maintenance,
    "hand-over photo": Things._hand_over_photo,
    "booking to collect": Things._to_collect,
    "booking out": Things._out,
    "booking given back": Things._given_back,
    "booking": Things._booking,
    "slot": Things._slot,
    "option": Things._option,
    "wait": Things._wait,
    "offer": Things._offer,
    "taken": Things._taken,
    "request": Things._request,
    "occurrence": Things._occurrence,
    "series": Things._series,
    "running": Things._running,
    "screen": Things._screen,
    "proposal": Things._proposal,
}
