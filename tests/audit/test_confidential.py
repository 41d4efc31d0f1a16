"""A safeguarding concern is for one person at the school: a bundle proves it and says nothing."""

from base64 import b64encode
from uuid import uuid4

import msgspec
from tests.audit.signing import bundle, judged, record
from tests.log.examples import HILLSIDE, MONDAY, data_key

from enquiry.kernel.safeguarding.concern import concerns_stream, is_of_concerns
from enquiry.log.promise import Append, NewEvent, SealedValue

REPORTER, SCHOOL = uuid4(), uuid4()
PLACE = concerns_stream(SCHOOL)
KEY = data_key(PLACE)


def event(revision: int, kind: str, *sealed: SealedValue, **data: object) -> NewEvent:
    keys = {str(KEY.id): b64encode(KEY.commitment).decode()} if sealed else {}
    body = {
        "by": str(REPORTER),
        "data": data,
        "act": str(uuid4()),
        "stream": str(PLACE),
        "revision": revision,
        "salt": uuid4().hex,
        "keys": keys,
    }
    return NewEvent(PLACE, revision, uuid4(), kind, msgspec.json.encode(body), sealed)


async def test_a_bundle_holds_the_entry_of_a_concern_and_not_who_raised_it(desk, tmp_path):
    await record(desk.log, 2)
    words = SealedValue(0, KEY.id, b"what worried somebody")
    events = (
        event(1, "core/opened", method="safeguarding", method_version=1),
        event(2, "safeguarding/concern-raised", words, school=str(SCHOOL)),
        event(3, "core/warning-raised", school=str(SCHOOL)),
    )
    await desk.log.append(Append(HILLSIDE, events, {PLACE: 0}, MONDAY, keys=(KEY,)))
    await record(desk.log, 1)
    await desk.signer.round()
    path = await bundle(desk, tmp_path / "b.tar", sealed=True)
    content = path.read_bytes()
    for told in (str(REPORTER), str(SCHOOL), str(PLACE), "what worried somebody"):
        assert told.encode() not in content
    report = judged(desk, path)
    assert report.findings == []
    assert report.unchecked == ["bodies: 3 were withheld"]


def test_a_body_that_cannot_be_read_belongs_to_no_school():
    assert not is_of_concerns("core/opened", b"{")
    assert not is_of_concerns("core/opened", b"\xff\xfe")
    assert not is_of_concerns("learning-walk/note-recorded", b"")
    assert is_of_concerns("safeguarding/concern-raised", b"")
