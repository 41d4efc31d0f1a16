"""Notes of correction: they stand apart, and are possible when all else is closed (2.1)."""

from enquiry.kernel.enquiry.corrections import forms, rules
from enquiry.kernel.enquiry.roles import GROUP
from enquiry.method.builder import Builder


def corrections(enquiry: Builder) -> None:
    """Add notes of correction."""
    enquiry.move(
        forms.CorrectionNote, by=GROUP, after_close=True, rules=(rules.is_own_contribution,)
    )
    enquiry.show(forms.CorrectionNote, to=GROUP, today=True)
