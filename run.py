#!/usr/bin/env python3
"""The one command of this checkout: it installs what is missing, then does what it is told.

    python3 run.py serve               start everything, ready to be used
    python3 run.py demo                the same, filled with believable data
    python3 run.py test [ARGUMENTS]    run the tests; arguments go to pytest
    python3 run.py check               format, lint, security, types, documents; changes nothing
    python3 run.py fix                 repair what of that a program can repair
    python3 run.py bench [ARGUMENTS]   run the benchmarks
    python3 run.py lock [--upgrade]    pin the requirements anew
    python3 run.py WORD ...            any other word goes to the `enquiry` command
    python3 run.py enquiry WORD ...    so does any word at all: `enquiry check` is not `check`

It needs Python 3.11 or newer with pip, or uv; no root, nothing else. The environment is made in
`.venv`, the rest in `.enquiry`; nothing of the machine is changed. Data lie in `.enquiry/data`
unless `--data` or ENQUIRY_DATA says otherwise. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".enquiry"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "enquiry-installed"
RUN, DEV, UV = "requirements.txt", "requirements-dev.txt", "requirements-uv.txt"
"""What is needed to run, what to run and to work on it, and what installs either of them."""
PYTHON_MIN = (3, 11)
UV_MIN = (0, 5)
DOWNLOAD_SECONDS = "180"


def main(arguments: Sequence[str]) -> int:
    """Do what the first word says; returns the exit code, where it returns at all."""
    need_python()
    word, rest = (arguments[0], list(arguments[1:])) if arguments else ("--help", [])
    if word in {"-h", "--help", "help"}:
        print(__doc__)
        return 0
    if word == "lock":
        return lock(rest)
    if word not in {"test", "check", "fix", "bench"}:
        install(RUN)
        said = rest if word == "enquiry" else [word, *rest]
        # Without the current folder on Python's path: it may be anybody's.
        become([str(PYTHON), "-P", "-m", "enquiry.cli", *said])
    install(DEV)
    os.chdir(ROOT)
    if word == "check":
        return check()
    if word == "fix":
        fixed = call(["ruff", "check", "--fix"])
        return call(["ruff", "format"]) or fixed
    module = ["pytest", *in_parallel(rest), *rest] if word == "test" else ["benchmarks", *rest]
    become([str(PYTHON), "-m", *module])
    raise AssertionError


def need_python() -> None:
    """Go on with a newer Python where this one is too old; exit with a sentence where none is."""
    if sys.version_info >= PYTHON_MIN:
        return
    for minor in (13, 12, 11, 14):
        newer = shutil.which("python3.%d" % minor)  # noqa: UP031 - this line runs on old Pythons
        if newer:
            become([newer, *sys.argv])
    sys.exit("Enquiry needs Python 3.11 or newer; this is " + sys.version.partition(" ")[0])


def become(command: Sequence[str]) -> None:
    """Replace this process, so that signals and process ids are those of the program itself."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], list(command))


def say(line: str) -> None:
    """Tell the person at the keys what is going on; standard output is left to the programs."""
    print(line, file=sys.stderr, flush=True)


# -- installing ----------------------------------------------------------------------------------


def install(requirements: str) -> None:
    """See to it that `.venv` holds what a requirements file lists, and our own distributions."""
    if installed(requirements):
        return
    HOME.mkdir(exist_ok=True)
    with alone():
        if installed(requirements):  # another run did it while we waited
            return
        began = time.monotonic()
        say("Setting up Enquiry in .venv; this happens once.")
        STAMP.unlink(missing_ok=True)
        try:
            install_with_uv(requirements)
        except (OSError, subprocess.SubprocessError, LookupError) as error:
            say(f"  uv could not do it ({error}); trying pip, which takes longer.")
            install_with_pip(requirements)
        STAMP.write_text(digest(requirements))
        say(f"Set up in {time.monotonic() - began:.1f} s.")


def installed(requirements: str) -> bool:
    """Whether the environment is as it should be; reads a few small files, starts nothing."""
    try:
        stamp = STAMP.read_text()
    except OSError:
        return False
    # What is needed to work on it includes what is needed to run it.
    return PYTHON.exists() and stamp in {digest(requirements), digest(DEV)}


