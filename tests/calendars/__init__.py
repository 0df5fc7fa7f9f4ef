"""Tests of calendars: expected files, read back by icalendar."""
