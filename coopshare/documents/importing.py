"""What an import reads in a table, and what it shows of each line before anything is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from coopshare.documents.cells import Column, Row
from coopshare.documents.reading import RawLine, read_table, refused
from coopshare.kernel.errors import CoopShareError, Invalid
from coopshare.kernel.text import Sentence, Translate, enumerated, marked, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column of an import: its code, its heading, what to write in it, an example."""

    name: str
    title: str
    help: str
    example: str
    is_required: bool = False
    also: tuple[str, ...] = ()
    """Other headings that mean the same."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A line of the file: what was typed, by the code of its column."""

    number: int
    values: Mapping[str, str]


class Outcome(StrEnum):
    """What becomes of a line."""

    CREATED = "created"
    PRESENT = "present"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A line as the preview shows it."""

    number: int
    label: str
    """What the line is about."""
    outcome: Outcome
    notes: tuple[Sentence, ...] = ()
    problems: tuple[tuple[str, Sentence], ...] = ()
    """(heading of the column, why); no heading: the line as a whole."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Every line of a file, and what becomes of it."""

    lines: Sequence[Seen] = field(default_factory=tuple)

    def count(self, outcome: Outcome | str) -> int:
        """Return how many lines have an outcome."""
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def errors(self) -> list[Seen]:
        """Return the lines that are to be corrected."""
        return [line for line in self.lines if line.outcome is Outcome.ERROR]

    @property
    def is_possible(self) -> bool:
        """Tell whether all of it can be kept."""
        return not self.errors


def typed_lines(content: bytes, fields: Sequence[Field]) -> list[Typed]:
    """Return the lines of a file by the codes of its columns; raises `Invalid` on `file`.

    Headings are read without accents, capitals nor punctuation, in any order, in the words of
    the template or by their code.
    """
    rows = read_table(content)
    if not rows:
        raise refused(marked("Ce fichier ne contient que des notes : il n'y a rien à importer."))
    columns = _columns(rows[0], fields)
    if len(rows) == 1:
        raise refused(
            marked("Ce fichier n'a que ses titres de colonnes : aucune ligne à importer.")
        )
    return [
        Typed(
            row.number, {name: row.cells[at] for at, name in columns.items() if at < len(row.cells)}
        )
        for row in rows[1:]
    ]


def _columns(head: RawLine, fields: Sequence[Field]) -> dict[int, str]:
    known = {_key(said): one for one in fields for said in (one.title, one.name, *one.also)}
    found: dict[int, str] = {}
    for at, said in enumerate(head.cells):
        if not said:
            continue
        one = known.get(_key(said))
        if one is None:
            raise refused(
                marked("La colonne « {column} » n'est pas connue. Celles qui le sont : {known}."),
                column=said[:60],
                known=enumerated([f.title for f in fields]),
            )
        if one.name in found.values():
            raise refused(marked("La colonne « {column} » est là deux fois."), column=one.title)
        found[at] = one.name
    missing = [f.title for f in fields if f.is_required and f.name not in found.values()]
    if missing:
        raise refused(marked("Il manque la colonne {missing}."), missing=enumerated(missing))
    return found


def _key(heading: str) -> str:
    return " ".join(words(heading))


def template(
    fields: Sequence[Field], language: str, translate: Translate
) -> tuple[list[Column], list[Row]]:
    """Return the table to start from: headings, then notes that explain and show an example.

    Headings are those that `typed_lines` knows: the French ones, elsewhere the codes in words.
    """
    titles = [one.title if language == "fr" else one.name.replace("_", " ") for one in fields]
    columns = [
        Column(title, width=max(18, len(one.example) + 4))
        for title, one in zip(titles, fields, strict=True)
    ]
    needed, free = translate(marked("nécessaire")), translate(marked("facultatif"))
    helps = [f"{translate(one.help)} ({needed if one.is_required else free})" for one in fields]
    examples = [one.example for one in fields]
    such = translate(marked("Exemple :"))
    helps[0], examples[0] = f"# {helps[0]}", f"# {such} {examples[0]}"
    notes: list[Row] = [helps, examples]
    told = [translate(marked("# Les lignes qui commencent par # ne sont pas lues."))]
    return columns, [*notes, told + [None] * (len(fields) - 1)]


def chosen(value: str, options: Mapping[str, str]) -> str | None:
    """Return the code of a choice typed in words: its code, its French, or its acronym."""
    typed = _key(value)
    for code, said in options.items():
        names = {_key(code), _key(said), _key(said.partition("(")[0])}
        if "(" in said:
            names.add(_key(said.partition("(")[2]))
        if typed in names:
            return code
    return None


def problems_of(
    error: CoopShareError, fields: Sequence[Field], names: Mapping[str, str] | None = None
) -> tuple[tuple[str, Sentence], ...]:
    """Return a refusal as problems of a line; `names`: field of the refusal -> code of column."""
    titles = {one.name: one.title for one in fields}
    if isinstance(error, Invalid) and error.fields:
        return tuple(
            (titles.get((names or {}).get(name, name), ""), sentence)
            for name, sentences in error.fields.items()
            for sentence in sentences
        )
    return (("", error.sentence),)
