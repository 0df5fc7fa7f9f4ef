"""Every package's tables: what Alembic and the application call "the schema"."""

from coopshare.bookings import models as bookings
from coopshare.bookings.handing import models as handing
from coopshare.calendars import models as calendars
from coopshare.db import models as db
from coopshare.db.base import Base
from coopshare.exchanges import models as exchanges
from coopshare.holds import models as holds
from coopshare.members import models as members
from coopshare.notifications import models as notifications
from coopshare.pooled_staff import models as pooled_staff
from coopshare.resources import models as resources

__all__ = [
    "bookings",
    "calendars",
    "db",
    "exchanges",
    "handing",
    "holds",
    "members",
    "metadata",
    "notifications",
    "pooled_staff",
    "resources",
]

metadata = Base.metadata
