"""``enquiry retain``, and what keeps a kind although its time has run out."""

from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from tests.runtime.notebook import Notebook

from enquiry.cli.retain import retain_command
from enquiry.runtime.retention import is_published


def said(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(retain_command, list(arguments))
    return answer.exit_code, answer.output


@pytest.mark.parametrize("more", [(), ("--destroy",), ("--on", "2040-01-01")])
def test_an_empty_log_holds_nothing_that_is_due(postgres_url: str, more: tuple[str, ...]) -> None:
    schema = f"log_{uuid4().hex}"
    found = said("--database-url", postgres_url, "--schema", schema, *more)
    assert found == (0, "nothing is due\n")


def test_nothing_is_destroyed_before_its_day() -> None:
    code, told = said("--database-url", "postgresql://nowhere", "--destroy", "--on", "2040-01-01")
    assert code == 2
    assert "What is not due yet is not destroyed" in told


def test_what_published_evidence_is_sealed_under_is_kept() -> None:
    nothing = Notebook()
    something = replace(nothing, published={UUID(int=1): UUID(int=2)})
    assert is_published(something, "contribution")
    assert not is_published(something, "register")
    assert not is_published(nothing, "contribution")
