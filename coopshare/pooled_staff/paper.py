"""A convention on paper: all that it says, written out and frozen; then its bytes.

In French, the language of contracts in France. Articles are said « à vérifier »: nobody has read
them against the code of the day.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from coopshare.documents.pdf import document_pdf
from coopshare.kernel.dates import DAYS, NO_BREAK, say_day, say_hours
from coopshare.kernel.units import say_money, say_number
from coopshare.members.models import Cooperative, Organisation
from coopshare.members.siret import spaced
from coopshare.pooled_staff.kinds import (
    EMPLOYER_KINDS,
    HALVES,
    CommitmentUnit,
    EmployerKind,
    Half,
    PriceMode,
)
from coopshare.pooled_staff.models import (
    Employer,
    Placement,
    PlacementVersion,
    Position,
    Site,
    Worker,
)
from coopshare.resources.kinds import VAT_MODES, VatMode

UNITS = {
    CommitmentUnit.WEEK: "par semaine",
    CommitmentUnit.MONTH: "par mois",
    CommitmentUnit.YEAR: "par an",
}
PRICES = {
    PriceMode.COST_EXACT: (
        "La part exacte du coût réel (salaires, cotisations, frais), régularisée au centime à la"
        " clôture de l'année."
    ),
    PriceMode.COEFFICIENT: "Le salaire brut horaire multiplié par {price}.",
    PriceMode.HOURLY: "{price} de l'heure hors taxes.",
}


def said_half_day(code: str, language: str = "fr") -> str:
    """Say a half-day of the week: « lundi matin »."""
    weekday, half = code.split("-")
    return f"{DAYS[language][int(weekday)]} {HALVES[Half(half)]}"


def said_commitment(unit: CommitmentUnit, amount: int) -> str:
    """Say what is promised: « 4 h par semaine », « 3 parts du temps du poste »."""
    if unit is CommitmentUnit.WEIGHT:
        parts = "part" if amount == 1 else "parts"
        return f"{say_number(amount)} {parts} du temps du poste, parmi celles de tous les membres"
    return f"{say_hours(amount)} {UNITS[unit]}"


def said_price(mode: PriceMode, price: int, currency: str) -> str:
    """Say how the time is paid."""
    if mode is PriceMode.HOURLY:
        return PRICES[mode].format(price=say_money(price, currency))
    coefficient = f"{price / 10_000:.4f}".rstrip("0").rstrip(".").replace(".", ",")
    return PRICES[mode].format(price=coefficient)


def _party(one: Organisation) -> dict[str, str]:
    return {"name": one.name, "address": one.address or "", "siret": spaced(one.siret)}


def data_of(
    *,
    house: Cooperative,
    day: date,
    employer: Employer,
    employer_organisation: Organisation,
    member: Organisation,
    position: Position,
    worker: Worker | None,
    placement: Placement,
    version: PlacementVersion,
    sites: Sequence[Site],
) -> dict[str, Any]:
    """Return all that the document says; plain texts, already written out."""
    is_loan = employer.kind is EmployerKind.LOAN
    what = "Convention de prêt de main-d'œuvre" if is_loan else "Convention de mise à disposition"
    title = what if version.number == 1 else f"Avenant n°{NO_BREAK}{version.number - 1}"
    until = (
        f"au {say_day(version.ends_on)} inclus"
        if version.ends_on
        else f"sans terme, avec un préavis de {version.notice_months} mois"
    )
    wished = [said_half_day(code) for code in version.wished]
    excluded = [said_half_day(code) for code in version.excluded]
    rows = [
        ("Poste", position.title),
        ("Qualification", position.qualification),
        ("Personne", worker.name if worker else "Qui tient ce poste"),
        ("Temps", said_commitment(version.unit, version.amount)),
        (
            "Écart admis",
            say_hours(version.tolerance_minutes) if version.tolerance_minutes else "aucun",
        ),
        ("Durée", f"du {say_day(version.starts_on)} {until}"),
        ("Lieux", " ; ".join(", ".join(filter(None, (s.name, s.address))) for s in sites)),
        ("Demi-journées souhaitées", ", ".join(wished)),
        ("Demi-journées exclues", ", ".join(excluded)),
        ("Prix", said_price(version.price_mode, version.price, house.currency)),
        ("TVA", _tax(employer)),
    ]
    if version.consent_on:
        rows.append(("Accord de la personne", f"donné le {say_day(version.consent_on)}"))
    return {
        "title": f"{title} {placement.number}",
        "heading": title,
        "lang": "fr",
        "number": placement.number,
        "version": version.number,
        "issued_on": day.isoformat(),
        "issued_said": say_day(day),
        "cooperative": house.name,
        "employer": _party(employer_organisation) | {"kind": EMPLOYER_KINDS[employer.kind]},
        "member": _party(member),
        "rows": [[term, said] for term, said in rows if said],
        "tasks": position.tasks,
        "terms": version.terms,
        "clauses": list(_clauses(employer)),
    }


def _tax(employer: Employer) -> str:
    if employer.vat_mode is None:
        return ""
    said = VAT_MODES[employer.vat_mode]
    if employer.vat_mode is not VatMode.TAXABLE:
        return said
    whole, part = divmod(employer.vat_bp, 100)
    rate = f"{whole},{part:02}".rstrip("0") if part else str(whole)
    return f"{said}, {rate}{NO_BREAK}%"


CONDITIONS = (
    "Pendant la mise à disposition, l'organisation utilisatrice est responsable des conditions"
    " d'exécution du travail : durée, travail de nuit, repos, jours fériés, santé et sécurité"
    " (article {article}, à vérifier)."
)
AT_COST = (
    "Seuls sont facturés les salaires, les cotisations et les frais professionnels remboursés"
    " (article L8241-1, à vérifier)."
)
COMES_BACK = (
    "La personne reste salariée de l'employeur qui la prête et retrouve son poste à la fin du prêt"
    " (article L8241-2, à vérifier)."
)
SAME_TREATMENT = (
    "La personne a droit au même traitement que les salariés de l'organisation utilisatrice"
    " (article L1253-9, à vérifier)."
)
TOGETHER = (
    "Les membres du groupement répondent ensemble de ses dettes envers les salariés et les"
    " organismes de cotisations (article L1253-8, à vérifier)."
)
HOURS = (
    "Les heures sont relevées chaque jour, puis signées par la personne et par l'organisation"
    " utilisatrice."
)


def _clauses(employer: Employer) -> Sequence[str]:
    """Return what the law puts into every such convention."""
    if employer.kind is EmployerKind.LOAN:
        return AT_COST, CONDITIONS.format(article="L8241-2"), COMES_BACK
    return CONDITIONS.format(article="L1253-12"), SAME_TREATMENT, TOGETHER, HOURS


def pdf_of(data: Mapping[str, Any]) -> bytes:
    """Return the printed convention from its frozen data: the same bytes each time."""
    issued = date.fromisoformat(data["issued_on"])
    return document_pdf("placement", data, at=datetime.combine(issued, time(12), tzinfo=UTC))


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a document."""
    return hashlib.sha256(content).hexdigest()
