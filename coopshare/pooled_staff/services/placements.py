"""Conventions of making available: drawn up, sent, accepted by both sides, ended, amended."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select

from coopshare.db import guards
from coopshare.db.work import Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import Day
from coopshare.kernel.errors import Forbidden, Invalid, NotFound, VersionMismatch
from coopshare.kernel.text import marked
from coopshare.members.models import Cooperative, Organisation
from coopshare.members.queries import cooperative, today
from coopshare.pooled_staff.commands import Amend, Clauses, Draw, Sign
from coopshare.pooled_staff.errors import (
    AlreadySigned,
    AnotherDocument,
    ConsentFirst,
    ExemptAtCost,
    LoanAtCost,
    NotADraft,
    NotInTheGroup,
)
from coopshare.pooled_staff.facts import (
    PlacementDrawn,
    PlacementEnded,
    PlacementSent,
    PlacementSigned,
)
from coopshare.pooled_staff.kinds import EmployerKind, PriceMode, Side
from coopshare.pooled_staff.models import (
    Employer,
    Placement,
    PlacementSignature,
    PlacementVersion,
    Worker,
)
from coopshare.pooled_staff.paper import data_of, pdf_of, sha256
from coopshare.pooled_staff.policies import Permission, allow, allows
from coopshare.pooled_staff.queries import people
from coopshare.pooled_staff.queries.group import (
    employer,
    members_of,
    set_up_employer,
    sites,
    sites_of,
)
from coopshare.pooled_staff.queries.placements import (
    latest,
    placement,
    version_with_paper,
)
from coopshare.resources.kinds import VatMode

guards.refuses("uq_placement_signatures_version_id_side", AlreadySigned)
guards.refuses("placement_signatures.version_id, placement_signatures.side", AlreadySigned)


def draw(work: Work, command: Draw) -> Placement:
    """Draw up a convention: a draft, numbered, that its member does not see yet.

    Raises `NotFound`, `Forbidden`, `NotInTheGroup`, `LoanAtCost`, `ExemptAtCost`, `Invalid`.
    """
    owner = set_up_employer(work, command.employer_id)
    post = people.position(work, command.position_id)
    if post.employer_id != owner.id:
        raise Invalid.field("position_id", marked("Ce poste est celui d'un autre employeur."))
    if command.worker_id is not None:
        worker = work.session.get(Worker, command.worker_id)
        if worker is None or worker.employer_id != owner.id:
            raise NotFound
    check_clauses(work, owner, command.organisation_id, command.clauses)
    found = Placement(
        id=uuid4(),
        employer_id=owner.id,
        organisation_id=command.organisation_id,
        position_id=post.id,
        worker_id=command.worker_id,
        number=_number(work, owner),
        created_at=work.now,
        versions=[_version(work, 1, command.clauses)],
    )
    work.session.add(found)
    work.session.flush()
    work.record(PlacementDrawn(object_id=found.id))
    return found


def _number(work: Work, owner: Employer) -> str:
    """Return the next number of an employer's conventions: who draws at once waits here."""
    work.session.execute(
        select(Cooperative.id)
        .where(Cooperative.id == work.session.cooperative_id)
        .with_for_update(key_share=True)
    )
    year = today(work, cooperative(work)).year
    count = work.session.scalar(
        select(func.count())
        .select_from(Placement)
        .where(Placement.employer_id == owner.id, Placement.number.startswith(f"C-{year}-"))
    )
    return f"C-{year}-{(count or 0) + 1:03}"


def _version(work: Work, number: int, clauses: Clauses) -> PlacementVersion:
    values = asdict(clauses) | {
        "wished": sorted(clauses.wished),
        "excluded": sorted(clauses.excluded),
        "sites": sorted(str(key) for key in clauses.sites),
    }
    return PlacementVersion(
        id=uuid4(), number=number, created_at=work.now, sent_at=None, signatures=[], **values
    )


def check_clauses(work: Work, owner: Employer, organisation_id: UUID, clauses: Clauses) -> None:
    """Raise what the law, or good sense, refuses of a convention."""
    if clauses.ends_on is not None and clauses.ends_on < clauses.starts_on:
        raise Invalid.field("ends_on", marked("La fin vient avant le début."))
    if clauses.amount < 1:
        raise Invalid.field("amount", marked("Une convention engage sur un temps."))
    if set(clauses.wished) & set(clauses.excluded):
        raise Invalid.field(
            "excluded", marked("Une demi-journée ne peut pas être souhaitée et exclue à la fois.")
        )
    if not clauses.sites <= {site.id for site in sites_of(work, [organisation_id])}:
        raise Invalid.field("sites", marked("Ces lieux sont ceux d'une autre organisation."))
    member = next(
        (
            one
            for one in members_of(work, owner.id, clauses.starts_on)
            if one.organisation.id == organisation_id
        ),
        None,
    )
    if member is None:
        name = work.session.get(Organisation, organisation_id)
        raise NotInTheGroup(organisation=name.name if name else "?", day=Day(clauses.starts_on))
    is_at_cost = clauses.price_mode is PriceMode.COST_EXACT
    if owner.kind is EmployerKind.LOAN and not is_at_cost:
        raise LoanAtCost
    if owner.vat_mode is VatMode.EXEMPT_261B and not is_at_cost:
        raise ExemptAtCost
    if is_at_cost and clauses.price:
        raise Invalid.field("price", marked("Au coût réel, il n'y a pas de prix à convenir."))
    if not is_at_cost and not clauses.price:
        raise Invalid.field("price", marked("Dites ce prix, ou ce coefficient."))


