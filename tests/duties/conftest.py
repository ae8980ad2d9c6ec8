"""A hospital and a ward bound by the texts of the library, and rows in their registers."""

from __future__ import annotations

from datetime import date

import pytest
from duties_cast import Cast, bound_unit

from khien.org.models import Unit


@pytest.fixture
def hospital(db: None) -> Unit:
    """Bound by the plan of Bắc Ninh from its own first day."""
    del db
    return bound_unit("bv", "bac-ninh", since=date(2021, 1, 1))


@pytest.fixture
def ward(db: None) -> Unit:
    """Bound by the rule of Đồ Sơn."""
    del db
    return bound_unit("phuong", "do-son", since=date(2025, 10, 1))


@pytest.fixture
def cast(hospital: Unit) -> Cast:
    return Cast(hospital)


@pytest.fixture
def ward_cast(ward: Unit) -> Cast:
    return Cast(ward)
