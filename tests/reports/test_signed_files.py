"""A signed file that comes back is the version that left, or it is said not to be."""

from __future__ import annotations

import pytest
from made_up_authority import House, build_house
from signing_cases import signed
from written_world import TEXTS, World

from khien.reports.models import Report
from khien.reports.signed_files import kinship_of, unsigned_pdf, version_of_file
from khien.reports.written_selectors import version_at

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def house() -> House:
    return build_house()


@pytest.fixture
def report(world: World) -> Report:
    world.authority()
    made = world.draft()
    world.write(made, **TEXTS)
    return made


def test_our_pdf_with_signatures_is_the_same_document(report: Report, house: House) -> None:
    version = version_at(report)
    ours = unsigned_pdf(version)
    assert kinship_of(version, ours) == "unsigned"
    once = signed(house.an, house, ours)
    twice = signed(house.clerk, house, once, role="organisation")
    assert kinship_of(version, once) == "same"
    assert version_of_file(report, twice) == (version, "same")


def test_an_older_version_is_told_from_the_newest(
    report: Report, house: House, world: World
) -> None:
    older = version_at(report)
    back = signed(house.an, house, unsigned_pdf(older))
    world.write(report, results="Sau khi xuất, kết quả được viết lại.")
    report.refresh_from_db()
    newest = version_at(report)
    assert newest.number > older.number
    assert kinship_of(newest, back) == "another"
    assert version_of_file(report, back) == (older, "same")


def test_it_is_still_the_same_after_the_signature_is_on_record(
    report: Report, house: House, world: World
) -> None:
    """The number and the signer stand in later files of the version; what left did not have them."""
    version = version_at(report)
    back = signed(house.an, house, unsigned_pdf(version))
    world.review(report)
    world.sign(report, file=back)
    assert kinship_of(version_at(report), back) == "same"


def test_what_was_changed_before_it_was_signed_is_found_out(report: Report, house: House) -> None:
    import io

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.stamp import TextStampStyle

    version = version_at(report)
    writer = IncrementalPdfFileWriter(io.BytesIO(unsigned_pdf(version)))
    style = TextStampStyle(stamp_text="10 su co", background=None)
    style.create_stamp(writer, box=None, text_params={}).apply(0, 200, 700)
    target = io.BytesIO()
    writer.write(target)
    assert kinship_of(version, signed(house.an, house, target.getvalue())) == "changed"


def test_a_file_of_another_is_another(report: Report, house: House) -> None:
    assert version_of_file(report, signed(house.an, house)) == (None, "another")
    assert version_of_file(report, b"%PDF-1.7 scan") == (None, "another")
