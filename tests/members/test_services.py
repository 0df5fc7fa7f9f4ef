"""The verbs of members, on both engines."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from coopshare.db import throttle
from coopshare.db.models import AuditEntry, Job
from coopshare.db.work import Database, Work
from coopshare.kernel import errors
from coopshare.kernel.actor import Actor, Role
from coopshare.members import commands, jobs, passwords, queries, services, tokens
from coopshare.members.errors import (
    AccountExists,
    AlreadyThere,
    InvitationForAnother,
    LastAdministrator,
    LinkUnusable,
    RoleAboveOwn,
    SiretTaken,
)
from coopshare.members.kinds import CooperativeKind, OrganisationKind, Standing
from coopshare.members.models import Cooperative, Organisation, Person
from coopshare.members.passwords import HashedPassword
from tests.conftest import Clock
from tests.make import Maker

OPERATOR = Actor(door="cli")
HASH = HashedPassword("$argon2id$not-a-real-one")


@dataclass
class World:
    """A cooperative with an administrator, and an organisation with its manager and a member."""

    database: Database
    phares: Cooperative
    house: Organisation
    atelier: Organisation
    admin: Actor
    manager: Actor
    member: Actor

    def write(self, actor: Actor, use_case: Callable[..., Any], *args: Any) -> Any:
        return self.database.write(actor, use_case, *args)


@pytest.fixture
def world(database: Database, make: Maker) -> World:
    phares = make.cooperative()
    house = make.organisation(phares, "Le Phares")
    atelier = make.organisation(phares, "Atelier Nord")
    return World(
        database,
        phares,
        house,
        atelier,
        make.actor(phares, house, Role.ADMINISTRATOR, person=make.person("Ada Admin")),
        make.actor(phares, atelier, Role.ORGANISATION_MANAGER, person=make.person("Oscar Or")),
        make.actor(phares, atelier, Role.MEMBER, person=make.person("Mila Membre")),
    )


def invitation_token(world: World, invitation_id: uuid.UUID) -> str:
    worker = Actor(door="worker", cooperative_id=world.phares.id)
    message = world.write(worker, jobs.invitation_message, invitation_id)
    return str(message.action[1]).rsplit("/", 1)[1]


def reset_token(world: World, email: str) -> str:
    message = world.write(Actor(door="worker"), jobs.reset_message, email)
    return str(message.action[1]).rsplit("/", 1)[1]


def together(count: int, act: Callable[[], Any]) -> list[object]:
    """Run the same thing in several threads at once; return results and refusals."""
    barrier, found = Barrier(count), []

    def run() -> None:
        barrier.wait()
        try:
            found.append(act())
        except errors.CoopShareError as error:
            found.append(error)

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_cooperative_begins(database: Database) -> None:
    def begin(work: Work) -> tuple[uuid.UUID, uuid.UUID]:
        services.add_cooperative(
            work,
            commands.AddCooperative(name="Le Gard", slug="le-gard", kind=CooperativeKind.PTCE),
        )
        house = services.add_organisation(
            work,
            commands.AddOrganisation(
                name="La Maison", kind=OrganisationKind.ASSOCIATION, standing=Standing.ASSOCIATE
            ),
        )
        person = services.add_person(work, commands.AddPerson(email="A@B.org", name="Ana"))
        services.change_role(
            work,
            commands.ChangeRole(
                organisation_id=house.id,
                person_id=person.id,
                roles=frozenset({Role.ADMINISTRATOR}),
            ),
        )
        return person.id, house.id

    person_id, house_id = database.write(OPERATOR, begin)
    with database.read(OPERATOR) as work:
        place = queries.places(work, person_id)[0]
        actor = queries.actor_for(work, person_id, place.cooperative_id, house_id, "web")
        named = queries.actor_named(work, "a@b.ORG", "le-gard", "la maison")
    assert (place.cooperative_name, place.organisation_name) == ("Le Gard", "La Maison")
    assert actor.roles == {Role.ADMINISTRATOR}
    assert replace(named, door="web") == actor
    with database.read(actor) as work:
        actions = [entry.action for entry in queries.journal(work)]
    assert sorted(actions) == [
        "cooperative.added",
        "organisation.added",
        "person.added",
        "person.roles_changed",
    ]


def test_nobody_else_opens_one(world: World) -> None:
    command = commands.AddCooperative(name="X", slug="x", kind=CooperativeKind.PTCE)
    for actor in (world.admin, Actor(door="web"), replace(world.admin, door="cli")):
        with pytest.raises((errors.Forbidden, errors.NotAuthenticated)):
            world.write(actor, services.add_cooperative, command)


def test_an_organisation_is_added_changed_and_leaves(world: World, clock: Clock) -> None:
    command = commands.AddOrganisation(
        name="Le Fournil",
        kind=OrganisationKind.EI,
        standing=Standing.TENANT,
        siret="732 829 320 00074",
    )
    added = world.write(world.admin, services.add_organisation, command)
    assert (added.siret, added.sort_key) == ("73282932000074", "le fournil")
    with pytest.raises(SiretTaken):
        world.write(world.admin, services.add_organisation, command)
    change = commands.ChangeOrganisation(
        organisation_id=added.id, version=added.version, name="L'Élan", siret=""
    )
    changed = world.write(world.admin, services.change_organisation, change)
    assert (changed.name, changed.siret, changed.sort_key) == ("L'Élan", None, "l elan")
    with pytest.raises(errors.VersionMismatch):
        world.write(world.admin, services.change_organisation, change)
    end = commands.EndMembership(organisation_id=added.id, until=date(2027, 3, 2))
    world.write(world.admin, services.end_membership, end)
    with world.database.read(world.admin) as work:
        assert queries.standing(work, added.id) == Standing.TENANT
        assert [one.organisation.name for one in queries.search(work, "elan")] == ["L'Élan"]
    clock.now += timedelta(days=1)
    with world.database.read(world.admin) as work:
        assert queries.standing(work, added.id) is None
        names = [one.organisation.name for one in queries.memberships(work)]
    assert names == ["Atelier Nord", "Le Phares"]


@pytest.mark.parametrize("who", ["manager", "member"])
def test_only_administrators_administer(world: World, who: str) -> None:
    actor: Actor = getattr(world, who)
    place = world.atelier.id
    add = commands.AddOrganisation(name="X", kind=OrganisationKind.EI, standing=Standing.TENANT)
    standing = commands.SetStanding(organisation_id=place, standing=Standing.PARTNER)
    end = commands.EndMembership(organisation_id=place, until=date(2027, 4, 1))
    for use_case, given in (
        (services.add_organisation, add),
        (services.set_standing, standing),
        (services.end_membership, end),
        (services.suspend, world.admin.person_id),
    ):
        with pytest.raises(errors.Forbidden):
            world.write(actor, use_case, given)


def test_a_manager_runs_their_own_organisation_only(world: World) -> None:
    mine = commands.ChangeOrganisation(
        organisation_id=world.atelier.id, version=1, phone="04 66 00 00 00"
    )
    assert world.write(world.manager, services.change_organisation, mine).phone == "04 66 00 00 00"
    theirs = replace(mine, organisation_id=world.house.id)
    for actor in (world.manager, world.member):
        with pytest.raises(errors.Forbidden):
            world.write(actor, services.change_organisation, theirs)
    with pytest.raises(errors.NotFound):
        world.write(
            world.admin, services.change_organisation, replace(mine, organisation_id=uuid.uuid4())
        )


def test_another_cooperative_is_not_there(world: World, make: Maker) -> None:
    """Ids of another cooperative answer as unknown ones do, for reading and for changing."""
    other = make.cooperative("Ailleurs")
    theirs = make.organisation(other, "Leur Maison")
    stranger = make.person("Zoé Autre")
    make.affiliate(other, theirs, stranger, Role.MEMBER)
    for use_case, given in (
        (
            services.set_standing,
            commands.SetStanding(organisation_id=theirs.id, standing=Standing.PARTNER),
        ),
        (services.invite, commands.Invite(organisation_id=theirs.id, email="x@example.org")),
        (services.suspend, stranger.id),
        (
            services.change_role,
            commands.ChangeRole(
                organisation_id=world.atelier.id,
                person_id=stranger.id,
                roles=frozenset({Role.MEMBER}),
            ),
        ),
    ):
        with pytest.raises(errors.NotFound):
            world.write(world.admin, use_case, given)
    with world.database.read(world.admin) as work:
        assert queries.organisations(work, [theirs.id]) == {}
        assert queries.standing(work, theirs.id) is None
        assert "Zoé Autre" not in [person.name for person in queries.directory(work)]


def test_nobody_grants_above_their_own(world: World) -> None:
    def ask(actor: Actor, *roles: Role) -> Any:
        return world.write(
            actor,
            services.change_role,
            commands.ChangeRole(
                organisation_id=world.atelier.id,
                person_id=world.member.person_id,  # type: ignore[arg-type]
                roles=frozenset(roles),
            ),
        )

    with pytest.raises(RoleAboveOwn):
        ask(world.manager, Role.MEMBER, Role.ADMINISTRATOR)
    with pytest.raises(RoleAboveOwn):
        ask(world.manager, Role.PLANNER)
    with pytest.raises(errors.Forbidden):
        ask(world.member, Role.MEMBER, Role.ORGANISATION_MANAGER)
    rows = ask(world.manager, Role.MEMBER, Role.RESOURCE_MANAGER)
    assert {row.role for row in rows} == {Role.MEMBER, Role.RESOURCE_MANAGER}
    with pytest.raises(RoleAboveOwn):
        world.write(
            world.manager,
            services.invite,
            commands.Invite(
                organisation_id=world.atelier.id, email="x@example.org", role=Role.ADMINISTRATOR
            ),
        )


def test_a_change_of_role_acts_on_the_next_request(world: World) -> None:
    token = tokens.new()
    assert world.member.person_id is not None
    opening = commands.OpenSession(
        person_id=world.member.person_id, token_hash=tokens.hashed(token), device="Firefox"
    )
    world.database.write(Actor(door="web"), services.open_session, opening)
    with world.database.read(Actor(door="web")) as work:
        assert queries.session_actor(work, token, "web").roles == {Role.MEMBER}
    world.write(world.admin, services.suspend, world.member.person_id)
    with (
        world.database.read(Actor(door="web")) as work,
        pytest.raises(errors.NotAuthenticated),
    ):
        queries.session_actor(work, token, "web")
    with pytest.raises(errors.NotAuthenticated), world.database.read(world.admin) as work:
        queries.actor_for(work, world.member.person_id, world.phares.id, world.atelier.id, "api")
    world.write(world.admin, services.restore, world.member.person_id)
    with world.database.read(Actor(door="web")) as work:
        again = queries.actor_for(
            work, world.member.person_id, world.phares.id, world.atelier.id, "api"
        )
    assert again.roles == {Role.MEMBER}


def test_the_last_administrator_stays(world: World, make: Maker) -> None:
    admin_id = world.admin.person_id
    assert admin_id is not None
    leave = commands.RemoveRole(
        organisation_id=world.house.id, person_id=admin_id, role=Role.ADMINISTRATOR
    )
    for use_case, given in (
        (services.remove_role, leave),
        (services.suspend, admin_id),
        (
            services.end_membership,
            commands.EndMembership(organisation_id=world.house.id, until=date(2027, 3, 1)),
        ),
    ):
        with pytest.raises(LastAdministrator):
            world.write(world.admin, use_case, given)
    second = make.actor(world.phares, world.house, Role.ADMINISTRATOR, person=make.person("Bea"))
    found = iter([world.admin, second])

    def remove_the_other() -> object:
        actor = next(found)
        other = second if actor is world.admin else world.admin
        return world.write(
            actor,
            services.remove_role,
            replace(leave, person_id=other.person_id),  # type: ignore[arg-type]
        )

    results = together(2, remove_the_other)
    assert sorted(type(one).__name__ for one in results) == ["LastAdministrator", "list"]


def test_an_invitation_serves_once_for_its_address(world: World, clock: Clock) -> None:
    invite = commands.Invite(organisation_id=world.atelier.id, email="Neuf@Example.org")
    made = world.write(world.manager, services.invite, invite)
    assert made.token_hash is None
    first = invitation_token(world, made.id)
    token = invitation_token(world, made.id)  # the mail is sent again: a new token
    anybody = Actor(door="web", cooperative_id=world.phares.id)
    accept = commands.AcceptInvitation(token=token, name="Noa Neuf", password=HASH)
    with pytest.raises(LinkUnusable):
        world.write(anybody, services.accept_invitation, replace(accept, token=first))
    with pytest.raises(InvitationForAnother):
        world.write(world.member, services.accept_invitation, accept)
    person = world.write(anybody, services.accept_invitation, accept)
    assert (person.email, person.name) == ("neuf@example.org", "Noa Neuf")
    with pytest.raises(LinkUnusable):
        world.write(anybody, services.accept_invitation, accept)
    with world.database.read(anybody) as work:
        assert [place.organisation_name for place in queries.places(work, person.id)] == [
            "Atelier Nord"
        ]
    with pytest.raises(AlreadyThere):
        world.write(world.manager, services.invite, invite)
    other = world.write(world.manager, services.invite, replace(invite, email="b@example.org"))
    late = invitation_token(world, other.id)
    clock.now += timedelta(days=2)
    with pytest.raises(LinkUnusable):
        world.write(anybody, services.accept_invitation, replace(accept, token=late))


def test_an_invitation_never_alters_an_account(world: World, make: Maker) -> None:
    person = make.person("Eve Existe", email="eve@example.org", password_hash="kept")
    invite = commands.Invite(organisation_id=world.atelier.id, email="eve@example.org")
    made = world.write(world.manager, services.invite, invite)
    accept = commands.AcceptInvitation(
        token=invitation_token(world, made.id), name="Autre", password=HASH
    )
    with pytest.raises(AccountExists):
        world.write(
            Actor(door="web", cooperative_id=world.phares.id), services.accept_invitation, accept
        )
    eve = Actor(door="web", person_id=person.id, cooperative_id=world.phares.id)
    joined = world.write(eve, services.accept_invitation, accept)
    assert (joined.id, joined.name, joined.password_hash) == (person.id, "Eve Existe", "kept")


def test_one_invitation_accepted_by_many_at_once(world: World) -> None:
    made = world.write(
        world.manager,
        services.invite,
        commands.Invite(organisation_id=world.atelier.id, email="course@example.org"),
    )
    accept = commands.AcceptInvitation(
        token=invitation_token(world, made.id), name="Une Seule", password=HASH
    )
    anybody = Actor(door="web", cooperative_id=world.phares.id)
    results = together(6, lambda: world.write(anybody, services.accept_invitation, accept))
    assert [type(one) for one in results].count(Person) == 1
    assert sum(isinstance(one, LinkUnusable) for one in results) == 5


def test_a_revoked_invitation_serves_no_more(world: World) -> None:
    made = world.write(
        world.manager,
        services.invite,
        commands.Invite(organisation_id=world.atelier.id, email="non@example.org"),
    )
    token = invitation_token(world, made.id)
    world.write(world.manager, services.revoke_invitation, made.id)
    with pytest.raises(LinkUnusable):
        world.write(
            Actor(door="web", cooperative_id=world.phares.id),
            services.accept_invitation,
            commands.AcceptInvitation(token=token, name="Non", password=HASH),
        )


def test_mails_to_one_address_stop(world: World) -> None:
    invite = commands.Invite(organisation_id=world.atelier.id, email="trop@example.org")
    for _ in range(5):
        world.write(world.manager, services.invite, invite)
    with pytest.raises(errors.TooMany):
        world.write(world.manager, services.invite, invite)


def test_a_reset_serves_once_and_ends_logins(world: World, make: Maker, clock: Clock) -> None:
    person = make.person("Rémi Reset", email="remi@example.org", password_hash="old")
    session = tokens.new()
    opening = commands.OpenSession(
        person_id=person.id, token_hash=tokens.hashed(session), device="x"
    )
    anybody = Actor(door="web")
    world.write(anybody, services.open_session, opening)
    spare, token = (reset_token(world, "remi@example.org") for _ in range(2))
    reset = commands.ResetPassword(token=token, password=HASH)
    results = together(6, lambda: world.write(anybody, services.reset_password, reset))
    assert [type(one) for one in results].count(Person) == 1
    assert sum(isinstance(one, LinkUnusable) for one in results) == 5
    with pytest.raises(LinkUnusable):
        world.write(anybody, services.reset_password, replace(reset, token=spare))
    with world.database.read(anybody) as work, pytest.raises(errors.NotAuthenticated):
        queries.session_actor(work, session, "web")
    late = reset_token(world, "remi@example.org")
    clock.now += timedelta(hours=1)
    with pytest.raises(LinkUnusable):
        world.write(anybody, services.reset_password, replace(reset, token=late))


def test_asking_for_a_reset_tells_nothing(world: World, make: Maker) -> None:
    """The same row is left whether the account exists or not; only the worker looks."""
    make.person("Là", email="la@example.org")
    for email in ("la@example.org", "personne@example.org"):
        world.write(Actor(door="web"), services.ask_reset, email)
    with world.database.read(Actor(door="web")) as work:
        kinds = [job.kind for job in work.session.scalars(select(Job))]
    assert kinds == ["members.reset_mail", "members.reset_mail"]
    worker = Actor(door="worker")
    assert world.write(worker, jobs.reset_message, "personne@example.org") is None
    assert world.write(worker, jobs.reset_message, "la@example.org").to == "la@example.org"


def test_a_password_change_keeps_this_device_only(world: World) -> None:
    assert world.member.person_id is not None
    kept, other = tokens.new(), tokens.new()
    for token in (kept, other):
        world.write(
            Actor(door="web"),
            services.open_session,
            commands.OpenSession(
                person_id=world.member.person_id, token_hash=tokens.hashed(token), device="x"
            ),
        )
    change = commands.ChangePassword(
        seen_hash=None,
        password=passwords.HashedPassword("new"),
        kept_session=tokens.hashed(kept),
    )
    world.write(world.member, services.change_password, change)
    with world.database.read(world.member) as work:
        assert [one.token_hash for one in queries.sessions(work, world.member.person_id)] == [
            tokens.hashed(kept)
        ]
    with pytest.raises(errors.Conflict):
        world.write(world.member, services.change_password, change)


def test_switching_and_keys(world: World, make: Maker) -> None:
    assert world.member.person_id is not None
    other = make.cooperative("Ailleurs")
    theirs = make.organisation(other, "Leur Maison")
    person = Person(id=world.member.person_id)
    make.affiliate(other, theirs, person, Role.RESOURCE_MANAGER)
    token = tokens.new()
    login = world.write(
        Actor(door="web"),
        services.open_session,
        commands.OpenSession(
            person_id=world.member.person_id,
            token_hash=tokens.hashed(token),
            device="x",
            cooperative_id=world.phares.id,
            organisation_id=world.atelier.id,
        ),
    )
    assert login.cooperative_id == world.phares.id
    to = commands.Switch(
        token_hash=tokens.hashed(token), cooperative_id=other.id, organisation_id=theirs.id
    )
    with pytest.raises(errors.NotFound):
        world.write(world.member, services.switch, replace(to, organisation_id=world.house.id))
    with pytest.raises(errors.NotFound):
        world.write(world.manager, services.switch, to)
    world.write(world.member, services.switch, to)
    with world.database.read(Actor(door="web")) as work:
        actor = queries.session_actor(work, token, "web")
    assert (actor.cooperative_id, actor.roles) == (other.id, frozenset({Role.RESOURCE_MANAGER}))
    key = tokens.new()
    made = world.write(
        world.member,
        services.create_token,
        commands.CreateToken(name="Tableur", token_hash=tokens.hashed(key)),
    )
    with world.database.read(Actor(door="api")) as work:
        acting = queries.token_actor(work, key)
    assert (acting.door, acting.organisation_id) == ("api", world.atelier.id)
    with pytest.raises(errors.NotFound):
        world.write(world.manager, services.revoke_token, made.id)
    world.write(world.member, services.revoke_token, made.id)
    with world.database.read(Actor(door="api")) as work, pytest.raises(errors.NotAuthenticated):
        queries.token_actor(work, key)


def test_the_journal_shows_what_one_may_see(world: World) -> None:
    world.write(
        world.manager,
        services.invite,
        commands.Invite(organisation_id=world.atelier.id, email="j@example.org"),
    )
    world.write(
        world.admin,
        services.set_standing,
        commands.SetStanding(organisation_id=world.house.id, standing=Standing.PARTNER),
    )

    def read(actor: Actor) -> list[str]:
        with world.database.read(actor) as work:
            return sorted(entry.action for entry in queries.journal(work))

    assert read(world.admin) == ["invitation.made", "organisation.standing_set"]
    assert read(world.manager) == ["invitation.made"]
    assert read(world.member) == []
    with world.database.read(world.admin) as work:
        assert len(list(work.session.scalars(select(AuditEntry)))) == 2


def test_attempts_are_counted_by_all_at_once(database: Database) -> None:
    rate = throttle.Rate(count=3, minutes=1)
    results = together(8, lambda: throttle.count(database, "key", rate))
    assert results.count(None) == 3
    assert sum(isinstance(one, errors.TooMany) for one in results) == 5
