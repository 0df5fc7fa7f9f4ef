"""Shared posts by the JSON API."""

from coopshare.pooled_staff.api import group, leaves, placements, rota

blueprints = (group.blueprint, rota.blueprint, leaves.blueprint, placements.blueprint)

__all__ = ["blueprints"]
