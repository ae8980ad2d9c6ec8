"""A text as OSCAL: valid for two readers that others made, and back without loss."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import oscal_bindings
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_texts import REGULATIONS, library_with, same, small_text, trust_none, whole_text
from trestle.core.profile_resolver import ProfileResolver
from trestle.oscal import catalog as trestle_catalog
from trestle.oscal import profile as trestle_profile

from khien.adoption.sharing.ciso_reading import Skeleton
from khien.adoption.sharing.contents import data_of
from khien.adoption.sharing.errors import SharedBroken, SharedUnreadable
from khien.adoption.sharing.forms import SharedText, exported, read_shared
from khien.adoption.sharing.oscal import oscal_files
from khien.adoption.sharing.oscal_words import (
    Names,
    data_of_props,
    is_line,
    plain,
    prop,
    props_of,
    prose,
    token,
    value_of,
)
from khien.adoption.sharing.packing import packed, unpacked
from khien.norms.library import load_library
from khien.norms.rulebook import build_rulebook

LAW = ("luat-116-2025", "tcvn-14423-c3")


def files_of(document: str) -> dict[str, bytes]:
    return unpacked(exported(load_library(), document, "oscal").data, "oscal")


def read(content: bytes) -> SharedText:
    got = read_shared(content, load_library(), trust=trust_none, name="oscal")
    assert isinstance(got, SharedText)
    return got


def by_trestle(content: bytes) -> bytes:
    """Read a document with trestle's models and write it as trestle does."""
    data = json.loads(content)
    module = trestle_catalog if "catalog" in data else trestle_profile
    return module.Model(**data).model_dump_json(by_alias=True, exclude_none=True).encode()


def in_utc(document: dict[str, Any]) -> dict[str, Any]:
    """Say the moments of a document as trestle says them; they are the same moments."""
    metadata = next(iter(document.values()))["metadata"]
    for key in ("published", "last-modified"):
        if key in metadata:
            metadata[key] = datetime.fromisoformat(metadata[key]).astimezone(UTC).isoformat()
    return document


@pytest.mark.parametrize("document", [*REGULATIONS, *LAW])
def test_two_readers_of_others_find_every_file_valid(document: str) -> None:
    for name, content in files_of(document).items():
        data = json.loads(content)
        oscal_bindings.OscalDocument.model_validate(data)
        assert same(in_utc(json.loads(by_trestle(content))), in_utc(data)), name


@pytest.mark.parametrize("document", [*REGULATIONS, *LAW])
def test_each_text_comes_back_from_what_trestle_wrote(document: str) -> None:
    library = load_library()
    files = {name: by_trestle(content) for name, content in files_of(document).items()}
    got = read(packed(files))
    assert got.form == "oscal"
    assert got.files == data_of(library, document).in_usual_order().as_files()
    assert got.document.clauses == library.documents[document].clauses


def test_the_same_text_gives_the_same_bytes_and_another_another_uuid() -> None:
    library = load_library()
    assert exported(library, "hue", "oscal") == exported(library, "hue", "oscal")
    uuids = [json.loads(content) for content in files_of("hue").values()]
    others = [json.loads(content) for content in files_of("do-son").values()]
    ours = {next(iter(one.values()))["uuid"] for one in uuids}
    theirs = {next(iter(one.values()))["uuid"] for one in others}
    assert len(ours) == 3
    assert len(ours & theirs) == 1  # the catalog of controls is one for both


def test_every_key_survives_oscal(tmp_path: Path) -> None:
    text = whole_text()
    library = library_with(text, tmp_path)
    made = exported(library, "xa-thu", "oscal").data
    for content in unpacked(made, "x").values():
        oscal_bindings.OscalDocument.model_validate(json.loads(by_trestle(content)))
    got = read(made)
    assert got.files == text.in_usual_order().as_files()


def test_chapters_are_groups_articles_controls_and_points_their_parts() -> None:
    catalog = json.loads(files_of("do-son")["catalogs/do-son/catalog.json"])["catalog"]
    chapter = next(group for group in catalog["groups"] if group["title"] == "Chương II")
    article = chapter["controls"][0]
    assert article["class"] == "dieu"
    assert {part["name"] for part in article["parts"]} >= {"statement", "item"}
    params = [
        param
        for group in catalog["groups"]
        for control in group["controls"]
        for param in control.get("params", ())
    ]
    value = next(param for param in params if param.get("constraints"))
    assert value["constraints"][0]["tests"][0]["expression"].startswith(". ")


