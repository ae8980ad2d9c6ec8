"""What is seen of a signature on the page, as Nghị định 30 has it, measured on the signed file."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from made_up_authority import House, issued, paper, png
from signing_cases import PASSWORD, read

from khien.cli.main import main
from khien.signatures.errors import NoPlace, PdfNotSignable, PictureUnusable
from khien.signatures.pictures import picture_of
from khien.signatures.placing import MM, Place, place_asked, place_for_seal, place_for_signature
from khien.signatures.signing import places_signed

SOURCE = Path(__file__).resolve().parents[2] / "src"


@pytest.fixture
def desk(tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a report to sign, keys, pictures; the password is typed."""
    monkeypatch.setattr("getpass.getpass", lambda question: PASSWORD)
    for name, content in {
        "bao-cao.pdf": paper(),
        "an.p12": house.an.key_file(PASSWORD, house.authority),
        "van-thu.p12": house.clerk.key_file(PASSWORD, house.authority),
        "chu-ky.png": png(500, 200, "blue"),
        "dau.png": png(425, 425, "red"),
    }.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sign(source: str, target: str, key: str, *words: str) -> int:
    return main(["sign", source, "--key-file", key, "--output", target, *words])


def frames(name: str) -> dict[str, Place]:
    return dict(places_signed(Path(name).read_bytes()))


def test_the_hand_stands_in_the_middle_between_capacity_and_name(desk: Path) -> None:
    assert sign("bao-cao.pdf", "1.pdf", "an.p12", "--picture", "chu-ky.png") == 0
    frame = frames("1.pdf")["KhienNguoiKy1"]
    text = pdfium.PdfDocument(paper())[0].get_textpage()
    capacity, name = (box_of(text, words) for words in ("GIÁM ĐỐC", "Nguyễn Văn An"))
    assert frame.top < capacity[1]
    assert frame.bottom > name[3]
    middle = (frame.left + frame.right) / 2
    for box in (capacity, name):
        assert abs(middle - (box[0] + box[2]) / 2) < 2 * MM
    space = (name[3] + capacity[1]) / 2
    assert abs((frame.top + frame.bottom) / 2 - space) < 2 * MM
    assert frame.width_mm / frame.height_mm == pytest.approx(500 / 200, abs=0.05), (
        "its shape is kept"
    )


def box_of(text: pdfium.PdfTextPage, words: str) -> tuple[float, float, float, float]:
    at, count = text.search(words).get_next()
    boxes = [text.get_charbox(n) for n in range(at, at + count)]
    return (
        min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes),
    )  # fmt: skip


def test_the_seal_covers_a_third_of_the_hand_on_its_left_in_its_real_size(desk: Path) -> None:
    sign("bao-cao.pdf", "1.pdf", "an.p12", "--picture", "chu-ky.png")
    assert (
        sign("1.pdf", "2.pdf", "van-thu.p12", "--as", "organisation", "--picture", "dau.png") == 0
    )
    found = frames("2.pdf")
    hand, seal = found["KhienNguoiKy1"], found["KhienCoQuan1"]
    assert seal.width_mm == pytest.approx(36, abs=0.5), "425 pixels at 300 to the inch"
    covered = (seal.right - hand.left) / (hand.right - hand.left)
    assert covered == pytest.approx(1 / 3, abs=0.02)
    assert seal.left < hand.left
    assert (seal.top + seal.bottom) == pytest.approx(hand.top + hand.bottom, abs=1)
    assert [one.integrity for one in read(Path("2.pdf").read_bytes()).signatures] == ["intact"] * 2


def test_a_copy_is_stamped_at_the_top_right_of_the_first_page(desk: Path) -> None:
    words = ["--as", "copy", "--copy-form", "Sao y", "--number", "05/BC-SYT"]
    assert sign("bao-cao.pdf", "1.pdf", "van-thu.p12", *words) == 0
    frame = frames("1.pdf")["KhienBanSao1"]
    assert frame.page == 0
    assert (595.28 - frame.right) / MM == pytest.approx(15, abs=0.5)
    assert (841.89 - frame.top) / MM < 10
    said = appearance_text(Path("1.pdf").read_bytes(), frame)
    assert "Sao y; 05/BC-SYT" in said
    assert "SỞ Y TẾ MẪU" in said
    assert re.search(r"\d\d/\d\d/\d{4}; \d\d:\d\d:\d\d; \+07:00", said), (
        "Viet Nam time with its zone"
    )


def test_an_annex_is_stamped_with_number_and_time_and_no_picture(desk: Path) -> None:
    assert (
        sign("bao-cao.pdf", "1.pdf", "van-thu.p12", "--as", "annex", "--number", "05/BC-SYT") == 0
    )
    said = appearance_text(Path("1.pdf").read_bytes(), frames("1.pdf")["KhienPhuLuc1"])
    assert re.search(r"05/BC-SYT; \d\d/\d\d/\d{4}; \d\d:\d\d:\d\d; \+07:00", said)
    assert sign("1.pdf", "2.pdf", "van-thu.p12", "--as", "copy") == 0
    found = frames("2.pdf")
    assert not found["KhienBanSao1"].meets(found["KhienPhuLuc1"]), "one stamp beside the other"


