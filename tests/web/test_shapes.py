"""Forms, schemas, cursors: bad input gets a clear sentence and loses nothing."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from coopshare.kernel.errors import Invalid, Refused, VersionMismatch
from coopshare.kernel.text import is_clean
from coopshare.web.errors import PreconditionRequired, flattened, status_of
from coopshare.web.etag import seen_version
from coopshare.web.forms import Form
from coopshare.web.pagination import decode, encode, page
from coopshare.web.schemas import Day, Instant, Schema, Text, Whole


class Sample(Schema):
    """A shape with one field of each of our kinds."""

    title = Text(20, required=True)
    note = Text(50, multiline=True)
    people = Whole(1, 500, load_default=None, allow_none=True)
    starts_at = Instant(load_default=None)
    day = Day(load_default=None)
    features = fields.List(fields.String(), load_default=list)


def refused(data: dict[str, Any]) -> dict[str, list[str]]:
    """Return the sentences a sample is refused with."""
    with pytest.raises(ValidationError) as error:
        Sample().load(data)
    return {
        name: [str(s.say()) for s in sentences]
        for name, sentences in flattened(error.value.messages).items()
    }


def test_a_sample_is_read() -> None:
    loaded = Sample().load({"title": "  Réunion  ", "note": "une\r\nligne", "people": "12"})
    assert (loaded["title"], loaded["note"], loaded["people"]) == ("Réunion", "une\nligne", 12)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "x" * 21}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "a\u202eb"}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"title": 12}, "title"),
        ({"title": "a", "people": "0"}, "people"),
        ({"title": "a", "people": "1.5"}, "people"),
        ({"title": "a", "people": 1.5}, "people"),
        ({"title": "a", "people": True}, "people"),
        ({"title": "a", "people": "9" * 40}, "people"),
        ({"title": "a", "starts_at": "2027-03-10T09:00:00"}, "starts_at"),
        ({"title": "a", "starts_at": "0001-01-01T00:00:00+00:00"}, "starts_at"),
        ({"title": "a", "starts_at": "demain"}, "starts_at"),
        ({"title": "a", "day": "2027-02-30"}, "day"),
        ({"title": "a", "day": "9999-12-31"}, "day"),
        ({"title": "a", "features": "x"}, "features"),
        ({"title": "a", "cooperative_id": "x"}, "cooperative_id"),
    ],
)
def test_bad_input_is_refused_in_french(data: dict[str, Any], field: str) -> None:
    sentences = refused(data)
    assert list(sentences) == [field]
    assert sentences[field][0].endswith((".", "attendue."))
    assert "Not a valid" not in sentences[field][0]


def test_a_form_keeps_what_was_typed_and_sorts_errors(app: Flask) -> None:
    typed = {"title": "x" * 21, "features": ["a", "b"], "_key": "one"}
    with app.test_request_context("/", method="POST", data=typed):
        form = Form(Sample())
        with form.refusals():
            form.load()
        assert (form.value("title"), form.value("features"), form.key) == (
            "x" * 21,
            ["a", "b"],
            "one",
        )
        assert form.error("title") == "Ce texte est trop long : 20 signes au plus."
        assert form.status == 422
        with form.refusals():
            raise Refused
        assert form.general == ["Une règle ne permet pas cela."]


def test_a_version_is_read_from_if_match(app: Flask) -> None:
    with app.test_request_context("/", headers={"If-Match": '"v12"'}):
        assert seen_version() == 12
    with app.test_request_context("/", headers={"If-Match": '"x"'}), pytest.raises(VersionMismatch):
        seen_version()
    with app.test_request_context("/"), pytest.raises(PreconditionRequired):
        seen_version()
    assert [status_of(kind()) for kind in (VersionMismatch, PreconditionRequired)] == [412, 428]


@given(st.lists(st.text(max_size=30).filter(is_clean), min_size=2, max_size=2))
def test_a_cursor_comes_back(values: list[str]) -> None:
    assert decode(encode(*values), 2) == values


@given(st.text(max_size=40))
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    try:
        values = decode(cursor, 2)
    except Invalid:
        return
    assert len(values) == 2


def test_a_page_says_whether_more_follows() -> None:
    assert page([1, 2, 3], 3, lambda n: (n,)).next is None
    first = page([1, 2, 3, 4], 3, lambda n: (n,))
    assert (list(first.items), decode(first.next or "", 1)) == ([1, 2, 3], ["3"])
