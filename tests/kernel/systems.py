"""Systems with the small methods of these tests."""

from typing import Any

from tests.kernel.diary import DIARY
from tests.kernel.gathering import GATHERING
from tests.runtime.scenes import NOON

from enquiry.kernel.methods import KERNEL
from enquiry.method.registry import Registry, load
from enquiry.privacy.source import KeyFile
from enquiry.runtime.lists.listing import Scan
from enquiry.runtime.streams import Streams
from enquiry.runtime.system import System


def methods() -> Registry:
    """The kernel's own, a diary and a gathering."""
    return load(builtins=(*KERNEL, DIARY, GATHERING), points=())


def over(log: Any, registry: Registry, source: KeyFile) -> System:
    """A System as one process has it; it does not follow the log."""
    return System(log, registry, source, Scan(log, Streams(log, registry)), lambda: NOON)
