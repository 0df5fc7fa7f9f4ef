"""Knowledge goes down only; HTTP stays at the surface; one place commits."""

from tests.architecture.source import SURFACES, calls, imports, modules, package, part, where

BASE = frozenset({"kernel", "db"})
MAY_IMPORT: dict[str, frozenset[str]] = {
    "kernel": frozenset(),
    "paths": frozenset(),
    "config": frozenset({"kernel"}),
    "catalogues": frozenset({"kernel"}),
    "db": frozenset({"kernel", "paths"}),
    "documents": frozenset({"kernel", "paths"}),
    "planner": frozenset({"kernel"}),
    "web": BASE | {"documents"},
    "jobs": BASE,
    "members": BASE | {"documents"},
    "notifications": BASE | {"members", "jobs", "paths"},
    "resources": BASE | {"members", "documents"},
    "holds": BASE | {"members", "resources", "documents"},
    "calendars": BASE | {"members", "resources", "holds"},
    "exchanges": BASE | {"members", "resources", "documents"},
    "bookings": BASE | {"members", "resources", "holds", "calendars", "exchanges", "documents"},
    "pooled_staff": BASE
    | {"members", "resources", "holds", "calendars", "exchanges", "documents", "planner"},
    "reports": BASE | {"members", "resources", "holds", "bookings", "documents"},
}
"""What each package may import besides itself (and web, for its surfaces)."""

COMPOSITION = frozenset(
    {
        "app",
        "menu",
        "paces",
        "cli",
        "doctor",
        "demo",
        "models",
        "serve",
        "bodies",
        "logs",
        "__main__",
        "__init__",
    }
)
"""The parts that know everything."""

ACROSS = frozenset(
    {"models", "queries", "services", "commands", "errors", "facts", "kinds", "siret", "states"}
)
"""The files of a package that others may import."""

HTTP = frozenset({"flask", "werkzeug", "flask_smorest", "flask_wtf", "flask_login", "flask_babel"})
DATABASE_ONLY = frozenset({"commit", "rollback"})
RAW = frozenset({"text", "from_statement", "connection"})


def is_surface(path: object) -> bool:
    """Tell whether a module may know HTTP."""
    known = {"web", "app", "menu", "paces", "cli", "serve", "bodies", "logs"}
    inner = getattr(path, "stem", "") in SURFACES  # a part of a package, with the same files
    return inner or part(path) in SURFACES or package(path) in known  # type: ignore[arg-type]


def test_packages_only_look_down() -> None:
    """A package imports those below it, and only the files meant for others."""
    wrong = []
    for path in modules():
        here = package(path)
        if here in COMPOSITION:
            continue
        for name in imports(path):
            if not name.startswith("coopshare."):
                continue
            words = name.split(".")
            other = words[1]
            if other in {here, "__version__"}:
                continue
            allowed = MAY_IMPORT[here] | ({"web", "kernel", "db"} if is_surface(path) else set())
            if other not in allowed:
                wrong.append(f"{where(path)} imports {name}")
            elif (
                other not in BASE | {"web", "paths", "jobs", "documents", "planner"}
                and words[2] not in ACROSS
            ):
                mail = other == "notifications"
                if not mail:
                    wrong.append(f"{where(path)} imports {name}, which stays home")
    assert wrong == []


def test_http_stays_at_the_surface() -> None:
    """Services, rules and queries run without a request."""
    wrong = [
        f"{where(path)} imports {name}"
        for path in modules()
        for name in imports(path)
        if name.split(".")[0] in HTTP and not is_surface(path)
    ]
    assert wrong == []


def test_one_module_each_for_the_quiet_libraries() -> None:
    """Flask-Login, Flask-Babel and icalendar are each imported in one place."""
    homes = {"flask_login": "members/login.py", "flask_babel": "web/i18n.py"}
    wrong = [
        where(path)
        for path in modules()
        for name in imports(path)
        for library, home in homes.items()
        if name.split(".")[0] == library and not str(path).endswith(home)
    ]
    assert wrong == []


def test_one_place_commits() -> None:
    """Only the unit of work keeps or gives up a change."""
    wrong = [
        where(path, line)
        for path in modules()
        for line, name in calls(path)
        if name in DATABASE_ONLY and package(path) != "db"
    ]
    assert wrong == []


def test_features_write_no_raw_sql() -> None:
    """Statements that the session cannot limit to one cooperative live in db/ only."""
    wrong = [
        where(path, line)
        for path in modules()
        for line, name in calls(path)
        if name in RAW and package(path) not in {"db", "doctor", "kernel", "web", "demo", "cli"}
    ]
    assert wrong == []


MAY_LOOK_EVERYWHERE = {
    "members",
    "notifications",
    "calendars",
    "bookings",
    "holds",
    "jobs",
    "demo",
    "db",
}
"""Who may enter where, whose token it is, what is to be done."""


def test_few_look_across_cooperatives() -> None:
    """The option that lifts the limit to one cooperative is used where it has to be."""
    wrong = [
        where(path)
        for path in modules()
        for name in imports(path)
        if name.endswith("scope.EVERYWHERE") and package(path) not in MAY_LOOK_EVERYWHERE
    ]
    assert wrong == []
