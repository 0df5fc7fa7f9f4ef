"""What the holds refuse, and which guard of the database says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.db import guards
from coopshare.kernel.dates import LocalSpan
from coopshare.kernel.errors import Conflict
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import Sentence, marked

SAID = 2
"""How many conflicts a refusal says in words; all are in its data."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A resource lacks over a span: what is left of it, never who has it."""

    resource_id: UUID
    name: str
    timezone: str
    span: Interval
    free: int
    """How many are left at the tightest instant."""
    quantity: int
    """How many there are."""
    is_closed: bool = False
    """Whether a closure stands in the way, rather than a use."""

    def sentence(self, year: int | None = None) -> Sentence:
        """Say the conflict; the year only where it differs from the given one."""
        data: dict[str, object] = {
            "name": self.name,
            "span": LocalSpan(self.span, ZoneInfo(self.timezone), year=year),
            "free": self.free,
            "quantity": self.quantity,
        }
        if self.is_closed:
            return Sentence(marked("« {name} » : fermeture, {span}."), data)
        if self.free > 0:
            return Sentence(
                marked("« {name} » : il n'en reste que {free} sur {quantity}, {span}."), data
            )
        return Sentence(marked("« {name} » : déjà réservé, {span}."), data)

    def to_dict(self) -> dict[str, object]:
        """Return the conflict as data for programs."""
        return {
            "resource_id": str(self.resource_id),
            "name": self.name,
            "starts_at": self.span.start.isoformat(),
            "ends_at": self.span.end.isoformat(),
            "quantity_free": max(0, self.free),
        }


class SlotTaken(Conflict):
    """Somebody already has the time, or too much of the quantity."""

    code = "slot_taken"
    message = marked("Ce créneau vient d'être pris par quelqu'un d'autre. Rien n'a été enregistré.")

    def __init__(
        self,
        conflicts: Sequence[Taken] = (),
        *,
        year: int | None = None,
        alternatives: Sequence[Mapping[str, object]] = (),
        possible: Sentence | None = None,
    ) -> None:
        self.conflicts = tuple(conflicts)
        said = [conflict.sentence(year) for conflict in self.conflicts[:SAID]]
        more = len(self.conflicts) - SAID
        if more > 0:
            said.append(
                Sentence(marked("Et {count} autres créneaux ne sont pas libres."), {"count": more})
                if more > 1
                else Sentence(marked("Et un autre créneau n'est pas libre."))
            )
        data: dict[str, object] = dict(zip(("first", "second", "third"), said, strict=False))
        super().__init__(
            message=" ".join(f"{{{name}}}" for name in data) or None,
            details={
                "conflicts": [conflict.to_dict() for conflict in self.conflicts],
                "alternatives": list(alternatives),
            },
            possible=possible,
            **data,
        )


class HeldTwice(Conflict):
    """One booking asks for the same thing twice: a hall and one of its parts."""

    code = "held_twice"
    message = marked(
        "« {name} » est demandé deux fois : seul, et dans un ensemble dont il fait partie."
    )


class ClosureBlocked(SlotTaken):
    """Something that is to be closed is in use, or closed already."""

    code = "closure_blocked"
    message = marked("Ce qui doit fermer est utilisé pendant cette période.")


class AlreadyLifted(Conflict):
    """The closure was given up before."""

    code = "closure_already_lifted"
    message = marked("Cette fermeture est déjà levée.")


class WholeHeld(Conflict):
    """A hall made of parts is held by its parts only."""

    code = "whole_held"
    message = marked("Cet ensemble se réserve par ses parties, qui viennent de changer. Réessayez.")


guards.refuses("holds_within", SlotTaken)
guards.refuses("holds_leaves_only", WholeHeld)
