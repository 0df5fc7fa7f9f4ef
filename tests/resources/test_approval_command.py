"""Which requests wait for whom, set from the shell and read back by the API's shape."""

from dataclasses import replace

from click.testing import CliRunner

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import CoopShareError
from coopshare.resources import queries
from coopshare.resources.cli import resource as group
from coopshare.web.console import Console, exit_code_of
from tests.make import Maker


def run(database: Database, actor: Actor, *words: str) -> tuple[int, str]:
    """Run a command: (exit code, what is said)."""
    console = Console(
        open_database=lambda: database,
        find_actor=lambda *_words: replace(actor, door="cli"),
        make_worker=lambda database: database,
        acting="somebody@example.org",
    )
    result = CliRunner().invoke(group, list(words), obj=console)
    if isinstance(result.exception, CoopShareError):
        return exit_code_of(result.exception), result.exception.say()
    return result.exit_code, result.output


def test_rules_of_approval(database: Database, make: Maker) -> None:
    """What is said changes, what is not stays; the rules are printed in words."""
    phares = make.cooperative()
    scic = make.organisation(phares)
    room = make.resource(phares, scic, "Plateau")
    person = make.person("Mo Sy")
    make.affiliate(phares, scic, person, Role.MEMBER)
    keeper = make.actor(phares, scic, Role.RESOURCE_MANAGER)
    words = ("--outside-hours", "--above", "240", "--standing", "outside", "--delay", "1440")
    code, said = run(database, keeper, "approval", "plateau", *words, "--approver", person.email)
    assert code == 0
    assert said.splitlines() == [
        "En dehors des heures d'ouverture, la demande attend un accord.",
        "Au-delà de 4\u202fh, la demande attend un accord.",
        "La demande attend un accord pour : extérieur.",
    ]
    code, said = run(database, keeper, "approval", str(room.id), "--above", "0", "--always")
    assert (code, said.strip()) == (0, "Chaque demande attend un accord.")
    with database.read(keeper) as work:
        found = queries.get(work, room.id)
        assert (found.needs_approval, found.approval_above, found.approval_delay) == (
            True,
            None,
            1440,
        )
        assert [one.person_id for one in found.approvers] == [person.id]
    member = make.actor(phares, scic)
    assert run(database, member, "approval", "Plateau", "--not-always")[0] == 4
    assert run(database, keeper, "approval", "Nulle part")[0] == 3
