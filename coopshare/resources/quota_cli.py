"""Quotas and tariffs by the command line."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import click
from marshmallow import ValidationError

from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid, NotFound
from coopshare.kernel.text import folded, marked
from coopshare.resources import queries, services
from coopshare.resources.commands import Change, SetQuota
from coopshare.resources.kinds import QuotaHolder, QuotaMeasure, QuotaPeriod, ResourceKind
from coopshare.resources.models import Resource
from coopshare.resources.schemas import PriceSchema, QuotaRuleSchema, tariff_of
from coopshare.web.console import Console, console
from coopshare.web.errors import flattened
from coopshare.web.schemas import Schema

STANDINGS = ("associate", "tenant", "partner", "outside")


def _loaded(schema: Schema, data: dict[str, Any]) -> Any:
    try:
        return schema.load({name: value for name, value in data.items() if value is not None})
    except ValidationError as error:
        raise Invalid(flattened(error.messages)) from error


def _resource(work: Work, name: str) -> Resource:
    for resource in queries.catalogue(work).resources.values():
        if folded(resource.name) == folded(name) or str(resource.id) == name:
            return resource
    raise NotFound(message=marked("Rien ne s'appelle « {name} » ici."), name=name)


@click.group(name="quota", help="Ce qui est gratuit ou limité, par semaine, mois ou saison.")
def quota() -> None:
    """Gather the commands of quotas."""


@quota.command(name="list", help="Lister les quotas qui comptent.")
@console
def list_quotas(given: Console) -> None:
    """Print a quota a line: id, name, what it says."""
    with given.database.read(given.actor()) as work:
        known = queries.catalogue(work)
        for row in known.quotas:
            name = known.resources[row.resource_id].name if row.resource_id else None
            said = services.said_quota(row, name).say("fr", given.translate)
            click.echo(f"{row.id}\t{row.name}\t{said}")


@quota.command(name="set", help="Poser un quota, ou en changer un. Écrit l'identifiant.")
@click.option("--id", "quota_id", type=click.UUID, help="Celui que l'on change.")
@click.option("--name", required=True, metavar="NOM", help="Comme les personnes le liront.")
@click.option("--free", is_flag=True, help="Ce qui est gratuit ; sinon, une limite.")
@click.option("--measure", type=click.Choice(list(QuotaMeasure)), default=QuotaMeasure.HOURS)
@click.option("--amount", type=int, required=True, metavar="N", help="Minutes, ou réservations.")
@click.option("--period", type=click.Choice(list(QuotaPeriod)), default=QuotaPeriod.MONTH)
@click.option("--first", "first_day", metavar="JOUR", help="Premier jour de la saison.")
@click.option("--last", "last_day", metavar="JOUR", help="Dernier jour, compris.")
@click.option("--holder", type=click.Choice(list(QuotaHolder)), default=QuotaHolder.ORGANISATION)
@click.option("--standing", type=click.Choice(STANDINGS), help="Pour ces organisations seulement.")
@click.option("--resource", "thing", metavar="CHOSE", help="Sur cette ressource seulement.")
@click.option("--kind", type=click.Choice(list(ResourceKind)), help="Sur cette sorte seulement.")
@console
def set_(
    given: Console, /, quota_id: UUID | None, thing: str | None, *, free: bool, **values: Any
) -> None:
    """Set or change a quota."""
    actor = given.actor()
    version = 0
    with given.database.read(actor) as work:
        if thing is not None:
            values["resource_id"] = str(_resource(work, thing).id)
        if quota_id is not None:
            version = services.quota(work, quota_id).version
    rule = _loaded(QuotaRuleSchema(), values | {"is_free": free})
    made = given.database.write(
        actor, services.set_quota, SetQuota(rule=rule, quota_id=quota_id, version=version)
    )
    click.echo(str(made.id))


@quota.command(help="Faire cesser un quota ; les prix déjà fixés ne changent pas.")
@click.argument("quota_id", type=click.UUID, metavar="IDENTIFIANT")
@console
def end(given: Console, quota_id: UUID) -> None:
    """End a quota."""
    actor = given.actor()
    with given.database.read(actor) as work:
        version = services.quota(work, quota_id).version
    given.database.write(actor, services.end_quota, quota_id, version)
    click.echo(str(quota_id))


@click.group(name="tariff", help="Les tarifs d'une ressource.")
def tariff() -> None:
    """Gather the commands of tariffs."""


@tariff.command(name="list", help="Lister les tarifs d'une ressource.")
@click.argument("thing", metavar="CHOSE")
@console
def list_tariffs(given: Console, thing: str) -> None:
    """Print a price a line: standing, unit, cents, beyond, days, hours, note."""
    with given.database.read(given.actor()) as work:
        for row in _resource(work, thing).tariffs:
            hours = "" if row.opens is None else f"{row.opens}-{row.closes}"
            days = ",".join(str(day) for day in row.weekdays)
            cells = (row.standing or "", row.unit, row.cents, row.beyond, days, hours, row.note)
            click.echo("\t".join(str(cell) for cell in cells))


@tariff.command(help="Ajouter un tarif à une ressource.")
@click.argument("thing", metavar="CHOSE")
@click.option("--unit", required=True, metavar="UNITÉ", help="hour, half_day, day, unit, person.")
@click.option("--cents", type=int, required=True, metavar="N", help="Le prix, en centimes.")
@click.option("--standing", type=click.Choice(STANDINGS), help="Pour ces organisations seulement.")
@click.option("--beyond", type=int, metavar="N", help="Au-delà de N minutes, ou unités.")
@click.option("--weekday", "weekdays", type=int, multiple=True, help="0 lundi à 6 dimanche.")
@click.option("--opens", metavar="HEURE", help="À partir de cette heure du jour : 18:00.")
@click.option("--closes", metavar="HEURE", help="Jusqu'à cette heure du jour : 22:00.")
@click.option("--note", metavar="TEXTE", help="Un mot de plus.")
@console
def add(given: Console, /, thing: str, weekdays: tuple[int, ...], **values: Any) -> None:
    """Add a price at the end."""
    line = tariff_of(_loaded(PriceSchema(), values | {"weekdays": list(weekdays)}))
    _replace(given, thing, lambda found: [*found, line])


@tariff.command(help="Retirer tous les tarifs d'une ressource.")
@click.argument("thing", metavar="CHOSE")
@console
def clear(given: Console, thing: str) -> None:
    """Take all prices away."""
    _replace(given, thing, lambda _found: [])


def _replace(given: Console, thing: str, change: Any) -> None:
    actor = given.actor()
    with given.database.read(actor) as work:
        resource = _resource(work, thing)
        lines = [
            (t.standing, t.unit, t.cents, t.note, t.beyond, t.weekdays, t.opens, t.closes)
            for t in resource.tariffs
        ]
        command = Change(
            resource_id=resource.id,
            version=resource.version,
            values={"tariffs": change(lines)},
        )
    click.echo(str(given.database.write(actor, services.change, command).id))


commands: Sequence[click.Command] = (quota, tariff)
