"""Security headers on every answer, errors included (security.md's list: CSP, no-store, ...)."""

from uuid import uuid4

from flask import Flask, Response, g, request

CONTENT_SECURITY_POLICY = "; ".join(  # noqa: FLY002 - a list is read line by line
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "manifest-src 'self'",
    )
)


def identify() -> None:
    """Give the request an id that its log lines and its error page share."""
    g.request_id = uuid4().hex[:16]


def protect(response: Response) -> Response:
    """Add what browsers have to obey."""
    headers = response.headers
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    headers["X-Request-Id"] = g.get("request_id", "")
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static" and "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response


def install(app: Flask) -> None:
    """Plug both into the application."""
    app.before_request(identify)
    app.after_request(protect)
