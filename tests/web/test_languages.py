"""French throughout, English by choice: pages, problems, mails, and how one chooses."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from coopshare.catalogues import translation
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import Duration
from coopshare.kernel.errors import NotFound, TooMany
from coopshare.kernel.notices import Message
from coopshare.kernel.text import Sentence, Several
from coopshare.members import jobs, queries
from coopshare.members.models import Person
from coopshare.members.services import ask_reset
from coopshare.notifications.layout import laid_out
from coopshare.resources.models import Quota, Resource
from tests import catalogue
from tests.make import Maker

LogIn = Callable[[FlaskClient, Actor], None]


def speak(database: Database, person_id: UUID | None, language: str = "en") -> None:
    """Make a language that of a person."""

    def change(work: Work) -> None:
        work.session.get_one(Person, person_id).language = language

    database.write(Actor(door="web"), change)


def language_of(page: str) -> str:
    """Return the language a page says it is in."""
    found = re.search(r'<html lang="([^"]+)"', page)
    assert found is not None
    return found.group(1)


# --- how one chooses


def test_a_visitor_chooses_by_a_link_and_it_is_kept(client: FlaskClient) -> None:
    """The footer offers the other language; the same page comes back in it, then all others."""
    french = client.get("/connexion?suite=/planning", headers={"Accept-Language": "en"})
    assert language_of(french.text) == "fr"
    link = re.search(r'<a href="([^"]+)" hreflang="en" lang="en"[^>]*>English</a>', french.text)
    assert link is not None
    english = client.get("/connexion" + link.group(1).replace("&amp;", "&"))
    assert language_of(english.text) == "en"
    assert 'value="/planning"' in english.text
    assert "Log in" in english.text
    later = client.get("/mot-de-passe").text
    assert language_of(later) == "en"
    back = re.search(r'<a href="([^"]+)" hreflang="fr" lang="fr"[^>]*>Français</a>', later)
    assert back is not None
    client.get("/mot-de-passe" + back.group(1))
    assert language_of(client.get("/connexion").text) == "fr"


@pytest.mark.parametrize("path", ["/ical/x/y.ics", "/api/v1/resources"])
def test_only_a_page_keeps_the_choice(client: FlaskClient, path: str) -> None:
    assert "Set-Cookie" not in client.get(f"{path}?langue=en").headers


@pytest.mark.parametrize("asked", ["de", "../en", "", "en<script>"])
def test_a_language_that_is_not_there_changes_nothing(client: FlaskClient, asked: str) -> None:
    page = client.get("/connexion", query_string={"langue": asked})
    assert (page.status_code, language_of(page.text)) == (200, "fr")
    assert client.get_cookie("langue") is None


def test_a_person_chooses_in_the_account(
    client: FlaskClient, make: Maker, login: LogIn, csrf: Callable[[FlaskClient], str]
) -> None:
    """The preference of the person counts, whatever the address or the browser says."""
    phares = make.cooperative()
    login(client, make.actor(phares, make.organisation(phares)))
    assert language_of(client.get("/compte?langue=en", headers={"Accept-Language": "en"}).text) == (
        "fr"
    )
    form = {"name": "Camille", "language": "en", "theme": "auto", "csrf_token": csrf(client)}
    assert client.post("/compte", data=form).status_code == 303
    page = client.get("/compte?langue=fr").text
    assert language_of(page) == "en"
    assert "It is saved." in page


# --- pages


class Texts(HTMLParser):
    """Collects what a page says: its texts, and the attributes people hear or see."""

    HEARD = frozenset({"aria-label", "alt", "title", "placeholder"})
    SILENT = frozenset({"script", "style", "svg"})

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what is heard; enter what is not text."""
        self.silent += tag in self.SILENT
        self.found |= {_plain(value) for name, value in attrs if name in self.HEARD and value}

    def handle_endtag(self, tag: str) -> None:
        """Leave what is not text."""
        self.silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if not self.silent and data.strip():
            self.found.add(_plain(data))


def _plain(text: str) -> str:
    return " ".join(text.split())


