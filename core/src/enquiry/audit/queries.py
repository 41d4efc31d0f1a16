"""The named queries: each a file in ``sql/queries``, with its purpose on the first line."""

from functools import cache
from importlib.resources import files

MIGRATIONS = files("enquiry.audit") / "sql" / "migrations"
WALL = (files("enquiry.audit") / "sql" / "walls" / "audit.sql").read_text("utf-8")


@cache
def query(name: str) -> str:
    """Text of a query, by the name of its file."""
    return (files("enquiry.audit") / "sql" / "queries" / f"{name}.sql").read_text("utf-8")
