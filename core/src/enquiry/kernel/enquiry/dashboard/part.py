"""How the dashboard is added to the enquiry."""

from enquiry.kernel.enquiry.dashboard import views
from enquiry.kernel.enquiry.roles import GROUP
from enquiry.method.builder import Builder


def dashboard(enquiry: Builder) -> None:
    """Add the dashboard, for everybody who works on the enquiry."""
    enquiry.view("dashboard", "Dashboard", to=GROUP, build=views.dashboard, schema=views.Dashboard)
