"""What happened to resources."""

from typing import ClassVar

from coopshare.kernel.facts import Fact
from coopshare.kernel.text import marked


class ResourceFact(Fact):
    """Base of what happens to a resource."""

    object_kind: ClassVar[str] = "resource"


class ResourceAdded(ResourceFact):
    """A resource was declared."""

    name: ClassVar[str] = "resources.added"
    said: ClassVar[str] = marked("{who} a ajouté une ressource.")


class ResourceChanged(ResourceFact):
    """Its description, hours, rules, tariffs or parts were changed."""

    name: ClassVar[str] = "resources.changed"
    said: ClassVar[str] = marked("{who} a modifié une ressource.")


class ResourceRenamed(ResourceFact):
    """Its name, its kind or where it is changed, and maybe more with it: calendars tell these."""

    name: ClassVar[str] = "resources.renamed"
    said: ClassVar[str] = marked("{who} a changé le nom ou le lieu d'une ressource.")


class QuotaSet(Fact):
    """A quota was set or changed."""

    object_kind: ClassVar[str] = "quota"
    name: ClassVar[str] = "quotas.set"
    said: ClassVar[str] = marked("{who} a fixé un quota.")


class QuotaEnded(Fact):
    """A quota counts no more."""

    object_kind: ClassVar[str] = "quota"
    name: ClassVar[str] = "quotas.ended"
    said: ClassVar[str] = marked("{who} a fait cesser un quota.")


class ResourceRemoved(ResourceFact):
    """It is not offered any more."""

    name: ClassVar[str] = "resources.removed"
    said: ClassVar[str] = marked("{who} a retiré une ressource du catalogue.")


class PhotoAdded(ResourceFact):
    """A picture of it was added."""

    name: ClassVar[str] = "resources.photo_added"
    said: ClassVar[str] = marked("{who} a ajouté une photo à une ressource.")


class PhotoRemoved(ResourceFact):
    """A picture of it was removed."""

    name: ClassVar[str] = "resources.photo_removed"
    said: ClassVar[str] = marked("{who} a retiré une photo d'une ressource.")


class DayClosed(Fact):
    """A day was added to those that are closed."""

    name: ClassVar[str] = "resources.day_closed"
    said: ClassVar[str] = marked("{who} a ajouté un jour fermé.")
    object_kind: ClassVar[str] = "closed_day"


class DayReopened(Fact):
    """A closed day was taken back."""

    name: ClassVar[str] = "resources.day_reopened"
    said: ClassVar[str] = marked("{who} a retiré un jour fermé.")
    object_kind: ClassVar[str] = "closed_day"


class LabelRenewed(ResourceFact):
    """Its label was given up for another."""

    name: ClassVar[str] = "resources.label_renewed"
    said: ClassVar[str] = marked("{who} a refait l'étiquette d'une ressource.")
