"""The page of the enquiry says of every command what the code does."""

from pathlib import Path

from tests.house.test_plugin_pages import agrees, asked, line_of, moves_of, rows, without_drawings
from tests.house.tree import ROOT

from enquiry.kernel.enquiry.gates import G1, G2, G3
from enquiry.kernel.enquiry.method import ENQUIRY
from enquiry.method.codes import WARNINGS

PAGE = without_drawings(ROOT / "docs/enquiry.md")
KERNEL = ROOT / "core/src/enquiry/kernel/enquiry"


def test_the_page_says_what_each_command_records_and_why_it_is_refused() -> None:
    said = rows(PAGE)
    wrong = [
        line_of(move, asked(ENQUIRY, move))
        for kind, move in moves_of(ENQUIRY).items()
        if not agrees(said.get(kind), asked(ENQUIRY, move))
    ]
    assert wrong == []
    assert set(said) == set(moves_of(ENQUIRY))


def test_the_page_names_every_stage_and_view() -> None:
    names = [stage.name for stage in ENQUIRY.stages] + [view.name for view in ENQUIRY.views]
    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_the_page_names_every_remark_that_the_code_raises() -> None:
    code = "\n".join(path.read_text() for path in sorted(KERNEL.rglob("*.py")))
    raised = [name for name in WARNINGS if f'"{name}"' in code]
    assert [name for name in raised if f"`{name}`" not in PAGE] == []
    assert len(raised) > 30


def test_the_page_names_every_condition_and_every_warning_of_a_gate() -> None:
    table = {
        line.split("|")[1].strip()[:2]: line for line in PAGE.splitlines() if "| G" in line[:4]
    }
    for gate in (G1, G2, G3):
        line = table[gate.name]
        assert all(f" {condition.letter} " in line for condition in gate.conditions)
        assert all(f"`{code}`" in line for code in gate.warnings)


def test_every_idea_has_the_files_that_the_method_names() -> None:
    allowed = {"state", "content", "forms", "rules", "views", "part", "warnings", "__init__"}
    also = {"gates", "questions", "items", "days"}
    ideas = [path for path in KERNEL.iterdir() if path.is_dir() and path.name != "__pycache__"]
    strange = {
        f"{idea.name}/{path.name}"
        for idea in ideas
        for path in idea.glob("*.py")
        if Path(path.name).stem not in allowed | also
    }
    assert strange == set()
