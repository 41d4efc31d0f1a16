"""Views of an enquiry as pictures: what the view shows this reader, and nothing else, as SVG."""

from enquiry.kernel.pictures.drawn import PICTURES
from enquiry_api.answers import PRIVATE, SVG, Answer, tagged
from enquiry_api.asking import Ask, absent
from enquiry_api.edge import Edge, Endpoint, Reply
from enquiry_api.params import AT, READING, STREAM, Param
from enquiry_api.reading import stream_of

HEADERS = ("ETag", "Cache-Control")
NOT_MODIFIED = Reply(status=304, says="You hold it already.", media=None, headers=("ETag",))
_VIEW = Param(
    name="view",
    place="path",
    says="Which view: one that has a picture.",
    schema={"type": "string", "enum": sorted(PICTURES)},
    read=str,
    required=True,
)
_NO_SCRIPT = (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'")


async def of_enquiry(edge: Edge, ask: Ask) -> None:
    """Refuse, as absent, what is no enquiry that this reader may know of."""
    rep = await edge.system.read(ask.asker, stream_of(ask), ask.now)
    if rep.stream != "enquiry":
        raise absent()


async def _picture(edge: Edge, ask: Ask) -> Answer:
    name = ask.where["view"]
    if name not in PICTURES:
        raise absent()
    await of_enquiry(edge, ask)
    shown = await edge.system.view(ask.asker, stream_of(ask), name, ask.now, ask.said.get("at"))
    drawn = PICTURES[name](shown).encode()
    answer = Answer(200, drawn, (*PRIVATE, _NO_SCRIPT), SVG)
    return tagged(answer, ask.said.get("If-None-Match"))


def endpoints() -> tuple[Endpoint, ...]:
    """The address of pictures."""
    return (
        Endpoint(
            verb="GET",
            path="/v1/enquiries/{id}/views/{view}/picture.svg",
            name="draw-enquiry-view",
            title="One view of the enquiry as a picture (SVG)",
            tag="enquiries",
            help="It says in words, too, what it shows; the view itself has the same as data.",
            handle=_picture,
            budget="exports",
            watched="export",
            params=(STREAM, _VIEW, AT, *READING),
            replies=(
                Reply(status=200, says="The picture.", media=SVG, headers=HEADERS),
                NOT_MODIFIED,
            ),
            problems=(404, 503),
        ),
    )
