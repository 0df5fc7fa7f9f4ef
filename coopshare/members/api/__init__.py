"""The operations of members."""

from coopshare.members.api import account, importing, organisations, people, settings
from coopshare.members.api.routes import blueprint

__all__ = ["account", "blueprint", "importing", "organisations", "people", "settings"]
