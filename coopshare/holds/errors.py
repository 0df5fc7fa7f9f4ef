"""What the holds refuse, and which guard of the database says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.db import guards
from coopshare.kernel.dates import LocalSpan
from coopshare.kernel.errors import Conflict, Refused
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PartBlocked:
    """A use or a closure of a hall to come, and a new part that it cannot have."""

    resource_id: UUID
    """What is used or closed: the hall, or something that contains it."""
    name: str
    timezone: str
    span: Interval
    part_id: UUID
    part_name: str
    why: str
    """taken, closed, or twice: asked for by another line of the same booking."""
    is_closure: bool

    def sentence(self, year: int | None = None) -> Sentence:
        """Say which one is in the way, when, and for which part."""
        data: dict[str, object] = {
            "name": self.name,
            "span": LocalSpan(self.span, ZoneInfo(self.timezone), year=year),
            "part": self.part_name,
        }
        if self.is_closure:
            said = marked(
                "La fermeture de « {name} » ({span}) s'étendrait à « {part} »,"
                " dont ce créneau est réservé."
            )
        elif self.why == "twice":
            said = marked(
                "La réservation de « {name} » ({span}) demande aussi « {part} », sur une autre"
                " ligne."
            )
        elif self.why == "closed":
            said = marked(
                "La réservation de « {name} » ({span}) prendrait aussi « {part} »,"
                " dont ce créneau tombe pendant une fermeture."
            )
        else:
            said = marked(
                "La réservation de « {name} » ({span}) prendrait aussi « {part} »,"
                " dont ce créneau est déjà pris."
            )
        return Sentence(said, data)

    def to_dict(self) -> dict[str, object]:
        """Return the conflict as data for programs."""
        return {
            "resource_id": str(self.resource_id),
            "starts_at": self.span.start.isoformat(),
            "ends_at": self.span.end.isoformat(),
            "part_id": str(self.part_id),
            "reason": self.why,
        }


class PartsInUse(Conflict):
    """What is to come and holds a hall cannot have its new parts."""

    code = "parts_in_use"
    message = marked("Les parties de « {whole} » n'ont pas changé.")

    def __init__(
        self, whole: str = "", blocked: Sequence[PartBlocked] = (), *, year: int | None = None
    ) -> None:
        said = [one.sentence(year) for one in blocked[:SAID]]
        more = len(blocked) - SAID
        if more > 0:
            said.append(
                Sentence(marked("{count} autres sont dans le même cas."), {"count": more})
                if more > 1
                else Sentence(marked("Une autre est dans le même cas."))
            )
        data: dict[str, object] = dict(zip(("first", "second", "third"), said, strict=False))
        super().__init__(
            message=" ".join(["{unchanged}", *(f"{{{name}}}" for name in data)]),
            details={"conflicts": [one.to_dict() for one in blocked]},
            possible=Sentence(
                marked("Déplacez, changez ou annulez d'abord ce qui gêne, puis recommencez.")
            ),
            unchanged=Sentence(self.message, {"whole": whole}),
            **data,
        )


class AlreadyLifted(Conflict):
    """The closure was given up before."""

    code = "closure_already_lifted"
    message = marked("Cette fermeture est déjà levée.")


class MaintenanceAlreadyLifted(Conflict):
    """It works again already."""

    code = "maintenance_already_lifted"
    message = marked("Cette remise en service est déjà faite.")


class MoreThanThereIs(Refused):
    """More would be out of use than there are."""

    code = "more_than_there_is"
    message = marked(
        "« {name} » : il n'y en a plus que {left} en service, vous ne pouvez pas en retirer"
        " davantage."
    )


class WholeHeld(Conflict):
    """A hall made of parts is held by its parts only."""

    code = "whole_held"
    message = marked("Cet ensemble se réserve par ses parties, qui viennent de changer. Réessayez.")


guards.refuses("holds_within", SlotTaken)
guards.refuses("holds_leaves_only", WholeHeld)
