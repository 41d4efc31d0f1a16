"""What every run has in common: planning, invitations, protocol, consent, evidence, closing.

A method's state extends ``Run``; its builder includes ``common(...)`` and adds what is its own.
"""

from enquiry.kernel.run.part import Settings, common
from enquiry.kernel.run.rules import STARTABLE, may_start
from enquiry.kernel.run.state import CertificateFacts, Run

__all__ = ["STARTABLE", "CertificateFacts", "Run", "Settings", "common", "may_start"]
