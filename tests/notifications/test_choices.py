"""Reminders once, news as chosen, a digest each Monday."""

import email
import email.policy
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from unicodedata import normalize

import pytest
from click.testing import CliRunner
from flask import Flask

from coopshare.app import HANDLERS, make_worker
from coopshare.bookings import reminders
from coopshare.config import Settings
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import Invalid, NotAuthenticated, VersionMismatch
from coopshare.notifications import jobs, queries, services
from coopshare.notifications.cli import messages as command
from coopshare.notifications.commands import Choose
from coopshare.notifications.models import News
from coopshare.web.console import Console
from tests.bookings.conftest import Doors, House, doors, hours, house
from tests.conftest import Clock

__all__ = ["doors", "house"]

REMIND = jobs.Remind((reminders.due,))


class Post:
    """A worker and its letter box."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house, self.folder = house, folder / "mail"
        house.database.handlers = HANDLERS
        settings = Settings.from_env(
            {"COOPSHARE_DATA": str(folder), "COOPSHARE_MAIL_URL": f"file:{self.folder}"}
        )
        self.worker = make_worker(settings, house.database)

    def subjects(self) -> list[str]:
        """Do all that is due, then return the subjects of the new letters, and forget them."""
        self.worker.drain()
        found = []
        for path in sorted(self.folder.rglob("*.eml"), key=lambda one: one.stat().st_mtime_ns):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            name = ".".join(str(letter["To"]).split(".")[:2])
            found.append(f"{name}: {normalize('NFKC', str(letter['Subject']))}")
            path.unlink()
        return found


@pytest.fixture
def post(house: House, tmp_path: Path) -> Post:
    return Post(house, tmp_path)


def choose(house: House, actor: Actor | None = None, **fields: object) -> None:
    """Choose what one is told."""
    values: dict[str, object] = {
        "news": News.NOW,
        "reminder": 24,
        "deadlines": True,
        "digest": False,
    }
    who = actor or house.member
    house.database.write(who, services.choose, Choose(**(values | fields)))  # type: ignore[arg-type]


def test_a_reminder_leaves_a_day_before_and_once(house: House, post: Post, clock: Clock) -> None:
    house.book(span=hours(9, 11))
    post.subjects()
    clock.now = utc(2027, 3, 9, 8, 59)
    assert REMIND(house.database) == 0
    clock.now = utc(2027, 3, 9, 9, 0)
    assert [REMIND(house.database), REMIND(house.database)] == [1, 0]
    said = "samira.haddad: Rappel : Verrière, mercredi 10 mars, 10 h"
    assert post.subjects() == [said]
    assert REMIND(house.database) == 0


def test_several_workers_send_one_reminder(house: House, clock: Clock) -> None:
    for hour in range(9, 15):
        house.book(span=hours(hour, hour + 1))
    clock.now = utc(2027, 3, 10, 8)
    with ThreadPoolExecutor(4) as workers:
        sent = list(workers.map(lambda _number: REMIND(house.database), range(4)))
    assert sum(sent) == 6


def test_nobody_is_reminded_of_what_they_just_did(house: House, post: Post, clock: Clock) -> None:
    clock.now = utc(2027, 3, 9, 20)
    booking = house.book(span=hours(9, 11))
    assert REMIND(house.database) == 0
    house.change(booking, span=hours(9, 11, day=12))
    clock.now = utc(2027, 3, 11, 10)
    assert REMIND(house.database) == 1
    assert len(post.subjects()) == 3


def test_what_moves_or_ends_is_not_reminded_of_wrongly(
    house: House, post: Post, clock: Clock
) -> None:
    booking = house.book(span=hours(9, 11))
    post.subjects()
    clock.now = utc(2027, 3, 9, 10)
    assert REMIND(house.database) == 1
    house.change(booking, span=hours(14, 15, day=13))
    clock.now = utc(2027, 3, 12, 15)
    assert REMIND(house.database) == 1
    assert [one.split(":")[1].strip() for one in post.subjects()] == ["Déplacé", "Rappel"]


def test_each_person_chooses_how_long_before(house: House, post: Post, clock: Clock) -> None:
    choose(house, reminder=2)
    choose(house, house.stranger, reminder=0)
    house.book(span=hours(9, 11))
    house.book(actor=house.stranger, span=hours(12, 13))
    post.subjects()
    clock.now = utc(2027, 3, 10, 6)
    assert REMIND(house.database) == 0
    clock.now = utc(2027, 3, 10, 7)
    assert REMIND(house.database) == 1
    assert post.subjects()[0].startswith("samira.haddad: Rappel")


@pytest.mark.parametrize(("news", "told"), [(News.NOW, 1), (News.NEVER, 0), (News.DIGEST, 0)])
def test_news_of_what_one_did_come_as_chosen(
    house: House, post: Post, news: News, told: int
) -> None:
    choose(house, news=news)
    booking = house.book()
    assert len(post.subjects()) == told
    house.cancel(booking, actor=house.coordinator, reason="Fuite d'eau")
    assert len(post.subjects()) == 1, "what others do is told at once"


def test_the_digest_holds_the_week_and_the_news(house: House, post: Post, clock: Clock) -> None:
    choose(house, news=News.DIGEST)
    house.book(span=hours(9, 11))
    house.book(span=hours(9, 11, day=20))
    assert post.subjects() == []
    clock.now = utc(2027, 3, 8, 5, 59)
    assert jobs.send_digests(house.database) == 0
    clock.now = utc(2027, 3, 8, 6, 0)
    assert [jobs.send_digests(house.database), jobs.send_digests(house.database)] == [1, 0]
    post.worker.drain()
    (path,) = post.folder.rglob("*.eml")
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = letter.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert str(letter["Subject"]) == "Votre semaine : une réservation"
    assert "Réunion d'équipe, Verrière" in text
    assert text.count("– Confirmé : Verrière") == 2
    path.unlink()
    clock.now += timedelta(days=7)
    assert jobs.send_digests(house.database) == 1
    assert len(post.subjects()) == 1, "the other booking, and no news twice"
    clock.now += timedelta(days=7)
    assert jobs.send_digests(house.database) == 1
    assert post.subjects() == [], "nothing to say: nothing is sent"


def test_those_who_decide_are_reminded_of_an_answer(house: House, post: Post, clock: Clock) -> None:
    studio = house.make.resource(house.phares, house.scic, "Studio", needs_approval=True)
    booking = house.book((studio, 1))
    with house.database.read(house.keeper) as work:
        lapses_at = work.session.get(type(booking), booking.id).lapses_at  # type: ignore[union-attr]
    if lapses_at is None:
        pytest.skip("requests of this house do not lapse")
    post.subjects()
    clock.now = lapses_at - timedelta(hours=24)
    assert [REMIND(house.database), REMIND(house.database)] == [1, 0]
    assert any("Réponse attendue : Studio" in one for one in post.subjects())


def test_choices_are_ones_own_and_checked(house: House, database: Database) -> None:
    with house.database.read(house.member) as work:
        assert (queries.own(work).news, queries.own(work).reminder) == (News.NOW, 24)
    choose(house, news=News.DIGEST)
    with house.database.read(house.member) as work:
        choice = queries.own(work)
        assert (choice.news, choice.digest, choice.version) == (News.DIGEST, True, 1)
    with pytest.raises(Invalid):
        choose(house, reminder=5)
    with pytest.raises(VersionMismatch):
        choose(house, version=7)
    with pytest.raises(NotAuthenticated), database.read(Actor(door="web")) as work:
        queries.own(work)


def test_by_page_api_and_command(doors: Doors, house: House, app: Flask) -> None:
    page = doors.get("/compte/messages")
    assert "La veille, à la même heure" in page.text
    answer = doors.fill("/compte/messages", news="never", reminder="2")
    assert answer.status_code == 303
    client = app.test_client()
    told = {"news": "never", "reminder": 2, "deadlines": False, "digest": False}
    assert client.get("/api/v1/me/messages").json == told
    wrong = doors.fill("/compte/messages", news="never", reminder="3")
    assert wrong.status_code == 422
    assert "Choisissez parmi les réponses proposées." in wrong.text
    headers = {"Authorization": "Bearer x"}
    changed = client.put("/api/v1/me/messages", json=told | {"digest": True}, headers=headers)
    assert (changed.status_code, changed.json) == (200, told | {"digest": True})
    console = Console(
        open_database=lambda: house.database,
        find_actor=lambda *_words: house.member,
        make_worker=lambda database: database,
        acting="somebody@example.org",
    )
    result = CliRunner().invoke(command, ["--reminder", "48", "--deadlines"], obj=console)
    assert result.output.strip() == "news=never reminder=48 deadlines=True digest=True"
