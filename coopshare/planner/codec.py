"""Frozen dataclasses to JSON and back: dates as ISO texts, tuples as lists, defaults left out."""

import json
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")


def dumps(value: Any) -> str:
    """Return the JSON of a dataclass."""
    return json.dumps(encode(value), ensure_ascii=False, separators=(",", ":"))


def loads(kind: type[Kind], text: str | bytes) -> Kind:
    """Read a dataclass; raises `ValueError` when the text does not fit it."""
    try:
        found: Kind = decode(kind, json.loads(text))
    except (KeyError, TypeError, IndexError, AttributeError) as wrong:
        raise ValueError(f"not a {kind.__name__}: {wrong}") from wrong
    return found


def encode(value: Any) -> Any:
    """Return plain lists, dicts, texts and numbers."""
    if is_dataclass(value):
        return {
            each.name: encode(held)
            for each in fields(value)
            if (held := getattr(value, each.name)) != default(each)
        }
    if isinstance(value, tuple):
        return [encode(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def default(each: Field[Any]) -> Any:
    """Return what a field holds when nothing is said."""
    if each.default_factory is not MISSING:
        return each.default_factory()
    return each.default


@cache
def hints(kind: type) -> dict[str, Any]:
    """Return the types of the fields of a dataclass."""
    return get_type_hints(kind)


def decode(kind: Any, value: Any) -> Any:
    """Return a value of a type from plain data."""
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        if value is None:
            return None
        return decode(next(each for each in get_args(kind) if each is not NoneType), value)
    if origin is tuple:
        return decode_tuple(get_args(kind), value)
    if is_dataclass(kind):
        known = hints(kind)  # type: ignore[arg-type]
        unknown = set(value) - set(known)
        if unknown:
            raise ValueError(f"unknown here: {', '.join(sorted(unknown))}")
        return kind(**{name: decode(known[name], each) for name, each in value.items()})  # type: ignore[operator]
    if kind is date:
        return date.fromisoformat(value)
    if kind is float and type(value) is int:
        return float(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    if type(value) is not kind:
        raise ValueError(f"{value!r} is not a {kind.__name__}")
    return value


def decode_tuple(kinds: tuple[Any, ...], values: Any) -> tuple[Any, ...]:
    """Return a tuple, of one type repeated or of one type for each place."""
    if not isinstance(values, list):
        raise ValueError(f"{values!r} is not a list")  # noqa: TRY004 - one refusal for all
    if kinds[-1] is Ellipsis:
        return tuple(decode(kinds[0], each) for each in values)
    return tuple(decode(kind, each) for kind, each in zip(kinds, values, strict=True))
