"""Importing a table: the template, the file, the preview of every line, then all of it or nothing.

Each package that imports something describes it by an `Importer`; the pages, the operations and the
commands are the same for all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
from uuid import UUID

import click
from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields

from coopshare.db.files import keep_file, kept_file
from coopshare.db.work import Work
from coopshare.documents.importing import Field, Outcome, Preview, Seen, template
from coopshare.documents.reading import MOST_BYTES, refused
from coopshare.documents.tables import CSV_TYPE, XLSX_TYPE, table_csv, table_xlsx
from coopshare.kernel.errors import Conflict, Refused
from coopshare.kernel.text import Sentence, marked
from coopshare.web.console import Console
from coopshare.web.context import reading, write
from coopshare.web.files import download
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, language, say
from coopshare.web.schemas import Schema

L = TypeVar("L")

OUTCOMES = {
    Outcome.CREATED: ("free", marked("À créer")),
    Outcome.PRESENT: ("info", marked("Déjà là")),
    Outcome.ERROR: ("late", marked("À corriger")),
}
"""Each outcome: how it is drawn, and its words."""


class ImportRefused(Refused):
    """Some lines cannot be imported: then none is."""

    code = "import_refused"
    message = marked(
        "Rien n'a été importé. Lignes à corriger : {count}. Corrigez-les, puis recommencez."
    )

    def __init__(self, preview: Preview) -> None:
        super().__init__(
            count=len(preview.errors),
            details={"lines": [as_json(line) for line in preview.errors]},
        )
        self.preview = preview


class AlreadyImported(Conflict):
    """The file was imported already."""

    code = "already_imported"
    message = marked("Ce fichier est déjà importé. Pour en importer un autre, envoyez-le.")


class UploadSchema(Schema):
    """The form that sends a file."""

    file = fields.Raw(load_default=None)


class LineSchema(Schema):
    """A line of the file, and what becomes of it."""

    line = fields.Integer(required=True)
    label = fields.String(required=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    notes = fields.List(fields.String(), required=True)
    problems = fields.List(fields.Dict(), required=True)


class PreviewSchema(Schema):
    """What an import does, or would do."""

    applied = fields.Boolean(required=True)
    created = fields.Integer(required=True)
    present = fields.Integer(required=True)
    errors = fields.Integer(required=True)
    lines = fields.List(fields.Nested(LineSchema), required=True)


class DryRunSchema(Schema):
    """Whether to look only."""

    dry_run = fields.Boolean(load_default=False)


FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("text/csv", XLSX_TYPE)
        },
    }
}
"""What the description of the API says of the body: the file itself."""


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer(Generic[L]):
    """What is imported, and by which verbs."""

    purpose: str
    """Its word in addresses of endpoints and in the store of files: "members"."""
    file_name: str
    """The name of the template, without its suffix."""
    title: str
    lead: str
    about: Sequence[str]
    """Sentences that say what the import does, and what it leaves alone."""
    fields: Sequence[Field]
    read: Callable[[bytes], Sequence[L]]
    """Bytes to lines; raises `Invalid` on `file`."""
    preview: Callable[[Work, Sequence[L]], Preview]
    apply: Callable[[Work, Sequence[L]], Preview]
    """Do all of it; a preview with errors is returned as it is, and nothing may be kept."""
    endpoint: str
    """Of the page that takes the file; with `_preview`, `_apply` and `_template` after it."""
    after: str
    """Endpoint of the page to go to once it is done."""
    done: str = field(
        default=marked("C'est importé. Lignes ajoutées : {created}. Déjà là : {present}.")
    )

    def run(self, work: Work, content: bytes) -> Preview:
        """Import a file; raises `ImportRefused`, and then nothing is kept."""
        found = self.apply(work, self.read(content))
        if not found.is_possible:
            raise ImportRefused(found)
        return found

    def look(self, work: Work, content: bytes) -> Preview:
        """Tell what an import would do."""
        return self.preview(work, self.read(content))

    # --- pages ---------------------------------------------------------------------------------

    def upload_page(self) -> ResponseReturnValue:
        """Show the way, or take a file and show what would become of it."""
        self._check()
        form = Form(UploadSchema())
        if form.is_submitted:
            with form.refusals():
                sent = request.files.get("file")
                if sent is None or not sent.filename:
                    raise refused(marked("Choisissez un fichier."))
                content, name = sent.stream.read(MOST_BYTES + 1), sent.filename
                self.read(content)  # what cannot be read at all is not kept
                kept = write(keep_file, self.purpose, name, content)
                return redirect(url_for(f"{self.endpoint}_preview", file_id=kept.id), 303)
        return render_template("imports/upload.html", form=form, importer=self), form.status

    def _check(self) -> None:
        """Refuse whoever may not import: they do not see the form either."""
        with reading() as work:
            self.preview(work, ())

    def preview_page(self, file_id: UUID) -> ResponseReturnValue:
        """Show what becomes of every line of a file that was sent."""
        with reading() as work:
            self.preview(work, ())
            kept = kept_file(work, file_id, self.purpose)
            if kept.used_at is not None:
                raise AlreadyImported
            return self._drawn(kept.name, file_id, self.look(work, kept.content))

    def _drawn(
        self, name: str, file_id: UUID, found: Preview, status: int = 200
    ) -> ResponseReturnValue:
        return render_template(
            "imports/preview.html",
            form=Form(UploadSchema()),
            importer=self,
            name=name,
            file_id=file_id,
            preview=found,
            outcomes=OUTCOMES,
        ), status

    def apply_page(self, file_id: UUID) -> ResponseReturnValue:
        """Import a file that was looked at."""

        def act(work: Work) -> Preview:
            self.preview(work, ())
            kept = kept_file(work, file_id, self.purpose, lock=True)
            if kept.used_at is not None:
                raise AlreadyImported
            found = self.run(work, kept.content)
            kept.used_at, kept.content = work.now, b""
            return found

        try:
            found = write(act)
        except ImportRefused as error:
            with reading() as work:
                name = kept_file(work, file_id, self.purpose).name
            return self._drawn(name, file_id, error.preview, 422)
        counts = {"created": found.count("created"), "present": found.count("present")}
        flash(say(Sentence(self.done, counts)))
        return redirect(url_for(self.after), 303)

    def template_file(self) -> Response:
        """Give the table to start from."""
        self._check()
        is_xlsx = request.args.get("format") == "xlsx"
        columns, rows = template(self.fields, language(), gettext)
        if is_xlsx:
            made = _File(
                f"{self.file_name}.xlsx", XLSX_TYPE, table_xlsx(self.file_name, columns, rows)
            )
        else:
            made = _File(f"{self.file_name}.csv", CSV_TYPE, table_csv(columns, rows))
        return download(made)

    # --- API and command -----------------------------------------------------------------------

    def operation(self, *, dry_run: bool) -> dict[str, Any]:
        """Import the body of this request, or tell what would become of it."""
        content = request.get_data(cache=True)
        if dry_run:
            with reading() as work:
                return self._told(self.look(work, content), applied=False)
        return self._told(write(self.run, content), applied=True)

    def _told(self, found: Preview, *, applied: bool) -> dict[str, Any]:
        lines = [said_line(line) for line in found.lines]
        return {"applied": applied, "lines": lines} | {
            name: found.count(outcome)
            for name, outcome in (
                ("created", Outcome.CREATED),
                ("present", Outcome.PRESENT),
                ("errors", Outcome.ERROR),
            )
        }

    def command(self, given: Console, file: Path, *, dry_run: bool) -> None:
        """Print every line: its number, what becomes of it, what it is about, why."""
        content = file.read_bytes()
        actor = given.actor()
        refusal = None
        if dry_run:
            with given.database.read(actor) as work:
                found = self.look(work, content)
            refusal = None if found.is_possible else ImportRefused(found)
        else:
            try:
                found = given.database.write(actor, self.run, content)
            except ImportRefused as error:
                found, refusal = error.preview, error
        for line in found.lines:
            why = [s.say(given.language, given.translate) for s in line.notes]
            why += [
                f"{title + ' : ' if title else ''}{s.say(given.language, given.translate)}"
                for title, s in line.problems
            ]
            click.echo("\t".join((str(line.number), line.outcome, line.label, " ".join(why))))
        if refusal is not None:
            raise refusal
        counts = {"created": found.count("created"), "present": found.count("present")}
        if dry_run:
            given.echo(
                marked("Rien n'est écrit. Lignes à ajouter : {created}. Déjà là : {present}."),
                **counts,
            )
        else:
            given.echo(self.done, **counts)


def as_json(line: Seen) -> dict[str, Any]:
    """Return a line as programs read it, its sentences still to be said."""
    return {
        "line": line.number,
        "label": line.label,
        "outcome": line.outcome.value,
        "notes": list(line.notes),
        "problems": [{"column": title, "detail": sentence} for title, sentence in line.problems],
    }


def said_line(line: Seen) -> dict[str, Any]:
    """Return a line as programs read it, in the language of the request."""
    return {
        "line": line.number,
        "label": line.label,
        "outcome": line.outcome,
        "notes": [say(note) for note in line.notes],
        "problems": [
            {"column": gettext(title), "detail": say(sentence)} for title, sentence in line.problems
        ],
    }
