"""What happened to statements. `name` is kept for ever: never rename one."""

from dataclasses import dataclass
from typing import ClassVar

from coopshare.kernel.facts import Fact
from coopshare.kernel.text import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthClosed(Fact):
    """A month was stated to every organisation."""

    name: ClassVar[str] = "month.closed"
    object_kind: ClassVar[str] = "month"
    said: ClassVar[str] = marked("{who} a clos un mois : ses relevés sont établis.")
