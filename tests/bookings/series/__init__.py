"""Tests of series of bookings."""
