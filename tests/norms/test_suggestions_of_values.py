"""What a clause says beside its control: values, receivers, forms, deadlines, cited law; and what a draft makes of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khien.norms.library import LIBRARY, load_library
from khien.norms.own_controls import checked_words, own_control_files
from khien.norms.suggest.actors import actor_of
from khien.norms.suggest.deadlines import deadlines_of
from khien.norms.suggest.drafting import drafted_control
from khien.norms.suggest.laws import resolved
from khien.norms.suggest.likeness import Example
from khien.norms.suggest.names import read_names
from khien.norms.suggest.quantities import frequency_of, periods_of
from khien.norms.suggest.recipients import form_of, recipients_of
from khien.norms.suggest.suggesting import Suggestion, as_json, engine_of, suggestions_for
from khien.norms.suggest.values import read_values
from khien.norms.suggest.words import words
from khien.norms.text.parser import parse_text

HEAD = "QUY CHẾ\nBảo đảm an toàn thông tin\nĐiều 1. Nội dung\n"


def suggested(body: str, confirmed: tuple[Example, ...] = ()) -> dict[str, Suggestion]:
    found = suggestions_for(parse_text(HEAD + body), confirmed=confirmed)
    return {one.node.path: one for one in found}


def values(one: Suggestion) -> dict[str, Any]:
    return {f"{value.control}.{value.name}": value.value for value in one.parameters}


def test_values_of_a_list_stand_at_its_points() -> None:
    found = suggested(
        "1. Mật khẩu phải:\na) Có tối thiểu 11 ký tự;\nb) Có chữ hoa, chữ thường;\nc) Được đổi 04 tháng một lần.\n"
    )
    assert values(found["D1.k1.a"]) == {"PWD-01.min_length": 11}
    assert values(found["D1.k1.b"]) == {"PWD-01.classes": ("lower", "upper")}
    assert values(found["D1.k1.c"]) == {"PWD-02.pw_change_months": 4}


def test_a_lead_in_that_names_a_number_is_a_clause_too() -> None:
    found = suggested("1. Mạng chia tối thiểu 05 vùng mạng:\na) Vùng DMZ;\nb) Vùng mạng nội bộ.\n")
    assert values(found["D1.k1"]) == {"NET-02.zones_min": 5}
    assert found["D1.k1"].is_lead_in
    assert values(found["D1.k1.a"]) == {"NET-02.zone": ("DMZ",)}


def test_how_many_classes_is_counted_where_they_are_listed() -> None:
    found = suggested(
        "1. Phân loại sự cố gồm các mức sau:\na) Thấp: sự cố nhỏ;\nb) Cao: sự cố lớn.\n"
    )
    assert values(found["D1.k1"]) == {"INC-01.classes": 2}
    assert values(found["D1.k1.b"])["INC-01.severity"] == ("high",)


def test_a_clause_takes_the_values_of_the_clause_it_names() -> None:
    found = suggested(
        "1. Mật khẩu phải có ít nhất 12 ký tự, có chữ hoa và chữ số.\n"
        "2. Mạng không dây phải đặt mật khẩu theo quy định tại khoản 1 Điều này.\n"
    )
    assert values(found["D1.k2"])["WIF-02.min_length"] == 12
    assert values(found["D1.k2"])["WIF-02.classes"] == ("upper", "digit")


def test_a_quantity_no_parameter_takes_is_still_said() -> None:
    found = suggested(
        "1. Bản vá quan trọng được cài trong vòng 10 ngày, rà soát lại 45 ngày/lần.\n"
    )
    own = {one.name: one.value for one in found["D1.k1"].parameters if not one.control}
    assert own == {"within_days": 10, "interval_days": 45}


def test_days_become_dates_and_quarters_their_last_day() -> None:
    found = suggested("1. Hoàn thành phê duyệt hồ sơ cấp độ các hệ thống trong Quý III/2027.\n")
    assert values(found["D1.k1"])["LEV-02.due"] == date(2027, 9, 30)
    assert as_json(found["D1.k1"])["deadlines"][0]["day"] == "2027-09-30"


def test_json_of_every_suggestion_can_be_written() -> None:
    found = suggested(
        "1. Hoàn thành rà soát tổng thể an ninh mạng trong tháng 2/2028.\n2. Đổi mật khẩu.\n"
    )
    written = json.loads(json.dumps([as_json(one) for one in found.values()]))
    assert written[0]["parameters"][0]["value"] == "2028-02-29"
    assert set(written[1]) >= {
        "path",
        "modality",
        "controls",
        "parameters",
        "deadline",
        "frequency",
        "actor",
    }


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Gửi báo cáo về Sở Giáo dục và Đào tạo để tổng hợp.", ("Sở Giáo dục và Đào tạo",)),
        ("Phòng Nội vụ thông báo cho Văn phòng và Công an xã biết.", ("Văn phòng", "Công an xã")),
        ("Báo cáo khẩn cấp Giám đốc Bệnh viện, đồng thời báo Sở Y tế.", ("Giám đốc Bệnh viện", "Sở Y tế")),
        ("Báo cáo kết quả về Sở Y tế (qua Văn phòng Sở) trước ngày 10.", ("Sở Y tế (qua Văn phòng Sở)",)),
        ("Lập báo cáo đột xuất theo yêu cầu của Công an tỉnh.", ("Công an tỉnh",)),
        ("Xây dựng quy trình cảnh báo sớm tại trung tâm dữ liệu.", ()),
    ],
)  # fmt: skip
def test_who_receives_a_report(sentence: str, names: tuple[str, ...]) -> None:
    assert recipients_of(sentence) == names


def test_the_form_is_named() -> None:
    assert form_of("lập biên bản theo Mẫu số 05 kèm theo") == "Mẫu số 05"
    assert form_of("theo Phụ lục III của Quy chế") == "Phụ lục III"
    assert form_of("đúng mẫu mã thiết bị") == ""


def test_cited_law_says_what_became_of_it() -> None:
    found = suggested(
        "1. Cấp độ xác định theo Nghị định số 85/2016/NĐ-CP, Luật An toàn thông tin mạng số 86/2015/QH13 "
        "và Luật số 99/2099/QH20.\n"
    )
    replaced, ended, unknown = found["D1.k1"].citations
    assert (replaced.key, replaced.successor) == ("NĐ 85/2016/NĐ-CP", "NĐ 331/2026/NĐ-CP")
    assert (ended.ended_on, ended.mark) == (date(2026, 7, 1), "A")
    assert (unknown.key, unknown.ended_on) == ("", None)


def test_own_clauses_and_forms_are_no_cited_law() -> None:
    text = parse_text(HEAD + "1. Làm theo Mẫu số 02.\n2. Làm theo khoản 1 Điều này.\n")
    assert resolved(text.citations) == ()


@pytest.mark.parametrize(
    ("sentence", "actor"),
    [
        ("Khi có sự cố, trong giờ hành chính, Phòng Tin học xử lý ngay.", "Phòng Tin học"),
        ("Cán bộ quản lý phải duyệt quyền truy cập.", "Cán bộ quản lý"),
        ("Phòng máy chủ phải có khóa.", ""),
        ("Tổ chức tập huấn cho giáo viên.", ""),
        ("Đơn vị vận hành là cơ quan được giao vận hành.", ""),
    ],
)
def test_who_must_act_is_a_person_or_a_body(sentence: str, actor: str) -> None:
    assert actor_of(sentence) == actor


def test_periods_are_read_in_any_wording() -> None:
    said = {"02 lần/năm": ("month", 6), "một tuần một lần": ("day", 7), "mỗi 45 ngày": ("day", 45),
            "hai năm một lần": ("month", 24), "tháng một lần": ("month", 1)}  # fmt: skip
    found = {text: periods_of(f"Rà soát {text}.")[0] for text in said}
    assert {text: (one.unit, one.value) for text, one in found.items()} == said
    assert periods_of("không quá 03 lần/tháng") == []
    assert frequency_of("06 tháng một lần") == "6-monthly"


def test_two_days_of_one_deadline() -> None:
    first = deadlines_of("trước ngày 15/6 và ngày 15/12 hằng năm")[0]
    assert first.numbers == {"day": "15", "month": "6", "day2": "15", "month2": "12"}
    assert first.day is None
    assert deadlines_of("trước ngày 31/02/2027")[0].day is None


def test_what_was_confirmed_before_is_learned_and_the_library_is_not_learned_again() -> None:
    sentence = "Bàn trực tiếp dân phải kê cách tủ rack một mét."
    assert suggested(f"1. {sentence}\n")["D1.k1"].controls == ()
    confirmed = (Example("PHY-01", words(sentence), (), "own/D1.k1"),)
    first = suggested(f"1. {sentence}\n", confirmed)["D1.k1"].controls[0]
    assert (first.control, first.nearest) == ("PHY-01", "own/D1.k1")
    assert engine_of(load_library()) is engine_of(load_library())
    assert suggested(f"1. {sentence}\n")["D1.k1"].controls == ()


def test_a_decision_about_the_same_words_outweighs_every_sign() -> None:
    sentence = "Mật khẩu wifi của phòng họp phải đổi định kỳ và dán trước cửa phòng."
    assert suggested(f"1. {sentence}\n")["D1.k1"].controls[0].control == "WIF-03"
    confirmed = (Example("WIF-04", words(sentence), (), "own/D7.k2"),)
    found = suggested(f"1. {sentence}\n", confirmed)["D1.k1"].controls
    assert [one.control for one in found[:2]] == ["WIF-04", "WIF-03"]
    other = suggested("1. Mật khẩu wifi nội bộ được đổi ba tháng một lần.\n", confirmed)["D1.k1"]
    assert other.controls[0].control == "WIF-03"


def test_a_clause_no_control_fits_gets_a_draft_that_stands_as_a_control() -> None:
    found = suggested("1. Nhà trường phải trồng cây quanh sân, báo cáo Phòng Giáo dục hằng năm.\n")
    draft = drafted_control(found["D1.k1"], "OWN-07")
    assert checked_words(draft) is None
    assert draft.title == "Trồng cây quanh sân, báo cáo Phòng Giáo dục hằng năm"
    assert draft.evidence == "document"
    assert "Nhà trường" in draft.fix
    assert "hằng năm" in draft.fix
    assert set(own_control_files(draft)) >= {"controls/own/OWN-07/control.yaml"}


@pytest.mark.parametrize(
    ("sentence", "severity"),
    [
        ("Nghiêm cấm hút thuốc.", "high"),
        ("Khuyến khích đi bộ.", "low"),
        ("Mặc đồng phục.", "medium"),
    ],
)
def test_a_draft_is_as_grave_as_its_words(sentence: str, severity: str) -> None:
    found = suggested(f"1. {sentence}\n")
    assert drafted_control(found["D1.k1"], "OWN-01").severity == severity


def test_every_value_of_the_library_can_be_read_and_every_mistake_has_its_line(
    tmp_path: Path,
) -> None:
    controls = load_library().controls
    specs, problems = read_values(LIBRARY / "suggest" / "values.yaml", controls)
    assert problems == []
    assert len(specs) > 100
    place = tmp_path / "values.yaml"
    place.write_text(
        "PWD-01:\n  min_length:\n    when:\n    - mật khẩu + \n    take: guess\n  size: {}\nXXX-1: {}\n",
        encoding="utf-8",
    )
    _, found = read_values(place, controls)
    assert sorted(problem.line for problem in found) == [3, 5, 6, 7]


def test_names_and_their_mistakes(tmp_path: Path) -> None:
    names, problems = read_names(LIBRARY / "suggest" / "names.yaml")
    assert problems == []
    assert names.body("Sở Khoa học và Công nghệ thành phố") == "Sở KH&CN"
    assert names.body("Ủy ban nhân dân phường") == "UBND phường"
    place = tmp_path / "names.yaml"
    place.write_text("bodies: {}\nlaws: {}\nkinds: {}\nfield: []\nmore: {}\n", encoding="utf-8")
    assert [problem.line for problem in read_names(place)[1]] == [5]


@given(
    st.text(alphabet="Ủy ban nhân dân báo cáo gửi về Sở 0123/năm tháng lần.,;:()%", max_size=200)
)
def test_any_sentence_gets_an_answer(text: str) -> None:
    recipients_of(text)
    form_of(text)
    actor_of(text, [text])
    periods_of(text)
    for one in deadlines_of(text):
        assert one.day is None or isinstance(one.day, date)


@given(st.text(max_size=300))
def test_any_text_gets_suggestions(text: str) -> None:
    for one in suggestions_for(parse_text(HEAD + "1. " + text)):
        json.dumps(as_json(one))


def test_the_page_of_the_format_shows_exactly_what_is_printed() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/formats/suggestions.md").read_text("utf-8")
    shown = json.loads(page.partition("```json\n")[2].partition("```")[0])
    printed = as_json(suggested("1. Báo cáo sự cố về Công an tỉnh trong vòng 24 giờ.\n")["D1.k1"])
    assert set(shown) == set(printed)
    for name in ("controls", "parameters", "deadlines"):
        assert set(shown[name][0]) == set(printed[name][0]), name


@pytest.mark.parametrize(
    ("sentence", "name", "value"),
    [
        ("Mỗi khoa cử tối thiểu 02 người phụ trách.", "min_people", 2),
        ("Tệp gửi đi không quá 25 MB.", "max_megabytes", 25),
        ("Hồ sơ hệ thống giữ ít nhất 5 năm.", "min_years", 5),
        ("Sự cố cắt điện được báo trong vòng 30 phút.", "within_minutes", 30),
    ],
)
def test_limits_have_names_of_their_sense_and_unit(sentence: str, name: str, value: int) -> None:
    given = suggested(f"1. {sentence}\n")["D1.k1"].parameters
    assert {one.name: one.value for one in given if not one.control} == {name: value}


def test_a_part_of_a_number_is_no_number() -> None:
    given = suggested("1. Hệ thống hoạt động tối thiểu 99,5% thời gian.\n")["D1.k1"].parameters
    assert given == ()
