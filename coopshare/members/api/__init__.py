"""The operations of members."""

from coopshare.members.api import account, organisations, people, settings
from coopshare.members.api.routes import blueprint

__all__ = ["account", "blueprint", "organisations", "people", "settings"]
