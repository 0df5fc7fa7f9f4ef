"""The pages of members, as a browser without scripts sees them."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from coopshare.db.models import Job
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.members import jobs, passwords, queries, services
from coopshare.members.commands import Invite
from coopshare.members.models import Cooperative, Organisation, Person
from tests.conftest import Clock
from tests.make import Maker

PASSWORD = "quatre vaches bleues"
LogIn = Callable[[FlaskClient, Actor], None]
Csrf = Callable[[FlaskClient], str]


@dataclass
class House:
    """A cooperative, its administrator, and a member who has a password."""

    database: Database
    phares: Cooperative
    house: Organisation
    atelier: Organisation
    admin: Actor
    member: Actor
    mila: Person


@pytest.fixture
def house(database: Database, make: Maker) -> House:
    phares = make.cooperative()
    own = make.organisation(phares, "Le Phares")
    atelier = make.organisation(phares, "Atelier Nord", siret="73282932000074")
    mila = make.person(
        "Mila Membre",
        email="mila@example.org",
        password_hash=passwords.hashed(PASSWORD).hash,
    )
    return House(
        database,
        phares,
        own,
        atelier,
        make.actor(phares, own, Role.ADMINISTRATOR, person=make.person("Ada Admin")),
        make.actor(phares, atelier, Role.MEMBER, person=mila),
        mila,
    )


def post(client: FlaskClient, path: str, csrf: Csrf, **data: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf(client), **data})


@pytest.mark.usefixtures("house")
def test_logging_in_and_out(client: FlaskClient, csrf: Csrf) -> None:
    refused = client.get("/compte")
    assert (refused.status_code, refused.location) == (303, "/connexion?suite=/compte")
    wrong = post(client, "/connexion", csrf, email="mila@example.org", password="non" * 6)
    unknown = post(client, "/connexion", csrf, email="personne@example.org", password="non" * 6)
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert said(wrong) == said(unknown)
    answer = post(
        client, "/connexion", csrf, email="MILA@example.org", password=PASSWORD, suite="/compte"
    )
    assert (answer.status_code, answer.location) == (303, "/compte")
    cookie = next(h for h in answer.headers.getlist("Set-Cookie") if h.startswith("coopshare="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = client.get("/compte")
    assert "Mila Membre" in page.text
    with client.session_transaction() as session:
        old = session["_user_id"]
    assert post(client, "/deconnexion", csrf).location == "/connexion"
    with client.session_transaction() as session:
        session["_user_id"] = old
    assert client.get("/compte").status_code == 303


def said(answer: TestResponse) -> list[str]:
    """Return what a refused form says."""
    summary = answer.text.split('id="erreurs"')[1].split("</div>")[0]
    return [
        re.sub(r"<[^>]+>", "", item).strip()
        for item in re.findall(r"<li>.*?</li>", summary, re.DOTALL)
    ]


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_login_never_leads_away(client: FlaskClient, csrf: Csrf, target: str) -> None:
    answer = post(
        client, "/connexion", csrf, email="mila@example.org", password=PASSWORD, suite=target
    )
    assert answer.location == "/"


@pytest.mark.usefixtures("house")
def test_guessing_is_held_up_and_forged_addresses_do_not_help(
    client: FlaskClient, csrf: Csrf
) -> None:
    token = csrf(client)
    for number in range(6):
        answer = client.post(
            "/connexion",
            data={"csrf_token": token, "email": "mila@example.org", "password": "faux" * 4},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        )
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    elsewhere = client.post(
        "/connexion",
        data={"csrf_token": token, "email": "mila@example.org", "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert elsewhere.status_code == 303  # the owner, from elsewhere


def test_forgery_is_refused(house: House, client: FlaskClient, login: LogIn) -> None:
    login(client, house.member)
    for path in ("/connexion", "/deconnexion", "/changer", "/compte", "/compte/cles"):
        assert client.post(path, data={"name": "x"}).status_code == 400


def test_a_reset_by_mail(house: House, client: FlaskClient, csrf: Csrf) -> None:
    known = post(client, "/mot-de-passe", csrf, email="mila@example.org")
    unknown = post(client, "/mot-de-passe", csrf, email="rien@example.org")
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("mila@", "") == unknown.text.replace("rien@", "")
    worker = Actor(door="worker")
    message = house.database.write(worker, jobs.reset_message, "mila@example.org")
    assert message is not None
    assert message.action is not None
    path = "/mot-de-passe/" + message.action[1].rsplit("/", 1)[1]
    assert client.get(path).status_code == 200
    assert client.get(path).status_code == 200  # opening it changes nothing
    weak = post(client, path, csrf, password="mila membre 1")
    assert (weak.status_code, client.get(path).status_code) == (422, 200)
    assert post(client, path, csrf, password="une autre phrase longue").status_code == 303
    assert client.get(path).status_code == 404
    assert client.get("/mot-de-passe/inconnu").text == client.get(path).text
    answer = post(
        client, "/connexion", csrf, email="mila@example.org", password="une autre phrase longue"
    )
    assert answer.status_code == 303


def invitation_path(house: House, email: str) -> str:
    acting = house.admin
    made = house.database.write(
        acting, services.invite, Invite(organisation_id=house.atelier.id, email=email)
    )
    worker = Actor(door="worker", cooperative_id=house.phares.id)
    message = house.database.write(worker, jobs.invitation_message, made.id)
    assert message is not None
    assert message.action is not None
    return "/invitation/" + message.action[1].rsplit("/", 1)[1]


def test_an_invitation_makes_an_account(house: House, client: FlaskClient, csrf: Csrf) -> None:
    path = invitation_path(house, "noa@example.org")
    page = client.get(path)
    assert "Rejoindre Atelier Nord" in page.text
    missing = post(client, path, csrf, name="", password=PASSWORD)
    assert missing.status_code == 422
    answer = post(client, path, csrf, name="Noa Neuf", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Noa Neuf" in client.get("/compte").text
    assert client.get(path).status_code == 404


def test_an_invitation_of_somebody_with_an_account(
    house: House, app: Flask, client: FlaskClient, csrf: Csrf, login: LogIn, make: Maker
) -> None:
    eve = make.person("Eve", email="eve@example.org")
    path = invitation_path(house, "eve@example.org")
    assert "Me connecter pour accepter" in client.get(path).text
    assert post(client, path, csrf, name="X", password=PASSWORD).status_code == 409
    login(client, house.member)
    assert "Déconnectez-vous" in client.get(path).text
    assert post(client, path, csrf).status_code == 422
    hers = app.test_client()
    login(hers, Actor(door="web", person_id=eve.id))
    assert post(hers, path, csrf).status_code == 303
    with house.database.read(house.admin) as work:
        assert [one.organisation_name for one in queries.places(work, eve.id)] == ["Atelier Nord"]


def test_two_clicks_at_once_accept_once(house: House, app: Flask, csrf: Csrf) -> None:
    path = invitation_path(house, "double@example.org")
    clients = [app.test_client() for _ in range(4)]
    tokens_of = [csrf(client) for client in clients]
    barrier, statuses = Barrier(4), []

    def click(number: int) -> None:
        barrier.wait()
        answer = clients[number].post(
            path,
            data={"csrf_token": tokens_of[number], "name": "Une", "password": PASSWORD},
        )
        statuses.append(answer.status_code)

    threads = [Thread(target=click, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 404, 503}


def test_switching_without_logging_in_again(
    house: House, client: FlaskClient, csrf: Csrf, login: LogIn, make: Maker
) -> None:
    other = make.cooperative("Ailleurs")
    theirs = make.organisation(other, "Leur Maison")
    login(client, house.member)
    ids = {"cooperative_id": str(other.id), "organisation_id": str(theirs.id)}
    assert post(client, "/changer", csrf, **ids).status_code == 404  # not hers yet
    make.affiliate(other, theirs, house.mila, Role.MEMBER)
    assert post(client, "/changer", csrf, **ids).status_code == 303
    page = client.get("/administration/membres")
    assert "Leur Maison" in page.text
    assert client.get(f"/administration/membres/{house.atelier.id}").status_code == 404


def test_a_suspension_acts_at_once(
    house: House, app: Flask, client: FlaskClient, csrf: Csrf, login: LogIn
) -> None:
    login(client, house.member)
    assert client.get("/administration/membres").status_code == 200
    admin = app.test_client()
    login(admin, house.admin)
    path = f"/administration/membres/{house.atelier.id}/personnes/{house.mila.id}"
    assert post(admin, f"{path}/suspendre", csrf).status_code == 303
    assert client.get("/administration/membres").status_code == 303
    assert "Rétablir" in admin.get(path).text


def test_the_account_page(
    house: House, app: Flask, client: FlaskClient, csrf: Csrf, login: LogIn
) -> None:
    login(client, house.member)
    login(app.test_client(), house.member)
    page = client.get("/compte").text
    device = re.findall(r'name="device"\s+value="([^"]+)"', page)
    assert post(client, "/compte/appareils", csrf, device=device[0]).status_code == 303
    assert 'name="device"' not in client.get("/compte").text
    made = post(client, "/compte/cles", csrf, name="Tableur")
    key = re.findall(r'id="cle"[^>]*value="([^"]+)"', made.text, re.DOTALL)[0]
    assert key not in client.get("/compte").text
    bearer = {"Authorization": f"Bearer {key}"}
    me = app.test_client().get("/api/v1/me", headers=bearer)
    assert me.json is not None
    assert me.json["email"] == "mila@example.org"
    # A key is for the API only, and a request with a key is never read by its cookie.
    assert app.test_client().get("/compte", headers=bearer).status_code == 303
    assert client.get("/compte", headers={"Authorization": "Bearer x"}).status_code == 303
    renamed = post(client, "/compte", csrf, name="Mila M.", language="fr", theme="dark")
    assert renamed.status_code == 303
    assert "Mila M." in client.get("/compte").text
    bad = post(client, "/compte", csrf, name="", language="xx", theme="dark")
    assert bad.status_code == 422


def test_changing_the_password(
    house: House, app: Flask, client: FlaskClient, csrf: Csrf, login: LogIn
) -> None:
    login(client, house.member)
    other = app.test_client()
    login(other, house.member)
    wrong = post(client, "/compte/mot-de-passe", csrf, current="faux", password="x" * 20)
    assert wrong.status_code == 401
    new = "un tout autre secret"
    done = post(client, "/compte/mot-de-passe", csrf, current=PASSWORD, password=new)
    assert done.status_code == 303
    assert client.get("/compte").status_code == 200
    assert other.get("/compte").status_code == 303


def test_administering(house: House, client: FlaskClient, csrf: Csrf, login: LogIn) -> None:
    login(client, house.admin)
    assert "Administrer Le Phares" in client.get("/administration").text
    added = post(
        client,
        "/administration/membres/ajouter",
        csrf,
        name="Le Fournil <b>",
        kind="ei",
        standing="tenant",
        siret="35600000000048",
    )
    assert added.status_code == 303
    sheet = client.get(str(added.location)).text
    assert "Le Fournil &lt;b&gt;" in sheet
    same = post(
        client,
        "/administration/membres/ajouter",
        csrf,
        name="Encore",
        kind="ei",
        standing="tenant",
        siret="35600000000048",
    )
    assert same.status_code == 409
    bad = post(client, "/administration/membres/ajouter", csrf, name="Y", kind="zz", siret="12")
    assert bad.status_code == 422
    invited = post(client, f"{added.location}/inviter", csrf, email="a@b.fr", role="member")
    assert invited.status_code == 303
    sheet = client.get(str(added.location)).text
    assert "a@b.fr" in sheet
    cancel = re.findall(r"/administration/invitations/[^\"]+/annuler", sheet)[0]
    assert post(client, cancel, csrf).status_code == 303
    assert post(client, f"{added.location}/place", csrf, standing="partner").status_code == 303
    assert post(client, f"{added.location}/depart", csrf, until="2027-03-01").status_code == 303
    assert "pas membre en ce moment" in client.get(str(added.location)).text
    changed = post(
        client, f"{added.location}/modifier", csrf, name="Fournil", kind="aci", version="1"
    )
    assert changed.status_code == 303
    stale = post(client, f"{added.location}/modifier", csrf, name="Four", kind="aci", version="1")
    assert stale.status_code == 412
    found = client.get("/administration/membres?q=fournil")
    assert "Fournil" in found.text
    assert "Atelier Nord" not in found.text
    journal = client.get("/administration/journal").text
    line = f'<a href="{added.location}">Ada Admin a ajouté l&#39;organisation Fournil.</a>'
    assert line in journal
    assert "Ada Admin a invité a@b.fr." in journal


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/administration"),
        ("GET", "/administration/membres/ajouter"),
        ("POST", "/administration/membres/ajouter"),
        ("GET", "/administration/membres/{atelier}/modifier"),
        ("POST", "/administration/membres/{atelier}/inviter"),
        ("GET", "/administration/membres/{atelier}/place"),
        ("POST", "/administration/membres/{atelier}/depart"),
        ("POST", "/administration/membres/{atelier}/personnes/{admin}/suspendre"),
        ("GET", "/administration/membres/{atelier}/personnes/{mila}"),
    ],
)
def test_a_member_does_not_administer(
    house: House, client: FlaskClient, csrf: Csrf, login: LogIn, method: str, path: str
) -> None:
    login(client, house.member)
    path = path.format(atelier=house.atelier.id, admin=house.admin.person_id, mila=house.mila.id)
    data = {
        "csrf_token": csrf(client),
        "name": "X",
        "kind": "ei",
        "standing": "tenant",
        "email": "x@example.org",
        "until": "2027-04-01",
    }
    schema = {"ajouter": ("name", "kind", "standing"), "inviter": ("email",), "depart": ("until",)}
    wanted = schema.get(path.rsplit("/", 1)[1], ())
    given = {name: value for name, value in data.items() if name in {*wanted, "csrf_token"}}
    answer = client.open(path, method=method, data=given if method == "POST" else None)
    assert answer.status_code == 403


def test_reading_changes_nothing(house: House, client: FlaskClient, login: LogIn) -> None:
    login(client, house.admin)
    for path in (
        "/compte",
        "/administration",
        "/administration/membres",
        "/administration/journal",
        f"/administration/membres/{house.atelier.id}",
        f"/administration/membres/{house.atelier.id}/modifier",
        f"/administration/membres/{house.atelier.id}/place",
        f"/administration/membres/{house.atelier.id}/personnes/{house.mila.id}",
    ):
        assert client.get(path).status_code == 200, path
    assert client.get("/deconnexion").status_code == 405
    with house.database.read(house.admin) as work:
        assert list(work.session.scalars(select(Job))) == []
        assert queries.journal(work) == []
    assert client.get(f"/administration/membres/{uuid.uuid4()}").status_code == 404
    assert client.get("/administration/journal?after=x").status_code == 422


def test_a_login_ends_after_thirty_days(
    house: House, client: FlaskClient, clock: Clock, login: LogIn
) -> None:
    login(client, house.member)
    clock.now += timedelta(days=29)
    assert client.get("/compte").status_code == 200
    clock.now += timedelta(days=1)
    assert client.get("/compte").status_code == 303


@pytest.mark.usefixtures("house")
def test_without_a_cooperative(client: FlaskClient, login: LogIn, make: Maker) -> None:
    alone = make.person("Solo")
    login(client, Actor(door="web", person_id=alone.id))
    assert "aucune coopérative" in client.get("/compte").text
    assert client.get("/administration/membres").status_code == 403


def test_a_new_cooperative_tells_its_next_step(
    client: FlaskClient, login: LogIn, make: Maker
) -> None:
    new = make.cooperative("Neuve")
    own = make.organisation(new, "Neuve")
    login(client, make.actor(new, own, Role.ADMINISTRATOR))
    assert (
        "La prochaine étape\u00a0: Ajouter une organisation membre"
        in client.get("/administration").text
    )
    other = make.organisation(new, "Seconde")
    make.affiliate(new, other, make.person("Une"), Role.MEMBER)
    page = client.get("/administration").text
    assert page.count("(c’est fait)") == 2
    assert "La prochaine étape\u00a0: Ajouter" not in page
