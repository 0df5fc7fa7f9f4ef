"""The shapes of members in JSON, in and out."""

from marshmallow import fields

from coopshare.kernel.actor import Role
from coopshare.members.kinds import CooperativeKind, DoorNames, OrganisationKind, Standing
from coopshare.members.schemas import (
    Address,
    role,
)
from coopshare.web.schemas import Schema, Text, Whole


class PlaceSchema(Schema):
    """An organisation or a cooperative one may act for."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    cooperative_id = fields.UUID(required=True)


class MeSchema(Schema):
    """Who the token or the login is."""

    id = fields.UUID(required=True)
    email = fields.String(required=True)
    name = fields.String(required=True)
    organisation_id = fields.UUID(required=True, allow_none=True)
    organisations = fields.List(fields.Nested(PlaceSchema), required=True)
    cooperative_id = fields.UUID(required=True, allow_none=True)
    cooperatives = fields.List(fields.Dict(keys=fields.String()), required=True)
    roles = fields.List(fields.Enum(Role, by_value=True), required=True)


class CooperativeSchema(Schema):
    """The settings of the cooperative; `version` is the ETag a change has to name."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    slug = fields.String(required=True)
    kind = fields.Enum(CooperativeKind, by_value=True, required=True)
    timezone = fields.String(required=True)
    currency = fields.String(required=True)
    holiday_area = fields.String(required=True)
    school_zone = fields.String(required=True, allow_none=True)
    door_names = fields.Enum(DoorNames, by_value=True, required=True)
    version = fields.Integer(required=True)


class ChangeCooperativeSchema(Schema):
    """What changes of the settings; what is left out stays, an empty school zone is none."""

    name = Text(120, required=False, load_default=None)
    kind = fields.Enum(CooperativeKind, by_value=True, load_default=None)
    timezone = Text(60, load_default=None)
    currency = Text(3, load_default=None)
    holiday_area = Text(10, load_default=None)
    school_zone = Text(20, load_default=None)
    door_names = fields.Enum(DoorNames, by_value=True, load_default=None)


class OrganisationOutSchema(Schema):
    """An organisation, and its place in the cooperative."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    kind = fields.Enum(OrganisationKind, by_value=True, required=True)
    siret = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    standing = fields.Enum(Standing, by_value=True, required=True)
    since = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)
    version = fields.Integer(required=True)


class OrganisationsSchema(Schema):
    """A page of organisations."""

    items = fields.List(fields.Nested(OrganisationOutSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class PersonSchema(Schema):
    """A person as the directory shows them."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)


class PeopleSchema(Schema):
    """A page of people."""

    items = fields.List(fields.Nested(PersonSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class MemberSchema(PersonSchema):
    """A person in an organisation."""

    roles = fields.List(fields.Enum(Role, by_value=True), required=True)
    is_suspended = fields.Boolean(required=True)


class MembersSchema(Schema):
    """All people of an organisation."""

    items = fields.List(fields.Nested(MemberSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class InvitationInSchema(Schema):
    """Who is invited, where, as what."""

    organisation_id = fields.UUID(required=True)
    email = Address(254, required=True)
    role = role(load_default=Role.MEMBER)


class InvitationSchema(Schema):
    """An invitation; its link is only in the mail."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    email = fields.String(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class InvitationsSchema(Schema):
    """The invitations that wait."""

    items = fields.List(fields.Nested(InvitationSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class TokenSchema(Schema):
    """A key; `token` is shown once, at creation: null where the same request made it before."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    cooperative_id = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)
    token = fields.String(allow_none=True)


class TokensSchema(Schema):
    """One's own keys."""

    items = fields.List(fields.Nested(TokenSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class ChangeOrganisationSchema(Schema):
    """What changes of an organisation; what is left out stays."""

    name = Text(120, required=False, load_default=None)
    kind = fields.Enum(OrganisationKind, by_value=True, load_default=None)
    siret = Text(30, load_default=None)
    email = Address(254, load_default=None)
    phone = Text(30, load_default=None)
    address = Text(300, multiline=True, load_default=None)


class ListSchema(Schema):
    """Which part of a list."""

    q = Text(200)
    limit = Whole(1, 100, load_default=50)
    after = fields.String(load_default=None)
