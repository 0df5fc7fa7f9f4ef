"""What is offered to whom: the menu, and the first steps of a new cooperative."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select

from coopshare.bookings.models import Booking
from coopshare.bookings.policies import may_book
from coopshare.exchanges.policies import Permission as StatementPermission
from coopshare.exchanges.policies import allows as allows_statements
from coopshare.holds.policies import may_close
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.text import marked
from coopshare.members import queries as member_queries
from coopshare.members.pages.administration import Step
from coopshare.pooled_staff.policies import Permission as TeamPermission
from coopshare.pooled_staff.policies import allows as allows_team
from coopshare.reports.policies import may_see
from coopshare.resources.models import Resource
from coopshare.resources.policies import Permission as ResourcePermission
from coopshare.resources.policies import may
from coopshare.web.context import Navigation


def _reads_statements(actor: Actor) -> bool:
    return allows_statements(actor, StatementPermission.READ)


def may_set_quotas(actor: Actor) -> bool:
    """Tell whether somebody may set a quota on anything."""
    return may(actor, ResourcePermission.EDIT)


def may_see_team(actor: Actor) -> bool:
    """Tell whether the shared posts are for somebody."""
    return allows_team(actor, TeamPermission.SEE)


def may_read_placements(actor: Actor) -> bool:
    """Tell whether conventions are for somebody."""
    return allows_team(actor, TeamPermission.READ_PLACEMENTS)


def _administers(actor: Actor) -> bool:
    return actor.has_role(Role.ADMINISTRATOR)


def _runs_something(actor: Actor) -> bool:
    return actor.has_role(Role.ADMINISTRATOR, Role.ORGANISATION_MANAGER, Role.NETWORK_ADMINISTRATOR)


NAVIGATION: Sequence[Navigation] = (
    Navigation("holds.search", marked("Chercher"), "search"),
    Navigation("planning.index", marked("Planning"), "calendar"),
    Navigation("bookings.index", marked("Mes réservations"), "booking"),
    Navigation("bookings.to_decide", marked("À traiter"), "inbox", counts=True),
    Navigation("handing.index", marked("Matériel sorti"), "equipment", is_for=may_close),
    Navigation("resources.index", marked("Ressources"), "resources"),
    Navigation("team.index", marked("Équipe"), "team", is_for=may_see_team),
    Navigation("exchanges.index", marked("Relevés"), "money", is_for=_reads_statements),
    Navigation("calendars.index", marked("Abonnements"), "subscribe"),
    Navigation(
        "members.administration", marked("Vue d'ensemble"), "settings", "admin", _administers
    ),
    Navigation("members.members", marked("Membres"), "people", "admin", _runs_something),
    Navigation("exchanges.closing", marked("Clôture du mois"), "money", "admin", _administers),
    Navigation("resources.quotas", marked("Quotas"), "clock", "admin", may_set_quotas),
    Navigation("resources.closed_days", marked("Jours fermés"), "calendar", "admin", _administers),
    Navigation("holds.closures", marked("Fermetures"), "closed", "admin", may_close),
    Navigation("reports.statistics", marked("Statistiques"), "statistics", "admin", may_see),
    Navigation("holds.maintenances", marked("Hors service"), "warning", "admin", may_close),
    Navigation("members.journal", marked("Journal"), "history", "admin", _runs_something),
)
"""The menu, in its order."""

ONLY_FOR: Mapping[str, Callable[[Actor], bool]] = {
    "bookings.book": may_book,
    "team.conventions": may_read_placements,
}
"""Pages that are offered to some people only, beside those of the menu."""

STEPS = (
    Step(
        marked("Ajouter une organisation membre"),
        marked("Chaque organisation réserve en son nom, avec sa place dans la coopérative."),
        "members.add_organisation",
        lambda work: len(member_queries.memberships(work)) > 1,
    ),
    Step(
        marked("Inviter une première personne"),
        marked("Ouvrez la fiche d'une organisation : l'invitation part par message."),
        "members.members",
        lambda work: (
            len(member_queries.directory(work)) > 1 or bool(member_queries.invitations(work))
        ),
    ),
    Step(
        marked("Déclarer une première ressource"),
        marked("Une salle, un véhicule, du matériel : ce que tout le monde pourra réserver."),
        "resources.new",
        lambda work: work.session.scalar(select(Resource.id).limit(1)) is not None,
    ),
    Step(
        marked("Réserver une première fois"),
        marked(
            "Cherchez ce qui est libre, choisissez : c'est le chemin que prendront vos membres."
        ),
        "holds.search",
        lambda work: work.session.scalar(select(Booking.id).limit(1)) is not None,
    ),
)
"""What a new cooperative does first, in its order."""
