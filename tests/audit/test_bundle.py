"""A bundle on the way to its verifier: whole, in part, the same twice, and what is said of it."""

import pytest
from tests.audit.signing import bundle, judged, policy_of, record, record_sealed
from tests.log.examples import HILLSIDE, RIVERBANK

from enquiry.audit.export import Wanted, export
from enquiry.audit.proofs import NotSigned
from enquiry.audit.verifier.archive import Archive
from enquiry.audit.verifier.bundle import check


@pytest.mark.parametrize("number", [1, 2, 255, 256, 257, 600])
async def test_a_bundle_of_everything_is_valid(desk, tmp_path, number):
    await record(desk.log, number)
    await record(desk.log, 3, alliance=RIVERBANK)
    await desk.signer.round()
    report = judged(desk, await bundle(desk, tmp_path / "b.tar"))
    assert report.findings == []
    assert report.unchecked == []
    assert report.code == 0
    told = " ".join(report.checked)
    assert f"entries: {number} (all)" in told
    assert "platform: the checkpoint is entry" in told


async def test_a_bundle_of_one_run_shows_that_run_alone(desk, tmp_path):
    run = await record(desk.log, 5)
    await record(desk.log, 400, name="another")
    await record(desk.log, 2)
    await desk.signer.round()
    path = await bundle(desk, tmp_path / "b.tar", stream=run)
    report = judged(desk, path)
    assert (report.findings, report.code) == ([], 0)
    assert f"entries: 7 (stream {run}), each against its leaf" in report.checked
    assert any("400 events that are not in the bundle" in line for line in report.beyond)
    content = path.read_bytes()
    assert content.count(b'"stream":"') == 7


async def test_the_same_history_is_exported_to_the_same_bytes(desk, tmp_path):
    await record(desk.log, 300)
    await record_sealed(desk.log, b"one", b"two")
    await desk.signer.round()
    one = await bundle(desk, tmp_path / "1.tar", sealed=True)
    two = await bundle(desk, tmp_path / "2.tar", sealed=True)
    assert one.read_bytes() == two.read_bytes()


async def test_what_is_not_signed_is_not_exported(desk, tmp_path):
    await record(desk.log, 3)
    with (tmp_path / "b.tar").open("wb") as file, pytest.raises(NotSigned):
        await export(desk.log, desk.store, Wanted(HILLSIDE), file)


async def test_events_after_the_checkpoint_stay_behind(desk, tmp_path):
    await record(desk.log, 3)
    await desk.signer.round()
    await record(desk.log, 3)
    report = judged(desk, await bundle(desk, tmp_path / "b.tar"))
    assert (report.code, report.checked[1].split()[1]) == (0, "only")
    assert any("entries: 3 (all)" in line for line in report.checked)


async def test_keys_that_nobody_vouches_for_leave_it_incomplete(desk, tmp_path):
    await record(desk.log, 3)
    await desk.signer.round()
    report = check(Archive.open(await bundle(desk, tmp_path / "b.tar")))
    assert (report.code, report.findings) == (2, [])
    assert "those of the bundle itself were believed" in report.unchecked[0]


async def test_withheld_bodies_leave_it_incomplete(desk, tmp_path):
    await record(desk.log, 3)
    await desk.signer.round()
    report = judged(desk, await bundle(desk, tmp_path / "b.tar", bodies=False))
    assert (report.code, report.unchecked) == (2, ["bodies: 3 were withheld"])


async def test_an_unsigned_bundle_is_incomplete(desk, tmp_path):
    await record(desk.log, 3)
    await desk.signer.round()
    with (tmp_path / "b.tar").open("wb") as file:
        await export(desk.log, desk.store, Wanted(HILLSIDE), file)
    report = check(Archive.open(tmp_path / "b.tar"), policy_of(desk))
    assert (report.code, report.findings) == (2, [])
    assert "nobody has signed" in report.unchecked[0]


async def test_erased_values_leave_every_proof_as_it_was(desk, tmp_path):
    await record_sealed(desk.log, b"one", b"two", b"three")
    await desk.signer.round()
    before = judged(desk, await bundle(desk, tmp_path / "1.tar", sealed=True))
    assert any("sealed values: 3, each" in line for line in before.checked)
    [event] = (await desk.log.read_alliance(HILLSIDE, 0, 1))[:1]
    assert await desk.log.shred([(await desk.log.sealed([event.position]))[event.position, 0].key])
    after = judged(desk, await bundle(desk, tmp_path / "2.tar", sealed=True))
    assert (after.code, after.findings) == (0, [])
    assert any("3 are withheld or erased" in line for line in after.beyond)


async def test_a_checkpoint_known_before_is_found_again(desk, tmp_path):
    await record(desk.log, 100)
    await desk.signer.round()
    old = (await desk.store.newest(HILLSIDE))[1]
    await record(desk.log, 200)
    await desk.signer.round()
    report = judged(desk, await bundle(desk, tmp_path / "b.tar"), old)
    assert report.code == 0
    assert "extends: what you knew of 100 events is unchanged" in report.checked
    whole = (await desk.store.newest(HILLSIDE))[1]
    again = judged(desk, await bundle(desk, tmp_path / "b.tar"), whole, old)
    assert sum(line.startswith("extends") for line in again.checked) == 2


async def test_a_known_checkpoint_beyond_the_bundle_is_not_passed_over(desk, tmp_path):
    await record(desk.log, 100)
    await desk.signer.round()
    path = await bundle(desk, tmp_path / "b.tar")
    await record(desk.log, 1)
    await desk.signer.round()
    report = judged(desk, path, (await desk.store.newest(HILLSIDE))[1])
    assert report.code == 2
    assert "101 events, more than the 100 here" in report.unchecked[0]


async def test_a_bundle_of_another_log_is_not_believed(desk, tmp_path):
    await record(desk.log, 3)
    await desk.signer.round()
    keys = [key._replace(name="enquiry/elsewhere") for key in policy_of(desk)]
    report = check(Archive.open(await bundle(desk, tmp_path / "b.tar")), keys)
    assert report.code == 1
    assert "no known key" in report.findings[0].what


async def test_a_key_signs_nothing_beyond_its_sizes(desk, tmp_path):
    await record(desk.log, 3)
    await desk.signer.round()
    keys = [key._replace(until=2) for key in policy_of(desk)]
    report = check(Archive.open(await bundle(desk, tmp_path / "b.tar")), keys)
    assert report.code == 1
    assert "may sign sizes from 1 to 2, not 3" in report.findings[0].what
