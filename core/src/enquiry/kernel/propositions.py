"""Propositions of research, as data: a checklist to return to, never itself a focus.

Source: 2.21.
"""

import tomllib
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

_FILE = resources.files("enquiry.kernel").joinpath("propositions.toml")


class Proposition(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that research says."""

    key: str
    gist: str
    """In our words."""


class Propositions(Struct, frozen=True, forbid_unknown_fields=True):
    """What research says about one matter, in its order."""

    key: str
    title: str
    items: tuple[Proposition, ...]


class _Shipped(Struct, frozen=True, forbid_unknown_fields=True):
    lists: tuple[Propositions, ...]


@cache
def shipped() -> tuple[Propositions, ...]:
    """The lists that are shipped: pedagogy, professional learning, partnership."""
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), _Shipped).lists


@cache
def keys() -> frozenset[str]:
    """Keys of all of them; no two are alike."""
    return frozenset(one.key for some in shipped() for one in some.items)
