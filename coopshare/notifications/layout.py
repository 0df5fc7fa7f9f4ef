"""Lays a message out as text and as HTML, one layout for everything CoopShare writes."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from coopshare.kernel.notices import Message, Notice
from coopshare.kernel.text import Translate, marked, same
from coopshare.paths import shipped

ALONE = marked("Ce message est envoyé par CoopShare. Personne ne lit les réponses.")
FOOTER = marked("Ce message est envoyé par CoopShare pour {sender}. Personne ne lit les réponses.")


@cache
def _environment() -> Environment:
    # Only the HTML template is escaped: the other one is plain text, read as it is.
    return Environment(
        loader=FileSystemLoader(shipped("templates")),
        autoescape=select_autoescape(["html"], default=False, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def laid_out(message: Message, translate: Translate = same) -> Notice:
    """Return the message as mail carries it, in its language; what people wrote stays text."""
    said = message.said(translate)
    footer = translate(FOOTER).format(sender=message.sender) if message.sender else translate(ALONE)
    colon = {"fr": " : ", "en": ": "}[message.language]
    texts = [
        _environment().get_template(name).render(message=said, footer=footer, colon=colon)
        for name in ("mail/base.txt", "mail/base.html")
    ]
    return Notice(
        to=message.to,
        subject=str(said.subject),
        text=texts[0],
        html=texts[1],
        attachments=message.attachments,
        calendar=message.calendar,
    )
