"""Secrets that machines hold: 256 bits, shown once, of which only the SHA-256 is kept."""

import hashlib
import secrets

BYTES = 32
LONGEST = 100
"""No token of ours is longer: what is longer is not looked for."""


def new() -> str:
    """Return a new token."""
    return secrets.token_urlsafe(BYTES)


def hashed(token: str) -> str:
    """Return what is kept of a token: its SHA-256, in hexadecimal.

    A fast hash is enough: there is nothing to guess in 256 random bits.
    """
    return hashlib.sha256(token[:LONGEST].encode("utf-8", "surrogatepass")).hexdigest()
