"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from enquiry.engines.folder import default_data_folder

P = ParamSpec("P")
R = TypeVar("R")


def engine_options(function: Callable[P, R]) -> Callable[P, R]:
    """Give a command ``--data``, ``--database-url`` and ``--nats-url``.

    They arrive as ``data: Path``, ``database_url: str | None`` and ``nats_url: str | None``, which
    is how `enquiry.engines.engines` takes them.
    """
    data = click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="ENQUIRY_DATA",
        show_envvar=True,
        default=default_data_folder,
        show_default="'.enquiry/data' in the checkout",
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
    return data(database_url(nats_url(function)))