def texts(page: str) -> set[str]:
    """Return what a page says."""
    parser = Texts()
    parser.feed(page)
    return parser.found


def pattern(message: str) -> str:
    """Return the pattern of a text that says a message: a number or anything in each place."""
    places = re.split(r"(%\(\w+\)[sd]|\{\w+\})", _plain(message))
    return "".join(
        re.escape(part) if n % 2 == 0 else r"\d+" if part.endswith("d") else ".+"
        for n, part in enumerate(places)
    )


def said_in_french(pages: dict[str, str], data: set[str]) -> list[tuple[str, str]]:
    """Return (address, text) of each French message in pages, where its English differs.

    What people wrote (`data`) stays as they wrote it.
    """
    pairs = [
        (french, english)
        for message in catalogue.messages(catalogue.written())
        for french, english in zip(
            (message.id,) if isinstance(message.id, str) else tuple(message.id),
            catalogue.strings(message),
            strict=True,
        )
        if french != english
    ]
    french = re.compile("|".join(f"(?:{pattern(one)})" for one, _ in pairs))
    english = re.compile("|".join(f"(?:{pattern(other)})" for _, other in pairs))
    where = {text: address for address, page in pages.items() for text in texts(page)}
    return sorted(
        (address, text)
        for text, address in where.items()
        if text not in data and french.fullmatch(text) and not english.fullmatch(text)
    )


def walk(client: FlaskClient, start: str = "/") -> dict[str, str]:
    """Return the pages one link after the other, one of each kind."""
    waiting, kinds, pages = [start], set[str](), dict[str, str]()
    while waiting:
        address = waiting.pop(0)
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", address.partition("?")[0])
        if kind in kinds:
            continue
        kinds.add(kind)
        answer = client.get(address, follow_redirects=True)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        pages[address] = answer.text
        waiting += [
            link.replace("&amp;", "&").partition("#")[0]
            for link in re.findall(r'<a\b[^>]*?\bhref="(/[^"]*)"', answer.text)
            if not link.startswith(("/statique/", "/ical/", "/api/"))
        ]
    return pages


TYPED = {"Association", "Lieu", "Locataire", "oui", "non", "Usage", "Compris dans le forfait"}
"""Words that tables to import are filled in with, and that a statement froze: read as they are."""


@pytest.mark.demonstration
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("email", ["coordination@phares.example.org", "salles@phares.example.org"])
def test_every_page_is_english(
    client: FlaskClient, database: Database, email: str, login: LogIn
) -> None:
    """From the first page, link after link: nothing that has an English is said in French."""
    with database.read(Actor(door="web")) as work:
        actor = queries.actor_named(work, email, None, None)
    with database.read(actor) as work:
        resources = work.session.scalars(select(Resource)).all()
        data = {word for row in resources for word in (row.name, row.location, row.address)}
        data |= TYPED | {f"{row.location}, {row.address}" for row in resources}
        data |= {note for row in resources for note in (row.description, row.access_notes)}
        data |= set(work.session.scalars(select(Quota.name)))
    speak(database, actor.person_id)
    login(client, actor)
    pages = walk(client)
    assert {language_of(page) for page in pages.values()} == {"en"}
    assert len(pages) >= 12
    assert 'data-locale="en-GB"' in pages["/planning"]
    assert said_in_french(pages, data) == []


SEARCHES = (
    "de=03:00&a=04:00",
    "de=10:00&a=12:00&quoi=place&personnes=500",
    "de=10:00&a=12:00&quoi=place&avec=projector&avec=kitchen&avec=lift",
    "de=10:00&a=10:10",
    "de=10:00&a=12:00&fin=2027-03-28",
    "de=12:00&a=10:00",
    "de=10:00&a=12:00&duree=90&fin=2027-03-09",
    "de=&a=abc",
)


