"""What the forms that set a team up hold, as people type it."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from coopshare.kernel.text import marked
from coopshare.pooled_staff.commands import (
    AddWorker,
    Clauses,
    SetContract,
    SetEmployer,
    SetPosition,
)
from coopshare.pooled_staff.kinds import (
    Arrangement,
    CommitmentUnit,
    ContractKind,
    EmployerKind,
    PriceMode,
)
from coopshare.pooled_staff.schemas.placements import half_days
from coopshare.resources.kinds import VatMode
from coopshare.web.schemas import Day, Schema, Text, Whole
from coopshare.web.typed import Euros, Hours, HoursOfDay, Percent, hundredths

WEEK, YEAR = 168, 8784
"""Hours at most."""
FULL_TIME = 35 * 60
WORKDAYS = range(5)


class EmployerFormSchema(Schema):
    """Who employs: the organisation one acts for."""

    version = Whole(0, load_default=0)
    employer_id = fields.UUID(load_default=None)
    organisation_id = fields.UUID(required=True)
    kind = fields.Enum(EmployerKind, by_value=True, required=True)
    agreement = Text(200)
    idcc = Text(4)
    statutes_on = Day(load_default=None)
    vat_mode = fields.Enum(VatMode, by_value=True, load_default=None)
    vat_bp = Percent(load_default=0)
    fee_bp = Percent(load_default=0)
    half_days = HoursOfDay(required=True)
    """Both half-days: « 9 h – 12 h 30, 13 h 30 – 17 h »."""
    holidays_worked = fields.List(Text(80), load_default=list, validate=validate.Length(max=20))

    @post_load
    def command(self, data: dict[str, Any], **_options: Any) -> SetEmployer:
        """Return the command."""
        hours = data.pop("half_days")
        if len(hours) != 2:  # noqa: PLR2004 - a morning and an afternoon
            sentence = marked("Donnez la matinée, puis l'après-midi.")
            raise ValidationError({"half_days": [sentence]})
        data["holidays_worked"] = tuple(data["holidays_worked"])
        return SetEmployer(morning=hours[0], afternoon=hours[1], **data)


class MemberFormSchema(Schema):
    """A member that joins the group."""

    employer_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    since = Day(required=True)
    deposit_cents = Euros(load_default=0)


class SiteFormSchema(Schema):
    """A place of work."""

    employer_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    name = Text(120, required=True)
    address = Text(300)
    contact = Text(200)


class PositionFormSchema(Schema):
    """A shared post; hours as people count them."""

    employer_id = fields.UUID(required=True)
    title = Text(120, required=True)
    qualification = Text(200)
    tasks = Text(2000, multiline=True)
    weekly_minutes = Hours(WEEK, required=True)
    starts_on = Day(required=True)
    ends_on = Day(load_default=None)

    @post_load
    def command(self, data: dict[str, Any], **_options: Any) -> SetPosition:
        """Return the command."""
        return SetPosition(**data)


class WorkerFormSchema(Schema):
    """Somebody who is shared."""

    employer_id = fields.UUID(required=True)
    name = Text(120, required=True)
    email = fields.Email(required=True, validate=validate.Length(max=254))
    born_on = fields.Date(load_default=None)
    wishes = Text(1000, multiline=True)

    @post_load
    def command(self, data: dict[str, Any], **_options: Any) -> AddWorker:
        """Return the command."""
        born: date | None = data["born_on"]
        if born is not None and not 1900 < born.year < 2100:  # noqa: PLR2004
            raise ValidationError({"born_on": [marked("Cette date est trop lointaine.")]})
        return AddWorker(**data)


class ContractFormSchema(Schema):
    """A contract or its next version; who uses it is ticked, its hours hold from Monday on."""

    position_id = fields.UUID(required=True)
    kind = fields.Enum(ContractKind, by_value=True, required=True)
    starts_on = Day(required=True)
    ends_on = Day(load_default=None)
    weekly_minutes = Hours(WEEK, required=True)
    arrangement = fields.Enum(Arrangement, by_value=True, load_default=Arrangement.NONE)
    hours = HoursOfDay(load_default=list)
    """From Monday to Friday."""
    gross_hourly_cents = Euros(required=True)
    charge_bp = Percent(load_default=0)
    other_jobs_minutes = Hours(WEEK, load_default=0)
    users = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=500))
    places = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=500))
    signed_on = Day(load_default=None)
    note = Text(1000, multiline=True)

    @post_load
    def values(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return the values of the command, but whose contract it is."""
        hours = data.pop("hours")
        data["slots"] = tuple((day, *span) for day in WORKDAYS for span in hours)
        data["is_part_time"] = data["weekly_minutes"] < FULL_TIME
        data["users"], data["places"] = frozenset(data["users"]), frozenset(data["places"])
        if not data["users"]:
            sentence = marked("Un contrat nomme les organisations où la personne travaillera.")
            raise ValidationError({"users": [sentence]})
        return data

    @staticmethod
    def of(worker_id: Any, values: dict[str, Any]) -> SetContract:
        """Return the command for somebody."""
        return SetContract(worker_id=worker_id, **values)


class ClausesFormSchema(Schema):
    """What a convention says: hours and prices as people write them."""

    version = Whole(0, load_default=0)
    starts_on = Day(required=True)
    ends_on = Day(load_default=None)
    unit = fields.Enum(CommitmentUnit, by_value=True, required=True)
    amount = Text(20, required=True)
    """Hours, or a whole number of shares."""
    tolerance_minutes = Hours(YEAR, load_default=0)
    wished = half_days()
    excluded = half_days()
    sites = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=100))
    price_mode = fields.Enum(PriceMode, by_value=True, required=True)
    price = Text(20)
    """Euros an hour, or a coefficient."""
    notice_months = Whole(0, 24, load_default=3)
    terms = Text(4000, multiline=True)
    consent_on = Day(load_default=None)

    @post_load
    def clauses(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return the clauses, beside what else was typed."""
        own = {name: data.pop(name) for name in ("version", *self.context_fields) if name in data}
        data["amount"] = _amount(data["unit"], data["amount"])
        data["price"] = _price(data["price_mode"], data["price"])
        for name in ("wished", "excluded"):
            data[name] = tuple(data[name])
        data["sites"] = frozenset(data["sites"])
        return own | {"clauses": Clauses(**data)}

    context_fields: tuple[str, ...] = ()


class ConventionFormSchema(ClausesFormSchema):
    """A new convention: with whom, about which post."""

    employer_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    position_id = fields.UUID(required=True)
    worker_id = fields.UUID(load_default=None)

    context_fields = ("employer_id", "organisation_id", "position_id", "worker_id")


def _amount(unit: CommitmentUnit, typed: str) -> int:
    if unit is CommitmentUnit.WEIGHT:
        if not (typed.isascii() and typed.isdigit() and len(typed) < 7):  # noqa: PLR2004
            raise ValidationError({"amount": [marked("Écrivez un nombre entier de parts.")]})
        return int(typed)
    try:
        return int(Hours(YEAR).deserialize(typed))
    except ValidationError as error:
        raise ValidationError({"amount": error.messages}) from error


def _price(mode: PriceMode, typed: str) -> int:
    if not typed:
        return 0
    found = hundredths(typed.replace(" ", "").removesuffix("€"))
    if found is None:
        raise ValidationError({"price": [marked("Écrivez un montant, par exemple 12,50.")]})
    return found * 100 if mode is PriceMode.COEFFICIENT else found
