"""Peer coaching triads: three colleagues, three roles, one cyclic rotation.

``method`` reads the rows aloud; ``forms`` and ``rounds`` hold what people fill in and what is
recorded, ``rules`` and ``safeguards`` the conditions, ``warnings`` the remarks, ``state`` the least
that the rules remember, ``views`` and ``records`` what people see.
"""

from collections.abc import Iterable

from enquiry import Method, hookimpl
from enquiry_peer_triads.method import METHOD


@hookimpl
def enquiry_methods() -> Iterable[Method]:
    """The one method of this plug-in."""
    return [METHOD]


__all__ = ["METHOD", "enquiry_methods"]
