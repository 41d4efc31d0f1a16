"""Options that several commands share."""

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from enquiry.engines.folder import default_data_folder

ALLOWED = "ENQUIRY_PLUGINS"
"""Names of the plug-ins to load, separated by commas; unset: all of them."""
STRICT = "ENQUIRY_STRICT"
"""1: a plug-in that cannot be used is fatal."""

P = ParamSpec("P")
R = TypeVar("R")


def engine_options_in(
    folder: Callable[[], Path], said: str
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Give a command ``--data``, ``--database-url`` and ``--nats-url``.

    They arrive as ``data: Path``, ``database_url: str | None`` and ``nats_url: str | None``, which
    is how `enquiry.engines.engines` takes them.

    Args:
        folder: where the data are if nobody says.
        said: how that is told.
    """
    data = click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="ENQUIRY_DATA",
        show_envvar=True,
        default=folder,
        show_default=said,
        help="Folder of the embedded engines. It survives restarts; one process at a time uses it.",
    )
    database_url = click.option(
        "--database-url",
        envvar="ENQUIRY_DATABASE_URL",
        show_envvar=True,
        help="Use this PostgreSQL (postgresql://...) in place of the embedded one.",
    )
    nats_url = click.option(
        "--nats-url",
        envvar="ENQUIRY_NATS_URL",
        show_envvar=True,
        help="Use this NATS server (nats://...) in place of the embedded one.",
    )
    return lambda function: data(database_url(nats_url(function)))


def engine_options(function: Callable[P, R]) -> Callable[P, R]:
    """Give a command these options, with the data where everything lies that is meant to stay."""
    return engine_options_in(default_data_folder, "'.enquiry/data' in the checkout")(function)


def allowed() -> Collection[str] | None:
    """Which plug-ins may be loaded, as the environment says."""
    names = os.environ.get(ALLOWED)
    return None if names is None else tuple(n.strip() for n in names.split(",") if n.strip())


def is_strict() -> bool:
    """Whether a plug-in that cannot be used is fatal."""
    return os.environ.get(STRICT) == "1"
