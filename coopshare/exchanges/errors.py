"""The refusals of statements.

* Conflict
  x MonthAlreadyClosed      it was closed before, or at the same instant
  x StatementAltered        it is no longer what was issued
* Refused
  x MonthNotOver            it is not over yet
  x MonthsInOrder           an earlier month comes first
"""

from coopshare.kernel.errors import Conflict, Refused
from coopshare.kernel.text import marked


class MonthAlreadyClosed(Conflict):
    """A month is closed once."""

    code = "month_already_closed"
    message = marked(
        "Ce mois est déjà clos : ses relevés ne changent plus."
        " Ce qui change depuis paraîtra dans ceux du mois suivant."
    )


class StatementAltered(Conflict):
    """A document is not what its data and its hash say: somebody, or a disk, changed it."""

    code = "statement_altered"
    message = marked("Le relevé {number} n'est plus ce qui a été établi : {which}.")


class MonthNotOver(Refused):
    """A month is closed once it is over."""

    code = "month_not_over"
    message = marked(
        "Un mois se clôt une fois terminé : {month} pourra l'être à partir de {start}."
    )


class MonthsInOrder(Refused):
    """Months are closed one after the other."""

    code = "months_in_order"
    message = marked("Les mois se closent dans l'ordre : le prochain est {following}.")
