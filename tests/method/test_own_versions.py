"""What a method itself numbers: a decision may name the version of it that it is about."""

from typing import Annotated
from uuid import UUID

from enquiry import Builder, Ctx, Entry, Finding, Role, State, Unmet, Verdict, Was, ask, rule, text
from enquiry.testing import Story, given, person, world

ALL = Role("all")


class Page(State):
    """A page that is rewritten."""

    version: int = 0


class Write(Entry, records="written"):
    """Write"""

    words: Annotated[str, text("What?", upto=200, guard="notes_shared", records="observation")]

    def apply(self, s: Page, was: Was) -> Page:
        """One version more."""
        return s.but(version=s.version + 1)


class Approve(Entry, records="approved"):
    """Approve"""

    version: Annotated[int, ask("Which version?", address=True)]
    stars: Annotated[int, ask("How many?", le=3)] = 0


@rule("VERSION_CONFLICT", "It was rewritten since.")
def is_present_version(s: Page, e: Approve, ctx: Ctx) -> Verdict:
    del ctx
    return True if e.version == s.version else Unmet(params={"current": s.version})


def _everybody(s: Page) -> dict[str, tuple[UUID, ...]]:
    del s
    return {"all": (person("Petra"),)}


def _written(**around: object) -> Story:
    page = Builder("page", 1, "Page", state=Page, roles=(ALL,), cast=_everybody)
    page.stages("open", final=("closed",))
    page.move(Write, by=ALL)
    page.move(Approve, by=ALL, rules=(is_present_version,))
    story = given(page.build(), world("Petra", **around)).who("Petra")  # type: ignore[arg-type]
    return story.does("write", {"words": "Once."}).does("write", {"words": "Twice."})


def test_an_old_version_is_refused_before_the_fields_are_read() -> None:
    _written().does("approve", {"version": 2}).then("approved")
    old = {"version": 1, "stars": 9}
    _written().does("approve", old).refused("VERSION_CONFLICT", params={"current": 2})
    _written().does("approve", {**old, "version": 2}).refused("VALIDATION_FAILED")


def test_a_text_may_always_record_the_same_kind_of_thing() -> None:
    asked: list[str] = []

    def check(text: str, profile: str, verbatim: bool, about: str) -> tuple[Finding, ...]:
        asked.append(about)
        return ()

    _written(texts=check).settled()
    assert set(asked) == {"observation"}
