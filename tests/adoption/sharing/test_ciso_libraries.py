"""A text as a CISO Assistant library: as its importer asks, and back as a skeleton to be reviewed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from shared_texts import REGULATIONS, library_with, trust_none, whole_text

from khien.adoption.sharing.as_source import source_of
from khien.adoption.sharing.ciso_reading import Skeleton, SkeletonClause
from khien.adoption.sharing.ciso_rules import URN
from khien.adoption.sharing.errors import SharedBroken, SharedUnreadable
from khien.adoption.sharing.forms import exported, mapped, read_shared
from khien.kernel.language import Text
from khien.norms.errors import UnknownDocument
from khien.norms.library import load_library
from khien.norms.text.parser import parse_text

LIBRARY: dict[str, Any] = {
    "urn": "urn:other:risk:library:small",
    "locale": "vi",
    "ref_id": "small",
    "name": "Nhỏ",
    "version": 1,
    "objects": {
        "reference_controls": [
            {"urn": "urn:other:risk:reference_control:c1", "ref_id": "C1", "category": "process", "csf_function": "govern"}
        ],
        "framework": {
            "urn": "urn:other:risk:framework:small",
            "ref_id": "small",
            "name": "Nhỏ",
            "implementation_groups_definition": [{"ref_id": "g", "name": "G"}],
            "requirement_nodes": [
                {"urn": "urn:other:risk:req_node:small:1", "ref_id": "A (1)", "name": "Chương", "assessable": False},
                {
                    "urn": "urn:other:risk:req_node:small:1.1",
                    "parent_urn": "urn:other:risk:req_node:small:1",
                    "description": "Mật khẩu <b>dài</b>",
                    "assessable": True,
                    "implementation_groups": ["g"],
                    "reference_controls": ["urn:other:risk:reference_control:c1"],
                },
            ],
        },
    },
}  # fmt: skip


def read(content: bytes | dict[str, Any]) -> Skeleton:
    if isinstance(content, dict):
        content = yaml.safe_dump(content, allow_unicode=True).encode()
    got = read_shared(content, load_library(), trust=trust_none, name="tep.yaml")
    assert isinstance(got, Skeleton)
    return got


def made(document: str) -> dict[str, Any]:
    found = yaml.safe_load(exported(load_library(), document, "ciso").data)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("document", REGULATIONS)
def test_each_regulation_comes_back_as_a_skeleton_with_its_duties_as_proposals(
    document: str,
) -> None:
    library = load_library()
    first = exported(library, document, "ciso")
    assert first == exported(library, document, "ciso")
    got, before = read(first.data), library.documents[document]
    assert {clause.path for clause in got.clauses} == set(before.clauses)
    for clause in got.clauses:
        known = before.clauses[clause.path]
        assert (clause.kind, clause.text) == (known.kind, known.text)
        said = [(p.control, p.modality, p.frequency, p.deadline) for p in clause.proposals]
        assert said == [
            (d.control, d.modality, d.frequency, d.deadline.vi if d.deadline else "")
            for d in known.duties
        ]
        values = [p.parameters for p in clause.proposals]
        assert [set(one) for one in values] == [set(duty.parameters) for duty in known.duties]


def test_every_urn_is_ascii_small_and_stands_once() -> None:
    for document in REGULATIONS:
        nodes = made(document)["objects"]["framework"]["requirement_nodes"]
        urns = [node["urn"] for node in nodes]
        assert len(set(urns)) == len(urns)
        assert all(URN.fullmatch(one) and one == one.lower() and one.isascii() for one in urns)


def test_points_d_and_dd_do_not_fall_together(tmp_path: Path) -> None:
    library = library_with(whole_text(), tmp_path)
    nodes = yaml.safe_load(exported(library, "xa-thu", "ciso").data)["objects"]["framework"][
        "requirement_nodes"
    ]
    by_path = {node["ref_id"]: node for node in nodes}
    assert by_path["D1.k1.d"]["urn"] == "urn:khien:risk:req_node:xa-thu:d1.k1.d"
    assert by_path["D1.k1.đ"]["urn"] == "urn:khien:risk:req_node:xa-thu:d1.k1.dd"
    assert by_path["D1.k1.đ"]["parent_urn"] == by_path["D1.k1"]["urn"]
    assert by_path["D1.k1"]["description"] == "=SUM(A1) khoản một."
    assert not by_path["D1.k1.đ"]["assessable"]


def test_a_library_speaks_vietnamese_with_english_beside() -> None:
    library = made("do-son")
    assert library["locale"] == "vi"
    assert library["translations"]["en"]["name"].startswith("Network information security rule")
    node = library["objects"]["framework"]["requirement_nodes"][5]
    assert node["translations"]["en"]["description"]
    control = library["objects"]["reference_controls"][0]
    assert control["translations"]["en"]["name"]


def test_values_and_deadlines_stand_in_the_annotation() -> None:
    nodes = made("do-son")["objects"]["framework"]["requirement_nodes"]
    said = "\n".join(node.get("annotation", "") for node in nodes)
    assert "khien:param=PWD-01.min_length=8" in said
    assert "khien:deadline=" in said


def test_two_texts_are_mapped_both_ways_by_the_controls_they_share() -> None:
    found = yaml.safe_load(mapped(load_library(), "hue", "do-son").data)
    there, back = found["objects"]["requirement_mapping_sets"]
    assert found["dependencies"] == ["urn:khien:risk:library:hue", "urn:khien:risk:library:do-son"]
    assert (there["source_framework_urn"], back["target_framework_urn"]) == (
        "urn:khien:risk:framework:hue",
    ) * 2
    nodes = {
        document: {
            node["urn"]: node
            for node in made(document)["objects"]["framework"]["requirement_nodes"]
        }
        for document in ("hue", "do-son")
    }
    other = {"equal": "equal", "subset": "superset", "superset": "subset", "intersect": "intersect"}
    pairs = {
        (m["source_requirement_urn"], m["target_requirement_urn"]): m
        for m in there["requirement_mappings"]
    }
    assert pairs
    for (source, target), mapping in pairs.items():
        assert nodes["hue"][source]["assessable"]
        assert nodes["do-son"][target]["assessable"]
        assert 1 <= mapping["strength_of_relationship"] <= 10
    for mapping in back["requirement_mappings"]:
        same = pairs[mapping["target_requirement_urn"], mapping["source_requirement_urn"]]
        assert mapping["relationship"] == other[same["relationship"]]
    with pytest.raises(UnknownDocument):
        mapped(load_library(), "hue", "nowhere")


def test_a_library_of_others_becomes_a_skeleton_without_proposals() -> None:
    got = read(LIBRARY)
    assert [(clause.path, clause.kind, clause.is_asking) for clause in got.clauses] == [
        ("n1", "chuong", False),
        ("n2", "dieu", True),
    ]
    assert got.clauses[1].text.vi == "Mật khẩu <b>dài</b>"
    assert got.clauses[1].proposals == ()


def test_a_control_of_ours_in_a_library_of_others_is_proposed() -> None:
    text = yaml.safe_dump(LIBRARY, allow_unicode=True)
    ours = text.replace(
        "urn:other:risk:reference_control:c1", "urn:khien:risk:reference_control:khien:pwd-01"
    )
    assert [p.control for p in read(ours.encode()).clauses[1].proposals] == ["PWD-01"]


@pytest.mark.parametrize(
    ("place", "value", "word"),
    [
        (("urn",), "urn:khien:risk:library:đ", "«urn»"),
        (("version",), "1.0", "«version»"),
        (("name",), "x" * 201, "«name»"),
        (("objects", "frameworks"), [{"urn": "x"}], "khung yêu cầu"),
        (("objects", "things"), [], "«objects.things»"),
        (("objects", "reference_controls", 0, "category"), "soft", "category"),
        (("objects", "framework", "min_score"), 100, "min_score"),
        (("objects", "framework", "requirement_nodes"), [], "requirement_nodes"),
        (("objects", "framework", "requirement_nodes", 1), "x", "requirement_nodes.1"),
        (("objects", "framework", "requirement_nodes", 1, "urn"), "urn:other:risk:req_node:small:1", "hai lần"),
        (("objects", "framework", "requirement_nodes", 1, "assessable"), None, "assessable"),
        (("objects", "framework", "requirement_nodes", 1, "parent_urn"), "urn:other:risk:req_node:small:9", "parent_urn"),
        (("objects", "framework", "requirement_nodes", 1, "reference_controls"), ["urn:a:b:c:d"], "reference_controls"),
        (("objects", "framework", "requirement_nodes", 1, "implementation_groups"), ["h"], "implementation_groups"),
    ],
)  # fmt: skip
def test_what_the_importer_would_refuse_is_told_with_its_line(
    place: tuple[str | int, ...], value: Any, word: str
) -> None:
    changed = yaml.safe_load(yaml.safe_dump(LIBRARY))
    at: Any = changed
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    with pytest.raises((SharedBroken, SharedUnreadable), match=word) as caught:
        read(changed)
    if isinstance(caught.value, SharedBroken):
        assert caught.value.problems[0].startswith("tep.yaml:")


@pytest.mark.parametrize(
    "content",
    [b"a: &a [*a]\n", b"a: [" * 500, b"\xff\xfe", b"objects: 1\n", b"objects: {framework: 3}\n", b"urn: x\nobjects: {framework: {}}\n", b"!!python/object:os.system x\n"],
)  # fmt: skip
def test_hostile_yaml_is_refused(content: bytes) -> None:
    with pytest.raises((SharedUnreadable, SharedBroken)):
        read(content)


@pytest.mark.parametrize("document", REGULATIONS)
def test_a_skeleton_written_out_as_a_regulation_reads_back_with_its_clauses(document: str) -> None:
    library = load_library()
    made = exported(library, document, "ciso")
    skeleton = read_shared(made.data, library, trust=trust_none, name=made.name)
    assert isinstance(skeleton, Skeleton)
    read = parse_text(source_of(skeleton)).by_path
    paths = [clause.path for clause in skeleton.clauses]
    assert sum(path in read for path in paths) >= 0.99 * len(paths)
    said = [clause for clause in skeleton.clauses if clause.path in read]
    same = [one for one in said if one.text.vi.lower() == read[one.path].text.lower()]
    assert len(same) >= 0.95 * len(said)


def test_clauses_whose_names_are_no_paths_are_counted_through() -> None:
    kinds = ["chuong", "dieu", "khoan", "diem", "diem", "khoan", "dieu", "khoan", "chuong", "dieu"]
    clauses = tuple(
        SkeletonClause(f"n{number}", kind, Text("", ""), Text(f"lời {number}", ""), True)
        for number, kind in enumerate(kinds, 1)
    )
    source = source_of(Skeleton("ciso", "x", Text("Khung của nơi khác", "x"), "", clauses))
    marks = [line.partition(" lời")[0] for line in source.splitlines()[2:] if "LỜI" not in line]
    assert marks == [
        "Chương 1", "Điều 1.", "1.", "a)", "b)", "2.", "Điều 2.", "1.", "Chương 2", "Điều 3.",
    ]  # fmt: skip
