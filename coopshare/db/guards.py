"""What the database itself refuses, on both engines, and the refusal each guard stands for.

The triggers are written by hand in the migrations; `EXPECTED` lists them, and a test and
`coopshare doctor` compare that list with what the database really has.
"""

from collections.abc import Callable

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from coopshare.kernel.errors import CoopShareError

EXPECTED: dict[str, frozenset[str]] = {
    "sqlite": frozenset(
        {
            "holds_checked_on_insert",
            "holds_checked_on_update",
            "holds_longest_on_insert",
            "holds_longest_on_update",
            "resources_guarded",
            "resources_quantity_checked_on_insert",
            "resources_quantity_checked",
            "resource_parts_checked_on_insert",
            "resource_parts_checked_on_update",
            "audit_entries_no_update",
            "audit_entries_no_delete",
        }
    ),
    "postgresql": frozenset(
        {
            "holds_guarded",
            "holds_checked",
            "holds_within_one",
            "resources_guarded",
            "resources_quantity_checked",
            "resource_parts_checked",
            "audit_entries_no_change",
        }
    ),
}

_REFUSALS: dict[str, Callable[[], CoopShareError]] = {}


def refuses(guard: str, refusal: Callable[[], CoopShareError]) -> None:
    """Say which refusal a guard stands for, by the name the database gives in its error."""
    _REFUSALS[guard] = refusal


def refusal(error: Exception) -> CoopShareError | None:
    """Return the refusal a guard raised, or None when the error is something else."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return None
    diagnosis = getattr(error.orig, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or str(error.orig)
    for guard, make in _REFUSALS.items():
        if guard in name:
            return make()
    return None


def present(engine: Engine) -> frozenset[str]:
    """Return the names of the guards the database has: triggers, and exclusion constraints."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        " UNION SELECT conname FROM pg_constraint WHERE contype = 'x'",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return frozenset(str(name) for (name,) in connection.execute(text(query)))
