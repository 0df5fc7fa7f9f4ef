"""The pages of members."""

from coopshare.members.pages import (
    access,
    account,
    administration,
    importing,
    organisation,
    people,
    settings,
)
from coopshare.members.pages.routes import blueprint

__all__ = [
    "access",
    "account",
    "administration",
    "blueprint",
    "importing",
    "organisation",
    "people",
    "settings",
]
