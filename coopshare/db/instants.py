"""Arithmetic on instants inside a statement, the same on both engines."""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from coopshare.db.base import UTCDateTime


class Earlier(FunctionElement[datetime]):
    """An instant less a number of seconds that stands in a column."""

    name = "earlier"
    type = UTCDateTime()
    inherit_cache = True


def earlier(instant: datetime | BindParameter[datetime], seconds: Any) -> ColumnElement[datetime]:
    """Return the SQL expression of `instant` less the whole seconds of a column."""
    is_bound = isinstance(instant, BindParameter)
    return Earlier(instant if is_bound else literal(instant, UTCDateTime()), seconds)


@compiles(Earlier, "sqlite")
def _on_sqlite(element: Earlier, compiler: SQLCompiler, **kw: Any) -> str:
    instant, seconds = (compiler.process(clause, **kw) for clause in element.clauses)
    return (
        f"(strftime('%Y-%m-%d %H:%M:%S', {instant}, '-' || {seconds} || ' seconds') || '.000000')"
    )


@compiles(Earlier, "postgresql")
def _on_postgresql(element: Earlier, compiler: SQLCompiler, **kw: Any) -> str:
    instant, seconds = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(CAST({instant} AS timestamptz) - make_interval(secs => {seconds}))"
