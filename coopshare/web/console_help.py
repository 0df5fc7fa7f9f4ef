"""The help of commands in French: the few words that click says by itself."""

from collections.abc import Iterable, Mapping

import click

from coopshare.kernel.text import Sentence, marked

SECTIONS = {"Commands": "Commandes", "Positional arguments": "Arguments"}
METAVARS = {"COMMAND [ARGS]...": "COMMANDE [ARGUMENTS]..."}
VALUES = {
    " INTEGER RANGE": " NOMBRE",
    " INTEGER": " NOMBRE",
    " TEXT": " TEXTE",
    " FILENAME": " FICHIER",
    " FILE": " FICHIER",
    " PATH": " CHEMIN",
}
WORDS = {
    "Show this message and exit.": "Montrer cette aide.",
    "[default: ": "[par défaut : ",
    "[required]": "[nécessaire]",
    "; required]": " ; nécessaire]",
}


class FrenchFormatter(click.HelpFormatter):
    """Writes the help of a command, with click's own words in French."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the first line."""
        for english, french in METAVARS.items():
            args = args.replace(english, french)
        super().write_usage(prog, args, prefix or "Emploi : ")

    def write_heading(self, heading: str) -> None:
        """Write the title of a part."""
        self.write(f"{'':>{self.current_indent}}{SECTIONS.get(heading, heading)} :\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write options or commands, each with what it does."""
        super().write_dl(
            [(_replaced(name, VALUES), _replaced(said, WORDS)) for name, said in rows],
            col_max,
            col_spacing,
        )


def _replaced(said: str, words: Mapping[str, str]) -> str:
    for english, french in words.items():
        said = said.replace(english, french)
    return said


def expected(error: click.BadParameter) -> Sentence:
    """Say what the value of an option has to be."""
    match error.param.type if error.param else None:
        case click.Choice() as choice:
            known = ", ".join(map(str, choice.choices))
            return Sentence(marked("choisissez parmi {known}."), {"known": known})
        case click.IntRange() as bounds:
            message = marked("écrivez un nombre entier de {least} à {most}.")
            return Sentence(message, {"least": bounds.min, "most": bounds.max})
        case click.types.IntParamType():
            return Sentence(marked("écrivez un nombre entier."))
        case _:
            return Sentence("{said}", {"said": error.message})


def install() -> None:
    """Write the help of every command this way."""
    click.Context.formatter_class = FrenchFormatter
