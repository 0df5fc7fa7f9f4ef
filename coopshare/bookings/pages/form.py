"""What the booking form shows besides what was typed: lines, choices, rules of what is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request
from marshmallow import ValidationError

from coopshare.bookings import services
from coopshare.bookings.commands import Book, BookSeries, Line
from coopshare.bookings.errors import ApprovalToAsk
from coopshare.bookings.queries import tariffs_for
from coopshare.bookings.schemas import TimesFormSchema
from coopshare.db.work import Work
from coopshare.holds.errors import SlotTaken
from coopshare.kernel.dates import DAYS, NO_BREAK, say_minute_of_day
from coopshare.kernel.errors import CoopShareError, Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import AmbiguousTime
from coopshare.kernel.text import Sentence, Several, marked
from coopshare.members.kinds import Standing
from coopshare.resources import queries as catalogue
from coopshare.resources.kinds import KIND_HEADINGS, TARIFF_UNITS
from coopshare.resources.models import Resource
from coopshare.resources.queries import ResourceFilter
from coopshare.resources.services import has_rules, is_managed_by, rules_said
from coopshare.web.context import reading
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, language, ngettext, say
from coopshare.web.pagination import EARLIEST, LATEST

MOST_ROWS = 50


FIRST_HOUR, LAST_HOUR = 9, 17
"""The hours between which a booking is proposed by itself."""
WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the form as it is typed."""

    resource_id: str
    quantity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What one has to know of a thing that is chosen."""

    resource: Resource
    hours: list[tuple[str, str]]
    tariffs: list[dict[str, Any]]
    approval: list[Sentence]
    """Which uses wait for an approver."""


def typed_rows(form: Form) -> list[Row]:
    """Return the lines of the form, one added or removed where a button asked for it."""
    ids = [str(value) for value in form.value("resource_id") or []]
    counts = [str(value) for value in form.value("quantity") or []]
    counts += ["1"] * (len(ids) - len(counts))
    rows = [Row(*pair) for pair in zip(ids, counts, strict=False)][:MOST_ROWS]
    asked = request.form.get("do", "")
    if asked.startswith("remove-") and asked.removeprefix("remove-").isdecimal():
        number = int(asked.removeprefix("remove-"))
        rows = rows[:number] + rows[number + 1 :]
    if not rows or asked == "add":
        rows.append(Row("", "1"))
    return rows


def is_final(form: Form) -> bool:
    """Tell whether the form was sent to book, not to change lines or to come back to it."""
    asked = request.form.get("do", "")
    return (
        form.is_submitted
        and not asked.startswith("remove-")
        and asked not in {"add", "look", "back"}
    )


def has_options(work: Work) -> bool:
    """Tell whether anything that may be chosen can be held as an option."""
    return any(one.option_longest or is_managed_by(work.actor, one) for one in bookable(work))


def can_wait(work: Work, form: Form) -> bool:
    """Tell whether a refusal is one that a waiting list may help."""
    if not isinstance(form.refusal, SlotTaken):
        return False
    ids = {row.resource_id for row in typed_rows(form) if row.resource_id}
    known = {str(one.id): one for one in bookable(work)}
    return bool(ids) and all(key in known and known[key].waiting_delay for key in ids)


def check_option(command: Book) -> None:
    """Refuse the button of options without a date."""
    if request.form.get("do") == "option" and command.option_until is None:
        raise Invalid.field("option_until", marked("Dites jusqu'à quel jour garder la place."))


def options(found: Sequence[Resource]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the choices of a line, kind by kind."""
    by_kind = sorted(found, key=lambda r: (list(KIND_HEADINGS).index(r.kind), r.sort_key))
    return [
        (gettext(KIND_HEADINGS[kind]), [(str(r.id), _label(r)) for r in group])
        for kind, group in groupby(by_kind, key=lambda r: r.kind)
    ]


def _label(resource: Resource) -> str:
    if resource.quantity > 1:
        return f"{resource.name} (× {resource.quantity})"
    if resource.capacity:
        seats = ngettext("%(num)d place", "%(num)d places", resource.capacity)
        return f"{resource.name} ({seats})"
    return resource.name


def bookable(work: Work) -> list[Resource]:
    """Return what may be chosen."""
    return catalogue.search(work, ResourceFilter())