@pytest.mark.demonstration
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_is_not_possible_is_said_in_english(
    client: FlaskClient, database: Database, login: LogIn, csrf: Callable[[FlaskClient], str]
) -> None:
    """Searches that find little, bookings that are refused, forms with mistakes."""
    with database.read(Actor(door="web")) as work:
        actor = queries.actor_named(work, "membre@atelier-nord.example.org", None, None)
    with database.read(actor) as work:
        resources = list(work.session.scalars(select(Resource).order_by(Resource.sort_key)))
    speak(database, actor.person_id)
    login(client, actor)
    pages = {
        address: client.get(address).text
        for address in (f"/?jour=2027-03-07&{search}" for search in SEARCHES)
    }
    form = {"title": "Réunion", "day": "2027-03-07", "starts_at": "03:10", "ends_at": "23:00"}
    token = {"csrf_token": csrf(client), "do": "book", "people": "99", "quantity": "999"}
    for resource in resources:
        sent = client.post("/reserver", data=form | token | {"resource_id": str(resource.id)})
        assert sent.status_code in {409, 422}, resource.name
        pages[resource.name] = sent.text
    wrong = {"title": "", "day": "hier", "starts_at": "x", "resource_id": "", "people": "-1"}
    pages["mistakes"] = client.post("/reserver", data=form | token | wrong).text
    assert {language_of(page) for page in pages.values()} == {"en"}
    data = {word for row in resources for word in (row.name, row.location)}
    assert said_in_french(pages, data) == []


def test_the_pages_of_visitors_are_english(client: FlaskClient) -> None:
    pages = {
        path: client.get(f"{path}?langue=en").text
        for path in (
            "/",
            "/connexion",
            "/mot-de-passe",
            "/absent",
            "/invitation/x",
            "/problems/busy",
        )
    }
    assert {language_of(page) for page in pages.values()} == {"en"}
    assert said_in_french(pages, set()) == []


# --- programs


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ("en-GB,en;q=0.9", "Log in to continue."),
        ("fr", "Connectez-vous pour continuer."),
        ("de", "Connectez-vous pour continuer."),
    ],
)
def test_a_problem_is_said_as_asked(client: FlaskClient, asked: str, detail: str) -> None:
    answer = client.get("/api/v1/resources", headers={"Accept-Language": asked})
    assert (answer.status_code, answer.json["detail"]) == (401, detail)  # type: ignore[index]


# --- sentences and mails


def test_a_refusal_is_said_whole_in_english() -> None:
    english = translation("en")
    wait = TooMany(retry_after=3600, wait=Duration(24 * 60))
    assert wait.say("en", english) == (
        "Too many attempts in a short time. Please try again in 1\u00a0day."
    )
    words = Several((Sentence("Locataire"), Sentence("Partenaire")), is_lowered=True)
    who = Sentence("Peuvent réserver : {standings}.", {"standings": words})
    assert who.say("en", english) == "Who can book: tenant, partner."
    assert who.say() == "Peuvent réserver : locataire, partenaire."
    both = Sentence("{words}", {"words": Several(words.sentences, last="et")})
    assert (both.say(), both.say("en", english)) == (
        "Locataire et Partenaire",
        "Tenant and Partner",
    )
    assert NotFound().say("en", english) == "This page or item does not exist, or no longer does."


def test_a_mail_speaks_the_language_of_whoever_gets_it(database: Database, make: Maker) -> None:
    person = make.person("Sasha Green", email="sasha@example.org", language="en", password_hash="?")
    database.write(Actor(door="web"), ask_reset, person.email)
    message = database.write(Actor(door="worker"), jobs.reset_message, person.email)
    assert message is not None
    notice = laid_out(message, translation("en"))
    assert notice.subject == "Choose a new password"
    lines = notice.text.splitlines()
    assert (lines[0], lines[2], lines[4]) == (
        "Hello Sasha Green,",
        "Here is the link to choose a new CoopShare password.",
        "Choose my password:",
    )
    assert lines[-1].startswith("This message is sent by CoopShare")
    assert '<html lang="en">' in notice.html


def test_a_message_is_said_in_french_without_a_catalogue() -> None:
    message = Message(
        to="a@example.org",
        subject=Sentence("Bonjour {name},", {"name": "Lou"}),
        paragraphs=("Texte",),
    )
    assert message.said().subject == "Bonjour Lou,"
