"""How the addresses of the page are made: their verbs, parameters, and what they have in common."""

from typing import Any

from enquiry_api.answers import HTML
from enquiry_api.auditing.rendering import HOME, refusal
from enquiry_api.edge import Access, Body, Endpoint, Reply
from enquiry_api.params import Param

TAG = "auditor's page"
STREAMS = {"alliances": "alliance", "enquiries": "enquiry", "runs": "run"}
"""What can be chosen, by the word in its address."""


def _header(name: str, says: str) -> Param:
    return Param(name=name, place="header", says=says, schema={"type": "string"}, read=str)


SITE = _header("Sec-Fetch-Site", "What a browser says of where a form was: only ours is taken.")
ORIGIN = _header("Origin", "Where the form was; the cookie is kept to HTTPS if that was.")
WORD = Param(
    name="word",
    place="path",
    says="Which kind of stream.",
    schema={"type": "string", "enum": sorted(STREAMS)},
    read=str,
    required=True,
)
PAGE = Reply(status=200, says="The page.", media=HTML)


def made(
    path: str,
    name: str,
    title: str,
    handle: Any,
    reply: Reply = PAGE,
    access: Access = Access.PERSON,
    params: tuple[Param, ...] = (),
    *,
    problems: tuple[int, ...] = (404, 503),
) -> Endpoint:
    """Something to read, below the beginning of the page."""
    return Endpoint(
        verb="GET",
        path=HOME + path,
        name=name,
        title=title,
        tag=TAG,
        handle=handle,
        replies=(reply,),
        access=access,
        params=params,
        problems=problems,
        page=refusal,
    )


def posted(
    path: str,
    name: str,
    title: str,
    handle: Any,
    reply: Reply,
    form: Body,
    access: Access = Access.PERSON,
    params: tuple[Param, ...] = (),
    *,
    away: bool = False,
) -> Endpoint:
    """A form of the page; ``away``: what it answers is taken along, which is counted and written
    down like every export."""
    return Endpoint(
        verb="POST",
        path=HOME + path,
        name=name,
        title=title,
        tag=TAG,
        handle=handle,
        replies=(reply,),
        access=access,
        params=(*params, SITE, ORIGIN),
        body=form,
        problems=(401, 403, 404, 503),
        page=refusal,
        budget="exports" if away else None,
        watched="export" if away else None,
    )