def chosen(rows: Sequence[Row], found: Sequence[Resource], standing: str | None) -> list[Chosen]:
    """Return what one has to know of the things chosen: hours, rules, tariffs."""
    by_id = {str(resource.id): resource for resource in found}
    kept = dict.fromkeys(row.resource_id for row in rows if row.resource_id in by_id)
    return [
        Chosen(
            resource=by_id[key],
            hours=said_hours(by_id[key]),
            tariffs=said_tariffs(
                tariffs_for(Standing(standing) if standing else None, [by_id[key]])
            ),
            approval=rules_said(by_id[key]),
        )
        for key in kept
    ]


def said_tariffs(tariffs: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    """Return tariffs with the words of their units."""
    words = {unit.value: text for unit, text in TARIFF_UNITS.items()}
    return [{**t, "unit_words": gettext(words[str(t["unit"])])} for t in tariffs]


def said_hours(resource: Resource) -> list[tuple[str, str]]:
    """Return opening hours as people say them: days that are alike together."""
    days: list[str] = []
    for weekday in range(7):
        spans = [
            f"{say_minute_of_day(h.opens, language())}{NO_BREAK}–{NO_BREAK}"
            f"{say_minute_of_day(h.closes, language())}"
            for h in resource.hours
            if h.weekday == weekday
        ]
        days.append(", ".join(spans))
    found: list[tuple[str, str]] = []
    for hours, group in groupby(range(7), key=lambda weekday: days[weekday]):
        members = list(group)
        names = [DAYS[language()][members[0]], DAYS[language()][members[-1]]]
        if hours:
            found.append((names[0] if len(members) == 1 else " – ".join(names), hours))
    return found


def _sensible(local: datetime) -> datetime:
    """Return the next whole hour of a working day, Monday to Friday, 9 h to 17 h."""
    start = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if start.hour >= LAST_HOUR:
        start = (start + timedelta(days=1)).replace(hour=FIRST_HOUR)
    start = start.replace(hour=max(start.hour, FIRST_HOUR))
    return start + timedelta(days=7 - start.weekday() if start.weekday() in WEEKEND else 0)


def from_query(now: datetime, zone: str) -> dict[str, Any]:
    """Return what the address already says: things, hours, how many, for how many people."""
    args = request.args
    place = ZoneInfo(zone)
    start = _moment(args.get("du") or args.get("from"), place)
    end = _moment(args.get("au") or args.get("to"), place)
    if start is None:
        start = _sensible(now.astimezone(place).replace(tzinfo=None))
    if end is None or end <= start:
        end = start + timedelta(hours=2)
    ids = args.getlist("ressource") or args.getlist("resource")
    counts = args.getlist("quantite") or args.getlist("quantity")
    rows = [Row(key, counts[n] if n < len(counts) else "1") for n, key in enumerate(ids)]
    return as_values(start, end, rows) | {
        "title": args.get("titre", "")[:120],
        "people": args.get("personnes", "")[:6],
    }


def as_values(start: datetime, end: datetime, rows: Sequence[Row]) -> dict[str, Any]:
    """Return what the form's fields hold for local times and lines."""
    last = end.date()
    if end.time() == time(0) and (end - timedelta(minutes=1)).date() == start.date():
        last = start.date()
    return {
        "day": start.date().isoformat(),
        "last_day": "" if last == start.date() else last.isoformat(),
        "starts_at": start.time().isoformat("minutes"),
        "ends_at": end.time().isoformat("minutes"),
        "resource_id": [row.resource_id for row in rows],
        "quantity": [row.quantity for row in rows],
    }


def _moment(text: str | None, place: ZoneInfo) -> datetime | None:
    """Read a moment of an address: local as it stands, an instant brought to the place."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not EARLIEST <= found.year < LATEST:
        return None
    if found.tzinfo is not None:
        found = found.astimezone(place).replace(tzinfo=None)
    return found


def asked_instead() -> tuple[Interval, tuple[Line, ...]] | None:
    """Return the alternative that was chosen with one click, or None.

    Raises `Invalid` when it is none of ours.
    """
    text = request.form.get("instead")
    if not text:
        return None
    try:
        starts_at, ends_at, things = text.split("|")
        pairs = [thing.split("*") for thing in things.split(",")]
        lines = tuple(Line(resource_id=UUID(key), quantity=int(count)) for key, count in pairs)
        span = (datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at))
        if any(at.tzinfo is None or not EARLIEST <= at.year < LATEST for at in span):
            raise ValueError(text)  # noqa: TRY301 - told as what cannot be read
    except ValueError as error:
        message = marked("Cette proposition n'est plus valable. Choisissez à nouveau.")
        raise Invalid(message=message) from error
    return Interval(*span), lines


def ways_out(form: Form) -> list[tuple[str, str]]:
    """Return the alternatives of a refusal: (value of the button, its words)."""
    found = form.refusal.details.get("alternatives", []) if form.refusal is not None else []
    assert isinstance(found, list)  # noqa: S101 - written by alternatives.py
    return [
        (
            f"{way['starts_at']}|{way['ends_at']}|"
            + ",".join(f"{x['resource_id']}*{x['quantity']}" for x in way["lines"]),
            say(way["detail"]),
        )
        for way in found
    ]


@dataclass(frozen=True, slots=True)
class RefusalBox:
    """The three parts of a refusal: what and which rule, then what is possible."""

    what: str
    possible: str | None
    ways: list[tuple[str, str]]


def refusal_box(form: Form) -> RefusalBox | None:
    """Take the refusal out of the form's messages, to be drawn with its ways out."""
    error = form.refusal
    if isinstance(error, AmbiguousTime):  # asked just below the hours, where there is room
        asked = [sentence for name in error.fields for sentence in form.errors.pop(name, [])]
        form.errors["which"] = asked[:1]
    if error is None or isinstance(error, Invalid):
        return None
    form.general = []
    if isinstance(error, ApprovalToAsk):
        return None
    ways = ways_out(form)
    has_own = error.possible is not None and "ways" not in error.possible.data
    return RefusalBox(say(error.sentence), say(error.possible) if has_own else None, ways)


def with_alternative(form: Form, command: Any) -> Any:
    """Return the command, with the alternative that was chosen in place of what was typed.

    The form shows it from then on, should it be drawn again.
    """
    instead = asked_instead()
    if instead is None:
        return command
    span, lines = instead
    if isinstance(command, BookSeries):
        return replace(command, book=replace(command.book, lines=lines))
    with reading() as work:
        place = ZoneInfo(catalogue.get(work, lines[0].resource_id).timezone)
    local = [moment.astimezone(place).replace(tzinfo=None) for moment in (span.start, span.end)]
    rows = [Row(str(line.resource_id), str(line.quantity)) for line in lines]
    form.values |= as_values(local[0], local[1], rows) | {"all_day": ""}
    return replace(command, span=span, lines=lines)


TIMES = ("day", "last_day", "starts_at", "ends_at", "all_day", "which")


@dataclass(frozen=True, slots=True)
class Asks:
    """Why what the form says would wait for somebody, told before it is sent."""

    sentences: list[Sentence]
    told: str
    is_new: bool = False
    """Whether it comes back from being sent, and was not told before."""


def asks_of(work: Work, form: Form) -> Asks | None:
    """Return why what is in the form would wait for an approver; None when it would not.

    Nothing is looked up where nothing of what is chosen has such a rule.
    """
    if isinstance(form.refusal, ApprovalToAsk):
        told = form.refusal.details["told"]
        reasons = form.refusal.data["reasons"]
        assert isinstance(told, list)  # noqa: S101 - written by asking.py
        assert isinstance(reasons, Several)  # noqa: S101 - the same
        return Asks(list(reasons.sentences), " ".join(told), is_new=True)
    known = catalogue.catalogue(work).resources
    rows = [row for row in typed_rows(form) if row.resource_id]
    try:
        lines = tuple(
            Line(resource_id=UUID(row.resource_id), quantity=int(row.quantity)) for row in rows
        )
        if not any(has_rules(known[line.resource_id]) for line in lines):
            return None
        typed = {name: form.value(name) for name in TIMES if form.value(name)}
        data = TimesFormSchema().load({"title": "-", **typed})
        organisation_id = UUID(form.value("organisation_id") or str(work.actor.organisation_id))
        needs, resources = services.needs_of(
            work, organisation_id, lines, TimesFormSchema().times_of(data)
        )
    except (ValidationError, ValueError, KeyError, CoopShareError):
        return None  # what is typed cannot be read yet: sending it says so
    found = [sentence for *_, sentence in services.sentences(needs, resources)]
    return Asks(found, " ".join(sorted(services.keys_of(needs)))) if found else None
