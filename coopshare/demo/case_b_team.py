"""The shared team of the Gard: posts, people, contracts, conventions, a year of half-days.

Made by the verbs themselves, as the people of the group would have.
"""

import random
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from coopshare.db.work import Work
from coopshare.demo.build import Made
from coopshare.demo.case_b_year import DAY, PAST_WEEKS, WEEK, Team, fall_ill, write_year
from coopshare.kernel.actor import Actor
from coopshare.members.queries import actor_for
from coopshare.pooled_staff.commands import (
    AddGroupMember,
    AddSite,
    AddWorker,
    Amend,
    Clauses,
    Draw,
    PatternDay,
    SetContract,
    SetEmployer,
    SetJourney,
    SetPattern,
    SetPosition,
    Sign,
)
from coopshare.pooled_staff.kinds import (
    CommitmentUnit,
    ContractKind,
    EmployerKind,
    Half,
    PriceMode,
)
from coopshare.pooled_staff.models import Placement, Position, Worker
from coopshare.pooled_staff.rules import StintKind
from coopshare.pooled_staff.services import group, patterns, people, placements
from coopshare.resources.kinds import VatMode

HALF_DAY = 210
"""Minutes."""
CIP, COMPANIES = "CIP", "Relations entreprises"

# Each list holds a fortnight: (member, half-days it has in it). 0 stands for common time.
CIP_SHARES = (
    (1, 2),
    (2, 2),
    (3, 2),
    (4, 2),
    (5, 2),
    (6, 2),
    (7, 2),
    (8, 2),
    (9, 1),
    (10, 1),
    (11, 1),
)
COMPANY_SHARES = (
    (1, 2),
    (4, 2),
    (8, 2),
    (9, 2),
    (10, 2),
    (2, 1),
    (3, 1),
    (5, 1),
    (6, 1),
    (7, 1),
    (11, 1),
)


def add(work: Work, made: Made) -> int:
    """Make the team and its year; no booking comes."""
    as_planner = _as(work, made, "ge")
    this = work.now.astimezone(ZoneInfo(made.plan.timezone)).date()
    employer = group.set_employer(
        as_planner,
        SetEmployer(
            organisation_id=made.organisations["ge"].id,
            kind=EmployerKind.GE_ASSOCIATION,
            agreement="Ateliers et chantiers d'insertion",
            idcc="3016",
            idcc_declared_on=(work.now - timedelta(days=390)).date(),
            vat_mode=VatMode.EXEMPT_261B,
        ),
    )
    team = Team(as_planner, made, employer, {}, this - timedelta(days=this.weekday()))
    _members(team)
    first = team.monday - PAST_WEEKS * WEEK
    for title, account, weekly, hourly, shares in (
        (CIP, 1, 2100, 1650, CIP_SHARES),
        (COMPANIES, 2, 1680, 1780, COMPANY_SHARES),
    ):
        post = _position(team, title, weekly, first)
        worker = _worker(team, post, account, weekly, hourly, first)
        _conventions(team, post, worker, shares, first)
        _pattern(team, worker, shares, first)
        write_year(team, worker, random.Random(account))  # noqa: S311 - made-up data
    fall_ill(team)
    return 0


def _as(work: Work, made: Made, key: str, ago: timedelta = timedelta(0)) -> Work:
    """Return the unit, acting as the first person of an organisation, some time ago."""
    organisation = made.organisations[key]
    person = made.people[key][0]
    actor: Actor = actor_for(work, person.id, made.cooperative.id, organisation.id, "demo")
    return replace(work, actor=actor, now=work.now - ago, handlers={})


def _members(team: Team) -> None:
    since = team.monday - 2 * PAST_WEEKS * WEEK
    for key in (key for key in team.made.organisations if key != "ge"):
        one = team.made.organisations[key]
        group.add_member(
            team.work,
            AddGroupMember(
                employer_id=team.employer.id,
                organisation_id=one.id,
                since=since,
                deposit_cents=150_000,
            ),
        )
        town = (one.address or "").rsplit(", ", 1)[-1].removesuffix(" (Gard)")
        team.sites[one.id] = group.add_site(
            team.work,
            AddSite(
                employer_id=team.employer.id,
                organisation_id=one.id,
                name=town,
                address=one.address or "",
                contact=team.made.people[key][0].name,
            ),
        )
    _journeys(team)


def _journeys(team: Team) -> None:
    """Say how long it is between the sites where a day has two of them."""
    for one, other, minutes, kilometres in ((9, 10, 30, 24), (2, 3, 35, 45), (11, 9, 35, 28)):
        group.set_journey(
            team.work,
            SetJourney(
                employer_id=team.employer.id,
                from_id=team.sites[team.member(one).id].id,
                to_id=team.sites[team.member(other).id].id,
                minutes=minutes,
                metres=kilometres * 1000,
            ),
        )


