"""The named queries: each a file in ``sql/queries``, with its purpose on the first line."""

from functools import cache
from importlib.resources import files

SQL = files("enquiry.runtime.lists") / "sql"


@cache
def query(name: str, **schemas: str) -> str:
    """Text of a query, by the name of its file.

    Args:
        name: of the file, without its ending.
        schemas: what stands for ``{shelf}`` or ``{tables}``, quoted as an identifier.
    """
    text = (SQL / "queries" / f"{name}.sql").read_text("utf-8")
    for placeholder, schema in schemas.items():
        text = text.replace(f"{{{placeholder}}}", schema)
    return text
