"""The ceiling: bare Flask and SQLAlchemy doing the same work, without login, layout or trace.

One booking locks, checks for an overlap and inserts; the pages and feeds are joined strings.
"""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, jsonify, request

from coopshare.db.engine import make_engines

METADATA = sa.MetaData()
ROOMS = sa.Table(
    "bare_rooms",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("house", sa.Integer, nullable=False, index=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
)
BOOKINGS = sa.Table(
    "bare_bookings",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("room_id", sa.ForeignKey("bare_rooms.id"), nullable=False),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("fragment", sa.LargeBinary, nullable=False),
    sa.Index("ix_bare_bookings", "room_id", "starts_at", "ends_at"),
)
LONGEST = timedelta(hours=12)
HOUSE = 0
"""The cooperative that is asked about."""


def overlapping(start: datetime, end: datetime) -> sa.ColumnElement[bool]:
    """Return the overlap condition, its start bounded by the longest booking."""
    return sa.and_(
        BOOKINGS.c.starts_at < end,
        BOOKINGS.c.starts_at > start - LONGEST,
        BOOKINGS.c.ends_at > start,
    )


def make_bare_app(url: str) -> Flask:
    """Return the baseline on a database that holds the baseline's tables."""
    app = Flask("bare")
    reading, writing = make_engines(url)

    @app.post("/book")
    def book() -> tuple[Response, int]:
        wanted: dict[str, Any] = request.get_json()
        room, start, end = (
            uuid.UUID(wanted["room"]),
            datetime.fromisoformat(wanted["from"]),
            datetime.fromisoformat(wanted["to"]),
        )
        with writing.begin() as connection:
            connection.execute(
                sa.update(ROOMS).where(ROOMS.c.id == room).values(revision=ROOMS.c.revision + 1)
            )
            taken = connection.execute(
                sa.select(BOOKINGS.c.id)
                .where(BOOKINGS.c.room_id == room, overlapping(start, end))
                .limit(1)
            ).first()
            if taken:
                return jsonify(error="taken"), 409
            made = uuid.uuid4()
            connection.execute(
                sa.insert(BOOKINGS).values(
                    id=made,
                    room_id=room,
                    title=wanted["title"],
                    starts_at=start,
                    ends_at=end,
                    fragment=fragment(made, wanted["title"], start, end),
                )
            )
        return jsonify(id=str(made)), 201

    @app.get("/day")
    def day() -> str:
        start = datetime.combine(date.fromisoformat(request.args["date"]), datetime.min.time(), UTC)
        with reading.begin() as connection:
            rooms = connection.execute(
                sa.select(ROOMS.c.id, ROOMS.c.name)
                .where(ROOMS.c.house == HOUSE)
                .order_by(ROOMS.c.name)
            )
            found: dict[uuid.UUID, list[str]] = {room.id: [] for room in rooms}
            names = dict.fromkeys(found, "")
            rows = connection.execute(
                sa.select(
                    BOOKINGS.c.room_id, BOOKINGS.c.title, BOOKINGS.c.starts_at, BOOKINGS.c.ends_at
                )
                .join(ROOMS, ROOMS.c.id == BOOKINGS.c.room_id)
                .where(ROOMS.c.house == HOUSE, overlapping(start, start + timedelta(days=1)))
                .order_by(BOOKINGS.c.starts_at)
            )
            for row in rows:
                found[row.room_id].append(
                    f"<li>{row.starts_at:%H:%M}-{row.ends_at:%H:%M} {row.title}</li>"
                )
        lines = (f"<tr><th>{room}</th><td>{''.join(found[room])}</td></tr>" for room in names)
        return f"<table>{''.join(lines)}</table>"

    @app.get("/free")
    def free() -> Response:
        start, end = (datetime.fromisoformat(request.args[name]) for name in ("from", "to"))
        with reading.begin() as connection:
            taken = sa.select(BOOKINGS.c.id).where(
                BOOKINGS.c.room_id == ROOMS.c.id, overlapping(start, end)
            )
            rows = connection.execute(
                sa.select(ROOMS.c.id, ROOMS.c.name)
                .where(ROOMS.c.house == HOUSE, ~taken.exists())
                .order_by(ROOMS.c.name)
            ).all()
        return jsonify([{"id": str(row.id), "name": row.name} for row in rows])

    @app.get("/feed/<room>")
    def feed(room: str) -> Response:
        key = uuid.UUID(room)
        with reading.begin() as connection:
            revision = connection.execute(
                sa.select(ROOMS.c.revision).where(ROOMS.c.id == key)
            ).scalar_one()
            if request.headers.get("If-None-Match") == f'"{revision}"':
                return Response(status=304)
            parts = connection.execute(
                sa.select(BOOKINGS.c.fragment)
                .where(BOOKINGS.c.room_id == key)
                .order_by(BOOKINGS.c.starts_at)
                .limit(int(request.args.get("most", 500)))
            ).scalars()
            body = b"BEGIN:VCALENDAR\r\n" + b"".join(parts) + b"END:VCALENDAR\r\n"
        answer = Response(body, content_type="text/calendar")
        answer.headers["ETag"] = f'"{revision}"'
        return answer

    return app


def fragment(made: uuid.UUID, title: str, start: datetime, end: datetime) -> bytes:
    """Return one event, written by hand."""
    return (
        f"BEGIN:VEVENT\r\nUID:{made}\r\nSUMMARY:{title}\r\n"
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDTEND:{end:%Y%m%dT%H%M%SZ}\r\nEND:VEVENT\r\n"
    ).encode()
