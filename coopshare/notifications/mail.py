"""How a notice leaves as a mail: SMTP, SMTP over TLS, or a folder of .eml files."""

import os
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from coopshare.db.outbox import GiveUp
from coopshare.kernel.notices import Notice

TIMEOUT = 20
"""Seconds a mail server may take to answer."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
PERMANENT = 500
"""SMTP replies from here on will be the same next time."""


class Carrier(Protocol):
    """Takes a mail away."""

    def carry(self, mail: EmailMessage) -> None:
        """Take it away, or raise; `GiveUp` when trying again is of no use."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """Keeps mails as .eml files, one per Message-ID: the same one twice is one file."""

    path: Path

    def carry(self, mail: EmailMessage) -> None:
        """Write the mail under its own name, whole or not at all."""
        self.path.mkdir(parents=True, exist_ok=True)
        name = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        draft = self.path / f".{name}.{os.getpid()}"
        draft.write_bytes(mail.as_bytes(policy=SMTP))
        draft.replace(self.path / f"{name}.eml")


@dataclass(frozen=True, slots=True)
class Smtp:
    """Hands mails to a server: TLS from the start (smtps), or as soon as it offers it."""

    url: SplitResult

    def carry(self, mail: EmailMessage) -> None:
        """Send the mail; an address the server refuses for good is given up."""
        try:
            with self._connected() as server:
                if self.url.username:
                    server.login(unquote(self.url.username), unquote(self.url.password or ""))
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            replies = [reply for reply, _ in error.recipients.values()]
            if replies and all(reply >= PERMANENT for reply in replies):
                raise GiveUp("The mail server refuses the address.") from error
            raise

    def _connected(self) -> smtplib.SMTP:
        host = self.url.hostname or ""
        secure = ssl.create_default_context()
        if self.url.scheme == "smtps":
            return smtplib.SMTP_SSL(host, self.url.port or 465, timeout=TIMEOUT, context=secure)
        server = smtplib.SMTP(host, self.url.port or 25, timeout=TIMEOUT)
        server.ehlo()
        if server.has_extn("starttls") and host not in LOCAL:
            server.starttls(context=secure)
            server.ehlo()
        return server


def carrier(url: str) -> Carrier:
    """Return what COOPSHARE_MAIL_URL names."""
    if url.startswith("file:"):
        return Folder(Path(url.removeprefix("file:").removeprefix("//")))
    return Smtp(urlsplit(url))


def compose(notice: Notice, *, sender: str, message_id: str, sent_at: datetime) -> EmailMessage:
    """Return the mail: text and HTML that say the same, then the calendar and the files.

    `message_id` is the part before the at sign: the same for the same job, so that a mail sent
    twice is one mail. Raises `GiveUp` when the address cannot be one.
    """
    name, address = parseaddr(sender)
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = Address(_line(name), addr_spec=address)
        mail["To"] = Address(addr_spec=notice.to)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise GiveUp("This is not a mail address.") from error
    mail["Subject"] = _line(notice.subject)
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = f"<{message_id}@{address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(notice.text, cte="quoted-printable")
    mail.add_alternative(notice.html, subtype="html", cte="quoted-printable")
    if notice.calendar is not None:
        mail.add_alternative(
            notice.calendar.decode(),
            subtype="calendar",
            params={"method": "PUBLISH"},
            cte="base64",
        )
        mail.add_attachment(
            notice.calendar,
            maintype="application",
            subtype="ics",
            filename="reservation.ics",
        )
    for attachment in notice.attachments:
        maintype, _, subtype = attachment.content_type.partition("/")
        mail.add_attachment(
            attachment.content,
            maintype=maintype,
            subtype=subtype,
            filename=_line(attachment.filename),
        )
    return mail


def _line(text: str) -> str:
    """Return a text on one line: nothing typed by a person becomes another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
