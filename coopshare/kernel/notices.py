"""What a person is told, whatever carries it: mail today, a digest or a webhook later."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that travels with a notice."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a package says to one person, in plain parts: `notifications` lays it out.

    Every part is plain text, already in the person's language; nothing in it is markup.
    """

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    greeting: str = ""
    """« Bonjour Claire, »; none: the message begins at once."""
    details: tuple[tuple[str, str], ...] = ()
    """What a reader looks up: ("Quand", "mardi 10 mars, 9 h – 12 h"), ("Où", …)."""
    action: tuple[str, str] | None = None
    """The one thing to do next: (label, absolute address)."""
    after: tuple[str, ...] = ()
    """Paragraphs after the details and the action."""
    sender: str = ""
    """The cooperative in whose name it is said."""
    language: str = "fr"
    attachments: tuple[Attachment, ...] = ()
    calendar: bytes | None = None
    """An iCalendar object (METHOD:PUBLISH): shown by mail readers, and attached as a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to one address, laid out: `text` and `html` say the same."""

    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    calendar: bytes | None = None
    """An iCalendar object shown by mail readers next to the text (METHOD:PUBLISH)."""