def digest(requirements: str) -> str:
    """A digest of everything that decides what is installed, and of where."""
    state = hashlib.sha256(os.fsencode(ROOT))
    for path in (ROOT / requirements, *(folder / "pyproject.toml" for folder in distributions())):
        state.update(b"\0" + os.fsencode(path.relative_to(ROOT)) + b"\0" + path.read_bytes())
    return state.hexdigest()


def distributions() -> list[Path]:
    """The folders of our own distributions."""
    folders = [ROOT / "core", ROOT / "api", *sorted((ROOT / "plugins").glob("*"))]
    return [folder for folder in folders if (folder / "pyproject.toml").is_file()]


@contextmanager
def alone() -> Generator[None, None, None]:
    """Let one run at a time set up; the system ends the hold when the process ends."""
    import fcntl

    with (HOME / "setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run is setting up Enquiry; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def install_with_uv(requirements: str) -> None:
    """The fast way: a few seconds."""
    uv = find_uv()
    say("  making the environment and installing the packages ...")
    if not venv_works():
        quietly([uv, "venv", "--no-project", "--clear", "--python", sys.executable, str(VENV)])
    pip = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    quietly([*pip, "--require-hashes", "--requirement", str(ROOT / requirements)])
    say("  installing Enquiry itself ...")
    quietly([*pip, "--no-deps", "--no-build-isolation", *editables()])


def install_with_pip(requirements: str) -> None:
    """The way that needs nothing but this Python and its pip: half a minute or more."""
    try:
        if not venv_works():
            # This Python's own pip installs into it: where ensurepip is missing, venv has none.
            make = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)]
            quietly(make)
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet"]
        quietly([*pip, "--require-hashes", "--requirement", str(ROOT / requirements)])
        quietly([*pip, "--no-deps", "--no-build-isolation", *editables()])
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"Enquiry could not be set up: {error}")


def editables() -> list[str]:
    """Our own distributions, as arguments for an installer."""
    return [part for folder in distributions() for part in ("--editable", str(folder))]


def venv_works() -> bool:
    """Whether there is an environment to go on with, of a Python that is still there."""
    try:
        settings = (VENV / "pyvenv.cfg").read_text()
    except OSError:
        return False
    found = re.search(r"^version(?:_info)? *= *(\d+)\.(\d+)", settings, re.MULTILINE)
    return PYTHON.exists() and found is not None and version(found) >= PYTHON_MIN


def find_uv() -> str:
    """A uv that is there, or else the pinned one, fetched by pip into a folder of this checkout."""
    own = HOME / "uv" / hashlib.sha256((ROOT / UV).read_bytes()).hexdigest()[:16]
    program = own / "bin" / "uv"
    if program.exists():
        return str(program)
    there = shutil.which("uv")
    if there and suits(there):
        return there
    say("  fetching the installer (uv) ...")
    shutil.rmtree(own.parent, ignore_errors=True)
    draft = own.with_suffix(".draft")
    # A target folder is allowed even where the environment is managed by the system.
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(draft), "--no-deps"]
    quietly([*pip, "--require-hashes", "--requirement", str(ROOT / UV)])
    draft.rename(own)
    return str(program)


