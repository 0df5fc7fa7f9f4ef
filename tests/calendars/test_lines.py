"""Content lines: nothing typed can become a property, everything comes back as it was."""

from hypothesis import given
from hypothesis import strategies as st

from coopshare.calendars.lines import LONGEST, clean, escaped, folded, one_line, unescaped, unfolded

ANY_TEXT = st.text(max_size=400)
PIECES = st.lists(
    st.sampled_from(["\\", "\\n", "\r", "\n", ";", ",", ":", "é", "🏮", "e\u0301", "\x00", "\u2028",
                     "\u0085", " ", "\t", "BEGIN:VEVENT", "\u202e"]) | st.text(max_size=5),
    max_size=120,
).map("".join)  # fmt: skip


@given(ANY_TEXT | PIECES)
def test_a_line_unfolds_to_itself(text: str) -> None:
    line = f"SUMMARY:{escaped(clean(text))}"
    assert unfolded(folded(line)) == [line]


@given(ANY_TEXT | PIECES)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert unescaped(escaped(clean(text))) == clean(text)
    assert clean(clean(text)) == clean(text)


@given(PIECES)
def test_folds_are_short_and_fall_between_characters_and_escapes(text: str) -> None:
    data = folded(f"DESCRIPTION:{escaped(clean(text))}")
    assert data.endswith(b"\r\n")
    for piece in data[:-2].split(b"\r\n"):
        piece.decode()
        assert len(piece) <= LONGEST
        backslashes = len(piece) - len(piece.rstrip(b"\\"))
        assert backslashes % 2 == 0


@given(PIECES)
def test_a_text_is_one_content_line_without_controls(text: str) -> None:
    value = escaped(clean(text))
    assert not any((ord(c) < 32 and c != "\t") or 0x7F <= ord(c) < 0xA0 for c in value)
    assert "\u2028" not in value
    assert "\n" not in one_line(text)


def test_a_backslash_before_n_is_no_line_break() -> None:
    assert escaped("C:\\New\\n;,\n") == r"C:\\New\\n\;\,\n"
    assert unescaped(r"C:\\New\\n\;\,\N") == "C:\\New\\n;,\n"
