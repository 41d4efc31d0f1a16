"""What a running stream relies on does not change without a new version; words may."""

from typing import Annotated, Literal

import msgspec
import pytest
from tests.method import walk, zoo

from enquiry import Entry, Was, ask, text
from enquiry.method.digest import shape, shape_digest
from enquiry.method.lock import Locked, check, differences, lock, locked


class Reworded(Entry, records="written"):
    """Write whatever you like"""

    words: Annotated[str, text("What came to pass?", upto=400, lines=9)]
    mood: Annotated[Literal["sunny", "grey"], ask("What was the weather like?")]

    def apply(self, s: zoo.Diary, was: Was) -> zoo.Diary:
        """As before."""
        return zoo.Write.apply(self, s, was)


class Longer(zoo.Write, records="written"):
    """Write a page"""

    words: Annotated[str, text("What happened?", upto=4000, lines=4)]


def test_better_words_are_no_new_version() -> None:
    assert shape_digest(zoo.build(write=Reworded)) == shape_digest(zoo.SOUND)


def test_the_digest_is_the_same_every_time() -> None:
    assert shape_digest(walk.METHOD) == shape_digest(walk.METHOD)
    assert len(shape_digest(walk.METHOD)) == 64


@pytest.mark.parametrize(
    "changed",
    [
        zoo.build(write=Longer),
        zoo.build(close_rules=()),
        zoo.build(change=lambda diary: diary.show(zoo.Write, to=zoo.READER)),
        zoo.build(roles=(zoo.KEEPER, zoo.READER, zoo.BURGLAR)),
        zoo.build(decision=True),
        zoo.build(write=zoo.WriteAnew),
        zoo.DEAD_END,
    ],
)
def test_another_shape_is_another_digest(changed) -> None:
    assert shape_digest(changed) != shape_digest(zoo.SOUND)


def test_an_unchanged_version_keeps_to_its_lock() -> None:
    known = locked(lock([zoo.SOUND, walk.METHOD], {}))
    assert check(zoo.SOUND, known) == ()
    assert check(walk.METHOD, known) == ()


def test_a_changed_version_is_told_where_it_changed() -> None:
    known = locked(lock([zoo.SOUND], {}))
    (flaw,) = check(zoo.build(write=Longer), known)
    assert flaw.check == "P11"
    assert "/facts/diary/written/fields/properties/words/maxLength: 400 became 4000" in flaw.says


def test_a_version_that_was_never_frozen_is_no_release() -> None:
    (flaw,) = check(zoo.SOUND, {})
    assert "freeze" in flaw.says


def test_freezing_one_version_leaves_the_others() -> None:
    first = locked(lock([zoo.SOUND], {}))
    both = locked(lock([walk.METHOD], first))
    assert both.keys() == {"diary@1", "small-walk@1"}
    assert both["diary@1"] == first["diary@1"]


def test_a_lock_that_somebody_edited_is_refused() -> None:
    known = locked(lock([zoo.SOUND], {}))["diary@1"]
    edited = {"diary@1": Locked(known.digest, {**known.shape, "stream": "alliance"})}
    with pytest.raises(msgspec.ValidationError, match="digest"):
        locked(msgspec.json.encode(edited))


def test_a_lock_is_read_by_people_too() -> None:
    written = lock([zoo.SOUND], {})
    assert written.endswith(b"}\n")
    assert b'\n  "digest"' in written


def test_differences_name_what_is_gone_and_what_is_new() -> None:
    assert list(differences({"a": 1, "b": {"c": 2}}, {"b": {"c": 3}, "d": 4})) == [
        "/a is gone",
        "/b/c: 2 became 3",
        "/d is new",
    ]


def test_the_shape_says_nothing_in_words() -> None:
    told = msgspec.json.encode(shape(walk.METHOD)).decode()
    assert "Step into the room" not in told
    assert "Walk with two to six" not in told
