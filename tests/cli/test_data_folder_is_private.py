"""What Khiên knows of a unit is for the eyes of the account it runs under."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(os.name == "nt", reason="folder rights are of another kind on Windows")
def test_folder_database_and_keys_are_the_owners_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    env = os.environ | {"KHIEN_DATA": str(data), "PYTHONPATH": str(ROOT / "src")}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "khien", "unit", "list"]
    subprocess.run(command, env=env, check=True, capture_output=True)
    places = [data, *data.rglob("*")]
    assert len(places) > 3
    open_to_others = [p.name for p in places if stat.S_IMODE(p.stat().st_mode) & 0o077]
    assert open_to_others == []
