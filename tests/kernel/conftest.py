"""A real System over the log in memory, with the small methods of these tests."""

import pytest
from tests.kernel.systems import methods, over
from tests.runtime.scenes import Scene

from enquiry.log.memory import MemoryLog
from enquiry.privacy.source import KeyFile


@pytest.fixture
async def scene(tmp_path) -> Scene:
    """Petra, Kelly and Amina are of Beck Road, Judith is of Ashlow, Nasreen is steward."""
    found = Scene(over(MemoryLog(), methods(), KeyFile.create(tmp_path / "keys")))
    await found.settle()
    return found
