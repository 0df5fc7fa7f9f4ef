"""What happened to closures."""

from dataclasses import dataclass
from typing import ClassVar

from coopshare.kernel.facts import Fact
from coopshare.kernel.text import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureMade(Fact):
    """Resources were closed over a span."""

    name: ClassVar[str] = "closure.made"
    said: ClassVar[str] = marked("{who} a posé une fermeture.")
    object_kind: ClassVar[str] = "closure"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureLifted(Fact):
    """A closure was given up: its resources may be used again."""

    name: ClassVar[str] = "closure.lifted"
    said: ClassVar[str] = marked("{who} a levé une fermeture.")
    object_kind: ClassVar[str] = "closure"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceOpened(Fact):
    """Some of a resource is out of use."""

    name: ClassVar[str] = "maintenance.opened"
    said: ClassVar[str] = marked("{who} a mis du matériel hors service.")
    object_kind: ClassVar[str] = "maintenance"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceLifted(Fact):
    """It works again."""

    name: ClassVar[str] = "maintenance.lifted"
    said: ClassVar[str] = marked("{who} a remis du matériel en service.")
    object_kind: ClassVar[str] = "maintenance"
