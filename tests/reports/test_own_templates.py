"""A unit's own Word template: filled with plain data, checked with every mistake named, powerless when hostile."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document as WordDocument
from kind_cases import report
from report_cases import docx_text, opened
from written_world import World, told_definitions

from khien.ledger.models import LedgerEntry
from khien.reports import own_templates
from khien.reports.errors import ReportNotYours, TemplateRefused
from khien.reports.own_templates import check_template, data_of, fill_template
from khien.reports.rendering import report_file
from khien.reports.template_selectors import standing_template, templates_of
from khien.reports.template_services import add_template, retire_template

CONTENT = {
    "unit": {"name": "Sở Y tế tỉnh Mẫu", "parent": "Ủy ban nhân dân tỉnh Mẫu"},
    "period": {"label": "quý IV năm 2026"},
    "figures": {"incidents": {"title": "Sự cố", "said": "02 sự cố"}},
    "sections": [{"parts": [{"kind": "text", "code": "results"}]}],
}
TEXTS = {"results": "Đã làm <xong> & gửi {{ so_ky_hieu }}."}
QUARTER = told_definitions()["quarter"]


def template(*lines: str, change: Callable[[WordDocument], None] | None = None) -> bytes:
    """A Word file of one paragraph a line."""
    word = docx.Document()
    for line in lines:
        word.add_paragraph(line)
    if change is not None:
        change(word)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def with_part(content: bytes, name: str, text: str) -> bytes:
    """A Word file with one more part, or another text in one that is there."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(made, "w") as package:
        for member in given.namelist():
            if member != name:
                package.writestr(member, given.read(member))
        package.writestr(name, text)
    return made.getvalue()


def filled(*lines: str) -> str:
    return docx_text(fill_template(template(*lines), report(), CONTENT, TEXTS))


def refusal(content: bytes) -> str:
    with pytest.raises(TemplateRefused) as refused:
        check_template(content, QUARTER)
    assert refused.value.text().en
    return refused.value.text().vi


def test_placeholders_are_filled_and_what_people_wrote_is_never_read_again() -> None:
    text = filled(
        "{{ don_vi.ten }} · {{ ky_bao_cao }} · {{ so_lieu.incidents.gia_tri }}",
        "{{ o_chu.results }}",
        "{% for dong in kinh_gui %}{{ dong|upper }}{% if not loop.last %}, {% endif %}{% endfor %}",
        "{% for nguoi in nguoi_ky %}{{ nguoi.chuc_vu|join(' / ') }} {{ nguoi.ten }}{% endfor %}",
    )
    assert "Sở Y tế tỉnh Mẫu · quý IV năm 2026 · 02 sự cố" in text
    assert "Đã làm <xong> & gửi {{ so_ky_hieu }}." in text
    assert "KÍNH GỬI: ỦY BAN NHÂN DÂN TỈNH MẪU" in text
    assert "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC Nguyễn Văn Mẫu" in text


def test_the_whole_text_comes_with_its_tables_and_styles() -> None:
    content = fill_template(
        template("{{p noi_dung }}", "{%p for pl in phu_luc %}", "{{ pl.nhan }}", "{{p pl.noi_dung }}", "{%p endfor %}"),
        report(), CONTENT, TEXTS,
    )  # fmt: skip
    word = opened(content)
    assert len(word.tables) == 3
    basis = next(p for p in word.paragraphs if p.text.startswith("Căn cứ Kế hoạch"))
    assert (basis.style.name, basis.style.font.size.pt, basis.style.font.italic) == (
        "Căn cứ",
        14,
        True,
    )
    assert {"Phụ lục I", "Phụ lục II"} <= {p.text for p in word.paragraphs}


def test_a_style_that_the_template_has_looks_as_the_template_says() -> None:
    def large(word: WordDocument) -> None:
        word.styles["Heading 1"].font.size = docx.shared.Pt(20)

    content = fill_template(template("{{p noi_dung }}", change=large), report(), CONTENT, TEXTS)
    heading = next(p for p in opened(content).paragraphs if p.text.startswith("I. "))
    assert heading.style.font.size.pt == 20


def test_tables_are_no_wider_than_the_text_of_the_template() -> None:
    def narrow(word: WordDocument) -> None:
        word.sections[0].left_margin = word.sections[0].right_margin = docx.shared.Mm(50)

    word = opened(
        fill_template(template("{{p noi_dung }}", change=narrow), report(), CONTENT, TEXTS)
    )
    section, grid = word.sections[0], word.tables[0]._tbl.tblGrid.gridCol_lst
    room = section.page_width - section.left_margin - section.right_margin
    assert 0.9 * room < sum(column.w for column in grid) <= room + docx.shared.Mm(1)


def test_the_same_template_and_document_give_the_same_bytes() -> None:
    given = template("{{p noi_dung }}")
    first = fill_template(given, report(), CONTENT, TEXTS)
    assert first == fill_template(given, report(), CONTENT, TEXTS)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ don_vi.dia_chi }}", "«don_vi.dia_chi»"),
        ("{{ ngay_ky }}", "«ngay_ky»"),
        ("{{ so_lieu.khong_co.gia_tri }}", "«so_lieu.khong_co.gia_tri»"),
        ("{% for x in ten_loai %}{{ x }}{% endfor %}", "«ten_loai» không phải danh sách"),
        ("{{ noi_dung }}", "{{p noi_dung }}"),
        ("{% if ten_loai %}", "Viết chưa đúng"),
        ("{{ ten_loai|xmlattr }}", "xmlattr"),
    ],
)
def test_a_mistake_is_told_with_the_placeholder_it_is_about(line: str, said: str) -> None:
    assert said in refusal(template("Đúng: {{ ten_loai }}", line))


