"""A request under an Idempotency-Key acts once: its outcome is kept in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from coopshare.db import guards
from coopshare.db.models import KeptAnswer
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import Conflict, Refused
from coopshare.kernel.text import marked

P = ParamSpec("P")


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


def once(
    database: Database,
    actor: Actor,
    request: Request,
    use_case: Callable[Concatenate[Work, P], Any],
    *args: P.args,
    **kwargs: P.kwargs,
) -> UUID:
    """Run a use case that returns a row (or its id), or return the id of what it made before.

    Raises `KeyReused` when the key came with another request, and what the use case refuses.
    """

    def unit(work: Work) -> UUID:
        assert actor.person_id is not None  # noqa: S101 - only known people have keys
        kept = work.session.get(KeptAnswer, (actor.person_id, request.key))
        if kept is not None:
            if kept.fingerprint != request.fingerprint:
                raise KeyReused
            return kept.result_id
        made = use_case(work, *args, **kwargs)
        result: UUID = made if isinstance(made, UUID) else made.id
        work.session.add(
            KeptAnswer(
                person_id=actor.person_id,
                key=request.key,
                fingerprint=request.fingerprint,
                result_id=result,
                created_at=work.now,
            )
        )
        return result

    try:
        return database.write(actor, unit)
    except _SameInstant:
        return database.write(actor, unit)
