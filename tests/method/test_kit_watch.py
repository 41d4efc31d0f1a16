"""P09 on warnings: what a standing condition tells is a leak, unless the condition says so."""

import pytest
from tests.method.zoo import Diary, Write, build

from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.method import Method
from enquiry.method.rules import Warn, Watch
from enquiry.testing.kit import examination


def _moods(s: Diary, ctx: Ctx) -> tuple[Warn, ...]:
    """Readers, to whom no row shows what is written, are warned about the mood."""
    del ctx
    return tuple(Warn("FOCUS_DRIFT", about=mood) for mood in dict.fromkeys(s.moods))


def remarking(*reveals: type) -> Method:
    def change(diary: Builder) -> None:
        diary.watch(Watch("FOCUS_DRIFT", _moods, reveals=reveals))

    return build(change=change)


@pytest.mark.parametrize(("reveals", "found"), [((), True), ((Write,), False)])
def test_a_warning_tells_of_what_is_not_to_be_read_only_where_it_says_so(
    reveals: tuple[type, ...], found: bool
) -> None:
    flaws = examination(remarking(*reveals)).flaws("P09")
    assert any(flaw.where == "their warnings" for flaw in flaws) is found


@pytest.mark.parametrize(("looks_at", "found"), [(("pages",), True), (("moods",), False)])
def test_a_watch_that_looks_at_more_than_it_says_is_found(
    looks_at: tuple[str, ...], found: bool
) -> None:
    def change(diary: Builder) -> None:
        diary.watch(Watch("FOCUS_DRIFT", _moods, looks_at=looks_at))

    flaws = examination(build(change=change)).flaws("P14")
    assert any("looks at moods" in flaw.says for flaw in flaws) is found
