"""Methods that are there without a plug-in."""

from enquiry.kernel.alliance.method import ALLIANCE
from enquiry.kernel.bookings import CALENDAR
from enquiry.kernel.drafts import DRAFTS
from enquiry.kernel.enquiry.method import ENQUIRY
from enquiry.kernel.safeguarding.concern import SAFEGUARDING_CONCERNS
from enquiry.method.method import Method

KERNEL: tuple[Method, ...] = (ALLIANCE, ENQUIRY, CALENDAR, SAFEGUARDING_CONCERNS, DRAFTS)
"""The alliance, the enquiry, a school's bookings and its safeguarding concerns,
and what people keep for themselves."""
