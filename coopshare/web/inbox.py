"""How much waits for whoever asks: one statement, where the menu says so."""

from flask import Flask, g
from sqlalchemy import union_all

from coopshare.kernel.errors import CoopShareError
from coopshare.kernel.inbox import Source
from coopshare.web.context import actor, reading

SOURCES: list[Source] = []
"""What may wait for somebody, in the order it is shown: plugged in by app.py."""


def waiting() -> int:
    """Return how many things wait for the actor; 0 where nobody can say."""
    if "inbox_count" not in g:
        g.inbox_count = _counted()
    found: int = g.inbox_count
    return found


def _counted() -> int:
    who = actor()
    if who.cooperative_id is None or not SOURCES:
        return 0
    try:
        with reading() as work:
            counts = [source.count(who, work.now) for source in SOURCES]
            return sum(work.session.scalars(union_all(*counts)))
    except CoopShareError:
        return 0  # the page that says what is wrong has a menu too


def install(app: Flask) -> None:
    """Have templates know it."""
    app.jinja_env.globals |= {"things_waiting": waiting}
