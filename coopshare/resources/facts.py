"""What happened to resources."""

from typing import ClassVar

from coopshare.kernel.facts import Fact


class ResourceFact(Fact):
    """Base of what happens to a resource."""

    object_kind: ClassVar[str] = "resource"


class ResourceAdded(ResourceFact):
    """A resource was declared."""

    name: ClassVar[str] = "resources.added"


class ResourceChanged(ResourceFact):
    """Its description, hours, rules, tariffs or parts were changed."""

    name: ClassVar[str] = "resources.changed"


class ResourceRemoved(ResourceFact):
    """It is not offered any more."""

    name: ClassVar[str] = "resources.removed"


class PhotoAdded(ResourceFact):
    """A picture of it was added."""

    name: ClassVar[str] = "resources.photo_added"


class PhotoRemoved(ResourceFact):
    """A picture of it was removed."""

    name: ClassVar[str] = "resources.photo_removed"


class DayClosed(Fact):
    """A day was added to those that are closed."""

    name: ClassVar[str] = "resources.day_closed"
    object_kind: ClassVar[str] = "closed_day"


class DayReopened(Fact):
    """A closed day was taken back."""

    name: ClassVar[str] = "resources.day_reopened"
    object_kind: ClassVar[str] = "closed_day"
