"""Taking an enquiry along: pictures, tables, reports; each as its reader may see it."""

import csv
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from tests.api.enquiring import PRIORITY, enquiring
from tests.api.world import world

from enquiry.kernel.pictures.drawn import PICTURES
from enquiry_api.tables import TABLES, Table, as_csv, as_workbook, harmless

ADDRESSES = (
    *(f"/views/{name}/picture.svg" for name in PICTURES),
    *(f"/views/{name}/table.{kind}" for name in TABLES for kind in ("csv", "xlsx")),
    "/reports/{report}/page",
    "/reports/{report}/report.pdf",
)


async def test_everything_can_be_taken_along_by_a_member_and_nothing_by_a_stranger(
    tmp_path: Path,
) -> None:
    async with enquiring(tmp_path) as told:
        for address in ADDRESSES:
            path = address.format(report=told.report)
            assert (await told.get(path)).status_code == 200, path
            assert (await told.get(path, stranger=True)).status_code == 404, path
            asked = await told.here.client.get(f"{told.enquiry}{path}")
            assert asked.status_code == 401, path


async def test_the_same_again_is_not_sent_twice(tmp_path: Path) -> None:
    async with enquiring(tmp_path) as told:
        for address in ADDRESSES:
            path = address.format(report=told.report)
            tag = (await told.get(path)).headers["ETag"]
            assert (await told.get(path, If_None_Match=tag)).status_code == 304, path


async def test_a_picture_is_the_view_drawn(tmp_path: Path) -> None:
    async with enquiring(tmp_path) as told:
        got = await told.get("/views/measures/picture.svg")
        assert got.headers["content-type"] == "image/svg+xml"
        desc = Xml.fromstring(got.text).findtext("{http://www.w3.org/2000/svg}desc") or ""
        assert "Baseline of 8 Oct 26: 41." in desc


async def test_what_has_no_picture_or_table_is_not_there(tmp_path: Path) -> None:
    async with enquiring(tmp_path) as told:
        for path in ("/views/decisions/picture.svg", "/views/learning/table.csv"):
            assert (await told.get(path)).status_code == 404


async def test_a_run_has_none_of_these_addresses(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.found_alliance()
        run = (await here.open_circle()).rpartition("/")[2]
        for path in ("views/progress/picture.svg", "views/progress/table.csv"):
            got = await here.get(here.member, f"/v1/enquiries/{run}/{path}")
            assert got.status_code == 404


async def test_an_overview_is_a_table_with_a_row_for_each_school(tmp_path: Path) -> None:
    async with enquiring(tmp_path) as told:
        got = await told.get("/views/overviews/table.csv")
        rows = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"))))
        assert rows[:2] == [["Implementation overview"], ["School", "Individual priority"]]
        assert rows[2] == ["Beck Road", f"'{PRIORITY}"]
        assert 'filename="overviews.csv"' in got.headers["content-disposition"]


async def test_in_a_workbook_a_formula_is_only_text(tmp_path: Path) -> None:
    async with enquiring(tmp_path) as told:
        got = await told.get("/views/overviews/table.xlsx")
        with zipfile.ZipFile(io.BytesIO(got.content)) as book:
            sheets = "".join(
                book.read(name).decode() for name in book.namelist() if "/sheet" in name
            )
            texts = book.read("xl/sharedStrings.xml").decode()
        assert "<f>" not in sheets
        assert "hyperlink" not in sheets.lower()
        assert "=HYPERLINK" in texts


async def test_a_report_has_its_commentary_and_what_was_known_then(tmp_path: Path) -> None:
    async with enquiring(tmp_path) as told:
        await told.does("record-reading", measure=told.measure, on="2026-11-18", value=52)
        page = (await told.get(f"/reports/{told.report}/page")).text
        assert "Half way, &lt;b&gt;boldly&lt;/b&gt;" in page
        assert "Baseline of 8 Oct 26: 41." in page
        assert "Distance travelled" not in page
        assert "withdrawn" not in page


async def test_what_was_withdrawn_since_is_gone_from_a_report_and_marked(tmp_path: Path) -> None:
    async with enquiring(tmp_path) as told:
        before = (await told.get(f"/reports/{told.report}/page")).text
        await told.does("retract-evidence", item=told.evidence)
        after = (await told.get(f"/reports/{told.report}/page")).text
        assert "work sample" in before
        assert "work sample" not in after
        assert "was withdrawn since" in after


async def test_a_report_on_paper_can_be_read_aloud_and_is_the_same_each_time(
    tmp_path: Path,
) -> None:
    async with enquiring(tmp_path) as told:
        first, second = [await told.get(f"/reports/{told.report}/report.pdf") for _ in range(2)]
        assert first.content[:5] == b"%PDF-"
        assert b"/StructTreeRoot" in first.content
        assert first.content == second.content


async def test_a_report_that_there_is_not_is_absent(tmp_path: Path) -> None:
    async with enquiring(tmp_path) as told:
        for wrong in (told.evidence, "nothing"):
            assert (await told.get(f"/reports/{wrong}/page")).status_code == 404


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "＝1", "\n=1"])
def test_what_begins_like_a_formula_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["1+1=2", "Year 6", 41.0, -3.0, None, ""])
def test_what_does_not_is_left_as_it_is(cell: str | float | None) -> None:
    assert harmless(cell) == cell


def test_a_table_is_written_the_same_each_time() -> None:
    table = Table("Measures", ("School", "Value"), (("Māori 日本", 1.5), ("B", None)))
    assert as_workbook((table,)) == as_workbook((table,))
    assert as_csv((table,)).decode("utf-8-sig").splitlines()[2:] == ["Māori 日本,1.5", "B,"]
