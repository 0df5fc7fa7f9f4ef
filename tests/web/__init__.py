"""Tests of the toolbox of the surfaces."""
