"""What a person is told, whatever carries it: mail today, a digest or a webhook later."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that travels with a notice."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to one address: `text` and `html` say the same."""

    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    calendar: bytes | None = None
    """An iCalendar object shown by mail readers next to the text (METHOD:PUBLISH)."""
