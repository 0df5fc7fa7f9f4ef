"""The tests of bookings."""
