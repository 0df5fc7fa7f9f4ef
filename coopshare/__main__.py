"""`python -m coopshare`: the `coopshare` command."""

from coopshare.cli import entry

entry()
