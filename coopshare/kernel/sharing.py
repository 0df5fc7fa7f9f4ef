"""Exact splitting: cents, minutes or seats by weights, to the last one, fairly over time.

Integers only. A part is what the weights give, rounded down; what is left over goes one by one to
the largest remainders (method of the largest remainder, also Hare and Niemeyer's), ties by a hash,
so that nobody is always first. With a carry, what a part was rounded by is owed to or by its member
next time, so that the sum of parts follows the exact sum over the years.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from coopshare.kernel.errors import Refused
from coopshare.kernel.text import marked

MILLION = 10**6
"""Carries are counted in millionths of a unit."""


class NothingToShareBy(Refused):
    """An amount that is not zero is to be shared by weights that all are."""

    code = "nothing_to_share_by"
    message = marked(
        "Rien ne dit comment partager cette somme : chacun y compte pour zéro. Complétez la clé de"
        " répartition, ou choisissez-en une autre."
    )


@dataclass(frozen=True, slots=True)
class Shared:
    """What each member gets this time, in units, and what it is owed after it, in millionths."""

    parts: Mapping[UUID, int]
    carries: Mapping[UUID, int]


def split(total: int, weights: Mapping[UUID, int], *, salt: str) -> dict[UUID, int]:
    """Return the parts of a total: their sum is the total, each within one unit of its exact part.

    `salt` names what is shared (the id of a statement): it decides between equal remainders. The
    order of `weights` changes nothing; a total with the opposite sign gives the opposite parts.
    Raises `NothingToShareBy` when all weights are zero and the total is not, `ValueError` for a
    negative weight.
    """
    if any(weight < 0 for weight in weights.values()):
        message = "a weight is negative"
        raise ValueError(message)
    whole = sum(weights.values())
    if not whole:
        if total:
            raise NothingToShareBy
        return dict.fromkeys(weights, 0)
    if total < 0:
        return {member: -part for member, part in split(-total, weights, salt=salt).items()}
    floors = {member: divmod(total * weight, whole) for member, weight in weights.items()}
    order = sorted(floors, key=lambda member: (-floors[member][1], _draw(salt, member)))
    left = total - sum(part for part, _ in floors.values())
    luckier = set(order[:left])
    return {member: part + (member in luckier) for member, (part, _) in floors.items()}


def split_with_carry(
    total: int, weights: Mapping[UUID, int], carries: Mapping[UUID, int], *, salt: str
) -> Shared:
    """Return the parts of a total and the new carries, which sum to zero if the old ones did.

    `carries` are millionths of a unit owed to each member (positive) or by it, from last time; who
    has no weight this time is left alone, and keeps its carry. A part never has the sign opposite
    to the total. It may be more than one unit away from its exact part: that is how it catches up.
    Raises as `split`.
    """
    if total < 0:
        back = split_with_carry(-total, weights, _opposite(carries), salt=salt)
        return Shared(_opposite(back.parts), _opposite(back.carries))
    exact = split(total * MILLION, weights, salt=salt)
    owed = {
        member: exact.get(member, 0) + carries.get(member, 0) for member in {**weights, **carries}
    }
    sharers = [member for member, weight in weights.items() if weight > 0]
    parts = dict.fromkeys(owed, 0)
    if total:
        parts |= {member: max(0, owed[member] // MILLION) for member in sharers}
    draws = {member: _draw(salt, member) for member in sharers}
    missing = total - sum(parts.values())
    while missing > 0:
        first = min(sharers, key=lambda m: (parts[m] * MILLION - owed[m], draws[m]))
        parts[first] += 1
        missing -= 1
    while missing < 0:
        given = [member for member in sharers if parts[member] > 0]
        last = max(given, key=lambda m: (parts[m] * MILLION - owed[m], draws[m]))
        parts[last] -= 1
        missing += 1
    return Shared(parts, {member: owed[member] - parts[member] * MILLION for member in owed})


def _draw(salt: str, member: UUID) -> bytes:
    return sha256(f"{salt}/{member}".encode()).digest()


def _opposite(amounts: Mapping[UUID, int]) -> dict[UUID, int]:
    return {member: -amount for member, amount in amounts.items()}
