"""What a person is told, whatever carries it: mail today, a digest or a webhook later."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from coopshare.kernel.text import Sayable, Sentence, Translate, same, say

Words: TypeAlias = str | Sentence | Sayable
"""What can be said: a sentence or a span, in the language of whoever reads; a name, as it is."""


class Topic(StrEnum):
    """What a message is about: people choose of some whether and when they get them."""

    ALWAYS = "always"
    """Told at once, to everybody it is for."""
    NEWS = "news"
    """Confirms what its reader did: at once, once a week, or not at all."""
    DEADLINE = "deadline"
    """Reminds of an answer that is due: or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that people may want to be reminded of before it comes."""

    job: str
    """The kind of the job that reminds of it; payload: `id`, and `at` in ISO 8601."""
    cooperative_id: UUID
    object_id: UUID
    person_id: UUID | None
    """Who is reminded, as long before as they choose; None: whoever it concerns, a day before."""
    at: datetime
    since: datetime
    """When it was last made so: nobody is reminded of what they just did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that travels with a notice."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a package says to one person, in plain parts: `notifications` lays it out.

    Every part is plain text, said in the person's language when it leaves; nothing in it is markup.
    """

    to: str
    subject: Words
    paragraphs: tuple[Words, ...]
    greeting: Words = ""
    """« Bonjour Claire, »; none: the message begins at once."""
    details: tuple[tuple[Words, Words], ...] = ()
    """What a reader looks up: ("Quand", "mardi 10 mars, 9 h – 12 h"), ("Où", …)."""
    action: tuple[Words, str] | None = None
    """The one thing to do next: (label, absolute address)."""
    after: tuple[Words, ...] = ()
    """Paragraphs after the details and the action."""
    sender: str = ""
    """The cooperative in whose name it is said."""
    language: str = "fr"
    attachments: tuple[Attachment, ...] = ()
    calendar: bytes | None = None
    """An iCalendar object (METHOD:PUBLISH): shown by mail readers, and attached as a file."""
    topic: Topic = Topic.ALWAYS

    def said(self, translate: Translate = same) -> "Message":
        """Return the message with every part said in its language."""

        def words(value: Words) -> str:
            return say(value, self.language, translate)

        return replace(
            self,
            subject=words(self.subject),
            greeting=words(self.greeting),
            paragraphs=tuple(words(one) for one in self.paragraphs),
            details=tuple((words(label), words(value)) for label, value in self.details),
            action=(words(self.action[0]), self.action[1]) if self.action else None,
            after=tuple(words(one) for one in self.after),
        )


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
