"""The verifier stands alone: no network, no database, no code of what it judges."""

import subprocess
import sys
import tomllib

from tests.house.tree import ROOT

_ALONE = """
import importlib, importlib.abc, pkgutil, sys

class Closed(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        first = name.partition(".")[0]
        ours = first == "enquiry" and name not in ("enquiry", "enquiry.audit")
        if ours and not name.startswith("enquiry.audit.verifier"):
            raise ModuleNotFoundError(f"{name} is closed", name=name)
        known = first in ("enquiry", "cryptography", "cffi", "_cffi_backend")
        if not known and first not in sys.stdlib_module_names and not first.startswith("_sys"):
            raise ModuleNotFoundError(f"{name} is closed", name=name)

sys.meta_path.insert(0, Closed())
import types
top = types.ModuleType("enquiry"); top.__path__ = [sys.argv[1]]; sys.modules["enquiry"] = top
package = importlib.import_module("enquiry.audit.verifier")
for found in pkgutil.walk_packages(package.__path__, "enquiry.audit.verifier."):
    importlib.import_module(found.name)
    print(found.name)
assert "socket" not in sys.modules and "asyncio" not in sys.modules
"""


def test_the_verifier_needs_nothing_but_python_and_ed25519():
    done = subprocess.run(
        [sys.executable, "-c", _ALONE, str(ROOT / "core/src/enquiry")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "enquiry.audit.verifier.bundle" in done.stdout


def test_the_contract_names_every_module_that_the_verifier_may_not_know():
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [contract] = [one for one in rules["contracts"] if one["id"] == "verifier"]
    folder = ROOT / "core/src/enquiry/audit"
    modules = {f"enquiry.audit.{path.stem}" for path in folder.glob("[a-z]*.py")}
    assert modules <= set(contract["forbidden_modules"])
