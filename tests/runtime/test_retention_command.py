"""``enquiry retain``: what it lists, and what it refuses."""

from uuid import uuid4

import pytest
from click.testing import CliRunner

from enquiry.cli.retain import retain_command


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
