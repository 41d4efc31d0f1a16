"""How things look from outside: values for representations."""

from typing import Any

from enquiry.method.live import Raised
from enquiry.runtime.terms import WarningShown


def warning_shown(warning: Raised) -> WarningShown:
    """A warning, its note still a reference."""
    return WarningShown(
        id=warning.id,
        code=warning.code,
        severity=str(warning.severity),
        audience=str(warning.audience),
        about=warning.about,
        params=_plain(warning.params),
        raised_at=warning.raised_at,
        state=warning.state,
        ack_note=warning.ack_note,
    )


def _plain(params: Any) -> dict[str, Any]:
    return dict(params)
