"""Who somebody is here: what a new colleague tells a steward, so that they can be added."""

from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from enquiry_api.answers import NEVER_KEPT, Answer, encode
from enquiry_api.asking import Ask
from enquiry_api.edge import Edge, Endpoint, Reply
from enquiry_api.reading import ref


class Me(Struct, frozen=True):
    """Who you are here, whether or not anybody knows you yet."""

    person: UUID
    """Your id. Give it to whoever is to add you to an alliance."""
    operator: bool
    expires_at: datetime
    """When your token ends."""


async def _me(edge: Edge, ask: Ask) -> Answer:
    del edge
    assert ask.expires is not None  # noqa: S101 - there is a token wherever there is a person
    ends = datetime.fromtimestamp(ask.expires, UTC)
    return Answer(200, encode(Me(ask.asker.person, ask.asker.operator, ends)), NEVER_KEPT)


def endpoint() -> Endpoint:
    """The one address of it."""
    return Endpoint(
        verb="GET",
        path="/v1/me",
        name="read-me",
        title="Who you are here",
        tag="you",
        handle=_me,
        replies=(Reply(status=200, says="This.", schema=ref("Me"), headers=("Cache-Control",)),),
    )