def _position(team: Team, title: str, weekly: int, first: date) -> Position:
    is_cip = title == CIP
    return people.set_position(
        team.work,
        SetPosition(
            employer_id=team.employer.id,
            title="Conseil en insertion professionnelle (CIP)"
            if is_cip
            else "Chargé·e des relations entreprises",
            qualification="Titre de conseil en insertion professionnelle"
            if is_cip
            else "Licence, cinq ans d'expérience",
            tasks="Accompagner les salariés en insertion : entretiens, formation, la suite."
            if is_cip
            else "Aller vers les entreprises : visites, immersions, offres, suivi dans l'emploi.",
            weekly_minutes=weekly,
            starts_on=first,
        ),
    )


def _worker(
    team: Team, post: Position, account: int, weekly: int, hourly: int, first: date
) -> Worker:
    person = team.made.people["ge"][account]
    worker = people.add_worker(
        team.work,
        AddWorker(
            employer_id=team.employer.id,
            name=person.name,
            email=person.email,
            born_on=date(1987 + account, 4, 12),
            wishes="Pas de trajet après 17 h le vendredi." if account == 1 else "",
        ),
    )
    everybody = [one for key, one in team.made.organisations.items() if key != "ge"]
    people.set_contract(
        team.work,
        SetContract(
            worker_id=worker.id,
            position_id=post.id,
            kind=ContractKind.PERMANENT,
            starts_on=first,
            weekly_minutes=weekly,
            is_part_time=weekly < 2100,  # noqa: PLR2004 - the legal week
            gross_hourly_cents=hourly,
            charge_bp=3800,
            slots=tuple((day, 480, 1080) for day in range(5)),
            users=frozenset(one.id for one in everybody),
            places=frozenset(site.id for site in team.sites.values()),
            signed_on=first,
        ),
    )
    return worker


def _conventions(
    team: Team, post: Position, worker: Worker, shares: tuple[tuple[int, int], ...], first: date
) -> None:
    """Draw up, send and sign a convention with each member; one amendment waits for an answer."""
    begun = timedelta(days=(team.monday - first).days + 20)
    early = replace(team.work, now=team.work.now - begun)
    for number, halves in shares:
        key, member = f"structure{number}", team.member(number)
        clauses = Clauses(
            starts_on=first,
            ends_on=first + timedelta(days=730),
            unit=CommitmentUnit.WEEK,
            amount=halves * HALF_DAY // 2,
            tolerance_minutes=2 * HALF_DAY,
            price_mode=PriceMode.COST_EXACT,
            excluded=("4-afternoon",) if number == 5 else (),  # noqa: PLR2004
            wished=("1-morning",) if number == 3 else (),  # noqa: PLR2004
            terms="Un bureau fermé, un poste relié au réseau et un téléphone.",
        )
        found = placements.draw(
            early,
            Draw(
                employer_id=team.employer.id,
                organisation_id=member.id,
                position_id=post.id,
                worker_id=worker.id,
                clauses=clauses,
            ),
        )
        sent = placements.send(early, found.id, found.version)
        signer = replace(_as(team.work, team.made, key), now=early.now + 3 * DAY)
        for side, quality in ((early, "Directrice du groupement"), (signer, "Direction")):
            placements.sign(side, Sign(version_id=sent.id, sha256=sent.sha256, quality=quality))
        if number == 3 and post.weekly_minutes == 2100:  # noqa: PLR2004
            _amendment(team, found, clauses)


def _amendment(team: Team, found: Placement, clauses: Clauses) -> None:
    """Propose a half-day a week more, from the month after next on: sent, not answered yet."""
    later = (team.monday + 8 * WEEK).replace(day=1)
    amended = placements.amend(
        team.work,
        Amend(
            placement_id=found.id,
            version=found.version,
            clauses=replace(clauses, starts_on=later, amount=clauses.amount + HALF_DAY // 2),
        ),
    )
    sent = placements.send(team.work, found.id, amended.version)
    placements.sign(
        team.work,
        Sign(version_id=sent.id, sha256=sent.sha256, quality="Directrice du groupement"),
    )


def _pattern(team: Team, worker: Worker, shares: tuple[tuple[int, int], ...], first: date) -> None:
    """Lay a fortnight out: whole days for who has two half-days, then the halves, then common."""
    places: list[tuple[int, int, Half]] = [
        (week, weekday, half) for week in range(2) for weekday in range(5) for half in Half
    ]
    order = [number for number, halves in shares if halves == 2 for _ in range(2)]  # noqa: PLR2004
    order += [number for number, halves in shares if halves == 1]
    total = 20 if len(order) > 16 else 16  # noqa: PLR2004 - ten or eight half-days a week
    order += [0] * (total - len(order))
    if total < len(places):
        places = [one for one in places if one[1] < 4]  # noqa: PLR2004 - Fridays are free
    days = []
    for (week, weekday, half), number in zip(places, order, strict=True):
        member = team.member(number).id if number else None
        days.append(
            PatternDay(
                week=week,
                weekday=weekday,
                half=half,
                kind=StintKind.MEMBER if member else StintKind.COMMON,
                organisation_id=member,
                site_id=team.sites[member].id if member else None,
            )
        )
    patterns.set_pattern(
        team.work,
        SetPattern(worker_id=worker.id, weeks=2, first_monday=first, days=tuple(days)),
    )
