"""The closed lists of this package, with the French word for each."""

from enum import StrEnum

from coopshare.kernel.text import marked


class EmployerKind(StrEnum):
    """Who employs the people that others share, and under which law."""

    GE_ASSOCIATION = "ge_association"
    """Employers' group, a non-profit association (L1253-1)."""
    GE_COOPERATIVE = "ge_cooperative"
    """A cooperative society that acts as a group (L1253-3), with accounts of its own for it."""
    LOAN = "loan"
    """An employer that lends its own employee without profit (L8241-1): no group."""


class ContractKind(StrEnum):
    """For how long somebody is employed."""

    PERMANENT = "permanent"
    FIXED_TERM = "fixed_term"


class Arrangement(StrEnum):
    """How working time is spread over more than a week, which sets the notice of a change."""

    NONE = "none"
    """The same hours each week."""
    AGREEMENT = "agreement"
    """By a collective agreement (L3121-41 to -44)."""
    EMPLOYER = "employer"
    """By the employer, over nine weeks at most (L3121-45)."""


class CommitmentUnit(StrEnum):
    """What a member's share of a post is counted by."""

    WEEK = "week"
    """Minutes a week."""
    MONTH = "month"
    """Minutes a calendar month."""
    YEAR = "year"
    """Minutes a calendar year."""
    WEIGHT = "weight"
    """A weight: its part of the post's time among all the weights in force."""


class PriceMode(StrEnum):
    """How the hours are paid by the member."""

    COST_EXACT = "cost_exact"
    """Its exact part of the real cost: the only one article 261 B allows."""
    COEFFICIENT = "coefficient"
    """Gross hourly pay times a coefficient."""
    HOURLY = "hourly"
    """A price an hour."""


class Side(StrEnum):
    """Who accepts a convention."""

    EMPLOYER = "employer"
    MEMBER = "member"


class Half(StrEnum):
    """Half a working day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class AssignmentState(StrEnum):
    """How far an assignment is."""

    DRAFT = "draft"
    """Seen by who plans only; holds nobody's time."""
    PUBLISHED = "published"
    DONE = "done"
    TO_REPLACE = "to_replace"
    """Was published; its person is absent, and somebody else may take it."""
    CANCELLED = "cancelled"


class Origin(StrEnum):
    """What an assignment comes from."""

    HAND = "hand"
    PATTERN = "pattern"
    PLAN = "plan"


class LeaveKind(StrEnum):
    """Why somebody is absent: known to them and to who plans, to nobody else."""

    PAID = "paid"
    SICK = "sick"
    TRAINING = "training"
    OTHER = "other"


class LeaveState(StrEnum):
    """How far a leave is."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"


EMPLOYER_KINDS = {
    EmployerKind.GE_ASSOCIATION: marked("Groupement d'employeurs, association"),
    EmployerKind.GE_COOPERATIVE: marked("Coopérative qui agit en groupement d'employeurs"),
    EmployerKind.LOAN: marked("Prêt de main-d'œuvre à but non lucratif"),
}
CONTRACT_KINDS = {
    ContractKind.PERMANENT: marked("Durée indéterminée (CDI)"),
    ContractKind.FIXED_TERM: marked("Durée déterminée (CDD)"),
}
ARRANGEMENTS = {
    Arrangement.NONE: marked("Les mêmes heures chaque semaine"),
    Arrangement.AGREEMENT: marked("Réparti sur plusieurs semaines, par un accord collectif"),
    Arrangement.EMPLOYER: marked("Réparti sur neuf semaines au plus, par l'employeur"),
}
COMMITMENT_UNITS = {
    CommitmentUnit.WEEK: marked("heures par semaine"),
    CommitmentUnit.MONTH: marked("heures par mois"),
    CommitmentUnit.YEAR: marked("heures par an"),
    CommitmentUnit.WEIGHT: marked("parts du poste"),
}
PRICE_MODES = {
    PriceMode.COST_EXACT: marked("Au coût réel, à sa part exacte"),
    PriceMode.COEFFICIENT: marked("Le salaire brut, multiplié par un coefficient"),
    PriceMode.HOURLY: marked("Un prix de l'heure"),
}
HALVES = {Half.MORNING: marked("matin"), Half.AFTERNOON: marked("après-midi")}
STATES = {
    AssignmentState.DRAFT: marked("Brouillon"),
    AssignmentState.PUBLISHED: marked("Publié"),
    AssignmentState.DONE: marked("Fait"),
    AssignmentState.TO_REPLACE: marked("À remplacer"),
    AssignmentState.CANCELLED: marked("Annulé"),
}
LEAVE_KINDS = {
    LeaveKind.PAID: marked("Congés payés"),
    LeaveKind.SICK: marked("Arrêt maladie"),
    LeaveKind.TRAINING: marked("Formation"),
    LeaveKind.OTHER: marked("Autre absence"),
}
LEAVE_STATES = {
    LeaveState.ASKED: marked("Demandé"),
    LeaveState.ACCEPTED: marked("Accepté"),
    LeaveState.REFUSED: marked("Refusé"),
    LeaveState.CANCELLED: marked("Annulé"),
}