def suits(uv: str) -> bool:
    """Whether a uv that was found runs, and is new enough."""
    try:
        answer = subprocess.run(
            [uv, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    found = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
    return found is not None and version(found) >= UV_MIN


def version(found: re.Match[str]) -> tuple[int, int]:
    """Major and minor number."""
    return int(found[1]), int(found[2])


def quietly(command: Sequence[str]) -> None:
    """Run an installer; what it says is shown only when it fails."""
    done = subprocess.run(
        command,
        env=installer_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        say(done.stdout.rstrip())
        name = Path(command[0]).name
        raise subprocess.SubprocessError(f"{name} ended with {done.returncode}")


def installer_environment() -> dict[str, str]:
    """This environment, without the habits of a person that would stand in an installer's way."""
    changes = {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_USER": "0",
        "UV_HTTP_TIMEOUT": DOWNLOAD_SECONDS,
    }
    environment = {"PIP_DEFAULT_TIMEOUT": DOWNLOAD_SECONDS, **os.environ, **changes}
    environment.pop("PYTHONPATH", None)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    there = next(folder for folder in (cache, *cache.parents) if folder.exists())
    if not os.access(there, os.W_OK):  # a user without a home
        environment.setdefault("UV_CACHE_DIR", str(HOME / "cache"))
    return environment


# -- working on it -------------------------------------------------------------------------------


def in_parallel(arguments: Sequence[str]) -> list[str]:
    """Both cores for the whole suite; one process for tests that are named, or to be debugged."""
    named = any(Path(argument.partition("::")[0]).exists() for argument in arguments)
    chosen = any(
        re.match(r"-n|--numprocesses|--pdb|--trace|--co(llect-only)?$", a) for a in arguments
    )
    return [] if named or chosen else ["-n", "2"]


def check() -> int:
    """Run every check side by side, show what each said, and sum up; 0 only when all passed."""
    checks = {
        "format": ["ruff", "format", "--check"],
        "lint": ["ruff", "check"],
        "security": ["bandit", "-qrc", "pyproject.toml", "core/src", "api/src", "plugins"],
        "types": ["basedpyright"],
        "imports": ["lint-imports"],
    }
    if (ROOT / "tests" / "house").is_dir():
        checks["documents"] = ["pytest", "-q", "tests/house"]
    with tempfile.TemporaryDirectory() as folder:
        running = {name: start(command, Path(folder) / name) for name, command in checks.items()}
        codes: dict[str, int] = {}
        for name, process in running.items():
            print(f"-- {name}: {' '.join(checks[name])}", flush=True)
            codes[name] = process.wait()
            print((Path(folder) / name).read_text(errors="replace").rstrip(), flush=True)
    print("-- summary")
    for name, code in codes.items():
        print(f"{name:10} {'passed' if code == 0 else f'FAILED ({code})'}")
    return 1 if any(codes.values()) else 0


def start(command: Sequence[str], output: Path) -> subprocess.Popen[bytes]:
    """Start a tool of the environment with its output in a file."""
    with output.open("wb") as file:
        return subprocess.Popen(
            [str(PYTHON.parent / command[0]), *command[1:]],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def call(command: Sequence[str]) -> int:
    """Run a tool of the environment; returns its exit code."""
    tool = [str(PYTHON.parent / command[0]), *command[1:]]
    return subprocess.run(tool, cwd=ROOT, check=False).returncode


# -- pinning -------------------------------------------------------------------------------------


def lock(options: Sequence[str]) -> int:
    """Pin, with hashes and for every platform, what the pyproject files ask for.

    Versions that are pinned already stay unless `--upgrade` is given. The files name no package
    index: whoever installs uses the one that is configured on their machine.
    """
    HOME.mkdir(exist_ok=True)
    uv = find_uv()
    run, dev = wanted()
    for name, asked in ((UV, ["uv"]), (RUN, run), (DEV, dev)):
        source = HOME / f"{name}.in"
        source.write_text("".join(f"{requirement}\n" for requirement in sorted(set(asked))))
        command = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
        command += ["--python-version", ".".join(map(str, PYTHON_MIN)), "--no-annotate"]
        command += ["--no-config", "--custom-compile-command", "python3 run.py lock", *options]
        if name == DEV:
            command += ["--constraint", str(ROOT / RUN)]
        quietly([*command, "--output-file", str(ROOT / name), str(source)])
        say(f"{name}: pinned")
    return 0


def wanted() -> tuple[list[str], list[str]]:
    """What our distributions ask of others: to run, and to run and be worked on."""
    import tomllib

    read = [tomllib.loads((folder / "pyproject.toml").read_text()) for folder in distributions()]
    projects = [document["project"] for document in read]
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    ours = {project["name"]: project for project in projects}
    run, dev = [*groups["install"]], [*groups["dev"]]
    for project in projects:
        for requirement in project["dependencies"]:
            name, _, extras = re.split(r"[\s<>=!~;]", requirement)[0].partition("[")
            if name not in ours:
                run.append(requirement)
            for extra in extras.rstrip("]").split(",") if name in ours and extras else ():
                run += ours[name]["optional-dependencies"][extra]
        for extra in project.get("optional-dependencies", {}).values():
            dev += extra
    return run, [*run, *dev]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
