"""The kit itself: what it tells, what it may be told, and what it keeps of earlier releases."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from tests.method import walk, zoo
from tests.method.moments import in_corridor, with_outcome

from enquiry.method.compiled import Compiled
from enquiry.method.lock import lock
from enquiry.testing import CHECKS, Files, conformance, examination, harness, named, person
from enquiry.testing.histories import read, replay, written
from enquiry.testing.kit import Skipped
from enquiry.testing.purity import impure
from enquiry.testing.subject import Findings, Subject
from enquiry.testing.walker import Walker

WALK = walk.METHOD
STARTS = (in_corridor_one := lambda: in_corridor(1), with_outcome)


def test_every_check_has_a_stable_id_a_name_and_a_reason() -> None:
    ids = [check.id for check in CHECKS]
    assert len(set(ids)) == len(ids)
    wanted = {f"M0{n}" for n in range(1, 5)} | {f"P{n:02d}" for n in range(1, 13)}
    assert wanted <= set(ids)
    assert all(check.why.endswith(".") and check.title for check in CHECKS)


def test_an_expected_failure_names_a_check_and_a_reason() -> None:
    with pytest.raises(ValueError, match="P99"):
        conformance(WALK, {"P99": "no such check"})
    with pytest.raises(ValueError, match="P09"):
        conformance(WALK, {"P09": " "})


FILE = """
from enquiry.testing import conformance
from tests.method.zoo import DICE, SOUND
test_dice = conformance(DICE, {expected}, walks=4, moves=12)
"""


def _run(tmp_path: Path, expected: str, *options: str) -> str:
    file = tmp_path / "test_dice.py"
    file.write_text(FILE.format(expected=expected))
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "--rootdir", str(tmp_path), *options, file],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin"},
    )
    return done.stdout + done.stderr


def test_three_lines_are_a_test_for_each_check(tmp_path) -> None:
    told = _run(tmp_path, "{}", "-k", "P08 or M01")
    assert "1 failed, 1 passed" in told
    assert "test_dice.py::test_dice[M01-stages-hang-together]" in told
    assert "test_dice.py::test_dice[P08-no-clock-chance-file-or-network]" in told
    assert "it calls Random.random in _dice" in told
    assert "What looks outside cannot be replayed" in told


def test_a_failure_can_be_expected_with_a_reason(tmp_path) -> None:
    told = _run(tmp_path, "{'P08': 'a dice game'}", "-k", "P08")
    assert "1 xfailed" in told


def test_an_expected_failure_that_does_not_come_is_an_error(tmp_path) -> None:
    told = _run(tmp_path, "{'M01': 'it is sound, in truth'}", "-k", "M01")
    assert "1 failed" in told
    assert "XPASS(strict)" in told


def test_without_a_lock_or_histories_their_checks_are_skipped_loudly() -> None:
    examined = examination(zoo.SOUND, walks=1, moves=4)
    for check in ("P11", "P12"):
        with pytest.raises(Skipped, match="freeze"):
            examined.flaws(check)


def test_a_shape_that_changed_since_its_release_is_found(tmp_path) -> None:
    file = tmp_path / "method.lock"
    file.write_bytes(lock([zoo.SOUND], {}))
    kept = Files(lock=file)
    assert examination(zoo.SOUND, files=kept).flaws("P11") == ()
    (flaw,) = examination(zoo.NEVER_OPENS, files=kept).flaws("P11") or (None,)
    assert flaw is None  # the code of its guard is the same: only what it looks at is another
    (flaw,) = examination(zoo.DEAD_BUTTON, files=kept).flaws("P11")
    assert "CRITERIA_REQUIRED@domain" in flaw.says


def test_an_edited_lock_is_told(tmp_path) -> None:
    file = tmp_path / "method.lock"
    file.write_bytes(lock([zoo.SOUND], {}).replace(b'"alliance-member"', b'"steward"'))
    (flaw,) = examination(zoo.SOUND, files=Files(lock=file)).flaws("P11")
    assert "cannot be read" in flaw.says


def _history(tmp_path: Path) -> tuple[Path, bytes]:
    stream = with_outcome().settled().stream
    folder = tmp_path / "histories"
    folder.mkdir()
    text = written(Compiled(WALK), stream.events)
    (folder / "small-walk-1.jsonl").write_bytes(text)
    return folder, text


def test_a_saved_history_replays(tmp_path) -> None:
    folder, _ = _history(tmp_path)
    assert examination(WALK, files=Files(histories=folder)).flaws("P12") == ()


def test_a_saved_history_keeps_the_exact_bytes(tmp_path) -> None:
    _, text = _history(tmp_path)
    head, events = read(text)
    assert (head.stage, head.tracks) == ("pooling", {"1": "over", "2": "over"})
    assert [e.body for e in events] == [e.body for e in with_outcome().settled().stream.events]


def test_a_history_holds_no_words(tmp_path) -> None:
    _, text = _history(tmp_path)
    assert b"comments are read twice" not in text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((b"small-walk/note-recorded", b"small-walk/note-renamed"), "not known any more"),
        ((b'"stage":"pooling","tracks"', b'"stage":"closed","tracks"'), "was closed and is now"),
        ((b'"visit":1', b'"visit":"one"'), "does not fold"),
        ((b'"method"', b'"mthod"'), "cannot be read"),
    ],
)
def test_a_history_that_no_longer_replays_is_found(tmp_path, change, says) -> None:
    folder, text = _history(tmp_path)
    (folder / "small-walk-1.jsonl").write_bytes(text.replace(*change))
    findings = Findings()
    replay(Compiled(WALK), folder, findings)
    assert any(says in flaw.says for flaw in findings.of("P12")), findings.flaws


def test_histories_of_other_methods_are_left_alone(tmp_path) -> None:
    folder, _ = _history(tmp_path)
    with pytest.raises(Skipped, match="no saved history"):
        examination(zoo.SOUND, files=Files(histories=folder)).flaws("P12")


def test_walks_go_on_from_moments_of_a_story() -> None:
    subject = Subject(WALK, Compiled(WALK), walks=3, moves=2, starts=STARTS)
    first, second, third = Walker(subject, Findings()).walks()
    assert len(first.steps) <= 4  # two acts, and what time brought about
    assert any(event.kind == "small-walk/visit-ended" for event in second.end.events)
    assert any(event.kind == "small-walk/outcome-recorded" for event in third.end.events)


def test_a_body_can_be_given_where_chance_would_never_find_one() -> None:
    def notes(stream: harness.Stream, who) -> dict[str, object]:
        del stream, who
        return {"text": "given by hand", "notes": [str(named("note 1"))]}

    subject = Subject(
        WALK,
        Compiled(WALK),
        walks=3,
        moves=6,
        starts=(with_outcome,),
        bodies={"record-outcome": notes},
    )
    walker = Walker(subject, Findings())
    ends = [walk.end for walk in walker.walks()]
    assert any("given by hand" in stream.texts().values() for stream in ends)


def test_the_same_seed_walks_the_same_way_and_another_one_elsewhere() -> None:
    def walked(seed: str) -> list[str]:
        subject = Subject(WALK, Compiled(WALK), walks=2, moves=12, seed=seed)
        walks = Walker(subject, Findings()).walks()
        return [event.kind for walk in walks for event in walk.end.events]

    assert walked("a") == walked("a")
    assert walked("a") != walked("b")


def test_what_is_pure_is_called_pure() -> None:
    story = with_outcome().settled()
    assert impure(lambda: harness.actions(story.stream, person("Petra"), story.now)) == []
    assert impure(lambda: msgspec.json.encode({"a": [1, 2]})) == []


def test_a_method_without_a_name_is_not_compared_across_processes() -> None:
    nameless = zoo.build()
    with pytest.raises(Skipped, match="no name"):
        examination(nameless, walks=1, moves=2).flaws("P01")
