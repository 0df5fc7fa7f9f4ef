"""What the wheel test runs with the installed package, in a process of its own."""

import sys
from dataclasses import dataclass

from coopshare import __file__ as package
from coopshare.app import create_app
from coopshare.db import migrate
from coopshare.db.work import Database

ASSET = "/statique/vendor/bootstrap.min.css"


@dataclass(frozen=True)
class Plain:
    """The settings of a page that nobody signs in to."""

    base_url: str = "http://127.0.0.1"
    lang: str = "fr"
    secret_key: str = "not a secret"
    trusted_hosts: tuple[str, ...] = ()


def main() -> None:
    """Migrate a new database, then get a page, a style sheet and the state of the database."""
    database = Database(f"sqlite:///{sys.argv[1]}")
    migrate.upgrade(database.engine)
    client = create_app(Plain(), database).test_client()
    print(package)
    for address in ("/readyz", "/absent", ASSET):
        with client.get(address) as answer:
            print(answer.status_code, address)
    database.close()


main()
