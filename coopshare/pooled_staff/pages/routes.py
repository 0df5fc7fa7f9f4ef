"""The blueprint that the pages of shared posts register with."""

from flask import Blueprint

blueprint = Blueprint("team", __name__)
