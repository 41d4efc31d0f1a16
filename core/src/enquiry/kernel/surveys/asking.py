"""How a method has surveys: who opens them, who is asked, and who reads what is written freely."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.surveys.state import Survey
from enquiry.method.roles import Role


class Looking(around.Around, Protocol):
    """What a rule and a view have in common, and who holds which role."""

    @property
    def cast(self) -> Mapping[str, tuple[UUID, ...]]:
        """Who holds which role now."""
        ...


def nobody(s: Any) -> tuple[UUID, ...]:
    """No ethics review names anybody."""
    del s
    return ()


class Asking(Struct, frozen=True, kw_only=True):
    """How a method has surveys. Its state is a ``WithSurveys``."""

    openers: tuple[Role, ...]
    """Who may open and close one: facilitators and representatives."""
    respondents: tuple[Role, ...]
    """Who may be asked."""
    followers: tuple[Role, ...]
    """Some of the openers: who reads in place of an owner who cannot any more, where the ethics
    review names nobody else."""
    members: Callable[[Any], tuple[UUID, ...]]
    """Everybody who may be named in an audience, from the state."""
    reviewed: Callable[[Any], bool]
    """Whether the ethics review is complete, from the state."""
    owners: Callable[[Any], tuple[UUID, ...]] = nobody
    """Whom the ethics review names to read what is written freely, from the state; empty: whoever
    opens a survey."""

    def able(self, at: Looking) -> tuple[UUID, ...]:
        """Who can close a survey now."""
        return _present(self.openers, at)

    def named(self, s: Any, at: Looking) -> tuple[UUID, ...]:
        """Whom the ethics review names, but for those who cannot close a survey any more."""
        able = self.able(at)
        return tuple(person for person in self.owners(s) if person in able)

    def readers(self, s: Any, survey: Survey, at: Looking) -> tuple[UUID, ...]:
        """Who closes a survey with comments, and reads them.

        Its owner. Where the survey is anonymous and they have left or lost their role: whoever
        else the ethics review names, and where it names nobody, those who coordinate. What somebody
        signed stays with the one to whom they gave it.

        Source: 4.5.
        """
        if not survey.anonymous or survey.owner in self.able(at):
            return (survey.owner,)
        return self.named(s, at) or _present(self.followers, at)


def _present(roles: tuple[Role, ...], at: Looking) -> tuple[UUID, ...]:
    here = around.alliance(at)
    held = dict.fromkeys(person for role in roles for person in at.cast.get(role.name, ()))
    return tuple(person for person in held if here.present(person, at.now))
