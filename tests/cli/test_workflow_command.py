"""khien workflow: a whole case from the command line; what is refused says so in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from workflows.workflow_cast import TODAY, Stage, on_stage

from khien.workflows.models import WorkflowCase

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage(transactional_db: None, settings: Any, tmp_path: Path) -> Stage:
    settings.KHIEN_DATA = tmp_path / "data"
    return on_stage()


def test_a_repair_runs_from_the_command_line(
    stage: Stage, khien: Callable[..., Any], tmp_path: Path
) -> None:
    unit = ("--unit", stage.unit.code)
    assert khien("workflow", "start", *unit, "repair", "--about", "PC-02").status == 0
    assert "Tháo hoặc xóa" in khien("workflow", "show", *unit, 1).out
    bad = khien("workflow", "step", *unit, 1, "storage", "device=PC-02", "storage_measure=removed")
    assert bad.status != 0
    assert "fault" in bad.out + bad.err
    storage = ("device=PC-02", "fault=hỏng", "storage_measure=removed", f"storage_done_on={TODAY}")
    assert khien("workflow", "step", *unit, 1, "storage", *storage).status == 0
    listed = khien("workflow", "list", *unit, "--json").json
    assert listed[0]["steps"][1] == {
        "step": "out",
        "standing": "now",
        "due_on": None,
        "done_by": None,
    }
    wrong = khien("workflow", "step", *unit, 1, "nothing")
    assert "KHIEN-CLI-031" in wrong.out + wrong.err
    target = tmp_path / "bb.docx"
    none = khien("workflow", "minutes", *unit, 1, "--output", target)
    assert "KHIEN-WFL-013" in none.out + none.err
    assert khien("workflow", "cancel", *unit, 1, "--reason", "mở nhầm").status == 0
    assert WorkflowCase.objects.get().state == "cancelled"


def test_only_who_may_approve_approves_from_the_command_line(
    stage: Stage, khien: Callable[..., Any]
) -> None:
    unit = ("--unit", stage.unit.code)
    khien("workflow", "start", *unit, "disposal", "--about", "Ổ cứng")
    assert (
        khien("workflow", "step", *unit, 1, "device", "device=Ổ cứng", "kind=disposal").status == 0
    )
    refused = khien("workflow", "step", *unit, 1, "approve", f"approved_on={TODAY}")
    assert "KHIEN-WFL-008" in refused.out + refused.err
    assert khien("workflow", "step", *unit, 1, "approve", f"approved_on={TODAY}", "--as", stage.leader.username).status == 0  # fmt: skip
