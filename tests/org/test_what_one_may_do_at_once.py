"""All capabilities at a unit at once are the same as asking for each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from khien.kernel.clock import now_utc
from khien.org.capabilities import capabilities_at
from khien.org.models import RoleHeld, Unit, User
from khien.org.roles import CAPABILITIES, ROLES
from khien.org.selectors import may_do

pytestmark = pytest.mark.django_db


def unit(code: str, parent: Unit | None = None, kind: str = "ward", **more: Any) -> Unit:
    return Unit.objects.create(
        code=code, name_vi=code, name_en=code, kind=kind, place="x", parent=parent, **more
    )


def test_all_at_once_is_the_same_as_one_by_one() -> None:
    top = unit("so")
    ward = unit("phuong", top)
    office = unit("phong", ward, kind="office")
    desk = unit("to", office, kind="office")
    units = [top, ward, office, desk, unit("tram", office), unit("xa")]
    for role in ROLES:
        for place in (top, ward, office):
            user = User.objects.create_user(f"{role}-{place.code}")
            RoleHeld.objects.create(
                user=user, unit=place, role=role, from_on=date(2020, 1, 1), granted_by="x",
                granted_at=now_utc(),
            )  # fmt: skip
            for there in units:
                asked = {may for may in CAPABILITIES if may_do(user, may, there)}
                assert capabilities_at(user, there) == asked, (role, place.code, there.code)


def test_a_stranger_may_nothing() -> None:
    assert capabilities_at(User.objects.create_user("la"), unit("phuong")) == frozenset()