def appearance_text(content: bytes, frame: Place) -> str:
    """What is drawn in a frame, read by somebody else's program."""
    from pypdf import PdfReader

    for annotation in PdfReader(io.BytesIO(content)).pages[frame.page]["/Annots"]:
        widget = annotation.get_object()
        if abs(float(widget["/Rect"][0]) - frame.left) < 1:
            form = widget["/AP"]["/N"].get_object()
            page = pdfium.PdfDocument(page_with(form, content))[0]
            return str(page.get_textpage().get_text_range())
    raise AssertionError("no such frame")


def page_with(form: object, content: bytes) -> bytes:
    """Return a page that shows a form of another file alone."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    page = writer.add_blank_page(600, 300)
    made = form.clone(writer)  # type: ignore[attr-defined]
    resources = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/F"): made.indirect_reference})}
    )
    page[NameObject("/Resources")] = resources
    stream = DecodedStreamObject()
    stream.set_data(b"q 1 0 0 1 20 20 cm /F Do Q")
    page[NameObject("/Contents")] = writer._add_object(stream)
    for _ in range(len(writer.pages) - 1):
        writer.remove_page(0)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_the_typeface_of_a_stamp_is_inside_the_file(desk: Path) -> None:
    from pypdf import PdfReader

    sign("bao-cao.pdf", "1.pdf", "van-thu.p12", "--as", "copy")
    reader = PdfReader("1.pdf")
    fonts = [
        o for n in range(1, len(reader.xref[0]) + 400)
        if isinstance(o := safely(reader, n), dict) and o.get("/Type") == "/FontDescriptor"
    ]  # fmt: skip
    assert fonts
    assert all("/FontFile3" in one or "/FontFile2" in one for one in fonts)


def safely(reader: object, number: int) -> object:
    from pypdf.generic import IndirectObject

    return IndirectObject(number, 0, reader).get_object()


def test_the_file_still_says_it_is_pdf_a_and_keeps_its_colours(desk: Path) -> None:
    """veraPDF is not on the machines of the tests: what can be checked without it is checked."""
    sign("bao-cao.pdf", "1.pdf", "an.p12", "--picture", "chu-ky.png")
    content = Path("1.pdf").read_bytes()
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"GTS_PDFA1" in content
    from pypdf import PdfReader

    widget = PdfReader(io.BytesIO(content)).pages[0]["/Annots"][0].get_object()
    flags = int(widget["/F"])
    assert flags & 4, "printed"
    assert not flags & (1 | 2 | 32), "neither invisible, hidden nor unseen"
    assert set(widget["/AP"]) == {"/N"}


def test_a_name_that_stands_nowhere_needs_a_place(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("khac.p12").write_bytes(issued("Lê Thị Khác").key_file(PASSWORD))
    assert sign("bao-cao.pdf", "1.pdf", "khac.p12", "--picture", "chu-ky.png") == 0
    assert "KhienNguoiKy1" in frames("1.pdf"), "the place beside «Nơi nhận» serves"
    with pytest.raises(NoPlace):
        place_for_signature(
            paper('#set text(lang: "vi")\n#set document(title: "a")\nTrang trắng'), "Lê Thị Khác"
        )
    words = ["--picture", "chu-ky.png", "--at", "1,100,200,50,20"]
    assert sign("bao-cao.pdf", "2.pdf", "khac.p12", *words) == 0
    frame = frames("2.pdf")["KhienNguoiKy1"]
    assert frame.left / MM >= 100
    assert (841.89 - frame.top) / MM >= 200
    for wrong in ("1,2", "a,b,c,d,e", "1,100,200,0,20", "9,100,200,50,20"):
        assert (
            sign("bao-cao.pdf", "3.pdf", "khac.p12", "--picture", "chu-ky.png", "--at", wrong) == 2
        )
        assert "KHIEN-SIG-01" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xd8\xff\xe0jpeg", "PNG"),
        (png(40, 40, "blue", alpha=False)[:26], "PNG"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "PNG"),
    ],
)
def test_a_picture_that_would_hide_the_text_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(PictureUnusable, match=why):
        picture_of(content, "a.png")


def test_a_picture_without_a_clear_ground_is_refused() -> None:
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress((b"\0" + b"\xff" * 12) * 4)) + chunk(b"IEND", b"")
    with pytest.raises(PictureUnusable, match="trong suốt"):
        picture_of(head + body, "a.png")
    assert picture_of(head + chunk(b"tRNS", b"\0\xff" * 3) + body, "a.png").width_px == 4


def test_a_seal_of_unknown_size_is_asked_for(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = Path("dau.png").read_bytes()
    Path("dau2.png").write_bytes(content.replace(b"pHYs", b"pHYx"))
    words = ["--as", "organisation", "--picture", "dau2.png"]
    assert sign("bao-cao.pdf", "1.pdf", "van-thu.p12", *words) == 2
    assert "--width" in capsys.readouterr().err
    assert sign("bao-cao.pdf", "1.pdf", "van-thu.p12", *words, "--width", "32") == 0
    assert frames("1.pdf")["KhienCoQuan1"].width_mm == pytest.approx(32, abs=0.1)


def test_the_place_of_a_seal_is_plain_arithmetic() -> None:
    hand = Place(0, 300, 100, 420, 150)
    seal = place_for_seal(hand, (36, 36))
    assert seal.right == 340
    assert (seal.bottom + seal.top) / 2 == 125


# ---- key files and what else may be wrong


def test_a_wrong_password_and_no_key_file_are_said(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sign("bao-cao.pdf", "1.pdf", "chu-ky.png") == 1
    assert "KHIEN-SIG-009" in capsys.readouterr().err
    monkeypatch.setattr("getpass.getpass", lambda question: "sai")
    assert sign("bao-cao.pdf", "1.pdf", "an.p12") == 1
    said = capsys.readouterr()
    assert "KHIEN-SIG-009" in said.err
    assert "sai" not in said.out
    assert not Path("1.pdf").exists()


def test_a_secret_is_not_asked_where_it_would_be_shown(tmp_path: Path, house: House) -> None:
    (tmp_path / "a.pdf").write_bytes(paper())
    (tmp_path / "an.p12").write_bytes(house.an.key_file(PASSWORD))
    done = subprocess.run(
        [sys.executable, "-m", "khien", "sign", "a.pdf", "--key-file", "an.p12"],
        cwd=tmp_path, input=f"{PASSWORD}\n", capture_output=True, text=True, check=False,
        start_new_session=True, env={"PYTHONPATH": str(SOURCE), "PATH": ""},
    )  # fmt: skip
    assert "KHIEN-SIG-023" in done.stderr
    assert done.returncode == 1
    assert not (tmp_path / "a-da-ky.pdf").exists()


def test_a_file_is_never_overwritten_unasked(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign("bao-cao.pdf", "1.pdf", "an.p12") == 0
    assert sign("bao-cao.pdf", "1.pdf", "an.p12") == 2
    assert "KHIEN-SIG-022" in capsys.readouterr().err
    assert sign("bao-cao.pdf", "1.pdf", "an.p12", "--force") == 0
    assert sign("bao-cao.pdf", "khong-co/1.pdf", "an.p12") == 1
    assert sign("khong-co.pdf", "2.pdf", "an.p12") == 2
    assert "KHIEN-SIG-020" in capsys.readouterr().err


def test_a_time_stamp_that_does_not_come_leaves_nothing_half_done(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign("bao-cao.pdf", "1.pdf", "an.p12", "--tsa", "http://127.0.0.1:9/") == 1
    assert "KHIEN-SIG-014" in capsys.readouterr().err
    assert not Path("1.pdf").exists()


def test_a_time_stamp_is_asked_where_an_address_is_given(
    desk: Path, stamping: str, house: House
) -> None:
    assert sign("bao-cao.pdf", "1.pdf", "an.p12", "--tsa", stamping) == 0
    assert read(Path("1.pdf").read_bytes(), house).signatures[0].stamp == "trusted"
    assert sign("bao-cao.pdf", "2.pdf", "an.p12", "--tsa", stamping, "--level", "B-B") == 0
    assert read(Path("2.pdf").read_bytes(), house).signatures[0].stamp == "none"


def test_long_term_material_without_lists_is_refused(
    desk: Path, house: House, stamping: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("goc.pem").write_bytes(house.root.pem + house.authority.pem)
    words = ["--tsa", stamping, "--level", "B-LT", "--trust", "goc.pem"]
    assert sign("bao-cao.pdf", "1.pdf", "an.p12", *words) == 1
    assert "KHIEN-SIG-019" in capsys.readouterr().err
    assert not Path("1.pdf").exists()


def test_a_page_that_is_not_there_or_is_turned_is_said() -> None:
    with pytest.raises(PdfNotSignable, match="không có trang 7"):
        place_asked(paper(), 7, (1, 1, 1, 1))
    turned = paper(
        '#set page(paper: "a4", flipped: true)\n#set document(title: "a")\n#set text(lang: "vi")\na'
    )
    assert place_asked(turned, 1, (10, 10, 10, 10)).page == 0, "a wide page is not a turned one"
    with pytest.raises(PdfNotSignable):
        place_asked(b"%PDF-1.7", 1, (1, 1, 1, 1))
