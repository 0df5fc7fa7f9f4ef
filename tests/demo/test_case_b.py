"""Case B, the group of the Gard: a year of half-days with drift, an illness to plan again."""

from collections import Counter

import sqlalchemy as sa

from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Database
from coopshare.demo import services
from coopshare.holds.models import Hold, HoldSource
from coopshare.kernel.actor import Actor
from coopshare.pooled_staff.models import Assignment, Contract, Leave, Placement, PlacementVersion


def test_the_group_has_a_year_behind_it(database: Database) -> None:
    services.load(database, ["B"])
    assert services.load(database, ["B"]) == 0
    with database.read(Actor(door="demo")) as work:

        def rows(model: type) -> list[object]:
            query: sa.Select[tuple[object]] = sa.select(model).execution_options(**EVERYWHERE)
            return list(work.session.scalars(query))

        states = Counter(str(row.state) for row in rows(Assignment))  # type: ignore[attr-defined]
        assert states["done"] > 600
        assert states["published"] > 50
        assert states["draft"] > 100
        assert states["to_replace"] > 10
        assert len(rows(Contract)) == 2
        assert len(rows(Placement)) == 22
        waiting = [one for one in rows(PlacementVersion) if not one.is_accepted]  # type: ignore[attr-defined]
        assert len(waiting) == 1
        assert Counter(str(one.state) for one in rows(Leave)) == {"accepted": 1, "asked": 1}  # type: ignore[attr-defined]
        held = [one for one in rows(Hold) if one.source_kind is HoldSource.ASSIGNMENT and one.live]  # type: ignore[attr-defined]
        assert len(held) == states["done"] + states["published"]
