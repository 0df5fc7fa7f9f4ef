"""Shared posts by the JSON API."""

from coopshare.pooled_staff.api import leaves, rota

blueprints = (rota.blueprint, leaves.blueprint)

__all__ = ["blueprints"]
