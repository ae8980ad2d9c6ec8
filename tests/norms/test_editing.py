"""Corrections of a text's structure: whatever is done, no character is lost or doubled, and every path is one unit's."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khien.norms.text.edit_errors import (
    EditRefused,
    EditUnknown,
    FirstCannotJoin,
    HasNoNumber,
    KindUnfit,
    MoveImpossible,
    NothingChanges,
    NumberTaken,
    NumberUnfit,
    SplitOutside,
    UnitNotHere,
)
from khien.norms.text.editing import Edit, Edited, apply_edits, try_edit
from khien.norms.text.model import Node, ParsedDocument
from khien.norms.text.parser import parse_text, reconstruct
from khien.norms.text.ranks import KINDS
from khien.norms.text.workpiece import anchor_of

TEXT = """ỦY BAN NHÂN DÂN
XÃ MẪU
Số: 12/2026/QĐ-UBND

QUYẾT ĐỊNH
Ban hành Quy chế bảo đảm an toàn thông tin
Căn cứ Luật An ninh mạng ngày 10 tháng 12 năm 2025;
Điều 1. Ban hành kèm theo Quyết định này Quy chế.
Điều 2. Quyết định này có hiệu lực kể từ ngày ký.

QUY CHẾ
Bảo đảm an toàn thông tin
(Ban hành kèm theo Quyết định số 12/2026/QĐ-UBND)

Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
Quy chế này quy định việc bảo đảm an toàn thông tin.
Điều 2. Mật khẩu
1. Mật khẩu dài tối thiểu 8 ký tự, gồm:
a) Chữ hoa, chữ thường;
b) Chữ số theo quy định tại khoản
2 Điều 3 của Quy chế này;
c) Ký tự đặc biệt.
2. Đổi mật khẩu 03 tháng/lần. 3. Không dùng chung tài khoản.
5. Khóa tài khoản sau 05 lần nhập sai.
Chương II
THỰC HIỆN
Điều 3. Nhật ký
1. Lưu nhật ký như sau:
- Tường lửa: 6 tháng;
- Máy chủ: 12 tháng.
Đơn vị chịu trách nhiệm về nhật ký của mình.
2. Sự cố được xử lý theo các bước:
Bước 1: Ghi nhận sự cố.
Bước 2: Báo cáo theo khoản 1 Điều 2.
Điều 4. Điều khoản thi hành
Quy chế này thay thế Quy chế cũ./.

