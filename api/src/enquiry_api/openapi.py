"""The OpenAPI 3.1 document, made from the same values that answer the requests."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from enquiry_api import (
    accesses,
    certificates,
    everywhere,
    labelled,
    machines,
    me,
    methods,
    offline,
    purposes,
    shown,
    timetable,
    tokens,
)
from enquiry_api.codes import CodeEntry
from enquiry_api.edge import Access, Endpoint, Reply
from enquiry_api.forms import component, component_name
from enquiry_api.installed import Installed
from enquiry_api.params import EVERYWHERE, NOW, PURPOSE, Param
from enquiry_api.problems import Problem
from enquiry_api.reading import ref

VERSION = "3.1.0"
_REF = "#/components/schemas/{name}"
_ROOTS = (
    shown.ShownStream,
    shown.ShownList,
    shown.ShownHistory,
    shown.ShownInbox,
    shown.Done,
    methods.MethodList,
    methods.ShownMethod,
    methods.CodeList,
    labelled.LabelList,
    CodeEntry,
    offline.Batch,
    offline.Judged,
    timetable.ShownTimetable,
    timetable.ShownLinks,
    me.Me,
    machines.ServiceWanted,
    machines.ServiceMade,
    machines.ShownService,
    machines.ShownServices,
    accesses.ShownAccess,
    accesses.ShownAccesses,
    timetable.LinkWanted,
    timetable.LinkMade,
    certificates.ShownCertificate,
    certificates.ShownCertificates,
    everywhere.WithdrawalWanted,
    everywhere.WithdrawalMade,
    tokens.TokenWanted,
    tokens.TokenMade,
    tokens.Ticked,
    Problem,
)
_HEADERS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "ETag": ("What you hold: for If-None-Match and If-Match.", {"type": "string"}),
    "Location": ("The stream.", {"type": "string", "format": "uri-reference"}),
    "Link": ("`rel=next`: the next part, if there is one.", {"type": "string"}),
    "Cache-Control": ("Who may keep it.", {"type": "string"}),
    "Enquiry-Position": (
        "Position of the last event of this action.",
        {"type": "integer", "minimum": 1},
    ),
    "Idempotent-Replayed": ("It was done before.", {"type": "string", "enum": ["true"]}),
    "Retry-After": ("Seconds.", {"type": "integer", "minimum": 0}),
    "WWW-Authenticate": ("How to say who you are.", {"type": "string"}),
}
"""Headers of answers, by name: what they are for, and their schema."""
_REFUSAL_HEADERS: Mapping[int, tuple[str, ...]] = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After",),
}
_MEANING: Mapping[int, str] = {
    400: "The envelope is wrong: a header, a query parameter, or no JSON.",
    401: "It is not known who you are.",
    403: "Your role does not allow this, or the purpose is one that nothing here may serve.",
    404: "There is nothing here, or nothing that you may see.",
    409: "A consent, the stage, or a rule stands against it.",
    412: "What you decided on has changed since you read it.",
    413: "The body is too large.",
    415: "The body is no JSON in UTF-8.",
    422: "The form is not filled in as it must be; or the key was used for something else.",
    428: "A decision must say what it was based on (If-Match).",
    429: "Too much at once.",
    500: "Something is wrong on our side.",
    503: "The log or the views cannot be reached now. Try again.",
}
_INTRO = """\
One pattern for alliances, enquiries and runs. Read a stream: it says what you may see, and which
actions you can take now, each with its address and its form. Post an action: it is on record, or
it is refused with a problem (RFC 9457) whose `code` is stable.
"""


def document(installed: Installed, endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """The whole document, as plain values.

    Args:
        installed: whose forms are described.
        endpoints: every address that is served.
    """
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        at = paths.setdefault(endpoint.path, {})
        at[endpoint.verb.lower()] = _operation(endpoint)
        if endpoint.verb == "GET":
            at["head"] = _head(endpoint)
    return {
        "openapi": VERSION,
        "info": {"title": "Enquiry", "version": "1", "description": _INTRO},
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(installed),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def _schemas(installed: Installed) -> dict[str, Any]:
    _, made = msgspec.json.schema_components(_ROOTS, ref_template=_REF)
    schemas: dict[str, Any] = dict(made)
    for versions in installed.moves():
        for offered in versions:
            name = component_name(offered.method, offered.move)
            schemas[name] = component(offered.move)
    return dict(sorted(schemas.items()))


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.title,
        "tags": [endpoint.tag],
        "responses": _responses(endpoint),
    }
    if endpoint.help:
        operation["description"] = endpoint.help
    params = [_parameter(param) for param in _params(endpoint)]
    if params:
        operation["parameters"] = params
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {endpoint.body.media: {"schema": dict(endpoint.body.schema)}},
        }
    if endpoint.access in (Access.PERSON, Access.OPERATOR):
        operation["security"] = [{"bearer": []}]
    return operation


def _head(endpoint: Endpoint) -> dict[str, Any]:
    """The same as GET, but that no answer has a body."""
    operation = _operation(endpoint)
    operation["operationId"] = f"{endpoint.name}.head"
    operation["responses"] = {
        status: {key: value for key, value in response.items() if key != "content"}
        for status, response in operation["responses"].items()
    }
    return operation


def _params(endpoint: Endpoint) -> Iterable[Param]:
    yield from endpoint.params
    if endpoint.access is not Access.HEALTH:
        yield from (param for param in EVERYWHERE if param is not NOW)


def _parameter(param: Param) -> dict[str, Any]:
    schema = dict(param.schema)
    if param is PURPOSE:
        schema |= {"enum": list(purposes.ALLOWED), "default": purposes.DEFAULT}
    return {
        "name": param.name,
        "in": param.place,
        "description": param.says,
        "required": param.required,
        "schema": schema,
    }


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    responses = {str(reply.status): _reply(reply) for reply in endpoint.replies}
    for status in endpoint.refusals():
        responses.setdefault(str(status), _refusal(status, page=endpoint.page is not None))
    return responses


def _reply(reply: Reply) -> dict[str, Any]:
    made: dict[str, Any] = {"description": reply.says}
    if reply.headers:
        made["headers"] = {name: _header(name) for name in reply.headers}
    if reply.media is not None:
        media = reply.media.decode().partition(";")[0]
        made["content"] = {
            media: {"schema": dict(reply.schema)} if reply.schema is not None else {}
        }
    return made


def _header(name: str) -> dict[str, Any]:
    says, schema = _HEADERS[name]
    return {"description": says, "schema": schema}


def _refusal(status: int, *, page: bool = False) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": ref("Problem")}}
    made: dict[str, Any] = {
        "description": _MEANING[status],
        "content": {"text/html": {}} if page else problem,
    }
    names = _REFUSAL_HEADERS.get(status, ())
    if names:
        made["headers"] = {name: _header(name) for name in names}
    return made
