"""P09 on hidden fields: a view may not show a text that every row for its reader hides."""

import pytest
from tests.method.zoo import LEAKED_TEXT, READER, Telling, Write, build

from enquiry.method.builder import Builder
from enquiry.method.method import Method
from enquiry.testing.kit import examination


def showing(*hide: str) -> Method:
    def change(diary: Builder) -> None:
        diary.show(Write, to=READER, today=True, hide=hide)

    return build(view=LEAKED_TEXT.views[0].build, schema=Telling, change=change)


@pytest.mark.parametrize(("hide", "found"), [(("words",), True), ((), False)])
def test_a_view_shows_no_field_that_the_row_for_its_reader_hides(
    hide: tuple[str, ...], found: bool
) -> None:
    flaws = examination(showing(*hide)).flaws("P09")
    assert any("it shows words" in flaw.says for flaw in flaws) is found
