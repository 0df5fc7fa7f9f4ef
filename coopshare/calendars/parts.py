"""Which calendars show which uses: a whole and its parts are held by the same leaves. Pure."""

from collections.abc import Iterable
from uuid import UUID


class Parts:
    """The parts of the resources of a cooperative, from pairs (whole, part)."""

    def __init__(self, links: Iterable[tuple[UUID, UUID]]) -> None:
        self._parts: dict[UUID, set[UUID]] = {}
        for whole, part in links:
            self._parts.setdefault(whole, set()).add(part)

    def leaves(self, resource_id: UUID) -> frozenset[UUID]:
        """Return the leaf parts of a resource, or itself when it has no part."""
        found: set[UUID] = set()
        seen: set[UUID] = set()
        waiting = [resource_id]
        while waiting:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            if one in self._parts:
                waiting += self._parts[one]
            else:
                found.add(one)
        return frozenset(found)

    def sharing(self, resource_ids: Iterable[UUID]) -> frozenset[UUID]:
        """Return the resources that share a leaf with some of these, themselves among them."""
        given = frozenset(resource_ids)
        leaves = frozenset[UUID]().union(*(self.leaves(one) for one in given))
        wholes = {whole for whole in self._parts if self.leaves(whole) & leaves}
        return given | leaves | wholes
