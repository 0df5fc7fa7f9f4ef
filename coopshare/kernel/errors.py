"""The refusals: what is not possible, said in one French sentence, without any notion of HTTP.

* CoopShareError
  x Invalid                 what was typed cannot be read or makes no sense
  x NotAuthenticated        nobody is known to be asking
  x Forbidden               not allowed, on something one may see
  x NotFound                does not exist, or may not be seen
  x Conflict                the state of things stands in the way
    + VersionMismatch       somebody changed it meanwhile
  x Refused                 a rule says no
  x TooMany                 too many attempts in too short a time
  x Busy                    the database does not answer now
    + Unavailable           it is away, full, or cannot be written

The message is at once the French sentence and its key in the English catalogue. Each class has its
own `code`; `docs/erreurs.md` has a section for each.
"""

from collections.abc import Mapping
from typing import ClassVar

from coopshare.kernel.text import Sentence, Translate, marked, same


class CoopShareError(Exception):
    """Base of every refusal: a code for programs, a sentence for people, data for both.

    `data` fills the named places of the message; `details` is data for programs (JSON).
    """

    code: ClassVar[str] = "error"
    message: ClassVar[str] = marked("Ce n'est pas possible.")

    def __init__(
        self,
        *,
        message: str | None = None,
        details: Mapping[str, object] | None = None,
        possible: Sentence | None = None,
        **data: object,
    ) -> None:
        self.sentence = Sentence(message or self.message, data)
        self.details = dict(details or {})
        self.possible = possible
        super().__init__(self.code)

    @property
    def data(self) -> Mapping[str, object]:
        """Return the values of the named places of the message."""
        return self.sentence.data

    def say(self, language: str = "fr", translate: Translate = same) -> str:
        """Say the whole refusal: what and which rule, then what is possible instead."""
        said = self.sentence.say(language, translate)
        if self.possible is not None:
            said = f"{said} {self.possible.say(language, translate)}"
        return said

    def __str__(self) -> str:
        return self.say()


class Invalid(CoopShareError):
    """What was typed cannot be used; `fields` says why, field by field."""

    code = "invalid"
    message = marked("Certaines réponses sont à corriger.")

    def __init__(
        self, fields: Mapping[str, list[Sentence]] | None = None, message: str | None = None
    ) -> None:
        super().__init__(message=message)
        self.fields = dict(fields or {})

    @classmethod
    def field(cls, name: str, message: str, **data: object) -> "Invalid":
        """Refuse one field, with one sentence."""
        return cls({name: [Sentence(message, data)]})

    def say(self, language: str = "fr", translate: Translate = same) -> str:
        """Say the sentences of the fields, or the general one where there is none."""
        said = [s.say(language, translate) for found in self.fields.values() for s in found]
        return " ".join(said) if said else super().say(language, translate)


class NotAuthenticated(CoopShareError):
    """Nobody is known to be asking."""

    code = "not_authenticated"
    message = marked("Connectez-vous pour continuer.")


class Forbidden(CoopShareError):
    """The actor may see the thing, not do this to it."""

    code = "forbidden"
    message = marked("Votre rôle ne permet pas de faire cela.")


class NotFound(CoopShareError):
    """The thing does not exist, or the actor may not see it: both read the same."""

    code = "not_found"
    message = marked("Cette page ou cet élément n'existe pas, ou plus.")


class Conflict(CoopShareError):
    """The present state of things stands in the way."""

    code = "conflict"
    message = marked("Ce n'est pas possible dans l'état actuel.")


class VersionMismatch(Conflict):
    """Somebody changed the thing since it was read."""

    code = "version_mismatch"
    message = marked(
        "Quelqu'un a modifié cet élément entre-temps."
        " Relisez-le, puis recommencez votre modification."
    )


class Refused(CoopShareError):
    """A rule of the cooperative, of the resource or of the law says no."""

    code = "refused"
    message = marked("Une règle ne permet pas cela.")


class TooMany(CoopShareError):
    """Too many attempts in too short a time."""

    code = "too_many"
    message = marked("Trop d'essais en peu de temps. Réessayez dans {wait}.")

    def __init__(self, *, retry_after: int, wait: object) -> None:
        super().__init__(wait=wait)
        self.retry_after = retry_after
        """Seconds before another attempt is heard."""


class Busy(CoopShareError):
    """The database does not answer now; nothing was kept, the same request may be sent again."""

    code = "busy"
    message = marked(
        "Le service est très occupé et n'a rien enregistré. Réessayez dans quelques secondes."
    )
    retry_after: ClassVar[int] = 5
    """Seconds before another attempt makes sense."""


class Unavailable(Busy):
    """The database is away, full, damaged or read-only: somebody has to see to it."""

    code = "unavailable"
    message = marked(
        "Le service ne peut ni lire ni écrire ses données en ce moment. Rien n'a été enregistré."
        " Réessayez dans une minute."
    )
    retry_after: ClassVar[int] = 30
