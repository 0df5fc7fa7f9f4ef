"""The pages of resources."""

from coopshare.resources.pages import days, editing, photos, reading
from coopshare.resources.pages.routes import blueprint

__all__ = ["blueprint", "days", "editing", "photos", "reading"]