def test_the_profile_selects_the_texts_controls_with_its_values_and_clauses() -> None:
    library = load_library()
    rules = build_rulebook(library, ["do-son"], on=library.documents["do-son"].in_force_from).rules
    profile = json.loads(files_of("do-son")["profiles/do-son/profile.json"])["profile"]
    assert profile["imports"][0]["include-controls"][0]["with-ids"] == list(rules)
    values = {one["param-id"]: one.get("values") for one in profile["modify"]["set-parameters"]}
    assert values["PWD-01_prm.min_length"] == [str(rules["PWD-01"].parameters["min_length"].value)]
    alter = next(one for one in profile["modify"]["alters"] if one["control-id"] == "PWD-01")
    said = {(p["value"], p["class"]) for p in alter["adds"][0]["props"]}
    assert said == {(clause.anchor, duty.modality) for clause, duty in rules["PWD-01"].sources}


def test_trestle_resolves_the_profile_to_a_catalog_with_the_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".trestle").mkdir()
    for name, content in files_of("hue").items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    monkeypatch.chdir(tmp_path)
    place = str(tmp_path / "profiles" / "hue" / "profile.json")
    resolved = ProfileResolver.get_resolved_profile_catalog(tmp_path, place)
    controls = {c.id: c for group in resolved.groups or [] for c in group.controls or []}
    rules = build_rulebook(
        load_library(), ["hue"], on=load_library().documents["hue"].in_force_from
    ).rules
    assert set(controls) == set(rules)
    params = {p.id: p for c in controls.values() for p in c.params or []}
    assert [
        value.root if hasattr(value, "root") else value
        for value in params["TRN-01_prm.laws"].values
    ]


def test_a_text_that_demands_nothing_has_no_profile(tmp_path: Path) -> None:
    text = small_text()
    clause = {"path": "D1", "kind": "dieu", "vi": "Một.", "en": "One.", "none": "heading"}
    text = type(text)(text.head, (clause,))
    library = library_with(text, tmp_path)
    files = oscal_files(text, library.documents["nho"], library)
    assert not [name for name in files if name.startswith("profiles/")]
    assert read(packed(files)).files == text.in_usual_order().as_files()


def test_html_and_markdown_inside_a_clause_stay_text(tmp_path: Path) -> None:
    library = library_with(whole_text(), tmp_path)
    made = exported(library, "xa-thu", "oscal").data
    catalog = unpacked(made, "x")["catalogs/xa-thu/catalog.json"].decode()
    assert "<script>" not in catalog
    assert "\\\\<script\\\\>" in catalog
    assert '"1\\\\. Một điều."' in catalog


def test_one_catalog_alone_is_enough_where_no_control_is_own() -> None:
    got = read(files_of("hue")["catalogs/hue/catalog.json"])
    assert got.document.id == "hue"


def changed(change: Callable[[dict[str, Any]], None]) -> bytes:
    data = json.loads(files_of("hue")["catalogs/hue/catalog.json"])
    change(data["catalog"])
    return json.dumps(data).encode()


def test_what_an_editor_of_oscal_changed_is_taken_over() -> None:
    def change(catalog: dict[str, Any]) -> None:
        catalog["metadata"]["title"] = "Tên mới"
        catalog["controls"].reverse()

    got = read(changed(change))
    assert got.document.title.vi == "Tên mới"
    assert list(got.document.clauses) == list(load_library().documents["hue"].clauses)


def test_a_mistake_names_its_place_in_the_file() -> None:
    def change(catalog: dict[str, Any]) -> None:
        duty = next(part for part in catalog["controls"][1]["parts"] if part["name"] == "duty")
        next(one for one in duty["props"] if one["name"] == "control")["value"] = "PWD-99"

    with pytest.raises(
        SharedBroken,
        match=r"catalog\.json#/catalog/controls/1 \(hue-g1-head-liable\): .*there is no such control",
    ):
        read(changed(change))


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.pop("metadata"),
        lambda c: c.update(controls={}),
        lambda c: c.update(controls=[1]),
        lambda c: c["controls"][0].update(parts=[]),
        lambda c: c["controls"][0]["props"].append({"name": "x", "ns": "urn:khien:oscal"}),
        lambda c: c["controls"][0]["props"].append({"name": "path.0", "ns": "urn:khien:oscal", "value": "x"}),
        lambda c: c["metadata"]["props"].append({"name": "mark", "ns": "urn:khien:oscal", "value": "{", "class": "json"}),
        lambda c: c["controls"][2]["params"][0].update(values=3),
        lambda c: [one.update(value="../x") for one in c["metadata"]["props"] if one["name"] == "id"],
    ],
)  # fmt: skip
def test_oscal_of_a_wrong_form_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(SharedBroken):
        read(changed(change))


