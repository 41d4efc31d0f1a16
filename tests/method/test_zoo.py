"""Every broken method fails for its own reason, and for no other."""

import pytest
from tests.method.zoo import SOUND, ZOO

from enquiry.testing.kit import examination


def _failing(method, *, processes: bool) -> dict[str, list[str]]:
    examined = examination(method, walks=10, moves=24, processes=processes)
    found = examined.all(but=("P11", "P12"))
    return {
        check: [str(flaw) for flaw in flaws]
        for check, flaws in found.items()
        if flaws and not isinstance(flaws, str)
    }


def test_the_sound_diary_keeps_to_every_check() -> None:
    assert _failing(SOUND, processes=True) == {}


@pytest.mark.parametrize("animal", ZOO)
def test_a_broken_method_fails_for_its_own_reason_only(animal: str) -> None:
    method, checks = ZOO[animal]
    failing = _failing(method, processes="P01" in checks)
    assert failing.keys() == checks, failing


def test_there_are_enough_animals() -> None:
    assert len(ZOO) >= 18
