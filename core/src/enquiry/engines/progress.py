"""How starting tells what it does."""

from collections.abc import Callable

Progress = Callable[[str], None]
"""Told one line for a person at each step that takes time."""


def silence(line: str) -> None:
    """Tell nobody."""
    del line
