"""The API keeps its description's word for generated input, and shows nothing to strangers."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Err
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.members.models import ApiToken
from coopshare.resources.models import Resource
from tests.conftest import NOW
from tests.make import Maker

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

EXAMPLES = 12
UNJUDGED = [
    ignored_auth,  # the key is given by the test, not by the generated case
    positive_data_acceptance,  # a rule of the trade refuses what has the right shape: 422
]


def key_of(make: Maker, actor: Actor, name: str) -> dict[str, str]:
    """Return the header of a stored access key."""
    make.keep(
        ApiToken(
            token_hash=hashlib.sha256(name.encode()).hexdigest(),
            person_id=actor.person_id,
            cooperative_id=actor.cooperative_id,
            organisation_id=actor.organisation_id,
            name=name,
            created_at=NOW,
        )
    )
    return {"Authorization": f"Bearer {name}"}


class Two:
    """An administrator of a cooperative with a room, and one of another cooperative."""

    def __init__(self, make: Maker) -> None:
        ours, theirs = make.cooperative(), make.cooperative("Ailleurs")
        organisation = make.organisation(ours)
        self.room: Resource = make.resource(ours, organisation)
        here = make.actor(ours, organisation, Role.ADMINISTRATOR, Role.MEMBER)
        there = make.actor(theirs, make.organisation(theirs), Role.ADMINISTRATOR, Role.MEMBER)
        self.here = key_of(make, here, "k" * 43)
        self.there = key_of(make, there, "t" * 43)
        self.ids = {
            "resource_id": str(self.room.id),
            "organisation_id": str(organisation.id),
            "person_id": str(here.person_id),
        }


@pytest.fixture
def two(make: Maker) -> Two:
    return Two(make)


def checked(operation: Any, two: Two) -> Callable[[Any], None]:
    """Return what sends one generated case, as a stranger then as one of us."""

    def check(case: Any) -> None:
        known = {name: two.ids[name] for name in case.path_parameters if name in two.ids}
        case.path_parameters.update(known)
        foreign = case.call(headers=two.there)
        assert foreign.status_code < 500, (operation.label, foreign.text)
        if known:
            assert not 200 <= foreign.status_code < 300, (operation.label, foreign.text)
        assert str(two.room.id).encode() not in foreign.content or known
        answer = case.call(headers=two.here)
        assert answer.status_code < 500, (operation.label, answer.text)
        case.validate_response(answer, excluded_checks=UNJUDGED)

    return check


def test_every_operation_keeps_its_word(app: Flask, two: Two, database: Database) -> None:
    """No 5xx, no answer out of the description; of another cooperative nothing is ever given."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    tried = 0
    for found in schema.get_all_operations():
        assert not isinstance(found, Err), found
        check = checked(found.ok(), two)
        settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(given(case=found.ok().as_strategy())(check))()
        tried += 1
    assert tried > 30
    assert database.url.startswith("sqlite")
