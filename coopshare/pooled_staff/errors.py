"""The refusals of shared posts.

* Conflict
  x AlreadyAnEmployer       this organisation employs for others already
  x AlreadyInTheGroup       this organisation is a member of the group already
  x AlreadyAWorker          somebody with this address is there already
  x AlreadySigned           this side has accepted that version
  x AnotherDocument         the document is no longer the one that was read
  x NotADraft               what was sent or published is not changed this way
  x TwoPlaces               somebody is planned elsewhere at that time
  x IsAbsent                somebody is absent at that time
* Refused
  x StatutesFirst           a cooperative acts as a group once its statutes say so
  x NotInTheGroup           this organisation shares nobody with this employer
  x LoanAtCost              a loan of staff is paid at its cost, and nothing more
  x ExemptAtCost            the exemption asks for the exact cost
  x ConsentFirst            who is lent agrees first
  x NoContract              nobody works without a contract on that day
  x ContractsInOrder        a version begins after the one before
  x BreaksTheLaw            a rule blocks, and no ground was given
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coopshare.kernel.errors import Conflict, Refused
from coopshare.kernel.text import Several, marked

if TYPE_CHECKING:
    from coopshare.pooled_staff.rules import Breach


class AlreadyAnEmployer(Conflict):
    """An organisation employs for others once."""

    code = "already_an_employer"
    message = marked("Cette organisation emploie déjà pour d'autres : complétez sa fiche.")


class AlreadyInTheGroup(Conflict):
    """An organisation is in a group once."""

    code = "already_in_the_group"
    message = marked("Cette organisation fait déjà partie du groupement.")


class AlreadyAWorker(Conflict):
    """An address is somebody's once."""

    code = "already_a_worker"
    message = marked("Une personne partagée a déjà cette adresse électronique.")


class AlreadySigned(Conflict):
    """A side accepts a version once."""

    code = "already_signed"
    message = marked("Cette version est déjà acceptée de ce côté.")


class AnotherDocument(Conflict):
    """What is accepted is what was read."""

    code = "another_document"
    message = marked(
        "Ce document n'est plus celui que vous avez lu. Relisez la convention, puis acceptez-la."
    )


class NotADraft(Conflict):
    """What others have seen is followed by a new version."""

    code = "not_a_draft"
    message = marked("Ce n'est plus un brouillon : il ne se change plus ainsi.")


class StatutesFirst(Refused):
    """R1253-35: the statutes come first."""

    code = "statutes_first"
    message = marked(
        "Une coopérative agit en groupement d'employeurs une fois que ses statuts disent cette"
        " activité et la solidarité des membres (article R1253-35, à vérifier). Donnez leur date."
    )


class NotInTheGroup(Refused):
    """L1253-1: a group makes people available to its members only."""

    code = "not_in_the_group"
    message = marked(
        "{organisation} ne fait pas partie du groupement le {day} : il ne met des personnes à"
        " disposition que de ses membres (article L1253-1, à vérifier). Ajoutez-la d'abord."
    )


class LoanAtCost(Refused):
    """L8241-1: wages, charges and expenses, nothing more."""

    code = "loan_at_cost"
    message = marked(
        "Un prêt de main-d'œuvre se paie à son coût, sans frais de gestion ni bénéfice"
        " (article L8241-1, à vérifier). Choisissez le coût réel."
    )


class ExemptAtCost(Refused):
    """Article 261 B: the exact part of the common cost, nothing more."""

    code = "exempt_at_cost"
    message = marked(
        "L'exonération de l'article 261 B du CGI (à vérifier) ne vaut que pour la part exacte du"
        " coût : ni coefficient, ni prix fixe, ni frais de gestion. Choisissez le coût réel, ou un"
        " autre régime de TVA."
    )


class ConsentFirst(Refused):
    """L8241-2: who is lent agrees first, and is named."""

    code = "consent_first"
    message = marked(
        "Pour un prêt de main-d'œuvre, la convention nomme la personne et dit le jour où elle a"
        " donné son accord (article L8241-2, à vérifier), et jusqu'à quand elle est prêtée."
    )


class NoContract(Refused):
    """Work is under a contract."""

    code = "no_contract"
    message = marked("{person} n'a pas de contrat le {day} : écrivez-le d'abord.")


class ContractsInOrder(Refused):
    """Versions follow each other."""

    code = "contracts_in_order"
    message = marked("Un avenant commence après la version qu'il remplace, le {day}.")


class BreaksTheLaw(Refused):
    """Something blocks; the whole list is in `details`."""

    code = "breaks_the_law"
    message = marked(
        "{breaches} Changez ce qui est prévu ; si un accord, une autorisation ou une urgence le"
        " permet, écrivez-en le motif : il sera gardé et montré."
    )

    def __init__(self, breaches: Sequence["Breach"]) -> None:
        super().__init__(
            breaches=Several(tuple(one.sentence for one in breaches[:3]), separator=" "),
            details={"breaches": [told(one) for one in breaches]},
        )
        self.breaches = tuple(breaches)


def told(one: "Breach") -> dict[str, object]:
    """Return a finding as programs read it; its sentence is said when it is shown."""
    return {
        "rule": one.rule_id,
        "rule_set": one.rule_set,
        "article": one.article,
        "level": str(one.level),
        "worker_id": str(one.worker_id),
        "day": one.day.isoformat(),
        "done": one.done,
        "limit": one.limit,
        "excess": one.excess,
        "assignments": [str(key) for key in one.stints],
        "sentence": one.sentence,
    }


class TwoPlaces(Conflict):
    """Nobody is in two places, not even in drafts."""

    code = "two_places"
    message = marked("{person} a déjà une demi-journée prévue {when}. Choisissez un autre moment.")


class IsAbsent(Conflict):
    """Nobody works while absent."""

    code = "is_absent"
    message = marked("{person} a une absence {when} : rien ne peut y être prévu.")
