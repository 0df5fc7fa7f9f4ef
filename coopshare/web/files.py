"""A file that a browser or a program takes away."""

from typing import Protocol

from flask import Response


class File(Protocol):
    """What is needed of a file: its name (ASCII), its media type, its bytes."""

    @property
    def name(self) -> str:
        """Return the name it is kept under."""
        ...

    @property
    def media_type(self) -> str:
        """Return its media type."""
        ...

    @property
    def content(self) -> bytes:
        """Return its bytes."""
        ...


def download(file: File) -> Response:
    """Return a file to be kept, never shown in the page nor held by a proxy."""
    response = Response(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