Nơi nhận:
- Như Điều 2;
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Nguyễn Văn Mẫu
"""


@pytest.fixture(scope="module")
def parsed() -> ParsedDocument:
    return parse_text(TEXT)


def at(document: ParsedDocument, path: str) -> str:
    node = document.node(path)
    assert node is not None, path
    return anchor_of(node)


def done(document: ParsedDocument, *edits: tuple[str, dict[str, Any]]) -> Edited:
    """Make corrections one after the other; "node" and "under" are paths at that moment."""
    made: list[Edit] = []
    edited = Edited(document)
    for kind, arguments in edits:
        named = {
            key: at(edited.document, value) if key in ("node", "under") and value else value
            for key, value in arguments.items()
        }
        edit = Edit(len(made) + 1, kind, named)
        edited = try_edit(document, made, edit)
        made.append(edit)
    return edited


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def is_sound(edited: ParsedDocument, source: str) -> None:
    """Check what must hold of any structure: characters, paths, order, references."""
    assert reconstruct(edited) == source
    paths = [node.path for node in edited.nodes]
    assert len(set(paths)) == len(paths) == len(edited.by_path)
    starts = [node.own[0] for node in edited.nodes]
    assert starts == sorted(starts, key=lambda span: (span.line, span.column))
    above: list[Node] = []
    for node in edited.nodes:
        while above and above[-1].path != node.parent:
            above.pop()
        assert node.parent is None or above, f"{node.path} stands outside {node.parent}"
        above.append(node)
        raw, words = bare("".join(span.raw for span in node.own)), bare(node.text)
        is_shared = any(o.parent == node.path and o.text == node.text for o in edited.nodes)
        assert raw.endswith(words) or is_shared, (node.path, raw, words)
        assert node.line_start <= node.own_line_end <= node.line_end
    for citation in edited.citations:
        assert citation.node is None or citation.node in edited.by_path
        assert set(citation.targets) <= set(edited.by_path)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["split", "join", "renumber", "kind", "move", "title"]),
        st.integers(0, 60),
        st.integers(0, 200),
        st.sampled_from(KINDS),
        st.sampled_from(["1", "2", "3", "7a", "a", "b", "đ", "1.2", "II", "V", "x9", ""]),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(EDITS)
def test_no_corrections_lose_a_character_or_leave_two_units_one_path(
    wanted: list[tuple[str, int, int, str, str]],
) -> None:
    document = parse_text(TEXT)
    made: list[Edit] = []
    edited = Edited(document)
    for kind, place, offset, new_kind, number in wanted:
        nodes = edited.document.nodes
        node, other = nodes[place % len(nodes)], nodes[offset % len(nodes)]
        arguments: dict[str, Any] = {"node": anchor_of(node)}
        arguments |= {
            "split": {"at": offset, "kind": new_kind if offset % 2 else "", "number": number},
            "renumber": {"number": number},
            "kind": {"kind": new_kind, "number": number},
            "move": {"under": anchor_of(other) if offset % 5 else ""},
            "title": {"title": bool(offset % 2)},
        }.get(kind, {})
        edit = Edit(len(made) + 1, kind, arguments)
        try:
            edited = try_edit(document, made, edit)
        except EditRefused:
            assert apply_edits(document, made).document == edited.document
            continue
        made.append(edit)
        is_sound(edited.document, TEXT)
    assert apply_edits(document, made).idle == ()
    assert apply_edits(document, []).document is document


def test_a_text_without_corrections_comes_back_as_it_was_read(parsed: ParsedDocument) -> None:
    again = done(
        parsed,
        ("renumber", {"node": "D4", "number": "5"}),
        ("renumber", {"node": "D5", "number": "4"}),
    )
    assert again.document.nodes == parsed.nodes
    assert again.document.citations == parsed.citations
    assert again.document.anomalies == parsed.anomalies


def test_a_clause_inside_another_is_split_off_with_its_printed_number(
    parsed: ParsedDocument,
) -> None:
    before = parsed.node("D2.k2")
    assert before is not None
    cut = before.text.index("3. Không")
    edited = done(parsed, ("split", {"node": "D2.k2", "at": cut})).document
    assert edited.by_path["D2.k2"].text == "Đổi mật khẩu 03 tháng/lần."
    assert edited.by_path["D2.k3"].text == "Không dùng chung tài khoản."
    assert reconstruct(edited) == TEXT


def test_splitting_cures_the_jump_it_explains(parsed: ParsedDocument) -> None:
    assert [one.code for one in parsed.anomalies].count("clause-jump") == 1
    cut = parsed.by_path["D2.k2"].text.index("3. Không")
    edited = done(
        parsed,
        ("split", {"node": "D2.k2", "at": cut}),
        ("renumber", {"node": "D2.k5", "number": "4"}),
    ).document
    assert "clause-jump" not in [one.code for one in edited.anomalies]
    assert "D2.k4" in edited.by_path


def test_a_split_keeps_the_children_with_the_words_they_follow(parsed: ParsedDocument) -> None:
    edited = done(parsed, ("split", {"node": "D2.k1", "at": 9, "number": "1a"})).document
    assert [n.path for n in edited.nodes if n.path.startswith("D2.k1")] == [
        "D2.k1", "D2.k1a", "D2.k1a.a", "D2.k1a.b", "D2.k1a.c",
    ]  # fmt: skip


def test_the_text_of_an_article_is_split_from_its_title_as_a_paragraph(
    parsed: ParsedDocument,
) -> None:
    edited = done(parsed, ("split", {"node": "D3", "at": 4, "kind": "doan"})).document
    assert edited.by_path["D3"].title == "Nhật"
    assert edited.by_path["D3.p1"].text == "ký"
    assert edited.by_path["D3.k1"].parent == "D3"


def test_a_false_clause_is_joined_with_its_marker_and_gives_its_points_back(
    parsed: ParsedDocument,
) -> None:
    edited = done(parsed, ("join", {"node": "D2.k2"})).document
    assert edited.by_path["D2.k1.c"].text.startswith("Ký tự đặc biệt. 2. Đổi mật khẩu")
    assert "D2.k2" not in edited.by_path


def test_a_joined_clause_passes_its_points_to_the_one_before(parsed: ParsedDocument) -> None:
    edited = done(parsed, ("join", {"node": "D2.k1"})).document
    assert edited.by_path["D2"].text.startswith("Mật khẩu 1. Mật khẩu dài")
    assert [n.path for n in edited.nodes if n.parent == "D2"][:3] == ["D2.a", "D2.b", "D2.c"]


def test_renumbering_an_article_moves_all_paths_under_it_and_the_references(
    parsed: ParsedDocument,
) -> None:
    edited = done(parsed, ("renumber", {"node": "D3", "number": "6"})).document
    assert {"D6", "D6.k1", "D6.k1.g2"} <= set(edited.by_path)
    dead = [one for one in edited.anomalies if one.code == "dangling-reference"]
    assert any("D3" in one.message.vi for one in dead)
    assert "article-missing" in [one.code for one in edited.anomalies]


def test_a_point_that_becomes_a_clause_draws_the_points_after_it(parsed: ParsedDocument) -> None:
    edited = done(parsed, ("kind", {"node": "D2.k1.b", "kind": "khoan", "number": "1a"})).document
    assert edited.by_path["D2.k1a.c"].text == "Ký tự đặc biệt."
    assert edited.by_path["D2.k1.a"].text == "Chữ hoa, chữ thường;"


def test_a_paragraph_that_follows_a_list_becomes_a_clause(parsed: ParsedDocument) -> None:
    paragraph = next(n for n in parsed.nodes if n.text.startswith("Đơn vị chịu trách nhiệm"))
    edited = try_edit(
        parsed, [], Edit(1, "kind", {"node": anchor_of(paragraph), "kind": "khoan", "number": "1a"})
    ).document
    assert edited.by_path["D3.k1a"].text == paragraph.text
    assert edited.by_path["D3.k1a"].parent == "D3"


def test_a_point_that_becomes_a_paragraph_shows_its_letter_again(parsed: ParsedDocument) -> None:
    edited = done(parsed, ("kind", {"node": "D2.k1.c", "kind": "doan"})).document
    assert edited.by_path["D2.k1.p1"].text == "c) Ký tự đặc biệt."


def test_a_bullet_moves_under_a_unit_before_it_and_not_under_one_after(
    parsed: ParsedDocument,
) -> None:
    edited = done(parsed, ("move", {"node": "D3.k1.g2", "under": "D3.k1.g1"})).document
    assert edited.by_path["D3.k1.g1.g1"].text.startswith("Máy chủ")
    with pytest.raises(MoveImpossible):
        done(parsed, ("move", {"node": "D3.k1.g1", "under": "D3.k2"}))


def test_what_a_point_says_may_be_title_or_provision(parsed: ParsedDocument) -> None:
    edited = done(parsed, ("title", {"node": "D4", "title": False})).document
    assert edited.by_path["D4"].title == ""
    with pytest.raises(KindUnfit):
        done(parsed, ("title", {"node": "D2.k1", "title": True}))


@pytest.mark.parametrize(
    ("kind", "arguments", "error"),
    [
        ("join", {"node": "QD.D1"}, FirstCannotJoin),
        ("join", {"node": "C.I"}, FirstCannotJoin),
        ("split", {"node": "D2.k2", "at": 0}, SplitOutside),
        ("split", {"node": "D2.k2", "at": 5000}, SplitOutside),
        ("split", {"node": "D2.k2", "at": "5"}, EditUnknown),
        ("split", {"node": "D2.k2", "at": 9, "number": "5"}, NumberTaken),
        ("renumber", {"node": "D2.k2", "number": "5"}, NumberTaken),
        ("renumber", {"node": "D2.k2", "number": "hai"}, NumberUnfit),
        ("renumber", {"node": "D2.k2", "number": "2"}, NothingChanges),
        ("renumber", {"node": "D3.k1.g1", "number": "2"}, HasNoNumber),
        ("kind", {"node": "D2.k2", "kind": "khoan"}, NothingChanges),
        ("kind", {"node": "D2.k2", "kind": "cau"}, KindUnfit),
        ("rewrite", {"node": "D2.k2", "text": "khác"}, EditUnknown),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_in_both_languages(
    parsed: ParsedDocument, kind: str, arguments: dict[str, Any], error: type[EditRefused]
) -> None:
    with pytest.raises(error) as refused:
        done(parsed, (kind, arguments))
    assert refused.value.text().vi != refused.value.text().en


@pytest.mark.parametrize("place", ["", "9999.0", "x.y", "1", "9" * 40 + ".0"])
def test_a_place_where_nothing_starts_is_refused(parsed: ParsedDocument, place: str) -> None:
    with pytest.raises(UnitNotHere):
        try_edit(parsed, [], Edit(1, "join", {"node": place}))


def test_a_correction_that_finds_nothing_any_more_is_left_out_and_told(
    parsed: ParsedDocument,
) -> None:
    gone = Edit(1, "join", {"node": "9999.0"})
    kept = Edit(2, "renumber", {"node": at(parsed, "D4"), "number": "9"})
    edited = apply_edits(parsed, [gone, kept])
    assert edited.idle == (1,)
    assert "D9" in edited.document.by_path


def test_an_accepted_anomaly_is_told_with_the_correction_that_accepted_it(
    parsed: ParsedDocument,
) -> None:
    one = next(one for one in parsed.anomalies if one.code == "clause-jump")
    edited = try_edit(parsed, [], Edit(7, "accept", {"line": one.line, "code": one.code}))
    assert edited.accepted == {(one.line, "clause-jump"): 7}
    assert edited.document is parsed


def test_where_a_unit_starts_is_named_once(parsed: ParsedDocument) -> None:
    anchors = [anchor_of(node) for node in parsed.nodes]
    assert len(set(anchors)) == len(anchors)
