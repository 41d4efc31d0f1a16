"""How long each kind of text is kept is said by the method, completely."""

from typing import Any

import pytest
from msgspec.structs import replace

from enquiry.method.describe import describe
from enquiry.method.lint import lint
from enquiry.method.lint_retention import sealed_kinds, unsaid
from enquiry.method.retention import Keep
from enquiry.runtime.start import installed

METHODS = {f"{id_}@{version}": c.method for (id_, version), c in installed().methods.items()}


@pytest.mark.parametrize("name", METHODS)
def test_every_kind_of_every_installed_method_says_how_long_it_is_kept(name: str) -> None:
    assert unsaid(METHODS[name]) == ()
    assert lint(METHODS[name]) == ()


@pytest.mark.parametrize("name", METHODS)
def test_a_method_tells_its_readers_how_long_things_are_kept(name: str) -> None:
    told = describe(METHODS[name])["retention"]
    assert {row["kind"] for row in told} == sealed_kinds(METHODS[name])
    assert all(row["what"] and row["kept"].endswith(".") for row in told)


def test_a_kind_that_no_row_names_is_a_flaw() -> None:
    rounds = METHODS["instructional-rounds@1"]
    kept = tuple(keep for keep in rounds.retention if keep.kind != "raw-note")
    (flaw,) = lint(replace(rounds, retention=kept))
    assert (flaw.check, flaw.where) == ("M09", "kind raw-note")


def test_a_row_for_what_is_not_there_or_said_before_is_a_flaw() -> None:
    rounds = METHODS["instructional-rounds@1"]
    rows = (*rounds.retention, Keep(kind="film", what="Films", days=1), rounds.retention[0])
    assert {(f.check, f.where) for f in lint(replace(rounds, retention=rows))} == {
        ("M09", "kind film"),
        ("M09", "kind raw-note"),
    }


@pytest.mark.parametrize(
    "said", [{}, {"days": 1, "terms": 1}, {"days": -1}, {"terms": 0}, {"years": 0}]
)
def test_a_row_says_one_time_that_there_is(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="note"):
        Keep(kind="note", what="Notes", **said)
