"""Tables of shared posts: who employs, who shares, who works where, under what."""

from coopshare.pooled_staff.models.group import (
    Employer,
    EmployerRule,
    GroupMember,
    Journey,
    Site,
)
from coopshare.pooled_staff.models.people import (
    Contract,
    ContractPlace,
    ContractUser,
    Position,
    Worker,
)
from coopshare.pooled_staff.models.placements import (
    Placement,
    PlacementSignature,
    PlacementVersion,
)
from coopshare.pooled_staff.models.rota import Assignment, Leave, PatternLine

__all__ = [
    "Assignment",
    "Contract",
    "ContractPlace",
    "ContractUser",
    "Employer",
    "EmployerRule",
    "GroupMember",
    "Journey",
    "Leave",
    "PatternLine",
    "Placement",
    "PlacementSignature",
    "PlacementVersion",
    "Position",
    "Site",
    "Worker",
]
