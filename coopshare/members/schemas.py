"""What forms and JSON hold of members."""

from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError, fields, post_load, validate

from coopshare.kernel.actor import Role
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked
from coopshare.members import commands
from coopshare.members.kinds import CooperativeKind, DoorNames, OrganisationKind, Standing
from coopshare.web.errors import flattened
from coopshare.web.schemas import Day, Schema, Text, Whole

ADDRESS = marked("Cette adresse électronique n'est pas complète.")
ONE_OF = marked("Choisissez parmi les réponses proposées.")


class Address(Text):
    """An e-mail address, in lower case; that it exists is not asked."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if not typed:
            return ""
        try:
            found = validate_email(typed, check_deliverability=False, test_environment=True)
        except EmailNotValidError as error:
            raise ValidationError([ADDRESS]) from error
        return found.normalized.lower()


def password(**options: Any) -> fields.String:
    """Return a field for a password: kept as it is typed, spaces included."""
    too_long = marked("256 caractères au plus.")
    return fields.String(validate=validate.Length(max=256, error=too_long), **options)


def role(**options: Any) -> fields.Enum[Role]:
    """Return a field for a role."""
    return fields.Enum(Role, by_value=True, **options)


class LogInSchema(Schema):
    """The login form."""

    email = Text(254, required=True)
    password = password(required=True)
    suite = fields.String(load_default="/")


class AskResetSchema(Schema):
    """The form of who forgot the password."""

    email = Address(254, required=True)


class NewPasswordSchema(Schema):
    """The form of a reset link."""

    password = password(required=True)


class ChangePasswordSchema(Schema):
    """The form of who knows the present password."""

    current = password(required=True)
    password = password(required=True)


class AcceptSchema(Schema):
    """The form of an invitation, for a new account."""

    name = Text(120, required=True)
    password = password(required=True)


class SwitchSchema(Schema):
    """Where to act from now on."""

    cooperative_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)


class PreferencesSchema(Schema):
    """What a person says about themselves."""

    name = Text(120, required=True)
    language = fields.String(validate=validate.OneOf(("fr", "en"), error=ONE_OF), required=True)
    theme = fields.String(
        validate=validate.OneOf(("auto", "light", "dark"), error=ONE_OF), required=True
    )

    @post_load
    def command(self, data: dict[str, Any], **_: Any) -> commands.ChangePreferences:
        """Return the command."""
        return commands.ChangePreferences(**data)


class TokenNameSchema(Schema):
    """The name of a new key."""

    name = Text(80, required=True)


class CooperativeFormSchema(Schema):
    """The form of the settings; `version` is the one that was read."""

    version = Whole(1, required=True)
    name = Text(120, required=True)
    kind = fields.Enum(CooperativeKind, by_value=True, required=True)
    timezone = Text(60, required=True)
    currency = Text(3, required=True)
    holiday_area = Text(10, required=True)
    school_zone = Text(20)
    door_names = fields.Enum(DoorNames, by_value=True, load_default=None)

    @post_load
    def command(self, data: dict[str, Any], **_: Any) -> commands.ChangeCooperative:
        """Return the command."""
        return commands.ChangeCooperative(**data)


class SheetSchema(Schema):
    """What is written about an organisation."""

    name = Text(120, required=True)
    kind = fields.Enum(OrganisationKind, by_value=True, required=True)
    siret = Text(30)
    email = Address(254)
    phone = Text(30)
    address = Text(300, multiline=True)


class OrganisationSchema(SheetSchema):
    """A new organisation, and its place."""

    standing = fields.Enum(Standing, by_value=True, required=True)
    since = Day(load_default=None)

    @post_load
    def command(self, data: dict[str, Any], **_: Any) -> commands.AddOrganisation:
        """Return the command."""
        return commands.AddOrganisation(**data)


class ChangeSheetSchema(SheetSchema):
    """The form that changes a sheet; `version` is the one that was read."""

    version = Whole(1, required=True)

    @staticmethod
    def command(organisation_id: UUID, data: dict[str, Any]) -> commands.ChangeOrganisation:
        """Return the command about an organisation."""
        return commands.ChangeOrganisation(organisation_id=organisation_id, **data)


class StandingSchema(Schema):
    """Another place in the cooperative."""

    standing = fields.Enum(Standing, by_value=True, required=True)


class EndSchema(Schema):
    """The day an organisation leaves."""

    until = Day(required=True)


class InviteSchema(Schema):
    """Who is invited, as what."""

    email = Address(254, required=True)
    role = role(load_default=Role.MEMBER)

    @staticmethod
    def command(organisation_id: UUID, data: dict[str, Any]) -> commands.Invite:
        """Return the command about an organisation."""
        return commands.Invite(organisation_id=organisation_id, **data)


class RolesSchema(Schema):
    """The roles of a person in an organisation, from now on."""

    roles = fields.List(role(), load_default=list)


def loaded(schema: Schema, data: dict[str, Any]) -> Any:
    """Return what a schema makes of data; raises `Invalid`, field by field."""
    try:
        return schema.load(data)
    except ValidationError as error:
        raise Invalid(flattened(error.messages)) from error
