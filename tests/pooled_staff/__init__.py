"""Tests of pooled staff."""
