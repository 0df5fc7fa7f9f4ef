"""What happened to shared posts. `name` is kept for ever: never rename one."""

from dataclasses import dataclass
from typing import ClassVar

from coopshare.kernel.facts import Fact
from coopshare.kernel.text import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerSet(Fact):
    """Who employs, and under which rules, was said."""

    name: ClassVar[str] = "employer.set"
    object_kind: ClassVar[str] = "employer"
    said: ClassVar[str] = marked("{who} a mis à jour la fiche d'un employeur de postes partagés.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChanged(Fact):
    """A member, a site, a journey or an agreed rule was added or ended."""

    name: ClassVar[str] = "employer.changed"
    object_kind: ClassVar[str] = "employer"
    said: ClassVar[str] = marked("{who} a mis à jour un groupement d'employeurs.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionSet(Fact):
    """A shared post was declared or changed."""

    name: ClassVar[str] = "position.set"
    object_kind: ClassVar[str] = "position"
    said: ClassVar[str] = marked("{who} a mis à jour un poste partagé.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerAdded(Fact):
    """Somebody works for several members."""

    name: ClassVar[str] = "worker.added"
    object_kind: ClassVar[str] = "worker"
    said: ClassVar[str] = marked("{who} a déclaré une personne partagée.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractWritten(Fact):
    """A contract, or its next version, was written."""

    name: ClassVar[str] = "contract.written"
    object_kind: ClassVar[str] = "worker"
    said: ClassVar[str] = marked("{who} a écrit un contrat ou un avenant.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementDrawn(Fact):
    """A convention, or its next version, was drafted."""

    name: ClassVar[str] = "placement.drawn"
    object_kind: ClassVar[str] = "placement"
    said: ClassVar[str] = marked("{who} a préparé une convention de mise à disposition.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementSent(Fact):
    """A version was sent to be accepted."""

    name: ClassVar[str] = "placement.sent"
    object_kind: ClassVar[str] = "placement"
    said: ClassVar[str] = marked("{who} a envoyé une convention de mise à disposition.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementSigned(Fact):
    """A side accepted a version."""

    name: ClassVar[str] = "placement.signed"
    object_kind: ClassVar[str] = "placement"
    said: ClassVar[str] = marked("{who} a accepté une convention de mise à disposition.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementEnded(Fact):
    """A convention was ended before its term."""

    name: ClassVar[str] = "placement.ended"
    object_kind: ClassVar[str] = "placement"
    said: ClassVar[str] = marked("{who} a mis fin à une convention de mise à disposition.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaPublished(Fact):
    """Somebody's half-days were published, moved or called off."""

    name: ClassVar[str] = "rota.published"
    object_kind: ClassVar[str] = "worker"
    said: ClassVar[str] = marked("{who} a publié un planning d'équipe.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveAsked(Fact):
    """Somebody asked to be absent."""

    name: ClassVar[str] = "leave.asked"
    object_kind: ClassVar[str] = "leave"
    said: ClassVar[str] = marked("{who} a demandé une absence.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveDecided(Fact):
    """An absence was accepted or refused."""

    name: ClassVar[str] = "leave.decided"
    object_kind: ClassVar[str] = "leave"
    said: ClassVar[str] = marked("{who} a répondu à une demande d'absence.")
