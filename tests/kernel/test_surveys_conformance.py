"""A method with surveys keeps everything that every method keeps."""

from typing import Any
from uuid import UUID

from tests.kernel.polling import POLLING

from enquiry.testing import conformance

NONE = UUID(int=0)


def _survey(stream: Any) -> str:
    """The newest survey that is open, or one that does not exist."""
    found = [id_ for id_, one in stream.live.state.surveys.items() if not one.closed]
    return str(found[-1] if found else NONE)


def opens_survey(stream: Any, who: UUID) -> dict[str, Any]:
    del who
    anonymous = stream.live.revision % 2 == 0
    instrument = "trust-pulse" if anonymous else "jpd-health-check"
    form = {"instrument": instrument, "anonymous": anonymous, "closes_on": "2099-01-01"}
    return {**form, "min_n": 5}


def answers_survey(stream: Any, who: UUID) -> dict[str, Any]:
    del who
    item = "trust"
    survey = _survey(stream)
    known = stream.live.state.surveys.get(UUID(survey))
    if known is not None and known.instrument == "trust-pulse":
        item = "gain"
    notes = {"note": "We say so."} if item == "trust" else {}
    answers = [{"item": item, "value": 2, **notes}]
    return {"survey": survey, "answers": answers, "comment": "We are getting there."}


def closes_survey(stream: Any, who: UUID) -> dict[str, Any]:
    del who
    return {"survey": _survey(stream)}


test_conformance = conformance(
    POLLING,
    bodies={
        "open-survey": opens_survey,
        "submit-survey": answers_survey,
        "close-survey": closes_survey,
    },
)
