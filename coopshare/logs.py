"""Logs: one line per event, readable or JSON, with the id of the request, without any token."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, has_request_context, request

Event = MutableMapping[str, Any]
LONGEST = 2000
"""Characters of one value: whatever is quoted, a line stays a line."""

access = logging.getLogger("coopshare.access")


def _with_request(_logger: object, _name: str, event: Event) -> Event:
    if has_request_context() and g.get("request_id"):
        event["request_id"] = g.request_id
    return event


def _shortened(_logger: object, _name: str, event: Event) -> Event:
    for name, value in event.items():
        if isinstance(value, str) and len(value) > LONGEST and name != "exception":
            event[name] = value[:LONGEST] + "…"
    return event


def configure(kind: str) -> None:
    """Send what is logged to the standard error, as "text" or as "json" lines."""
    before: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_request,
        _shortened,
    ]
    drawn: list[Any] = (
        [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
        if kind == "json"
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *drawn],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("coopshare").setLevel(logging.INFO if kind == "json" else logging.WARNING)


def install(app: Flask) -> None:
    """Log each request: the pattern of its address, never the address (it may hold a token)."""

    @app.after_request
    def log_request(response: Response) -> Response:
        pattern = request.url_rule.rule if request.url_rule else "-"
        access.info(
            "request",
            extra={"method": request.method, "route": pattern, "status": response.status_code},
        )
        return response
