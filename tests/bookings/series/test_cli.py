"""Series by the command line: the same verbs, the same refusals."""

import pytest
from click.testing import CliRunner

from coopshare.bookings.cli import booking as series_group
from coopshare.kernel.errors import CoopShareError
from coopshare.web.console import Console, exit_code_of
from tests.bookings.conftest import Doors
from tests.bookings.series.conftest import TUESDAY, Season, at


@pytest.fixture
def shell(season: Season) -> Console:
    """Return a shell of the member of Atelier Nord."""
    return Console(
        open_database=lambda: season.house.database,
        find_actor=lambda *_words: season.house.member,
        make_worker=lambda database: database,
        acting="somebody@example.org",
    )


def run(shell: Console, *words: str) -> tuple[int, list[list[str]]]:
    """Run a command of series: its exit code, and the cells it printed."""
    result = CliRunner().invoke(series_group, list(words), obj=shell)
    if isinstance(result.exception, CoopShareError):
        return exit_code_of(result.exception), [[result.exception.say()]]
    assert result.exit_code == 0, result.output
    return 0, [line.split("\t") for line in result.stdout.splitlines()]


def test_a_season_from_the_shell(shell: Console, doors: Doors, season: Season) -> None:
    season.house.book(actor=season.house.stranger, span=at(TUESDAY.replace(day=9), 10, 12))
    words = [
        "add-series",
        "FREQ=WEEKLY;COUNT=4",
        "--title=Chorale",
        "--line=Verrière",
        "--from=2027-03-02T09:00",
        "--to=2027-03-02T11:00",
    ]
    _, plan = run(shell, *words, "--plan")
    assert [(cells[0], cells[3]) for cells in plan] == [
        ("2027-03-02", "free"),
        ("2027-03-09", "refused"),
        ("2027-03-16", "free"),
        ("2027-03-23", "free"),
    ]
    code, said = run(shell, *words)
    assert (code, "mardi 9" in said[0][0]) == (5, True)
    code, made = run(shell, *words, "--skip=2027-03-09")
    assert (code, len(made)) == (0, 3)
    first = made[0][0]
    code, _, _ = doors.command(
        "move", first, "--from=2027-03-02T14:00", "--to=2027-03-02T16:00", "--scope=all"
    )
    assert code == 0
    assert run(shell, "add-date", first, "2027-03-09")[0] == 0
    _, dates = run(shell, "dates", first)
    assert [(cells[0], cells[3][11:16]) for cells in dates] == [
        (f"2027-03-{day}", "14:00") for day in ("02", "09", "16", "23")
    ]
    assert doors.command("cancel", dates[2][1], "--scope=following")[0] == 0
    _, dates = run(shell, "dates", first)
    assert [cells[2] for cells in dates] == ["confirmed", "confirmed", "cancelled", "cancelled"]
    assert run(shell, "leave-series", first)[0] == 0
    assert run(shell, "dates", first)[0] == 5
    code, made = run(shell, "repeat", first, "FREQ=WEEKLY;INTERVAL=2;COUNT=2")
    assert (code, made[0]) == (0, [first])
