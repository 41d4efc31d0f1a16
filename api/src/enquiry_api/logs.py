"""What the edge writes down about a request: ids, numbers and codes; never what anybody wrote."""

import sys
import traceback
from typing import Any, BinaryIO

import msgspec
import structlog

_TRUNK = "enquiry"


def _encode(event: dict[str, Any], **_: Any) -> bytes:
    return msgspec.json.encode(event)


def _processors() -> list[structlog.typing.Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(serializer=_encode),
    ]


def json_logger(to: BinaryIO | None = None) -> structlog.typing.FilteringBoundLogger:
    """A logger that writes one JSON object a line; to standard error if no file is given."""
    lazy = structlog.wrap_logger(
        structlog.BytesLogger(to or sys.stderr.buffer),
        processors=_processors(),
        wrapper_class=structlog.make_filtering_bound_logger("info"),
    )
    # Bound once: left lazy, it would be put together anew for every line.
    return lazy.bind()


def log_as_json(to: BinaryIO) -> None:
    """Let every part of this process write in the same form and to the same place."""
    structlog.configure(
        processors=_processors(),
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        logger_factory=structlog.BytesLoggerFactory(to),
    )


def whereabouts(error: BaseException) -> list[str]:
    """Where an error came about, as ``module.py:line``: its message may quote what was written."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{_short(frame.filename)}:{frame.lineno}" for frame in frames[-8:]]


def _short(filename: str) -> str:
    _, found, rest = filename.rpartition(f"/{_TRUNK}")
    return f"{_TRUNK}{rest}" if found else filename.rpartition("/")[2]
