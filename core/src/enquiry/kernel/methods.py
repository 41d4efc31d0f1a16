"""Methods that are there without a plug-in."""

from enquiry.kernel.alliance.method import ALLIANCE
from enquiry.kernel.bookings import CALENDAR
from enquiry.kernel.enquiry.method import ENQUIRY
from enquiry.method.method import Method

KERNEL: tuple[Method, ...] = (ALLIANCE, ENQUIRY, CALENDAR)
"""The alliance, the enquiry and a school's bookings."""
