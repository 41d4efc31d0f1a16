"""The command line: list, check and freeze methods."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from enquiry.cli import main

HERE = Path(__file__).parent
ZOO, TURNS = str(HERE / "zoo.py"), str(HERE / "turns.py")


def _run(*words: str, **env: str):
    return CliRunner().invoke(main, list(words), env=env)


def test_the_kernels_own_methods_are_listed() -> None:
    told = _run("methods")
    assert told.exit_code == 0
    assert "built-in     alliance@1" in told.output


def test_only_the_plug_ins_that_the_environment_names_are_loaded() -> None:
    listed = json.loads(_run("methods", "--json", ENQUIRY_PLUGINS="").output)
    plugins = [one for one in listed if one["status"] != "built-in"]
    assert plugins
    assert {one["status"] for one in plugins} == {"blocked"}


def test_a_sound_method_passes(tmp_path) -> None:
    told = _run("check", TURNS, "--walks", "3", "--folder", str(tmp_path))
    assert told.exit_code == 0, told.output
    assert "small-turns@1" in told.output
    assert "P09  ok       views keep secrets" in told.output
    assert "P11  skipped" in told.output


def test_a_broken_method_fails_and_is_told_why(tmp_path) -> None:
    told = _run("check", f"{ZOO}:DICE", "--walks", "3", "--folder", str(tmp_path))
    assert told.exit_code == 1
    assert "P08  FAILED" in told.output
    assert "Random.random" in told.output


def test_a_report_can_be_read_by_a_program(tmp_path) -> None:
    told = _run("check", f"{ZOO}:DICE", "--walks", "3", "--json", "--folder", str(tmp_path))
    (report,) = json.loads(told.output)
    assert report["method"] == "diary"
    assert {flaw["check"] for flaw in report["flaws"]} == {"P08"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("check", "no_such_module"), "ModuleNotFoundError"),
        (("check", f"{ZOO}:NOTHING"), "there is no method"),
        (("check", "--dist", "no-such-distribution"), "brings no plug-in"),
    ],
)
def test_whatever_cannot_be_found_is_told(words, says) -> None:
    told = _run(*words)
    assert told.exit_code == 1
    assert says in told.output


def test_freezing_keeps_the_shape_and_a_history_that_the_check_then_reads(tmp_path) -> None:
    froze = _run("freeze", TURNS, "--folder", str(tmp_path))
    assert froze.exit_code == 0, froze.output
    assert (tmp_path / "method.lock").exists()
    assert (tmp_path / "tests" / "histories" / "small-turns-1.jsonl").exists()
    told = _run("check", TURNS, "--walks", "2", "--folder", str(tmp_path))
    assert "P11  ok" in told.output
    assert "P12  ok" in told.output


def test_a_frozen_version_is_not_replaced_by_accident(tmp_path) -> None:
    folder = ("--folder", str(tmp_path))
    assert _run("freeze", f"{ZOO}:SOUND", *folder).exit_code == 0
    again = _run("freeze", f"{ZOO}:DEAD_BUTTON", *folder)
    assert again.exit_code == 1
    assert "make a new version" in again.output
    assert _run("freeze", f"{ZOO}:DEAD_BUTTON", "--anew", *folder).exit_code == 0
