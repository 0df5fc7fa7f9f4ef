"""Options and waiting lists of Le Phares: an option that lapses soon, two who wait, an open offer.

Made by the verbs themselves, as people would have, some days and hours before now.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from coopshare.bookings import services
from coopshare.bookings.commands import Book, Cancel, Line
from coopshare.bookings.models import Booking
from coopshare.db.work import Work
from coopshare.demo.build import Made
from coopshare.holds.errors import SlotTaken
from coopshare.kernel.errors import Refused
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import to_utc
from coopshare.members.queries import actor_for

WEEK = 7 * 24 * 60
OPTIONS = {"canal": WEEK, "verriere": WEEK, "salle-a": 3 * 24 * 60, "jardin": 2 * WEEK}
"""How many minutes an option may hold these."""
FARTHEST = 60
"""Days within which a free moment is found in any season."""


@dataclass(frozen=True, slots=True)
class Told:
    """The unit, seen some time ago by somebody of the demonstration."""

    work: Work
    made: Made

    def as_(self, organisation: str, ago: timedelta) -> Work:
        """Return the unit as it was then, for the first person of an organisation.

        Nobody is told of what never happened: facts have no handlers here.
        """
        cooperative_id = self.made.cooperative.id
        person = self.made.people[organisation][0]
        owner_id = self.made.organisations[organisation].id
        actor = actor_for(self.work, person.id, cooperative_id, owner_id, "demo")
        return replace(self.work, actor=actor, now=self.work.now - ago, handlers={})

    def command(
        self, organisation: str, title: str, key: str, span: Interval, until: datetime | None = None
    ) -> Book:
        """Return a booking of one resource."""
        return Book(
            organisation_id=self.made.organisations[organisation].id,
            title=title,
            lines=(Line(resource_id=self.made.resources[key].id),),
            span=span,
            option_until=until,
        )

    def first_free(self, days: int, make: Callable[[Interval], Booking]) -> Booking:
        """Make a booking of three hours in the first afternoon that is free, from so many days."""
        zone = ZoneInfo(self.made.plan.timezone)
        today = self.work.now.astimezone(zone).date()
        for more in range(days, days + FARTHEST):
            day = today + timedelta(days=more)
            start = to_utc(datetime.combine(day, time(14)), zone)
            try:
                return make(Interval(start, start + timedelta(hours=3)))
            except (SlotTaken, Refused):
                continue
        message = f"no afternoon within {FARTHEST} days"
        raise RuntimeError(message)


def add(work: Work, made: Made) -> int:
    """Add these stories; return how many bookings came."""
    for key, minutes in OPTIONS.items():
        made.resources[key].option_longest = minutes
    work.session.flush()
    told = Told(work, made)
    _option(told)
    _two_who_wait(told)
    _open_offer(told)
    return 4


def _option(told: Told) -> None:
    """Tell of an option taken three days ago, which lapses within the day."""
    then = told.as_("atelier-nord", timedelta(days=3))
    until = (told.work.now + timedelta(hours=8)).replace(minute=0, second=0, microsecond=0)
    told.first_free(
        9,
        lambda span: services.book(
            then,
            told.command("atelier-nord", "Journée du réseau (à confirmer)", "canal", span, until),
        ),
    )


def _two_who_wait(told: Told) -> None:
    """Tell of an afternoon of the glass roof that two others would like to have."""
    booking = told.first_free(
        12,
        lambda span: services.book(
            told.as_("ressourcerie", timedelta(days=6)),
            told.command("ressourcerie", "Vente au kilo", "verriere", span),
        ),
    )
    span = Interval(booking.starts_at, booking.ends_at)
    for organisation, title, days in (
        ("cyclofficine", "Bourse aux vélos", 4),
        ("atelier-nord", "Accueil des nouvelles recrues", 2),
    ):
        then = told.as_(organisation, timedelta(days=days))
        services.join(then, told.command(organisation, title, "verriere", span))


def _open_offer(told: Told) -> None:
    """Tell of a slot given back three hours ago: offered to the first, the next one waits."""
    booking = told.first_free(
        6,
        lambda span: services.book(
            told.as_("coup-de-pouce", timedelta(days=8)),
            told.command("coup-de-pouce", "Réunion d'information", "canal", span),
        ),
    )
    span = Interval(booking.starts_at, booking.ends_at)
    for organisation, title, days in (
        ("atelier-nord", "Bilan avec les financeurs", 5),
        ("ecrivains", "Atelier d'écriture", 3),
    ):
        then = told.as_(organisation, timedelta(days=days))
        services.join(then, told.command(organisation, title, "canal", span))
    services.cancel(
        told.as_("coup-de-pouce", timedelta(hours=3)),
        Cancel(booking_id=booking.id, version=booking.version, reason="Reportée au mois prochain"),
    )
