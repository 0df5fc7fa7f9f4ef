"""What a demonstration is made of: plain descriptions, turned into rows by `build.py`."""

from dataclasses import dataclass, field

from coopshare.kernel.actor import Role
from coopshare.members.kinds import CooperativeKind, OrganisationKind, Standing
from coopshare.resources.kinds import ResourceKind, TariffUnit

PASSWORD = "phare-mutualise-2026"  # noqa: S105 - of demonstration accounts only, told to everybody

Hours = tuple[tuple[int, int, int], ...]
"""(weekday, opens, closes): 0 is Monday, minutes of the local day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPlan:
    """An account."""

    email: str
    name: str
    roles: tuple[Role, ...] = (Role.MEMBER,)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationPlan:
    """A member of the cooperative. `key` names it in the other plans."""

    key: str
    name: str
    kind: OrganisationKind
    standing: Standing
    number: int
    """Makes its fictitious SIRET; 0: none."""
    address: str = ""
    people: tuple[PersonPlan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffPlan:
    """One line of the tariffs of a resource."""

    cents: int
    unit: TariffUnit
    standing: Standing | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePlan:
    """Something to be shared. `key` names it in the other plans."""

    key: str
    name: str
    kind: ResourceKind
    owner: str
    description: str
    manager: str = ""
    """Empty: the owner."""
    quantity: int = 1
    capacity: int | None = None
    location: str = ""
    address: str = ""
    access: str = ""
    features: tuple[str, ...] = ()
    hours: Hours = ()
    parts: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    shortest: int | None = None
    longest: int | None = None
    step: int = 30
    slots: tuple[tuple[int, int], ...] = ()
    notice: int = 0
    horizon: int | None = 365
    standings: tuple[Standing, ...] = ()
    needs_approval: bool = False
    closed_on_holidays: bool = True
    closed_in_school_holidays: bool = False
    billed_by: TariffUnit = TariffUnit.HOUR
    occasions: tuple[str, ...] = ()
    """Titles of the single bookings that befit it; empty: any of the cooperative's."""
    tariffs: tuple[TariffPlan, ...] = ()
    picture: str = ""
    """Name of a drawing of `pictures.py`; empty: none."""
    picture_says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HabitPlan:
    """Something an organisation does again and again: becomes bookings of a season."""

    organisation: str
    title: str
    lines: tuple[tuple[str, int], ...]
    """(resource, quantity)."""
    weekday: int
    starts: int
    minutes: int
    every: int = 1
    """Weeks."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosurePlan:
    """Works: resources that cannot be used for some days, from today on (negative: in the past)."""

    resources: tuple[str, ...]
    reason: str
    in_days: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CooperativePlan:
    """A whole cooperative."""

    slug: str
    name: str
    kind: CooperativeKind
    timezone: str
    holiday_area: str = "FR"
    school_zone: str | None = None
    organisations: tuple[OrganisationPlan, ...] = ()
    resources: tuple[ResourcePlan, ...] = ()
    habits: tuple[HabitPlan, ...] = ()
    occasions: tuple[str, ...] = ()
    """Titles of single bookings."""
    single_bookings: int = 0
    closures: tuple[ClosurePlan, ...] = ()
    closed_days: tuple[tuple[int, str], ...] = field(default=())
    """(days from today, reason)."""
    closed_dates: tuple[tuple[int, int, str], ...] = ()
    """(month, day, reason), each year."""


def weekdays(opens: int, closes: int, days: range = range(5)) -> Hours:
    """Return the same opening hours, in whole hours, on several weekdays."""
    return tuple((day, opens * 60, closes * 60) for day in days)
