"""The conformance kit as tests: one named test for each check.

pytest is imported where tests are made, so that the command line can examine a method without it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from enquiry.method.flaw import Flaw
from enquiry.method.lock import NAME
from enquiry.method.method import Method
from enquiry.testing.histories import FOLDER
from enquiry.testing.kit import (
    CHECKS,
    IDS,
    MOVES,
    WALKS,
    Check,
    Examination,
    Files,
    Skipped,
    examination,
)
from enquiry.testing.subject import Hint, Start
from enquiry.testing.world import World

if TYPE_CHECKING:
    import pytest


def conformance(
    method: Method,
    expected_failures: Mapping[str, str] | None = None,
    *,
    world: World | None = None,
    bodies: Mapping[str, Hint] | None = None,
    starts: Sequence[Start] = (),
    walks: int = WALKS,
    moves: int = MOVES,
) -> Callable[..., None]:
    """Make the tests of a method: ``test_conformance = conformance(METHOD)`` is the whole file.

    Histories are looked for in ``histories`` beside the test, ``method.lock`` in the folders above.

    Args:
        method: What is examined. It needs a name at the top of a module, so that another process
            can import it; so do ``world`` and ``bodies``.
        expected_failures: Checks that are known to fail, by id, each with the reason. One that
            does not fail is an error.
        world: People, circles and other streams around the method; without it, that of the first
            start, or two schools with their people (``VILLAGE``).
        bodies: For moves whose form chance cannot fill in: (stream, actor) -> a body.
        starts: Moments of stories from which walks go on as well, for what chance reaches too
            seldom: functions at the top of a module that return a ``Story``.
        walks: How many walks; the option ``--enquiry-walks`` overrides it.
        moves: How many acts on each, at most.

    Raises:
        ValueError: an expected failure names no check, or gives no reason.
    """
    import pytest

    expected = _reasoned(expected_failures or {})

    @cache
    def examined(folder: Path, root: Path, count: int, seed: str) -> Examination:
        files = Files(_above(folder, root), folder / FOLDER)
        return examination(
            method,
            world=world,
            bodies=bodies,
            walks=count,
            moves=moves,
            seed=seed,
            starts=starts,
            files=files,
        )

    def parameter(check: Check) -> object:
        reason = expected.get(check.id)
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason is not None else []
        return pytest.param(check, id=check.name, marks=marks)

    @pytest.mark.conformance
    @pytest.mark.parametrize("check", [parameter(check) for check in CHECKS])
    def test_conformance(check: Check, request: "pytest.FixtureRequest") -> None:
        options = request.config.option
        count = getattr(options, "enquiry_walks", None) or walks
        seed = getattr(options, "enquiry_seed", None) or "enquiry"
        here = examined(request.path.parent, request.config.rootpath, count, seed)
        try:
            flaws = here.flaws(check.id)
        except Skipped as reason:
            pytest.skip(str(reason))
        if flaws:
            pytest.fail(_told(check, flaws), pytrace=False)

    return test_conformance


def _reasoned(expected: Mapping[str, str]) -> Mapping[str, str]:
    for id_, reason in expected.items():
        if id_ not in IDS or not reason.strip():
            raise ValueError(f"expected_failures: {id_} needs to be a check's id, with a reason")
    return expected


def _above(folder: Path, root: Path) -> Path | None:
    """The nearest lock in this folder or above, no higher than the root."""
    for place in (folder, *folder.parents):
        if (place / NAME).exists():
            return place / NAME
        if place == root:
            break
    return None


def _told(check: Check, flaws: tuple[Flaw, ...]) -> str:
    lines = [f"{check.id}, {check.title}. {check.why}"]
    lines += [f"  {flaw.where}: {flaw.says}" for flaw in flaws]
    return "\n".join(lines)
