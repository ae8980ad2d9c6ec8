"""A ward and a department, each with a Khiên of its own: paired, sent by stick and by wire, co-signed, verified."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Instance:
    """One data folder, and the command line over it."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are given; its database is a file of its own, whatever the tests run on."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("KHIEN_", "DJANGO_"))}
        return kept | {
            "KHIEN_DATA": str(self.folder),
            "KHIEN_LANG": "vi",
            "PYTHONPATH": str(ROOT / "src"),
        }

    def run(self, *words: object, status: int = 0) -> str:
        """Run one command."""
        command = [sys.executable, "-m", "khien", *map(str, words)]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, cwd=ROOT, check=False
        )
        assert done.returncode == status, done.stderr
        return done.stdout + done.stderr

    def unit(self, code: str, *more: str) -> None:
        """Add a unit."""
        self.run("unit", "add", code, f"Đơn vị {code}", "--place", "Mẫu", "--kind", "ward",
                 "--from", "01/01/2020", *more)  # fmt: skip

    def card(self, unit: str) -> tuple[Path, str]:
        """Write the card to a file, and return the number that is read by telephone."""
        said = self.run("bundle", "card", "--unit", unit)
        card, _, number = said.partition("Số đối chiếu")
        path = self.folder / "the.txt"
        path.write_text(card.strip() + "\n", encoding="utf-8")
        found = re.search(r"(?:\d{5} ?){8}", number)
        assert found
        return path, found[0]

    def pair(self, card: tuple[Path, str], unit: str, direction: str) -> None:
        """Register the other's key."""
        self.run("bundle", "pair", card[0], "--unit", unit, "--direction", direction,
                 "--number", card[1], "--read-by", "Bình")  # fmt: skip


@contextmanager
def serving(instance: Instance) -> Iterator[str]:
    """Serve an instance's pages on loopback while the block runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = instance.environment | {"KHIEN_PORT": str(port)}
    command = [sys.executable, "-m", "khien", "serve"]
    log = (instance.folder / "serve.log").open("wb")
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def _wait(port: int) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            urlopen(f"http://127.0.0.1:{port}/can-dang-nhap/", timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.3)
        else:
            return
    raise AssertionError("the pages did not come up")


@pytest.mark.skipif(bool(os.environ.get("KHIEN_TEST_DATABASE")), reason="has files of its own")
def test_a_ward_sends_to_its_department_by_stick_and_by_wire(tmp_path: Path) -> None:
    ward, department = Instance(tmp_path / "phuong"), Instance(tmp_path / "so")
    for one in (ward, department):
        one.folder.mkdir()
    ward.unit("phuong")
    department.unit("so")
    department.unit("phuong", "--parent", "so")
    ward.pair(department.card("so"), "phuong", "above")
    department.pair(ward.card("phuong"), "phuong", "below")
    ward.run("register", "add", "endpoint", "--unit", "phuong", "endpoint_name=PC-01", "kind=laptop",
             "is_personal=không")  # fmt: skip

    stick, receipt = tmp_path / "goi.zip", tmp_path / "phieu.txt"
    ward.run("bundle", "export", "--to", 1, "--register", "endpoint", "--out", stick)
    said = department.run("bundle", "import", stick, "--receipt", receipt)
    assert "Chữ ký đúng khóa đã đăng ký" in said
    assert department.run("bundle", "import", stick) == department.run("bundle", "import", stick)
    altered = tmp_path / "sua.zip"
    altered.write_bytes(stick.read_bytes().replace(b"PC-01", b"PC-02"))
    assert "KHIEN-EXC-007" in department.run("bundle", "import", altered, status=2)
    ward.run("bundle", "take-receipt", receipt)

    with serving(department) as address:
        ward.run("bundle", "address", 1, address, status=2)
        ward.run("bundle", "address", 1, address, "--allow-private")
        ward.run("bundle", "export", "--to", 1, "--register", "endpoint")
        assert json.loads(ward.run("jobs", "run", "--once", "--json"))["bundles"] == 1
    sent = json.loads(ward.run("bundle", "list", "--json"))["sent"]
    assert [(one["sequence"], one["state"]) for one in sent] == [(2, "received"), (1, "received")]
    received = json.loads(department.run("bundle", "list", "--json"))["received"]
    assert [one["continuity"] for one in received] == ["continues", "first"]
    verified = json.loads(ward.run("verify", "--json"))
    assert verified["ok"]
    assert verified["trusted_size"] > 0
    assert "được Đơn vị so đồng ký lúc" in verified["cosigned"][0]["vi"]