def test_all_mistakes_are_told_at_once() -> None:
    said = refusal(template("{{ mot }} {{ hai }}", "{{ ba }}"))
    assert all(f"«{name}»" in said for name in ("mot", "hai", "ba"))


@pytest.mark.parametrize(
    "line",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ don_vi.__class__ }}",
        "{{ don_vi.items() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ ten_loai.format(1) }}",
        "{{ ten_loai['__class__'] }}",
        "{{ 'x' * 100000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ [1, 2] }}",
        "{{ range(10) }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% macro m() %}{% endmacro %}",
        "{% set x = 1 %}",
        "{% filter upper %}x{% endfilter %}",
        "{% for x in kinh_gui recursive %}{{ loop(x) }}{% endfor %}",
        "{{ kinh_gui|map('upper') }}",
        "{{ kinh_gui|attr('__class__') }}",
        "{{ ten_loai|safe }}",
    ],
)
def test_a_hostile_template_runs_nothing(line: str) -> None:
    assert refusal(template(line))


def test_loops_within_loops_end() -> None:
    deep = "{% for a in noi_nhan %}" * 14 + "x" + "{% endfor %}" * 14
    many = ("- Như trên;",) * 30
    document = report()
    document = type(document)(
        **{f: getattr(document, f) for f in document.__slots__} | {"recipients": many}
    )
    with pytest.raises(TemplateRefused) as refused:
        fill_template(template(deep), document, CONTENT, TEXTS)
    assert "quá lâu" in refused.value.text().vi


def test_a_file_that_reaches_outside_or_runs_is_refused() -> None:
    plain = template("{{ ten_loai }}")
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'attachedTemplate" Target="file:///x/y.dotm" TargetMode="External"/></Relationships>'
    )
    assert "y.dotm" in refusal(with_part(plain, "word/_rels/settings.xml.rels", rels))
    assert "vbaProject" in refusal(with_part(plain, "word/vbaProject.bin", "x"))
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert "thực thể" in refusal(with_part(plain, "word/extra.xml", bomb))


def test_a_field_that_fetches_is_refused_however_it_is_cut() -> None:
    def fetching(word: WordDocument) -> None:
        paragraph = word.add_paragraph()._p
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        for kind, text in (("begin", ""), ("", "INCLUDE"), ("", "TEXT /etc/passwd"), ("end", "")):
            run = docx.oxml.parse_xml(
                f'<w:r xmlns:w="{space}"><w:fldChar w:fldCharType="{kind}"/></w:r>'
                if kind
                else f'<w:r xmlns:w="{space}"><w:instrText>{text}</w:instrText></w:r>'
            )
            paragraph.append(run)

    assert "INCLUDETEXT" in refusal(template("x", change=fetching))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4", b"\x00" * 6_000_000])
def test_what_is_no_word_file_is_refused(content: bytes) -> None:
    assert refusal(content)


def test_data_for_templates_is_words_lists_and_dictionaries_only() -> None:
    json.dumps(data_of(report(), CONTENT, TEXTS))


def test_the_process_that_fills_sees_none_of_the_servers_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = {}
    real = own_templates.subprocess.run

    def watched(*args, **kwargs):
        seen.update(kwargs["env"])
        return real(*args, **kwargs)

    monkeypatch.setenv("KHIEN_DATABASE", "postgresql://secret")
    monkeypatch.setattr(own_templates.subprocess, "run", watched)
    fill_template(template("{{ ten_loai }}"), report(), CONTENT, TEXTS)
    assert "KHIEN_DATABASE" not in seen


def test_a_version_keeps_the_template_it_was_made_with(world: World) -> None:
    doer = world.doer()
    world.authority()
    made = world.draft("quarter")
    assert made.versions.get().template is None
    first = add_template(
        world.hospital,
        QUARTER,
        template("MẪU MỘT {{p noi_dung }}", "Hết"),
        name="a.docx",
        doer=doer,
    )
    version = world.write(made, results="Xong.")
    second = add_template(
        world.hospital, QUARTER, template("MẪU HAI", "{{p noi_dung }}"), name="b.docx", doer=doer
    )
    assert version.template == first
    assert standing_template(world.hospital, "quarter") == second
    assert "MẪU HAI" not in docx_text(report_file(version, "docx")[2])
    retire_template(world.hospital, QUARTER, doer=doer)
    assert standing_template(world.hospital, "quarter") is None
    assert [one.retired_at is not None for one in templates_of([world.hospital])] == [True, True]
    kinds = LedgerEntry.objects.values_list("kind", flat=True)
    assert [kind for kind in kinds if "template" in kind] == [
        "reports.template_added", "reports.template_added", "reports.template_retired",
    ]  # fmt: skip


def test_a_stranger_may_not_change_templates(world: World) -> None:
    with pytest.raises(ReportNotYours):
        add_template(
            world.hospital, QUARTER, template("x"), name="a.docx", doer=world.doer("staff")
        )
    assert not templates_of([world.hospital])