OTHER: dict[str, Any] = {
    "metadata": {"title": "SP 800-53"},
    "groups": [
        {
            "id": "ac",
            "title": "Access Control",
            "controls": [
                {
                    "id": "ac-7",
                    "title": "Unsuccessful Logon Attempts",
                    "props": [{"name": "label", "value": "AC-7"}],
                    "params": [{"id": "ac-7_prm_1", "label": "number"}],
                    "parts": [
                        {
                            "name": "statement",
                            "parts": [
                                {"name": "item", "prose": "Enforce a limit of {{ insert: param, ac-7_prm_1 }} attempts;"},
                                {"name": "item", "prose": "Lock:", "parts": [{"name": "item", "prose": "for <b>long</b>."}]},
                            ],
                        },
                        {"name": "guidance", "prose": "Not a clause."},
                    ],
                    "controls": [{"id": "ac-7.2", "title": "Purge", "parts": [{"name": "statement", "prose": "Purge it."}]}],
                }
            ],
        }
    ],
}  # fmt: skip


def test_a_catalog_of_others_becomes_a_skeleton_to_be_reviewed() -> None:
    got = read_shared(json.dumps({"catalog": OTHER}).encode(), load_library(), trust=trust_none)
    assert isinstance(got, Skeleton)
    assert [
        (clause.path, clause.kind, clause.text.vi, clause.is_asking) for clause in got.clauses
    ] == [
        ("C.1", "chuong", "Access Control", False),
        ("D1", "dieu", "Unsuccessful Logon Attempts", False),
        ("D1.k1", "khoan", "Enforce a limit of [number] attempts;", True),
        ("D1.k2", "khoan", "Lock:", True),
        ("D1.k2.g1", "gach", "for <b>long</b>.", True),
        ("D2", "dieu", "Purge it.", True),
    ]
    assert got.clauses[1].title.vi == "AC-7 Unsuccessful Logon Attempts"
    for wrong in (
        {**OTHER, "groups": 3},
        {**OTHER, "groups": [{"controls": ["x"]}]},
        {"metadata": {"title": "x"}},
    ):
        with pytest.raises((SharedBroken, SharedUnreadable)):
            read(json.dumps({"catalog": wrong}).encode())


def test_an_empty_catalog_and_broken_json_are_refused() -> None:
    other = {"catalog": {"uuid": "x", "metadata": {"title": "SP 800-53"}}}
    for content in (json.dumps(other).encode(), b"{", b"[" * 100_000, b'{"a":' * 100_000):
        with pytest.raises((SharedUnreadable, SharedBroken)):
            read(content)


def test_nesting_without_end_is_refused() -> None:
    def change(catalog: dict[str, Any]) -> None:
        inner: dict[str, Any] = {"name": "item", "prose": "x"}
        for _ in range(200):
            inner = {"name": "item", "prose": "x", "parts": [inner]}
        catalog["controls"][0]["parts"].append(inner)

    with pytest.raises(SharedBroken):
        read(changed(change))


WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cn", "Co")), max_size=30)


@given(WORDS)
def test_prose_gives_back_any_words(text: str) -> None:
    assert plain(prose(text)) == text


@given(st.none() | st.booleans() | st.integers(-(2**60), 2**60) | WORDS)
def test_a_prop_holds_any_value_in_one_line(value: Any) -> None:
    made = prop("x", value)
    assert is_line(made["value"])
    assert value_of(made) == value
    assert type(value_of(made)) is type(value)


@given(
    st.dictionaries(
        WORDS,
        st.lists(WORDS, max_size=2) | WORDS | st.dictionaries(WORDS, WORDS, max_size=2),
        max_size=3,
    )
)
@settings(max_examples=60)
def test_props_lose_nothing(data: dict[str, Any]) -> None:
    made = props_of(data)
    assert all(token(one["name"]) == one["name"] for one in made)
    assert same(data_of_props(made), data)


def test_ids_that_differ_stay_different_without_marks() -> None:
    names = Names()
    given_ids = [
        names.of(path) for path in ("D1.k1.d", "D1.k1.đ", "D1.k1.dd", "d1.K1.D", "D1.k1#2", "1", "")
    ]
    assert given_ids == ["D1.k1.d", "D1.k1.dd", "D1.k1.dd-2", "d1.K1.D-2", "D1.k1-n2", "_1", "_"]
