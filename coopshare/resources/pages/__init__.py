"""The pages of resources."""

from coopshare.resources.pages import (
    days,
    editing,
    importing,
    labels,
    photos,
    quotas,
    reading,
    tariffs,
)
from coopshare.resources.pages.routes import blueprint

__all__ = [
    "blueprint",
    "days",
    "editing",
    "importing",
    "labels",
    "photos",
    "quotas",
    "reading",
    "tariffs",
]
