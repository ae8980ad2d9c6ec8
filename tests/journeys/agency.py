"""The fictional agency in a real browser: served from a data folder of its own, one context for each person."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OFFICER, LEADER, STAFF = "Lê Văn Minh", "Đỗ Thị Hoa", "Vũ Thị Mai"
OVERSEER, ADMINISTRATOR, INSPECTOR = "Nguyễn Thị Lan", "Phạm Văn Quân", "Hoàng Văn Thanh"
HOSPITAL = "bv-da-khoa-mau"


@dataclass
class Agency:
    """The served agency: its address, the sign-in link of each person, and who has signed in already."""

    base: str
    links: dict[str, str]
    data: Path
    sessions: dict[str, Any] = field(default_factory=dict)

    def context(self, browser: Any, person: str, **more: Any) -> Any:
        """Return a browser context signed in as a person; the link is used once."""
        if person not in self.sessions:
            first = browser.new_context()
            page = first.new_page()
            page.goto(self.links[person])
            page.click("main form button")
            page.wait_for_load_state()
            self.sessions[person] = first.storage_state()
            first.close()
        return browser.new_context(storage_state=self.sessions[person], **more)


@contextmanager
def served(data: Path) -> Iterator[Agency]:
    """Build the agency, read this machine for its hospital, and serve it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    env = os.environ | {
        "KHIEN_DATA": str(data),
        "KHIEN_PORT": port,
        "PYTHONPATH": str(ROOT / "src"),
    }
    env.pop("DJANGO_SETTINGS_MODULE", None)
    khien = [sys.executable, "-m", "khien"]
    said = subprocess.run(
        [*khien, "demo"], env=env, capture_output=True, text=True, check=True
    ).stdout
    links = dict(re.findall(r"^(.+?) · .*\n\s+(http://\S+)", said, re.M))
    subprocess.run(
        [*khien, "collect", "--unit", HOSPITAL], env=env, capture_output=True, check=True
    )
    log = (data / "serve.txt").open("w")
    server = subprocess.Popen([*khien, "serve"], env=env, stdout=log, stderr=log)
    try:
        _wait_for(int(port), server)
        yield Agency(f"http://127.0.0.1:{port}", links, data)
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1500):
        assert server.poll() is None, "the server ended"
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not answer")
