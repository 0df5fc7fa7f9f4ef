"""Guards: the database refuses an over-booking and a rewritten trace, whoever writes.

SQLite has triggers; PostgreSQL has triggers that first update the resource's guard row (a mere row
lock lets two overlapping holds through under REPEATABLE READ), then compare the peak of use with the
quantity, and an exclusion constraint where the quantity is one. On SQLite instants are compared as
text, so a hold written in another spelling is refused.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# The peak of use of NEW.resource_id within NEW's span, other holds only: at its start, and wherever
# another hold starts inside it.
SQLITE_PEAK = """
    SELECT COALESCE(MAX((
        SELECT COALESCE(SUM(h.quantity), 0) FROM holds AS h
        WHERE h.resource_id = NEW.resource_id AND h.live AND h.id <> NEW.id
          AND h.starts_at <= p.t AND h.ends_at > p.t
    )), 0)
    FROM (
        SELECT NEW.starts_at AS t
        UNION
        SELECT s.starts_at FROM holds AS s
        WHERE s.resource_id = NEW.resource_id AND s.live AND s.id <> NEW.id
          AND s.starts_at > NEW.starts_at AND s.starts_at < NEW.ends_at
    ) AS p
"""

SQLITE_HOLD_CHECKS = f"""
    SELECT RAISE(ABORT, 'holds_well_formed') WHERE
        typeof(NEW.quantity) <> 'integer' OR NEW.quantity < 1
        OR NEW.live NOT IN (0, 1) OR NEW.id IS NULL
        OR NEW.starts_at IS NOT strftime('%Y-%m-%d %H:%M:%S', NEW.starts_at) || '.000000'
        OR NEW.ends_at IS NOT strftime('%Y-%m-%d %H:%M:%S', NEW.ends_at) || '.000000'
        OR NEW.starts_at >= NEW.ends_at;
    SELECT RAISE(ABORT, 'holds_leaves_only') WHERE NEW.live AND EXISTS (
        SELECT 1 FROM resource_parts WHERE whole_id = NEW.resource_id);
    SELECT RAISE(ABORT, 'holds_within_quantity') WHERE NEW.live AND EXISTS (
        SELECT 1 FROM holds AS o
        WHERE o.resource_id = NEW.resource_id AND o.live AND o.id <> NEW.id
          AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at
    ) AND ({SQLITE_PEAK}) + NEW.quantity
        > COALESCE((SELECT quantity FROM resources WHERE id = NEW.resource_id), 0);
    SELECT RAISE(ABORT, 'holds_within_quantity') WHERE NEW.live AND NEW.quantity
        > COALESCE((SELECT quantity FROM resources WHERE id = NEW.resource_id), 0);
"""

SQLITE_LONGEST = """
    UPDATE hold_guards
    SET longest_seconds = strftime('%s', NEW.ends_at) - strftime('%s', NEW.starts_at)
    WHERE resource_id = NEW.resource_id
      AND longest_seconds < strftime('%s', NEW.ends_at) - strftime('%s', NEW.starts_at);
"""

SQLITE_LOWERED = """
    SELECT RAISE(ABORT, 'resources_quantity_in_use') WHERE EXISTS (
        SELECT 1 FROM holds AS p
        WHERE p.resource_id = NEW.id AND p.live AND (
            SELECT SUM(h.quantity) FROM holds AS h
            WHERE h.resource_id = NEW.id AND h.live
              AND h.starts_at <= p.starts_at AND h.ends_at > p.starts_at
        ) > NEW.quantity);
"""

SQLITE_PARTS = """
    SELECT RAISE(ABORT, 'resource_parts_free') WHERE EXISTS (
        SELECT 1 FROM holds WHERE resource_id = NEW.whole_id AND live);
