"""Files that somebody sends and looks at before acting: kept a week, opened by nobody else."""

from uuid import UUID

from sqlalchemy import select

from coopshare.db.models import KeptFile
from coopshare.db.work import Work
from coopshare.kernel.errors import NotFound


def keep_file(work: Work, purpose: str, name: str, content: bytes) -> KeptFile:
    """Keep a file for the actor."""
    if work.actor.person_id is None:
        raise NotFound
    kept = KeptFile(
        person_id=work.actor.person_id,
        purpose=purpose,
        name=name[-200:],
        content=content,
        created_at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    return kept


def kept_file(work: Work, file_id: UUID, purpose: str, *, lock: bool = False) -> KeptFile:
    """Return a file the actor sent for that purpose; raises `NotFound`."""
    query = select(KeptFile).where(
        KeptFile.id == file_id,
        KeptFile.purpose == purpose,
        KeptFile.person_id == work.actor.person_id,
    )
    found = work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found
