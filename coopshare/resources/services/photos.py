"""The pictures of resources."""

from uuid import UUID, uuid4

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid, NotFound
from coopshare.kernel.text import marked
from coopshare.resources import pictures, queries
from coopshare.resources.commands import AddPhoto
from coopshare.resources.facts import PhotoAdded, PhotoRemoved
from coopshare.resources.models import Photo
from coopshare.resources.policies import Permission, allow

MOST_PHOTOS = 8


def add_photo(work: Work, command: AddPhoto) -> Photo:
    """Add a picture after the others. Raises `UnreadablePhoto`, `Invalid` past eight of them."""
    resource = queries.get(work, command.resource_id)
    allow(work.actor, Permission.EDIT, resource.manager_id)
    positions = list(
        work.session.scalars(select(Photo.position).where(Photo.resource_id == resource.id))
    )
    if len(positions) >= MOST_PHOTOS:
        raise Invalid.field("photo", marked("Huit photos au plus : retirez-en une d'abord."))
    picture = pictures.read(command.content)
    photo = Photo(
        id=uuid4(),
        resource_id=resource.id,
        position=max(positions, default=-1) + 1,
        description=command.description,
        width=picture.width,
        height=picture.height,
        content_type=pictures.CONTENT_TYPE,
        content=picture.content,
        thumbnail=picture.thumbnail,
        created_at=work.now,
    )
    work.session.add(photo)
    work.record(PhotoAdded(object_id=resource.id))
    return photo


def remove_photo(work: Work, photo_id: UUID) -> UUID:
    """Remove a picture; returns the id of its resource. Raises `NotFound`."""
    photo = work.session.get(Photo, photo_id)
    if photo is None:
        raise NotFound
    resource = queries.get(work, photo.resource_id)
    allow(work.actor, Permission.EDIT, resource.manager_id)
    work.session.delete(photo)
    work.record(PhotoRemoved(object_id=resource.id))
    return resource.id