"""

SQLITE = {
    "holds_checked_on_insert": f"BEFORE INSERT ON holds BEGIN {SQLITE_HOLD_CHECKS} END",
    "holds_checked_on_update": "BEFORE UPDATE OF id, resource_id, quantity, starts_at, ends_at, live"
    f" ON holds BEGIN {SQLITE_HOLD_CHECKS.replace('<> NEW.id', '<> OLD.id')} END",
    "holds_longest_on_insert": f"AFTER INSERT ON holds BEGIN {SQLITE_LONGEST} END",
    "holds_longest_on_update": "AFTER UPDATE OF resource_id, starts_at, ends_at ON holds"
    f" BEGIN {SQLITE_LONGEST} END",
    "resources_guarded": "AFTER INSERT ON resources BEGIN"
    " INSERT OR IGNORE INTO hold_guards (resource_id, revision, longest_seconds)"
    " VALUES (NEW.id, 0, 0); END",
    "resources_quantity_checked_on_insert": "BEFORE INSERT ON resources BEGIN"
    " SELECT RAISE(ABORT, 'resources_well_formed') WHERE typeof(NEW.quantity) <> 'integer';"
    f" {SQLITE_LOWERED} END",
    "resources_quantity_checked": "BEFORE UPDATE OF quantity ON resources BEGIN"
    " SELECT RAISE(ABORT, 'resources_well_formed') WHERE typeof(NEW.quantity) <> 'integer';"
    f" {SQLITE_LOWERED} END",
    "resource_parts_checked_on_insert": f"BEFORE INSERT ON resource_parts BEGIN {SQLITE_PARTS} END",
    "resource_parts_checked_on_update": f"BEFORE UPDATE ON resource_parts BEGIN {SQLITE_PARTS} END",
    "audit_entries_no_update": "BEFORE UPDATE ON audit_entries BEGIN"
    " SELECT RAISE(ABORT, 'audit_entries_append_only'); END",
    "audit_entries_no_delete": "BEFORE DELETE ON audit_entries BEGIN"
    " SELECT RAISE(ABORT, 'audit_entries_append_only'); END",
}

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    CREATE FUNCTION refuse(guard text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'refused by the database: %', guard
            USING ERRCODE = '23514', CONSTRAINT = guard;
    END $$
    """,
    # The guard row is updated, not only locked: a transaction with an older snapshot then fails.
    """
    CREATE FUNCTION guard_hold() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        single boolean;
    BEGIN
        IF NEW.live THEN
            INSERT INTO hold_guards AS g (resource_id, revision, longest_seconds)
            VALUES (NEW.resource_id, 1,
                    ceil(extract(epoch FROM NEW.ends_at - NEW.starts_at))::integer)
            ON CONFLICT (resource_id) DO UPDATE SET
                revision = (g.revision + 1) % 2000000000,
                longest_seconds = greatest(g.longest_seconds, excluded.longest_seconds);
        END IF;
        SELECT quantity = 1 INTO single FROM resources WHERE id = NEW.resource_id;
        NEW.exclusive := coalesce(single, true);
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION check_hold() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        available integer;
        used bigint;
    BEGIN
        IF NOT NEW.live THEN
            RETURN NULL;
        END IF;
        IF EXISTS (SELECT 1 FROM resource_parts WHERE whole_id = NEW.resource_id) THEN
            PERFORM refuse('holds_leaves_only');
        END IF;
        SELECT quantity INTO available FROM resources WHERE id = NEW.resource_id;
        SELECT coalesce(max(u.used), 0) INTO used FROM (
            SELECT (
                SELECT sum(h.quantity) FROM holds h
                WHERE h.resource_id = NEW.resource_id AND h.live
                  AND h.starts_at <= p.t AND h.ends_at > p.t
            ) AS used
            FROM (
                SELECT NEW.starts_at AS t
                UNION
                SELECT s.starts_at FROM holds s
                WHERE s.resource_id = NEW.resource_id AND s.live
                  AND s.starts_at > NEW.starts_at AND s.starts_at < NEW.ends_at
            ) p
        ) u;
        IF used > coalesce(available, 0) THEN
            PERFORM refuse('holds_within_quantity');
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION guard_resource() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO hold_guards (resource_id, revision, longest_seconds) VALUES (NEW.id, 0, 0)
        ON CONFLICT (resource_id) DO NOTHING;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION check_quantity() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE hold_guards SET revision = (revision + 1) % 2000000000 WHERE resource_id = NEW.id;
        IF EXISTS (
            SELECT 1 FROM holds p
            WHERE p.resource_id = NEW.id AND p.live AND (
                SELECT sum(h.quantity) FROM holds h
                WHERE h.resource_id = NEW.id AND h.live
                  AND h.starts_at <= p.starts_at AND h.ends_at > p.starts_at
            ) > NEW.quantity
        ) THEN
            PERFORM refuse('resources_quantity_in_use');
        END IF;
        IF (NEW.quantity = 1) <> (OLD.quantity = 1) THEN
            UPDATE holds SET exclusive = (NEW.quantity = 1) WHERE resource_id = NEW.id;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION check_parts() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE hold_guards SET revision = (revision + 1) % 2000000000
        WHERE resource_id = NEW.whole_id;
        IF EXISTS (SELECT 1 FROM holds WHERE resource_id = NEW.whole_id AND live) THEN
            PERFORM refuse('resource_parts_free');
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM refuse('audit_entries_append_only');
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER holds_guarded BEFORE INSERT OR UPDATE OF"
    " id, resource_id, quantity, starts_at, ends_at, live, exclusive"
    " ON holds FOR EACH ROW EXECUTE FUNCTION guard_hold()",
    "CREATE TRIGGER holds_checked AFTER INSERT OR UPDATE OF"
    " id, resource_id, quantity, starts_at, ends_at, live"
    " ON holds FOR EACH ROW EXECUTE FUNCTION check_hold()",
    "CREATE TRIGGER resources_guarded AFTER INSERT ON resources"
    " FOR EACH ROW EXECUTE FUNCTION guard_resource()",
    "CREATE TRIGGER resources_quantity_checked AFTER UPDATE OF quantity ON resources"
    " FOR EACH ROW EXECUTE FUNCTION check_quantity()",
    "CREATE TRIGGER resource_parts_checked AFTER INSERT OR UPDATE ON resource_parts"
    " FOR EACH ROW EXECUTE FUNCTION check_parts()",
    "CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE ON audit_entries"
    " FOR EACH ROW EXECUTE FUNCTION keep_audit()",
    "ALTER TABLE holds ADD CONSTRAINT holds_within_one EXCLUDE USING gist"
    " (resource_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (live AND exclusive)",
)

POSTGRESQL_UNDO = (
    "ALTER TABLE holds DROP CONSTRAINT holds_within_one",
    "DROP TRIGGER holds_guarded ON holds",
    "DROP TRIGGER holds_checked ON holds",
    "DROP TRIGGER resources_guarded ON resources",
    "DROP TRIGGER resources_quantity_checked ON resources",
    "DROP TRIGGER resource_parts_checked ON resource_parts",
    "DROP TRIGGER audit_entries_no_change ON audit_entries",
    "DROP FUNCTION guard_hold",
    "DROP FUNCTION check_hold",
    "DROP FUNCTION guard_resource",
    "DROP FUNCTION check_quantity",
    "DROP FUNCTION check_parts",
    "DROP FUNCTION keep_audit",
    "DROP FUNCTION refuse",
)


def upgrade() -> None:
    """Put the guards up."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            op.execute(statement)
    else:
        for name, body in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {body}")


def downgrade() -> None:
    """Take the guards down."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL_UNDO:
            op.execute(statement)
    else:
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
