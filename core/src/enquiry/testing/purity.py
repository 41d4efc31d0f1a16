"""See whether a function looks at a clock, at chance, at a file or at the network.

The interpreter reports every call while the function runs; names in the source do not matter, so a
clock that was kept as a default argument is seen as well. CPython only; a help, not a prison.
"""

import _random
import gc
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from types import FrameType
from typing import Any

_MODULES = frozenset(
    {
        "time",
        "posix",
        "nt",
        "_socket",
        "select",
        "_ssl",
        "_sqlite3",
        "_thread",
        "_posixsubprocess",
        "_uuid",
        "_io",
        "io",
    }
)
"""C modules whose every function reaches outside."""
_BUILTINS = frozenset({"open", "print", "input", "exec", "eval", "compile", "breakpoint"})
_NOW = frozenset({"now", "utcnow", "today"})
_FILES = (
    "/random.py",
    "/secrets.py",
    "/socket.py",
    "/subprocess.py",
    "/tempfile.py",
    "/os.py",
    "<frozen os>",
)
"""Modules of the standard library, in Python, that reach outside or read the environment."""
_EXCUSED = ("<frozen importlib", "/importlib/", "/zoneinfo/", "<frozen zipimport")
"""What imports lazily, or reads time-zone data once, answers the same for ever."""


def impure(function: Callable[[], Any]) -> list[str]:
    """Run the function; name what it called that it must not.

    Raises:
        Exception: whatever the function raises.
    """
    found: list[str] = []

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call":
            name = _forbidden(argument)
            if name is not None and not _excused(frame):
                found.append(f"{name} in {_place(frame)}")
        elif event == "call" and frame.f_code.co_filename.endswith(_FILES):
            caller = frame.f_back
            if caller is not None and not _excused(frame) and not _inside(caller):
                found.append(f"{frame.f_code.co_qualname} in {_place(caller)}")

    with _quiet():
        before = sys.getprofile()
        sys.setprofile(watch)
        try:
            function()
        finally:
            sys.setprofile(before)
    return list(dict.fromkeys(found))


@contextmanager
def _quiet() -> Generator[None, None, None]:
    """No garbage collection meanwhile: those who watch it look at the clock."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _forbidden(called: Any) -> str | None:
    module = getattr(called, "__module__", None)
    owner = getattr(called, "__self__", None)
    name = getattr(called, "__qualname__", str(called))
    if name.rpartition(".")[2] == "setprofile" or name.endswith("fspath"):
        return None
    if module in _MODULES:
        return f"{module}.{name}"
    if module == "builtins" and name in _BUILTINS:
        return name
    if isinstance(owner, type) and issubclass(owner, date) and name.rpartition(".")[2] in _NOW:
        return name
    return name if isinstance(owner, _random.Random) else None


def _inside(frame: FrameType) -> bool:
    return frame.f_code.co_filename.endswith(_FILES)


def _excused(frame: FrameType | None) -> bool:
    while frame is not None:
        if any(part in frame.f_code.co_filename for part in _EXCUSED):
            return True
        frame = frame.f_back
    return False


def _place(frame: FrameType) -> str:
    """The nearest function that is no part of the interpreter."""
    while frame.f_code.co_filename.startswith("<frozen") and frame.f_back is not None:
        frame = frame.f_back
    code = frame.f_code
    return f"{code.co_qualname} ({code.co_filename.rpartition('/')[2]}:{frame.f_lineno})"
