"""The number of an establishment (SIRET): 14 digits that check, La Poste's exception included."""

from stdnum.fr import siret as stdnum_siret

from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked

LENGTH = 14
LA_POSTE = "356000000"
"""SIREN of La Poste, whose establishments check by the sum of their digits, a multiple of five
(Insee, Sirene: "cas particulier de La Poste")."""
WRONG = marked("Ce numéro SIRET n'est pas juste : vérifiez ses 14 chiffres.")


def checked(number: str) -> str:
    """Return the 14 digits; raises `Invalid` on the field `siret`. Empty stays empty."""
    digits = "".join(c for c in number if not c.isspace() and c not in ".-\u202f\u00a0")
    if not digits:
        return ""
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()):
        raise Invalid.field("siret", WRONG)
    if digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0:
        return digits
    if not stdnum_siret.is_valid(digits):
        raise Invalid.field("siret", WRONG)
    return digits


def spaced(number: str | None) -> str:
    """Return the number as it is usually written: 3 + 3 + 3 + 5 digits."""
    if not number:
        return ""
    return "\u202f".join((number[:3], number[3:6], number[6:9], number[9:]))
