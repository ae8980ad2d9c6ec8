"""Pages on which a text is brought in and corrected: without script, at once, with nothing hidden or lost."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commune_texts import code_of, commune, commune_docx
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from khien.adoption.importing.codes import RESERVED
from khien.adoption.importing.services import import_pasted
from khien.adoption.models import ImportedText
from khien.adoption.structure import structure_of
from khien.kernel.clock import now_utc
from khien.norms.text.workpiece import anchor_of
from khien.registers.services import Act
from khien.web.urls import urlpatterns

pytestmark = pytest.mark.django_db
LIST = "/van-ban/nhap/"


@pytest.fixture(autouse=True)
def own_files(cast: Any, tmp_path: Path) -> Iterator[None]:
    """Each test publishes into a copy: the database forgets afterwards, files would not."""
    del cast
    data = tmp_path / "data"
    shutil.copytree(settings.KHIEN_DATA, data)
    with override_settings(KHIEN_DATA=data):
        yield


@pytest.fixture
def text(cast: Any) -> Iterator[ImportedText]:
    """The commune's regulation, brought in for An's ward."""
    return import_pasted(cast.ward, commune(), act=Act("an", now_utc()))


@pytest.fixture
def client(cast: Any) -> Client:
    return cast.client()


def structure(text: ImportedText) -> str:
    return f"{LIST}{text.code}/cau-truc/"


def place(text: ImportedText, path: str) -> str:
    return anchor_of(structure_of(ImportedText.objects.get(pk=text.pk)).by_path[path])


def send(client: Client, text: ImportedText, act: str, **fields: Any) -> Any:
    version = ImportedText.objects.get(pk=text.pk).version
    return client.post(structure(text), {"phien_ban": version, "viec": act, **fields})


def words_of(answer: Any) -> str:
    return str(answer.content.decode())


# -- bringing in ----------------------------------------------------------------------------------


def test_a_dropped_file_leads_to_the_home_of_the_text(cast: Any, client: Client) -> None:
    file = SimpleUploadedFile("Quy chế.docx", commune_docx())
    answer = client.post(LIST, {"don_vi": cast.ward.code, "tep": file}, follow=True)
    assert answer.redirect_chain[-1][0] == "/van-ban/nhap/xa-binh-mau-17-2026/"
    page = words_of(answer)
    assert "Cấu trúc" in page
    assert 'aria-current="step"' in page
    assert "Xem cấu trúc" in page


def test_pasted_words_are_taken_in_too(cast: Any, client: Client) -> None:
    answer = client.post(LIST, {"don_vi": cast.ward.code, "noi_dung": commune()})
    assert answer.status_code == 302
    assert ImportedText.objects.get(code="xa-binh-mau-17-2026").made_by == cast.an.username


def test_refused_words_come_back_as_they_were_typed(cast: Any, client: Client) -> None:
    answer = client.post(
        LIST, {"don_vi": cast.ward.code, "noi_dung": "Chỉ là một bức thư <b>ngắn</b>."}
    )
    assert answer.status_code == 422
    assert "Chỉ là một bức thư &lt;b&gt;ngắn&lt;/b&gt;." in words_of(answer)


def test_the_same_text_twice_leads_to_the_one_that_is_held(
    cast: Any, client: Client, text: ImportedText
) -> None:
    asked = {"don_vi": cast.ward.code, "noi_dung": commune()}
    answer = client.post(LIST, asked)
    assert answer.status_code == 409
    assert f'href="/van-ban/nhap/{text.code}/"' in words_of(answer)
    assert "ban_moi" in words_of(answer)
    assert client.post(LIST, asked | {"ban_moi": "on"}).status_code == 302


def test_a_unit_one_may_not_write_at_is_no_choice(cast: Any, client: Client) -> None:
    answer = client.post(LIST, {"don_vi": cast.strange.code, "noi_dung": commune()})
    assert answer.status_code == 422
    assert not ImportedText.objects.filter(unit=cast.strange).exists()


def test_nothing_chosen_is_told(cast: Any, client: Client) -> None:
    assert client.post(LIST, {"don_vi": cast.ward.code}).status_code == 422


def test_a_stranger_finds_no_text(cast: Any, text: ImportedText) -> None:
    stranger = cast.client(cast.dung)
    for rest in ("", "cau-truc/", "thong-tin/", "tep/"):
        assert stranger.get(f"{LIST}{text.code}/{rest}").status_code == 404
    assert text.code not in words_of(stranger.get(LIST))


def test_the_original_goes_out_as_it_came_and_runs_nothing(
    client: Client, text: ImportedText
) -> None:
    answer = client.get(f"{LIST}{text.code}/tep/")
    assert answer.content.decode() == commune()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_text_given_up_is_still_to_be_seen(client: Client, text: ImportedText) -> None:
    assert client.post(f"{LIST}{text.code}/bo/").status_code == 302
    assert "đã bỏ" in words_of(client.get(f"{LIST}{text.code}/"))
    assert "Chấp nhận như bản gốc" not in words_of(client.get(structure(text)))


# -- the structure --------------------------------------------------------------------------------


def test_every_line_of_the_text_is_on_some_page(client: Client, text: ImportedText) -> None:
    first = words_of(client.get(structure(text)))
    count = len(re.findall(r'<a href="\?muc=\d+"', first.split("</nav>")[-4] + first))
    pages = [words_of(client.get(f"{structure(text)}?muc={n}")) for n in range(1, count + 1)]
    shown = {int(n) for page in pages for n in re.findall(r'line-number">(\d+)<', page)}
    written = {n for n, line in enumerate(commune().splitlines(), start=1) if line.strip()}
    assert written <= shown


def test_what_belongs_to_no_clause_is_grey_with_its_reason(
    client: Client, text: ImportedText
) -> None:
    page = words_of(client.get(f"{structure(text)}?o={place(text, 'D9.k6')}"))
    row = page.split("left-out")[1]
    assert "số trang" in row
    assert ">12<" in row


def test_hostile_words_are_words(client: Client, text: ImportedText) -> None:
    page = words_of(client.get(f"{structure(text)}?o={place(text, 'D11.k4')}"))
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_an_anomaly_is_accepted_where_it_stands(client: Client, text: ImportedText) -> None:
    one = next(a for a in structure_of(text).anomalies if a.code == "clause-jump")
    where = place(text, "D9.k5")
    answer = send(client, text, "accept", cho=where, dong=one.line, ma=one.code)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"?o={where}#n-{where.replace('.', '-')}")
    assert "đã chấp nhận" in words_of(client.get(structure(text) + f"?o={place(text, 'D6.k4')}"))


def test_a_clause_is_split_at_a_place_that_is_offered(client: Client, text: ImportedText) -> None:
    where = place(text, "D6.k2")
    form = words_of(client.get(f"{structure(text)}?sua={where}"))
    offered = re.search(r'name="vi_tri" value="(\d+)" checked', form) or re.search(
        r'name="vi_tri" value="(\d+)"', form
    )
    assert offered is not None
    assert send(client, text, "split", cho=where, vi_tri=offered[1]).status_code == 302
    assert "D6.k3" in structure_of(ImportedText.objects.get(pk=text.pk)).by_path


def test_a_clause_is_split_at_words_that_were_copied(client: Client, text: ImportedText) -> None:
    where = place(text, "D6.k2")
    answer = send(client, text, "split", cho=where, chu="3. Mật khẩu mặc định")
    assert answer.status_code == 302
    answer = send(client, text, "split", cho=where, chu="không có chữ này")
    assert answer.status_code == 422
    assert "không có chữ này" in words_of(answer)


def test_a_refused_correction_says_why_and_keeps_the_forms_open(
    client: Client, text: ImportedText
) -> None:
    where = place(text, "D9.k5")
    answer = send(client, text, "renumber", cho=where, so="3")
    assert answer.status_code == 409
    page = words_of(answer)
    assert "đã có" in page
    assert 'class="correction"' in page


def test_a_correction_is_undone_and_done_again_from_the_list(
    client: Client, text: ImportedText
) -> None:
    send(client, text, "renumber", cho=place(text, "D9.k5"), so="4")
    assert "Đổi số thành 4" in words_of(client.get(structure(text)))
    assert send(client, text, "undo", lan=1).status_code == 302
    assert "D9.k5" in structure_of(ImportedText.objects.get(pk=text.pk)).by_path
    assert "hoàn tác" in words_of(client.get(structure(text)))
    assert send(client, text, "redo", lan=1).status_code == 302
    assert "D9.k4" in structure_of(ImportedText.objects.get(pk=text.pk)).by_path


def test_a_form_of_an_older_version_changes_nothing(client: Client, text: ImportedText) -> None:
    where = place(text, "D9.k5")
    send(client, text, "renumber", cho=where, so="4")
    answer = client.post(
        structure(text), {"phien_ban": 1, "viec": "renumber", "cho": where, "so": "9"}
    )
    assert answer.status_code == 409
    assert "D9.k4" in structure_of(ImportedText.objects.get(pk=text.pk)).by_path


@pytest.mark.parametrize("fields", [
    {"viec": "rewrite"}, {"viec": "split", "cho": "x"}, {"viec": "join", "cho": "9999.0"}, {"viec": "undo", "lan": "99"},
    {"viec": "accept", "dong": "x", "ma": "y"}, {"viec": ""}, {"viec": "split", "cho": "9" * 500, "vi_tri": "9" * 500},
])  # fmt: skip
def test_forms_that_make_no_sense_are_answered_with_a_sentence(
    client: Client, text: ImportedText, fields: dict[str, str]
) -> None:
    answer = client.post(structure(text), {"phien_ban": 1, **fields})
    assert 400 <= answer.status_code < 500
    assert 'role="alert"' in words_of(answer)


@pytest.mark.parametrize(
    "question", ["?muc=999", "?muc=-1", "?muc=x", "?o=0.0", "?sua=<b>", "?muc=" + "9" * 50]
)
def test_a_page_that_is_not_there_shows_one_that_is(
    client: Client, text: ImportedText, question: str
) -> None:
    assert client.get(structure(text) + question).status_code == 200


def test_a_code_of_two_thousand_clauses_is_paged_with_as_many_queries_as_a_small_one(
    cast: Any, client: Client, text: ImportedText
) -> None:
    large = import_pasted(cast.ward, code_of(2_000), act=Act("an", now_utc()))
    counts, sizes = [], []
    for one in (text, large):
        client.get(structure(one))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            sizes.append(len(client.get(structure(one)).content))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert max(sizes) < 400_000


# -- the head -------------------------------------------------------------------------------------


def test_the_head_shows_its_lines_and_what_became_of_the_law(
    client: Client, text: ImportedText
) -> None:
    page = words_of(client.get(f"{LIST}{text.code}/thong-tin/"))
    assert "17/2026/QĐ-UBND" in page
    assert "hết hiệu lực từ 01/07/2026; nay là Luật 116/2025/QH15" in page
    assert "chưa có trong thư viện luật: cần đối chiếu" in page


def test_a_corrected_head_keeps_what_the_text_says_beside_it(
    client: Client, text: ImportedText
) -> None:
    address = f"{LIST}{text.code}/thong-tin/"
    assert client.post(address, {"phien_ban": 1, "issued_on": "01/10/2027"}).status_code == 302
    page = words_of(client.get(address))
    assert "Văn bản ghi: 14/09/2026" in " ".join(page.split())
    assert "trước ngày ban hành" in page


def test_a_refused_head_comes_back_as_it_was_typed(client: Client, text: ImportedText) -> None:
    address = f"{LIST}{text.code}/thong-tin/"
    answer = client.post(
        address, {"phien_ban": 1, "issued_on": "31/02/2026", "title": "Tên <i>mới</i>"}
    )
    assert answer.status_code == 422
    page = words_of(answer)
    assert 'value="31/02/2026"' in page
    assert "Tên &lt;i&gt;mới&lt;/i&gt;" in page
    assert ImportedText.objects.get(pk=text.pk).head == {}


def test_the_library_leads_to_own_texts(client: Client) -> None:
    assert f'href="{LIST}"' in words_of(client.get("/van-ban/"))


def test_script_of_the_pages_stands_in_files_of_its_own() -> None:
    folder = Path(__file__).resolve().parents[2] / "src/khien/web/templates/web/texts"
    for template in folder.glob("*.html"):
        assert "style=" not in template.read_text(encoding="utf-8"), template.name


def test_no_text_can_be_called_like_an_address_beside_texts() -> None:
    patterns = [str(one.pattern) for one in urlpatterns]
    beside = {one.split("/")[1] for one in patterns if one.startswith("van-ban/")} - {""}
    assert {name for name in beside if not name.startswith("<")} == RESERVED
