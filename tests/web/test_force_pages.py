"""A text on its way into force as pages: scope tried out and kept, impact, submission, approval, return, withdrawal."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest
from adoption.force_cast import DAY, TEXT, Province, decide, import_text, make_unit
from django.test import Client

from khien.adoption.force.keeping import write_published
from khien.adoption.models import ImportedText, Publication
from khien.checks.selectors import compliance_tree, control_states
from khien.kernel.clock import now_utc, vietnam_date
from khien.norms.library import load_library
from khien.norms.models import Binding
from khien.norms.selectors import rulebook_of
from khien.org.models import User

pytestmark = pytest.mark.django_db
BASE = "/van-ban/nhap/tinh-mau/"


@pytest.fixture(autouse=True)
def own_data(settings: Any, tmp_path: Path) -> None:
    settings.KHIEN_DATA = tmp_path


@pytest.fixture
def place() -> Province:
    return Province()


@pytest.fixture
def draft(place: Province) -> ImportedText:
    made = import_text(place.top)
    decide(made)
    return made


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    return html.unescape(response.content.decode())


def form(text: ImportedText, **more: Any) -> dict[str, Any]:
    text.refresh_from_db()
    values = {
        "phien_ban": str(text.version), "tu_ngay": "01/01/2027", "cach": "subtree", "duoi": "tinh",
        "viec": "ghi",
    }  # fmt: skip
    return values | more


def submitted(place: Province, text: ImportedText, day: str = "01/01/2027") -> None:
    officer = of(place.officer)
    assert officer.post(f"{BASE}hieu-luc/", form(text, tu_ngay=day)).status_code == 302
    assert officer.post(f"{BASE}trinh-duyet/trinh/", form(text)).status_code == 302


def test_from_scope_to_a_rulebook_that_names_the_text_and_its_day(
    place: Province, draft: ImportedText
) -> None:
    submitted(place, draft)
    page = words(of(place.leader).get(f"{BASE}trinh-duyet/"))
    assert "Phê duyệt, đưa vào áp dụng" in page
    of(place.leader).post(f"{BASE}trinh-duyet/phe-duyet/", form(draft))
    assert load_library().documents["tinh-mau"].in_force_from == DAY
    rulebook = words(of(place.leader).get("/don-vi/xa/quy-tac/"))
    assert "77/QĐ-UBND" in rulebook
    assert "01/01/2027" in rulebook


def test_units_are_tried_out_before_anything_is_kept(place: Province, draft: ImportedText) -> None:
    response = of(place.officer).post(f"{BASE}hieu-luc/", form(draft, viec="xem", loai=["ward"]))
    assert "Đơn vị xa" in words(response)
    assert "Đơn vị bv</span> <span" not in words(response)
    draft.refresh_from_db()
    assert draft.scope == {}


def test_clauses_to_amend_are_chosen_from_the_texts_tree(
    place: Province, draft: ImportedText
) -> None:
    officer = of(place.officer)
    tree = words(officer.post(f"{BASE}hieu-luc/", form(draft, viec="mo", mo="do-son")))
    assert 'name="dieu-do-son" value="D19.k1"' in tree
    amended = {"sua": ["do-son"], "dieu-do-son": ["D19.k1"], "sua-do-son": "removed"}
    officer.post(f"{BASE}hieu-luc/", form(draft, **amended))
    draft.refresh_from_db()
    assert draft.amends == [{"document": "do-son", "clauses": ["D19.k1"], "how": "removed"}]


def test_what_is_refused_comes_back_as_it_was_typed(place: Province, draft: ImportedText) -> None:
    wrong = form(draft, tu_ngay="01/01/2020", thay_khac="99/QĐ-UBND")
    response = of(place.officer).post(f"{BASE}hieu-luc/", wrong)
    assert response.status_code == 422
    assert "trước ngày ban hành" in words(response)
    assert 'value="01/01/2020"' in words(response)
    assert "99/QĐ-UBND" in words(response)


@pytest.mark.parametrize("day", ["", "32/13/2027", "<script>", "0"])
def test_a_day_that_is_none_is_told(place: Province, draft: ImportedText, day: str) -> None:
    response = of(place.officer).post(f"{BASE}hieu-luc/", form(draft, tu_ngay=day))
    assert response.status_code == 422
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_form_of_an_older_version_changes_nothing(place: Province, draft: ImportedText) -> None:
    old = form(draft)
    of(place.officer).post(f"{BASE}hieu-luc/", form(draft))
    response = of(place.officer).post(f"{BASE}hieu-luc/", old)
    assert response.status_code == 409


def test_the_impact_is_a_page_and_a_document(place: Province, draft: ImportedText) -> None:
    officer = of(place.officer)
    officer.post(f"{BASE}hieu-luc/", form(draft, thay="do-son"))
    page = words(officer.get(f"{BASE}tac-dong/"))
    assert "Đổi mật khẩu" in page or "WIF-03" in page
    assert "1 tháng" in page
    paper = officer.get(f"{BASE}tac-dong/bao-cao.docx")
    assert paper.content.startswith(b"PK")
    assert "tac-dong-tinh-mau.docx" in paper.headers["Content-Disposition"]


def test_a_clause_left_open_is_said_with_the_impact(place: Province, draft: ImportedText) -> None:
    draft.reviews.filter(path="D1.k2").delete()
    assert "1 điều khoản chưa rà soát" in words(of(place.officer).get(f"{BASE}tac-dong/"))
    response = of(place.officer).post(f"{BASE}trinh-duyet/trinh/", form(draft))
    assert response.status_code == 422
    assert "khoản 2 Điều 1" in words(response)


def test_a_leader_gives_back_with_a_note_the_officer_reads(
    place: Province, draft: ImportedText
) -> None:
    submitted(place, draft)
    leader = of(place.leader)
    empty = leader.post(f"{BASE}trinh-duyet/tra-lai/", form(draft, y_kien=" "))
    assert empty.status_code == 422
    leader.post(f"{BASE}trinh-duyet/tra-lai/", form(draft, y_kien="Sửa <b>Điều 2</b>"))
    page = of(place.officer).get(f"{BASE}trinh-duyet/").content.decode()
    assert "Sửa &lt;b&gt;Điều 2&lt;/b&gt;" in page


def test_an_approved_text_is_withdrawn_before_its_day(place: Province, draft: ImportedText) -> None:
    submitted(place, draft, "01/01/2099")
    leader = of(place.leader)
    leader.post(f"{BASE}trinh-duyet/phe-duyet/", form(draft))
    assert "Rút văn bản" in words(leader.get(f"{BASE}trinh-duyet/"))
    leader.post(f"{BASE}trinh-duyet/rut/", {"y_kien": "Ban hành lại"})
    assert Publication.objects.get().withdrawn_at is not None
    assert not Binding.objects.filter(document="tinh-mau").exists()


def test_others_do_not_see_it(place: Province, draft: ImportedText) -> None:
    from adoption.force_cast import hold

    from khien.org.roles import OFFICER

    stranger = hold("la", make_unit("khac", "ward"), OFFICER)
    for page in ("hieu-luc/", "tac-dong/", "trinh-duyet/", "tac-dong/bao-cao.docx"):
        assert of(stranger).get(f"{BASE}{page}").status_code == 404


def test_hostile_words_are_shown_as_words(place: Province) -> None:
    evil = TEXT.replace(
        "Mật khẩu dài ít nhất 14 ký tự.", "Mật khẩu <script>alert(1)</script> 14 ký tự."
    )
    made = import_text(place.top, "la", evil)
    decide(made)
    page = of(place.officer).get("/van-ban/nhap/la/tac-dong/").content.decode()
    assert "<script>alert(1)" not in page


def test_an_amended_clause_is_marked_and_no_longer_counted(
    place: Province, draft: ImportedText
) -> None:
    begun = form(draft, tu_ngay="04/11/2026", sua=["do-son"], **{"dieu-do-son": ["D19"]})
    of(place.officer).post(f"{BASE}hieu-luc/", begun)
    of(place.officer).post(f"{BASE}trinh-duyet/trinh/", form(draft))
    before = states_of(place, "do-son")
    of(place.leader).post(f"{BASE}trinh-duyet/phe-duyet/", form(draft))
    page = words(of(place.leader).get("/don-vi/xa/tuan-thu/do-son/"))
    assert "Thay thế bởi" in page
    assert states_of(place, "do-son") < before


def states_of(place: Province, document: str) -> int:
    text = load_library().documents[document]
    rules = rulebook_of(place.commune, library=load_library(), on=vietnam_date(now_utc()))
    states = control_states(place.commune, rules, library=load_library())
    return sum(sum(root.counts().values()) for root in compliance_tree(text, states))


def test_a_text_whose_day_is_to_come_stands_apart_in_the_library(
    place: Province, draft: ImportedText
) -> None:
    far = form(draft, tu_ngay="01/01/2099")
    of(place.officer).post(f"{BASE}hieu-luc/", far)
    of(place.officer).post(f"{BASE}trinh-duyet/trinh/", form(draft))
    of(place.leader).post(f"{BASE}trinh-duyet/phe-duyet/", form(draft))
    page = words(of(place.leader).get("/van-ban/"))
    assert page.index("Sắp có hiệu lực") < page.index("77/QĐ-UBND") < page.index("con-hieu-luc")


def test_a_text_that_no_longer_reads_leaves_the_unit_its_other_law(
    place: Province, draft: ImportedText, own_data: Any
) -> None:
    del own_data
    submitted(place, draft)
    of(place.leader).post(f"{BASE}trinh-duyet/phe-duyet/", form(draft))
    published = Publication.objects.get()
    files = published.files
    broken = files["norms/tinh-mau/clauses.yaml"].replace("PWD-01", "GONE-01")
    published.files = files | {"norms/tinh-mau/clauses.yaml": broken}
    published.save()
    write_published()
    leader = of(place.leader)
    assert "không còn đọc được" in words(leader.get("/van-ban/"))
    assert leader.get("/don-vi/xa/quy-tac/").status_code == 200
    rules = rulebook_of(place.commune, library=load_library(), on=DAY)
    assert rules.documents == ("do-son",)
