"""The journal speaks in sentences, whatever happened in whichever package."""

from string import Formatter

from flask import Flask

from coopshare.kernel.facts import Fact

BY_ITSELF = {
    "ChangeLapsed",
    "Lapsed",
    "NoShow",
    "Offered",
    "Released",
    "SeriesLapsed",
    "WaitEnded",
}
"""What nobody did: time did."""


def test_each_fact_has_its_sentence(app: Flask) -> None:
    """With no other place than who did it and to what."""
    assert "members.journal" in app.view_functions
    kinds: list[type[Fact]] = [Fact]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    named = [kind for kind in kinds if "name" in vars(kind) and isinstance(kind.name, str)]
    assert len(named) > 20
    for kind in named:
        if kind.__name__.startswith("Occurrence"):
            assert not kind.said, "a date is told with its series, once"
            continue
        places = {name for _, name, _, _ in Formatter().parse(kind.said) if name is not None}
        assert kind.said.endswith("."), kind
        assert "who" in places or kind.__name__ in BY_ITSELF, kind
        assert places <= {"who", "what"}, kind
