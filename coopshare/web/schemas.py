"""Base of the shapes that forms and JSON share: unknown fields refused, messages in French."""

import re
from datetime import date
from typing import Any, TypeVar

from marshmallow import RAISE, ValidationError, fields, validate
from marshmallow import Schema as MarshmallowSchema

from coopshare.kernel.text import Sentence, is_clean, marked, normalised

D = TypeVar("D", bound=date)

FAR = marked("Cette date est trop lointaine.")
REQUIRED = marked("Cette réponse est nécessaire.")
INTEGER_LIMIT = 2**31 - 1
WRITTEN = re.compile(r"-?[0-9]+")
"""A whole number as we read it: no other script's digits, no underscore."""

MESSAGES: dict[type[fields.Field[Any]], dict[str, str]] = {
    fields.Field: {
        "required": REQUIRED,
        "null": REQUIRED,
        "validator_failed": marked("Cette réponse ne convient pas."),
    },
    fields.String: {
        "invalid": marked("Écrivez un texte."),
        "invalid_utf8": marked("Ce texte contient des signes illisibles."),
    },
    fields.UUID: {"invalid_uuid": marked("Ce choix n'existe pas.")},
    fields.Number: {
        "invalid": marked("Écrivez un nombre."),
        "too_large": marked("Ce nombre est trop grand."),
    },
    fields.Integer: {"invalid": marked("Écrivez un nombre entier.")},
    fields.Boolean: {"invalid": marked("Répondez par oui ou par non.")},
    fields.DateTime: {
        "invalid": marked("Écrivez une date et une heure, par exemple 2027-03-10T09:00:00+01:00."),
        "invalid_awareness": marked("Cette heure n'a pas de fuseau horaire."),
        "format": marked("Cette date ne peut pas être écrite ainsi."),
    },
    fields.Date: {
        "invalid": marked("Écrivez une date, par exemple 2027-03-10."),
        "format": marked("Cette date ne peut pas être écrite ainsi."),
    },
    fields.Time: {
        "invalid": marked("Écrivez une heure, par exemple 09:30."),
        "format": marked("Cette heure ne peut pas être écrite ainsi."),
    },
    fields.List: {"invalid": marked("Donnez une liste.")},
    fields.Nested: {"type": marked("Cette partie n'a pas la forme attendue.")},
    fields.Enum: {"unknown": marked("Choisissez parmi les réponses proposées.")},
    fields.Email: {"invalid": marked("Cette adresse électronique n'est pas complète.")},
}

CHOOSE = MESSAGES[fields.Enum]["unknown"]
validate.OneOf.default_message = CHOOSE
validate.Length.message_min = marked("Il n'y en a pas assez.")
validate.Length.message_max = marked("Il y en a trop.")
validate.Length.message_all = marked("Il y en a trop, ou pas assez.")
"""Said without numbers: what is formatted by the library could not be translated."""

for _field, _messages in MESSAGES.items():
    _field.default_error_messages = {**_field.default_error_messages, **_messages}


class Schema(MarshmallowSchema):
    """Base of every schema."""

    class Meta:
        """Refuse what is not known."""

        unknown = RAISE

    error_messages = {  # noqa: RUF012 - declared on an instance by marshmallow
        "unknown": marked("Ce champ n'existe pas ici."),
        "type": marked("Cette demande n'a pas la forme attendue."),
    }

    def keeps_empty(self, name: str) -> bool:
        """Tell whether an empty answer of a form means an empty text, not no answer."""
        field = self.fields.get(name)
        return isinstance(field, fields.String) and field.load_default == ""


class Text(fields.String):
    """A text of at most so many characters, in NFC, without control characters."""

    def __init__(
        self, most: int, *, multiline: bool = False, least: int = 1, **options: Any
    ) -> None:
        if not options.get("required") and "load_default" not in options:
            options["load_default"] = ""
        self.multiline = multiline
        self.most = most
        self.least = least if options.get("required") else 0
        super().__init__(
            **options,
            metadata={"maxLength": most, "minLength": self.least} | options.pop("metadata", {}),
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = normalised(super()._deserialize(value, attr, data, **kwargs))
        if not is_clean(text, multiline=self.multiline):
            raise ValidationError(
                [marked("Ce texte contient des signes invisibles qui ne sont pas acceptés.")]
            )
        if len(text) < self.least:
            raise ValidationError([REQUIRED])
        if len(text) > self.most:
            sentence = Sentence(
                marked("Ce texte est trop long : {most} signes au plus."), {"most": self.most}
            )
            raise ValidationError([sentence])
        return text


class Between(validate.Range):
    """Two bounds, both allowed; the description of the API reads them."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(min=least, max=most)
        self.least, self.most = least, most
        message = marked("Écrivez un nombre entre {least} et {most}.")
        self.sentence = Sentence(message, {"least": least, "most": most})

    def __call__(self, value: Any) -> Any:
        """Let the number pass, or refuse it with a sentence that can be translated."""
        if not self.least <= value <= self.most:
            raise ValidationError([self.sentence])
        return value


class Whole(fields.Integer):
    """A whole number between two bounds; never a boolean, a fraction or a text in disguise."""

    def __init__(self, least: int = 0, most: int = INTEGER_LIMIT, **options: Any) -> None:
        super().__init__(validate=Between(least, most), **options)

    def _validated(self, value: Any) -> int:
        if isinstance(value, bool | float):
            raise self.make_error("invalid", input=value)
        if isinstance(value, str) and not WRITTEN.fullmatch(value.strip()):
            raise self.make_error("invalid", input=value)
        if isinstance(value, str) and len(value) > 20:  # noqa: PLR2004
            raise self.make_error("too_large", input=value)
        return super()._validated(value)


def _near(found: D) -> D:
    if not 2000 <= found.year < 2100:  # noqa: PLR2004
        raise ValidationError([FAR])
    return found


class Instant(fields.AwareDateTime):
    """An instant with its offset (RFC 3339), between the years 2000 and 2100."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return _near(super()._deserialize(value, attr, data, **kwargs))
        except OverflowError as error:
            raise ValidationError([FAR]) from error


class Day(fields.Date):
    """A day between the years 2000 and 2100."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return _near(super()._deserialize(value, attr, data, **kwargs))
        except OverflowError as error:
            raise ValidationError([FAR]) from error
