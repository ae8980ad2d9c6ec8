"""khien notices and khien mail: what they print, and how they end."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from khien.cli.main import main
from khien.kernel.clock import now_utc
from khien.kernel.language import Text
from khien.notices.models import Mail
from khien.notices.services import Telling, queue_test, tell
from khien.org.models import Unit, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def an(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> User:
    settings.KHIEN_DATA = tmp_path
    monkeypatch.setattr("khien.cli.main._module", _module)
    unit = Unit.objects.create(code="mau", name_vi="M", name_en="M", kind="ward", place="M")
    return User.objects.create_user("an.mau", unit=unit, email="an@mau.gov.vn")


def _module(verb: str) -> Any:
    """The module of a verb without opening the database of the data folder: the test has its own."""
    return importlib.import_module(f"khien.cli.{verb}_command")


def test_what_a_person_was_told_is_listed(an: User, capsys: pytest.CaptureFixture[str]) -> None:
    one = Telling(an.pk, "reminder", "duty:1", "duty:1:x", Text("Báo cáo quý", "Quarterly report"))
    tell([one], now=now_utc())
    assert main(["notices", "list", "an.mau"]) == 0
    assert "Báo cáo quý" in capsys.readouterr().out
    assert main(["notices", "list", "an.mau", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["title"]["en"] == "Quarterly report"
    assert main(["notices", "tell"]) == 0
    assert main(["notices", "list", "khong-co"]) != 0


def test_the_state_of_the_queue_says_how_it_stands(
    an: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mail", "state"]) == 0
    assert main(["mail", "test", "an.mau"]) != 0  # no server is named
    queue_test(an, now=now_utc())
    (tmp_path / "mail.toml").write_text('[smtp]\nserver = "127.0.0.1"\nport = 1\nsecurity = "none"\nsender = "k@x.vn"\n')  # fmt: skip
    assert main(["mail", "again"]) == 1
    capsys.readouterr()
    assert main(["mail", "state"]) == 1
    assert "1 thư chưa gửi, lần thử kế" in capsys.readouterr().out
    assert main(["mail", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["state"] == Mail.State.WAITING
    assert main(["mail", "test", "an.mau"]) == 1
    (tmp_path / "mail.toml").write_text("[smtp]\nwhat = 1\n")
    assert main(["mail", "state"]) == 2
    assert "KHIEN-NOT-002" in capsys.readouterr().err
