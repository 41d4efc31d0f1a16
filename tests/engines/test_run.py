"""``run.py``: what it installs, when it does not, and that it gets out of the way."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt"]

PYTHON = """\
#!/bin/sh
echo "$$ $(pwd) $*"
"""
"""In place of an environment's Python: says which process it is, where, and what it is to do."""

UV = """\
#!/bin/sh
echo "$1 $2" >> "{log}"
case "$1" in
--version) echo "uv 99.0.0" ;;
venv)
    sleep 0.5
    for last; do :; done
    mkdir -p "$last/bin"
    echo "version_info = 3.11.7" > "$last/pyvenv.cfg"
    cp "{python}" "$last/bin/python" ;;
esac
"""
"""In place of the installer, which would need the network: writes down what it was asked for."""


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_under_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in a folder with a blank in its name: all that decides what is installed."""
    folder = tmp_path / "a checkout"
    folder.mkdir()
    for name in ["run.py", "pyproject.toml", *REQUIREMENTS]:
        shutil.copy2(ROOT / name, folder / name)
    for file in [ROOT / "core", ROOT / "api", *(ROOT / "plugins").iterdir()]:
        if (file / "pyproject.toml").is_file():
            (folder / file.relative_to(ROOT)).mkdir(parents=True)
            shutil.copy2(file / "pyproject.toml", folder / file.relative_to(ROOT))
    return folder


@pytest.fixture
def installer(tmp_path: Path, monkeypatch) -> Path:
    """Put the stand-in for uv on the path; returns the file in which it keeps its log."""
    programs = tmp_path / "programs"
    programs.mkdir()
    log = tmp_path / "installer.log"
    (programs / "python").write_text(PYTHON)
    (programs / "uv").write_text(UV.format(log=log, python=programs / "python"))
    for program in programs.iterdir():
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return log


def run(checkout: Path, *words: str, cwd: Path | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, checkout / "run.py", *words],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_first_run_installs_and_then_becomes_the_command(checkout, installer, tmp_path):
    with run(checkout, "serve", "--port", "1", cwd=tmp_path) as started:
        output, progress = started.communicate(timeout=30)
    # The same process id: signals sent to run.py reach the server.
    assert output == f"{started.pid} {tmp_path} -P -m enquiry.cli serve --port 1\n"
    assert "this happens once" in progress
    calls = installer.read_text().splitlines()
    assert calls == ["--version ", "venv --no-project", "pip install", "pip install"]


@pytest.mark.parametrize("word", ["check", "serve"])
def test_every_word_of_the_command_can_be_reached_also_one_that_is_our_own(
    checkout, installer, word, tmp_path
):
    with run(checkout, "enquiry", word, "--json", cwd=tmp_path) as started:
        output, _ = started.communicate(timeout=30)
    assert output == f"{started.pid} {tmp_path} -P -m enquiry.cli {word} --json\n"


def test_the_second_run_starts_no_installer_and_says_nothing_of_its_own(checkout, installer):
    for _ in range(2):
        installer.unlink(missing_ok=True)
        with run(checkout, "version") as started:
            _, progress = started.communicate(timeout=30)
    assert not installer.exists()
    assert progress == ""


def test_two_first_runs_at_once_install_once(checkout, installer):
    with run(checkout, "version") as one, run(checkout, "version") as other:
        outputs = [started.communicate(timeout=30)[0] for started in (one, other)]
    assert all(output.endswith("enquiry.cli version\n") for output in outputs)
    assert installer.read_text().count("venv") == 1


def test_tests_need_more_packages_than_serving_and_having_them_is_enough_for_both(
    checkout, installer
):
    expected = []
    for word, installs in [("serve", True), ("test", True), ("serve", False), ("bench", False)]:
        installer.unlink(missing_ok=True)
        with run(checkout, word) as started:
            started.communicate(timeout=30)
        expected.append((word, installs, installer.exists()))
    assert [installs for _, installs, _ in expected] == [done for _, _, done in expected]


def test_the_tools_of_the_checkout_run_in_the_checkout(checkout, installer, tmp_path):
    with run(checkout, "test", "-k", "note", cwd=tmp_path) as started:
        output, _ = started.communicate(timeout=30)
    assert output == f"{started.pid} {checkout} -m pytest -n 2 -k note\n"


@pytest.mark.parametrize("arguments", [["tests/log"], ["tests/log/x.py::test"], ["-n0"], ["--pdb"]])
def test_tests_that_are_named_or_debugged_run_in_one_process(arguments, tmp_path, monkeypatch):
    (tmp_path / "tests" / "log").mkdir(parents=True)
    (tmp_path / "tests" / "log" / "x.py").touch()
    monkeypatch.chdir(tmp_path)
    assert load(ROOT / "run.py").in_parallel(arguments) == []


@pytest.mark.parametrize("change", ["core/pyproject.toml", "requirements.txt", "a new plug-in"])
def test_a_change_of_what_is_wanted_installs_anew(checkout, installer, change):
    with run(checkout, "version") as started:
        started.communicate(timeout=30)
    script = load(checkout / "run.py")
    assert script.installed("requirements.txt")
    if change == "a new plug-in":
        (checkout / "plugins" / "fishbowl").mkdir()
        (checkout / "plugins" / "fishbowl" / "pyproject.toml").write_text("[project]\n")
    else:
        with (checkout / change).open("a") as file:
            file.write("# changed\n")
    assert not script.installed("requirements.txt")


def test_an_environment_whose_python_is_gone_is_made_anew(checkout, installer):
    with run(checkout, "version") as started:
        started.communicate(timeout=30)
    (checkout / ".venv" / "bin" / "python").unlink()
    with run(checkout, "version") as started:
        output, _ = started.communicate(timeout=30)
    assert output.endswith("enquiry.cli version\n")
    assert installer.read_text().count("venv") == 2


def test_a_python_that_is_too_old_is_told_so_in_one_sentence(checkout, monkeypatch):
    script = load(checkout / "run.py")
    monkeypatch.setattr(script, "PYTHON_MIN", (99, 0))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is 3"):
        script.main(["serve"])


@pytest.mark.parametrize(("broken", "code"), [(None, 0), ("lint-imports", 1), ("ruff", 1)])
def test_check_runs_every_tool_and_fails_when_one_does(checkout, installer, broken, code):
    with run(checkout, "bench") as started:
        started.communicate(timeout=30)
    for tool in ["ruff", "bandit", "basedpyright", "lint-imports"]:
        program = checkout / ".venv" / "bin" / tool
        program.write_text(f"#!/bin/sh\necho {tool} was here: $*\nexit {int(tool == broken)}\n")
        program.chmod(0o755)
    with run(checkout, "check") as started:
        output, _ = started.communicate(timeout=30)
    assert started.returncode == code
    assert output.count("was here") == 5
    assert output.count("FAILED (1)") == {None: 0, "lint-imports": 1, "ruff": 2}[broken]


# -- the pinned files ----------------------------------------------------------------------------


def pinned(name: str) -> dict[str, Requirement]:
    lines = re.findall(r"^([A-Za-z0-9].*==.*?)\s*\\$", (ROOT / name).read_text(), re.MULTILINE)
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


@pytest.mark.parametrize(("name", "level"), [("requirements.txt", 0), ("requirements-dev.txt", 1)])
def test_what_the_distributions_ask_for_is_pinned(name, level):
    found = pinned(name)
    for text in load(ROOT / "run.py").wanted()[level]:
        asked = Requirement(text)
        version = str(found[canonicalize_name(asked.name)].specifier).removeprefix("==")
        assert asked.specifier.contains(version), f"python3 run.py lock: {text} got {version}"


def test_both_files_pin_the_same_versions():
    run_time, work = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert run_time.keys() <= work.keys()
    assert [n for n, one in run_time.items() if one.specifier != work[n].specifier] == []


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_a_pinned_file_has_a_hash_for_everything_and_names_no_address(name):
    text = (ROOT / name).read_text()
    blocks = re.split(r"\n(?=\S)", "\n".join(re.findall(r"^[^#].*$", text, re.MULTILINE)))
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|^-|--(extra-)?index|--find-links|(^|\s)/", text, re.MULTILINE)


def test_every_plug_in_is_under_the_import_rules():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    packages = {path.name for path in ROOT.glob("plugins/*/src/*") if path.is_dir()}
    assert packages <= set(settings["root_packages"])
    for contract in settings["contracts"]:
        if contract["id"] == "pure":
            assert packages <= set(contract["source_modules"])
        elif contract["id"] in ("distributions", "public-contract"):
            assert any(packages <= set(layer.split(" | ")) for layer in contract["layers"])
