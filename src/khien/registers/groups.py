"""The groups in which registers are shown, in the order in which people look for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from khien.kernel.language import Text

GROUPS: Final[Mapping[str, Text]] = {
    "governance": Text("Tổ chức, quản lý", "Governance"),
    "people": Text("Con người", "People"),
    "systems": Text("Hệ thống", "Systems"),
    "machines": Text("Máy và thiết bị", "Machines"),
    "network": Text("Mạng", "Network"),
    "data": Text("Dữ liệu, sao lưu", "Data and backup"),
    "operations": Text("Vận hành, sự cố", "Operations and incidents"),
    "suppliers": Text("Bên cung cấp", "Suppliers"),
    "secrets": Text("Bí mật nhà nước", "State secrets"),
}
