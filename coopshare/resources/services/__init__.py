"""The verbs of this package, and the questions other packages ask about a resource."""

from coopshare.resources.approval import Reason, Reasons, has_rules, reasons_for, rules_said, said
from coopshare.resources.holidays import ClosedCalendar, public_holidays
from coopshare.resources.hours import open_spans
from coopshare.resources.options import option_breaches
from coopshare.resources.pictures import MOST_BYTES
from coopshare.resources.pictures import read as read_picture
from coopshare.resources.rules import Hours, Use, breaches, first_start
from coopshare.resources.services.asking import (
    is_approved_by,
    is_managed_by,
    is_offered_to,
)
from coopshare.resources.services.days import add_closed_day, remove_closed_day
from coopshare.resources.services.editing import (
    AROUND_PARTS,
    BEFORE_LOWERING,
    change,
    create,
    declare,
    remove,
    set_parts,
)
from coopshare.resources.services.labels import label, renew_label
from coopshare.resources.services.photos import add_photo, remove_photo
from coopshare.resources.services.quota_wording import said_quota
from coopshare.resources.services.quotas import allow_quota, end_quota, quota, set_quota

__all__ = [
    "AROUND_PARTS",
    "BEFORE_LOWERING",
    "MOST_BYTES",
    "ClosedCalendar",
    "Hours",
    "Reason",
    "Reasons",
    "Use",
    "add_closed_day",
    "add_photo",
    "allow_quota",
    "breaches",
    "change",
    "create",
    "declare",
    "end_quota",
    "first_start",
    "has_rules",
    "is_approved_by",
    "is_managed_by",
    "is_offered_to",
    "label",
    "open_spans",
    "option_breaches",
    "public_holidays",
    "quota",
    "read_picture",
    "reasons_for",
    "remove",
    "remove_closed_day",
    "remove_photo",
    "renew_label",
    "rules_said",
    "said",
    "said_quota",
    "set_parts",
    "set_quota",
]
