"""khien norms export, verify and read-shared: files that are there whole, and answers that say what was found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from khien.cli.norms_sharing import FORMS
from khien.exchange.models import OwnKey

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.KHIEN_DATA = tmp_path / "data"


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_written_and_read_back(form: str, khien: Callable, tmp_path: Path) -> None:
    target = tmp_path / "ra"
    done = khien("norms", "export", "hue", "--as", form, "-o", target)
    assert done.status == 0, done.err
    got = khien("norms", "read-shared", target, "--json").json
    assert got["form"] == form
    assert got["id"] == "hue"
    assert len(got["clauses"]) == 9 if form == "ciso" else got["clauses"] == 9


def test_a_folder_form_is_a_zip_where_the_path_says_so(khien: Callable, tmp_path: Path) -> None:
    khien("norms", "export", "hue", "--as", "oscal", "-o", tmp_path / "ra.zip")
    khien("norms", "export", "hue", "--as", "oscal", "-o", tmp_path / "ra")
    assert (tmp_path / "ra.zip").is_file()
    assert json.loads((tmp_path / "ra" / "profiles" / "hue" / "profile.json").read_bytes())[
        "profile"
    ]
    assert (
        khien("norms", "read-shared", tmp_path / "ra.zip").out
        == khien("norms", "read-shared", tmp_path / "ra").out
    )


def test_verify_says_what_holds_and_its_status_whether_the_key_is_trusted(
    khien: Callable, tmp_path: Path
) -> None:
    target = tmp_path / "hue.khien-text"
    khien("norms", "export", "hue", "--as", "package", "-o", target)
    good = khien("norms", "verify", target)
    assert good.status == 0
    assert "✓ Nguyên vẹn, chữ ký đúng" in good.out
    assert khien("norms", "verify", target, "--json").json["trusted"] is True
    OwnKey.objects.all().delete()
    stranger = khien("norms", "verify", target)
    assert stranger.status == 1
    assert "Không tin khóa này" in stranger.out
    refused = khien("norms", "read-shared", target)
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.startswith("KHIEN-ADO-205:")
    target.write_bytes(target.read_bytes().replace(b"clauses:", b"clausen:"))
    altered = khien("--lang", "en", "norms", "verify", target)
    assert altered.status == 2
    assert altered.err.startswith(
        "KHIEN-ADO-201: “hue.khien-text” cannot be read: “norms/hue/clauses.yaml” in the zip is damaged or altered"
    )


def test_what_is_there_is_not_overwritten_unless_told(khien: Callable, tmp_path: Path) -> None:
    target = tmp_path / "hue.xlsx"
    words = ("norms", "export", "hue", "--as", "xlsx", "-o")
    assert khien(*words, target).status == 0
    assert khien(*words, target).err.startswith("KHIEN-CLI-061:")
    assert khien(*words, target, "--force").status == 0
    assert khien(*words, tmp_path / "khong-co" / "x.xlsx").err.startswith("KHIEN-CLI-060:")
    folder = tmp_path / "thu-muc"
    folder.mkdir()
    (folder / "x").touch()
    assert khien("norms", "export", "hue", "--as", "folder", "-o", folder).err.startswith(
        "KHIEN-CLI-061:"
    )
    assert khien("norms", "export", "hue", "--as", "folder", "-o", target).err.startswith(
        "KHIEN-CLI-060:"
    )


def test_two_texts_are_mapped_for_ciso_assistant(khien: Callable, tmp_path: Path) -> None:
    target = tmp_path / "x.yaml"
    khien("norms", "export", "hue", "--as", "ciso", "--mapped-to", "do-son", "-o", target)
    assert "requirement_mapping_sets:" in target.read_text(encoding="utf-8")


def test_refusals_name_what_is_known(khien: Callable, tmp_path: Path) -> None:
    missing = khien("norms", "export", "khong-co", "--as", "xlsx", "-o", tmp_path / "x")
    assert missing.status == 2
    assert "do-son" in missing.err
    assert khien("norms", "read-shared", tmp_path / "khong-co").err.startswith("KHIEN-ADO-201:")
