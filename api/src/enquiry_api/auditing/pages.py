"""Every address of the auditor's page."""

from enquiry_api.auditing import proving, reading, session
from enquiry_api.edge import Endpoint


def endpoints() -> tuple[Endpoint, ...]:
    """In the order in which somebody comes to them."""
    return (*session.endpoints(), *reading.endpoints(), *proving.endpoints())
