"""What waits for somebody: each package says what of it waits, the page « À traiter » shows all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coopshare.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of things that wait. Plugged in by app.py, in the order they are shown."""

    heading: str
    """The French words above them, marked for translation."""
    template: str
    """Draws them: it is given `items`, `form`, and `key_of(one)`, a one-time key for each."""
    load: Callable[[Any], Sequence[Any]]
    """(Work) -> what waits for its actor, the most urgent first, each with an `id`."""
    count: Callable[[Actor, datetime], Any]
    """(actor, now) -> a SELECT of one number: how many wait."""
