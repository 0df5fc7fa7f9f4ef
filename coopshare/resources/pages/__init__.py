"""The pages of resources."""

from coopshare.resources.pages import reading
from coopshare.resources.pages.routes import blueprint

__all__ = ["blueprint", "reading"]
