"""Withdrawing consent in everything at once."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from enquiry.kernel.enquiry.evidence.state import EnquiryPurpose
from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.compiled import invalid
from enquiry.method.rules import Reject
from enquiry.runtime.everywhere import Withdrawing
from enquiry_api.answers import NEVER_KEPT, Answer, encode
from enquiry_api.asking import Ask, strict
from enquiry_api.edge import Body, Edge, Endpoint, Reply
from enquiry_api.params import KEY, TENANT
from enquiry_api.reading import ref

PURPOSES = tuple(dict.fromkeys(str(one) for one in (*ConsentPurpose, *EnquiryPurpose)))
"""What somebody can have consented to, in a run or in an enquiry."""
_PURPOSE = Meta(extra_json_schema={"enum": list(PURPOSES)})
_HEADERS = ("Enquiry-Position",)


class WithdrawalWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """To what somebody withdraws consent, in everything of theirs."""

    purposes: Annotated[
        tuple[Annotated[str, _PURPOSE], ...], Meta(min_length=1, max_length=len(PURPOSES))
    ]


class WithdrawalMade(Struct, frozen=True, kw_only=True):
    """Where consent was withdrawn."""

    act: UUID
    alliance: UUID
    position: int
    """Of the last event that it recorded."""
    recorded_at: datetime
    streams: tuple[UUID, ...]
    """Ids of the runs and enquiries, in order."""


async def _withdraw(edge: Edge, ask: Ask) -> Answer:
    strict(ask.body)
    try:
        wanted = msgspec.json.decode(ask.body, type=WithdrawalWanted)
    except msgspec.ValidationError as error:
        raise invalid(error) from None
    for number, purpose in enumerate(wanted.purposes):
        if purpose not in PURPOSES:
            says = f"There is no such purpose: take one of {', '.join(PURPOSES)}."
            raise Reject("VALIDATION_FAILED", says, pointer=f"/purposes/{number}")
    asked = Withdrawing(
        asker=ask.asker,
        alliance=ask.said["alliance"],
        purposes=wanted.purposes,
        key=ask.said["Idempotency-Key"],
        now=ask.now,
    )
    done = await edge.system.everywhere.withdraw(asked)
    made = WithdrawalMade(
        act=done.act,
        alliance=done.alliance,
        position=done.position,
        recorded_at=done.recorded_at,
        streams=done.streams,
    )
    headers = (*NEVER_KEPT, (b"enquiry-position", b"%d" % done.position))
    if done.replayed:
        return Answer(200, encode(made), (*headers, (b"idempotent-replayed", b"true")))
    return Answer(201, encode(made), headers)


def endpoints() -> tuple[Endpoint, ...]:
    """The address of what somebody does in everything of theirs."""
    made = ref("WithdrawalMade")
    again = (*_HEADERS, "Idempotent-Replayed")
    return (
        Endpoint(
            verb="POST",
            path="/v1/me/consent-withdrawals",
            name="withdraw-everywhere",
            title="Withdraw consent in everything of yours at once",
            tag="you",
            help=(
                "In every run and enquiry of the alliance in which you have or had a part, all or"
                " nothing. It takes effect at once and needs no reason."
            ),
            handle=_withdraw,
            params=(TENANT, KEY),
            body=Body(schema=ref("WithdrawalWanted"), bytes_max=4096),
            replies=(
                Reply(status=201, says="Withdrawn.", schema=made, headers=_HEADERS),
                Reply(status=200, says="It was, by this key.", schema=made, headers=again),
            ),
            problems=(404, 409, 422, 503),
        ),
    )
