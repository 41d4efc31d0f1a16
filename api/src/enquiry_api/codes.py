"""The codes of the HTTP edge itself, and the catalogue of every code there is."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from enquiry.method.codes import STEPS, WARNINGS, Step
from enquiry.method.method import Method

STATUS_BY_STEP: Mapping[Step, int] = {
    Step.ENVELOPE: 400,
    Step.ACTOR: 401,
    Step.VISIBLE: 404,
    Step.ROLE: 403,
    Step.CONSENT: 409,
    Step.STAGE: 409,
    Step.VERSION: 412,
    Step.FIELDS: 422,
    Step.DOMAIN: 409,
}
"""Which status tells of a refusal at which step of the check order."""

STATUS_BY_CODE: Mapping[str, int] = {"COMMAND_ID_REUSED": 422, "PRECONDITION_REQUIRED": 428}
"""Where a code does not follow its step."""


class EdgeCode(Struct, frozen=True):
    """Something that only HTTP can get wrong."""

    status: int
    meaning: str
    """For people, where nothing more particular is known."""


EDGE: Mapping[str, EdgeCode] = {
    "MALFORMED_JSON": EdgeCode(400, "The body is not a JSON text that every program reads alike."),
    "HEADER_INVALID": EdgeCode(400, "A header is missing, stands twice, or cannot be read."),
    "QUERY_INVALID": EdgeCode(400, "A query parameter is unknown, missing, or cannot be read."),
    "IDEMPOTENCY_KEY_REQUIRED": EdgeCode(
        400, "Every action names itself with an Idempotency-Key, so that sending it again is safe."
    ),
    "CLOCK_NOT_SETTABLE": EdgeCode(
        400, "This server keeps its own time: only one that was started for stories takes yours."
    ),
    "UNAUTHENTICATED": EdgeCode(401, "Say who you are with a bearer token that is still valid."),
    "NO_SUCH_ADDRESS": EdgeCode(404, "There is nothing at this address."),
    "METHOD_NOT_ALLOWED": EdgeCode(405, "This address does not know the verb."),
    "BODY_TOO_LARGE": EdgeCode(413, "The body is larger than this address takes."),
    "MEDIA_TYPE_UNSUPPORTED": EdgeCode(415, "Send application/json, in UTF-8, not compressed."),
    "PRECONDITION_REQUIRED": EdgeCode(
        428, "A decision says what it was based on: send If-Match with the ETag that you read."
    ),
    "TOO_MANY_REQUESTS": EdgeCode(429, "Too much at once: wait, then go on."),
    "INTERNAL_ERROR": EdgeCode(500, "Something is wrong on our side. Nothing was recorded twice."),
    "UNAVAILABLE": EdgeCode(
        503, "The log cannot be reached. Send it again with the same Idempotency-Key."
    ),
    "VIEWS_BEHIND": EdgeCode(503, "The views have not reached the position that you asked for."),
}
"""Codes that exist beside those of the domain, because HTTP does."""


class Use(Struct, frozen=True):
    """Where an installed method refuses with a code, in the words a teacher reads."""

    method: str
    version: int
    move: str
    sentence: str
    source: str


class CodeEntry(Struct, frozen=True, kw_only=True):
    """One code of the catalogue."""

    code: str
    title: str
    """The same for every occurrence."""
    kind: str
    """``error``: nothing is recorded; ``warning``: it is, and this is raised beside it."""
    status: int | None = None
    """Of an error."""
    step: int | None = None
    """Of an error of the domain: the lowest unmet step gives the code."""
    severity: str | None = None
    """Of a warning: info, caution or gate."""
    audience: str | None = None
    """Of a warning: who sees it, besides the facilitators."""
    meaning: str | None = None
    used_by: tuple[Use, ...] = ()


def title_of(code: str) -> str:
    """A code as a phrase: ``ROLE_MISSING`` is "Role missing"."""
    return code.replace("_", " ").capitalize()


def status_of(code: str, step: Step) -> int:
    """The HTTP status of a refusal by the domain."""
    return STATUS_BY_CODE.get(code) or STATUS_BY_STEP[step]


def catalogue(methods: Iterable[Method]) -> dict[str, CodeEntry]:
    """Every code by its name: the domain's, the edge's, and those that methods bring along."""
    uses, steps = _uses(methods)
    found: dict[str, CodeEntry] = {}
    for code, step in {**STEPS, **steps}.items():
        found[code] = CodeEntry(
            code=code,
            title=title_of(code),
            kind="error",
            status=status_of(code, step),
            step=int(step),
            used_by=tuple(uses.get(code, ())),
        )
    for code, edge in EDGE.items():
        found[code] = CodeEntry(
            code=code, title=title_of(code), kind="error", status=edge.status, meaning=edge.meaning
        )
    for code, (severity, audience) in WARNINGS.items():
        found[code] = CodeEntry(
            code=code,
            title=title_of(code),
            kind="warning",
            severity=severity.value,
            audience=audience.value,
        )
    return dict(sorted(found.items()))


def _uses(methods: Iterable[Method]) -> tuple[dict[str, list[Use]], dict[str, Step]]:
    uses: dict[str, list[Use]] = {}
    steps: dict[str, Step] = {}
    for method in methods:
        for move in method.moves:
            for rule in move.rules:
                use = Use(method.id, method.version, move.kind, rule.sentence, rule.source)
                uses.setdefault(rule.code, []).append(use)
                steps.setdefault(rule.code, rule.step)
    return uses, steps
