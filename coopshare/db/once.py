"""A request under an Idempotency-Key acts once: its outcome is kept in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from coopshare.db import guards
from coopshare.db.models import KeptAnswer
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import Conflict, CoopShareError, Refused
from coopshare.kernel.text import marked

A = TypeVar("A")


class KeyReused(Refused):
    """The key was already used for another request."""

    code = "key_reused"
    message = marked("Cette clé (Idempotency-Key) a déjà servi à une autre demande.")


class _SameInstant(Conflict):
    """Two requests under one key at the same instant: the second reads the first's outcome."""

    code = "same_instant"
    message = marked("Cette demande est déjà en cours.")


guards.refuses("pk_kept_answers", _SameInstant)
guards.refuses("kept_answers.person_id, kept_answers.key", _SameInstant)


@dataclass(frozen=True, slots=True)
class Request:
    """What makes a request the same one: its key, and the SHA-256 of method, path and body."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Outcome(Generic[A]):
    """What a request came to: the id of what it made, and how it was shown when it just was."""

    id: UUID
    shown: A | None


def once(
    database: Database,
    actor: Actor,
    request: Request,
    use_case: Callable[[Work], Any],
    show: Callable[[Work, Any], A] | None = None,
) -> Outcome[A]:
    """Run a use case that returns a row (or its id), or return what it came to before.

    The use case runs first and the key is written last: most keys come once, and a request that
    comes again undoes its second run when it meets its own key, or whatever its first run made.
    `show` is called in the same unit. Raises `KeyReused` when the key came with another request,
    and what the use case refuses.
    """

    def unit(work: Work) -> Outcome[A]:
        made = use_case(work)
        result: UUID = made if isinstance(made, UUID) else made.id
        work.session.flush()
        work.add_rows(
            KeptAnswer,
            [
                {
                    "person_id": actor.person_id,
                    "key": request.key,
                    "fingerprint": request.fingerprint,
                    "result_id": result,
                    "created_at": work.now,
                }
            ],
        )
        return Outcome(result, show(work, made) if show else None)

    try:
        return database.write(actor, unit)
    except CoopShareError:
        before = _before(database, actor, request)
        if before is None:
            raise
        return Outcome(before, None)


def _before(database: Database, actor: Actor, request: Request) -> UUID | None:
    """Return what the request made the first time; None when it comes for the first time."""
    with database.read(actor) as work:
        kept = work.session.get(KeptAnswer, (actor.person_id, request.key))
    if kept is None:
        return None
    if kept.fingerprint != request.fingerprint:
        raise KeyReused
    return kept.result_id
