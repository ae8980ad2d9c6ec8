"""Files between preview and confirmation: for their owner, for two hours, and only as they were sent."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from registers_cast import Cast

from khien.registers.alike import Watch
from khien.registers.declarations import load_registers
from khien.registers.errors import UploadGone
from khien.registers.uploads import KEPT_SECONDS, Upload, forget_upload, keep_upload, upload_of


@pytest.fixture
def kept(cast: Cast, tmp_path: Path, settings: Any) -> Upload:
    settings.KHIEN_DATA = tmp_path
    return keep_upload(b"a;b\n", "so.csv", unit=cast.ward, register=cast.registers["printer"], owner="an")  # fmt: skip


def opened(cast: Cast, kept: Upload, *, owner: str = "an", register: str = "printer") -> Upload:
    return upload_of(kept.token, unit=cast.ward, register=cast.registers[register], owner=owner)


def test_a_file_waits_for_its_owner(cast: Cast, kept: Upload) -> None:
    assert opened(cast, kept).content == b"a;b\n"


@pytest.mark.parametrize("other", [{"owner": "binh"}, {"register": "office"}])
def test_it_is_nobody_elses_and_of_no_other_register(
    cast: Cast, kept: Upload, other: dict[str, str]
) -> None:
    with pytest.raises(UploadGone):
        opened(cast, kept, **other)


def test_it_expires_and_is_swept_away(cast: Cast, kept: Upload, settings: Any) -> None:
    folder = Path(settings.KHIEN_DATA) / "uploads" / kept.token
    old = time.time() - KEPT_SECONDS - 1
    os.utime(folder, (old, old))
    with pytest.raises(UploadGone):
        opened(cast, kept)
    keep_upload(b"x", "b.csv", unit=cast.ward, register=cast.registers["printer"], owner="an")
    assert not folder.exists()


def test_one_that_was_changed_on_the_disk_is_not_taken(
    cast: Cast, kept: Upload, settings: Any
) -> None:
    place = Path(settings.KHIEN_DATA) / "uploads" / kept.token / "content"
    place.write_bytes(b"forged")
    with pytest.raises(UploadGone):
        opened(cast, kept)


@pytest.mark.parametrize("token", ["../../etc", "0" * 31, "0" * 32, ""])
def test_a_token_is_never_a_path(cast: Cast, kept: Upload, token: str) -> None:
    del kept
    forget_upload(token)
    with pytest.raises(UploadGone):
        upload_of(token, unit=cast.ward, register=cast.registers["printer"], owner="an")


def test_a_value_that_should_stand_once_is_told_with_the_row_that_has_it() -> None:
    watch = Watch(load_registers()["endpoint"])
    watch.know(1, 7, {"ip": "10.0.0.1"})
    watch.see(4, {"ip": "10.0.0.1"}, row_id=None, before={})
    watch.see(5, {"ip": "10.0.0.1"}, row_id=1, before={"ip": "10.0.0.1"})
    watch.see(6, {"ip": "10.0.0.2"}, row_id=None, before={})
    watch.see(7, {"ip": "10.0.0.2"}, row_id=None, before={})
    assert [said.en for said in watch.found] == [
        "Line 4 of the file: IP address 10.0.0.1 is also in row 7 of the register.",
        "Line 7 of the file: IP address 10.0.0.2 is also in line 6 of the file.",
    ]
