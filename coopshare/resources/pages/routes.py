"""The blueprint of these pages, which each of their modules fills."""

from flask import Blueprint

blueprint = Blueprint("resources", __name__)
