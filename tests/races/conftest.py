"""The crew, started once, and an independent look at what was stored."""

from collections.abc import Iterator

import pytest

from tests.races.crew import Crew


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    """Give the four processes."""
    crew = Crew()
    yield crew
    crew.stop()


@pytest.fixture
def durable() -> bool:
    """Race as in earnest: every commit waits for the disk."""
    return True
