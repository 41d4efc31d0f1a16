"""What data is used for, and what it is never used for.

Nothing flows from here into appraisal, capability procedures, pay, inspection or ranking. A client
declares its purpose; one of those closes every door but the health checks.
"""

from collections.abc import Collection

from enquiry.method.rules import Reject
from enquiry_api.problems import Refused

DEFAULT = "professional_learning"
"""What a client that says nothing is taken to be for."""
ALLOWED = (DEFAULT, "administration", "research", "audit", "development")
FORBIDDEN = ("appraisal", "capability", "pay", "inspection", "league_table")
HEADER = "Enquiry-Purpose"
HEADER_KEY = HEADER.lower().encode()


def declared(header: str | None, claim: str | None) -> Collection[str]:
    """Every purpose that the request and its token name; the default where they name none."""
    named = [name for source in (header, claim) if source is not None for name in source.split(",")]
    tidy = {name.strip().lower().replace("-", "_") for name in named}
    return tidy or (DEFAULT,)


def check(purposes: Collection[str]) -> None:
    """Let the request pass, or not.

    Raises:
        Reject: ``APPRAISAL_USE_FORBIDDEN``, if one of them is forbidden.
        Refused: ``HEADER_INVALID``, if one is not known; a purpose nobody understands says nothing.
    """
    if purposes == (DEFAULT,):
        return
    for purpose in purposes:
        if purpose in FORBIDDEN:
            raise Reject(
                "APPRAISAL_USE_FORBIDDEN",
                "What is recorded here is for learning, never for judging those who recorded it.",
                params={"purpose": purpose},
            )
    for purpose in purposes:
        if purpose not in ALLOWED:
            known = ", ".join(ALLOWED)
            raise Refused("HEADER_INVALID", f"The purpose is one of: {known}.", header=HEADER)
