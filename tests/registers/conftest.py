"""The cast of the registers: a ward, its station, a stranger unit."""

from __future__ import annotations

import pytest
from registers_cast import Cast, made_registers

from khien.org.models import Unit
from khien.registers import declarations
from khien.registers.declarations import Register


@pytest.fixture(scope="session")
def registers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Register]:
    """The made-up registers, by code."""
    return made_registers(tmp_path_factory.mktemp("library"))


@pytest.fixture
def printer(registers: dict[str, Register], monkeypatch: pytest.MonkeyPatch) -> Register:
    """The register most tests use; the library of these tests holds the made-up registers."""
    monkeypatch.setattr(declarations, "load_registers", lambda: registers)
    return registers["printer"]


@pytest.fixture
def cast(db: None, printer: Register, registers: dict[str, Register]) -> Cast:
    def unit(code: str, parent: Unit | None = None) -> Unit:
        return Unit.objects.create(
            code=code, name_vi=f"Phường {code}", name_en=f"Ward {code}", kind="ward", place="Mẫu", parent=parent
        )  # fmt: skip

    ward = unit("mau")
    return Cast(registers, ward, unit("tram", ward), unit("la"))
