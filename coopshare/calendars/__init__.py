"""Plannings and calendar subscriptions."""
