"""What every run has in common: planning, invitations, protocol, consent, evidence, closing.

A method's state extends ``Run``; its builder includes ``common(...)`` and adds what is its own.
"""

from enquiry.kernel.run.keeping import evidence_kept
from enquiry.kernel.run.part import common
from enquiry.kernel.run.rules import (
    consent_given,
    may_start,
    pupils_are_trained,
)
from enquiry.kernel.run.settings import More, Settings
from enquiry.kernel.run.state import CertificateFacts, Run

__all__ = [
    "CertificateFacts",
    "More",
    "Run",
    "Settings",
    "common",
    "consent_given",
    "evidence_kept",
    "may_start",
    "pupils_are_trained",
]