def amend(work: Work, command: Amend) -> Placement:
    """Change the draft of a convention, or begin the version that follows the one sent.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `NotADraft` while a version waits for an
    answer, and what `draw` raises.
    """
    found, owner = _ours(work, command.placement_id, command.version)
    last = latest(found)
    if last.sent_at is not None and not last.is_accepted:
        raise NotADraft
    if last.is_accepted and command.clauses.starts_on <= last.starts_on:
        raise Invalid.field(
            "starts_on",
            marked("Un avenant commence après la version qu'il remplace, le {day}."),
            day=Day(last.starts_on),
        )
    check_clauses(work, owner, found.organisation_id, command.clauses)
    if last.sent_at is None:
        found.versions.remove(last)
        work.session.flush()
    found.versions.append(_version(work, len(found.versions) + 1, command.clauses))
    found.version += 1
    work.session.flush()
    work.record(PlacementDrawn(object_id=found.id))
    return found


def _ours(work: Work, placement_id: UUID, version: int) -> tuple[Placement, Employer]:
    found = placement(work, placement_id)
    owner = employer(work, found.employer_id)
    allow(work.actor, Permission.SET_UP, owner.organisation_id)
    if found.version != version:
        raise VersionMismatch
    return found, owner


def send(work: Work, placement_id: UUID, version: int) -> PlacementVersion:
    """Send a draft to be accepted: what it says, and its document, change no more.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `NotADraft`, `ConsentFirst`.
    """
    found, owner = _ours(work, placement_id, version)
    last = latest(found)
    if last.sent_at is not None:
        raise NotADraft
    if owner.kind is EmployerKind.LOAN and (
        found.worker_id is None or last.consent_on is None or last.ends_on is None
    ):
        raise ConsentFirst
    last.data = paper_data(work, found, last)
    last.pdf = pdf_of(last.data)
    last.sha256 = sha256(last.pdf)
    last.sent_at = work.now
    found.version += 1
    work.session.flush()
    work.record(PlacementSent(object_id=found.id))
    return last


def paper_data(work: Work, found: Placement, version: PlacementVersion) -> dict[str, object]:
    """Return all that the document of a version says, as of now."""
    owner = employer(work, found.employer_id)
    named = {UUID(key) for key in version.sites}
    own = sites_of(work, [found.organisation_id])
    return data_of(
        house=cooperative(work),
        day=today(work, cooperative(work)),
        employer=owner,
        employer_organisation=work.session.get_one(Organisation, owner.organisation_id),
        member=work.session.get_one(Organisation, found.organisation_id),
        position=people.position(work, found.position_id),
        worker=work.session.get(Worker, found.worker_id) if found.worker_id else None,
        placement=found,
        version=version,
        sites=list(sites(work, named).values()) if named else own,
    )


def sign(work: Work, command: Sign) -> PlacementSignature:
    """Accept a version for one's side: the very bytes that were read, by who may bind that side.

    Raises `NotFound`, `Forbidden`, `NotADraft` before it is sent, `AnotherDocument`,
    `AlreadySigned`.
    """
    found, version = version_with_paper(work, command.version_id)
    owner = employer(work, found.employer_id)
    side = side_of(work.actor, owner, found)
    if side is None or work.actor.person_id is None:
        raise Forbidden
    if version.sent_at is None:
        raise NotADraft
    if command.sha256 != version.sha256 or sha256(version.pdf or b"") != version.sha256:
        raise AnotherDocument
    if side in version.signed_by:
        raise AlreadySigned
    row = PlacementSignature(
        id=uuid4(),
        side=side,
        organisation_id=work.actor.organisation_id,
        person_id=work.actor.person_id,
        name=work.actor.person_name,
        quality=command.quality,
        at=work.now,
        door=work.actor.door,
        address=command.address,
        sha256=version.sha256,
        scan=command.scan,
    )
    version.signatures.append(row)
    work.session.flush()
    work.record(PlacementSigned(object_id=found.id, changes=(("side", "", str(side)),)))
    return row


def side_of(actor: Actor, owner: Employer, found: Placement) -> Side | None:
    """Return for which side the actor may accept a convention."""
    if not allows(actor, Permission.SIGN):
        return None
    if actor.organisation_id == owner.organisation_id:
        return Side.EMPLOYER
    return Side.MEMBER if actor.organisation_id == found.organisation_id else None


def end(work: Work, placement_id: UUID, version: int, last_day: date) -> Placement:
    """End a convention after a day.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `Invalid`.
    """
    found, _ = _ours(work, placement_id, version)
    if not found.accepted:
        raise Invalid.field("last_day", marked("Cette convention n'est pas encore acceptée."))
    if last_day < found.accepted[0].starts_on:
        raise Invalid.field("last_day", marked("La fin vient avant le début."))
    found.ended_on = last_day
    work.record(PlacementEnded(object_id=found.id, changes=(("ended_on", "", str(last_day)),)))
    return found


@dataclass(frozen=True, slots=True)
class Document:
    """The document of a version, as it was sent."""

    name: str
    media_type: str
    content: bytes


def document(work: Work, placement_id: UUID, number: int) -> Document:
    """Return the document of a version, as it was sent. Raises `NotFound` for a draft's."""
    found = placement(work, placement_id)
    version = next((one for one in found.versions if one.number == number), None)
    if version is None or version.sent_at is None:
        raise NotFound
    _, kept = version_with_paper(work, version.id)
    return Document(f"{found.number}-v{number}.pdf", "application/pdf", kept.pdf or b"")
