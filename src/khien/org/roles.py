"""What each role lets a user do, and how far below its unit (vai trò, quyền, phạm vi)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from khien.kernel.language import Text

# Capabilities. Every page and every act asks for exactly one of them, at one unit.
KNOW = "know"  # one's own tasks, the texts, contacts; what every member of staff may
READ = "read"  # findings, machines, registers, processes, reports
WRITE = "write"  # registers, processes, machines
APPROVE = "approve"  # accounts, rights, documents, exceptions: a leader's yes or no
RESPOND = "respond"  # incidents
REVIEW = "review"  # what units below send up: return, accept, remind
MANAGE = "manage"  # users, roles, the unit tree, settings
CAPABILITIES = (KNOW, READ, WRITE, APPROVE, RESPOND, REVIEW, MANAGE)

# Of a unit that ended these are gone: it is read, and nothing is added to it.
OF_THE_LIVING = (WRITE, APPROVE)

# How far a capability reaches: the unit with its own offices, or every unit below.
OWN = "own"
SUBTREE = "subtree"
OFFICE_KIND = "office"


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its name, what it is for, and what it lets do how far (capability to OWN or SUBTREE)."""

    code: str
    title: Text
    purpose: Text
    reach: Mapping[str, str]
    must_end: bool = False

    @property
    def is_read_only(self) -> bool:
        """Say whether nothing can be changed by it."""
        return set(self.reach) <= {KNOW, READ}


LEADER = "leader"
OFFICER = "officer"
STAFF = "staff"
OVERSEER = "overseer"
RESPONDER = "responder"
INSPECTOR = "inspector"
ADMINISTRATOR = "administrator"

_ALL = (
    Role(
        LEADER,
        Text("Lãnh đạo", "Leader"),
        Text(
            "Xem tình hình đơn vị và cấp dưới; phê duyệt tài khoản, quyền, hồ sơ.",
            "Sees the unit and those below; approves accounts, rights and files.",
        ),
        {KNOW: SUBTREE, READ: SUBTREE, APPROVE: OWN, RESPOND: OWN},
    ),
    Role(
        OFFICER,
        Text("Phụ trách an toàn thông tin", "Security officer"),
        Text(
            "Giữ sổ, chạy quy trình, thu thập và khắc phục tại đơn vị; xem cấp dưới.",
            "Keeps registers, runs processes, collects and repairs at the unit; sees those below.",
        ),
        {KNOW: SUBTREE, READ: SUBTREE, WRITE: OWN, RESPOND: OWN},
    ),
    Role(
        STAFF,
        Text("Cán bộ, nhân viên", "Staff"),
        Text(
            "Biết quy định, làm phần việc của mình, báo sự cố.",
            "Knows the rules, does the own part, reports incidents.",
        ),
        {KNOW: OWN},
    ),
    Role(
        OVERSEER,
        Text("Theo dõi đơn vị cấp dưới", "Overseer"),
        Text(
            "Xem các đơn vị cấp dưới; nhắc, trả lại, tiếp nhận báo cáo.",
            "Sees the units below; reminds, returns and accepts reports.",
        ),
        {KNOW: SUBTREE, READ: SUBTREE, REVIEW: SUBTREE},
    ),
    Role(
        RESPONDER,
        Text("Đội ứng cứu sự cố", "Response team"),
        Text(
            "Xem máy và phối hợp xử lý sự cố của đơn vị cấp dưới.",
            "Sees machines and helps handle incidents of the units below.",
        ),
        {KNOW: SUBTREE, READ: SUBTREE, RESPOND: SUBTREE},
    ),
    Role(
        INSPECTOR,
        Text("Đoàn kiểm tra", "Inspector"),
        Text(
            "Chỉ xem, trong thời hạn của đợt kiểm tra.",
            "Reads only, for as long as the inspection lasts.",
        ),
        {KNOW: SUBTREE, READ: SUBTREE},
        must_end=True,
    ),
    Role(
        ADMINISTRATOR,
        Text("Quản trị Khiên", "Administrator"),
        Text(
            "Quản lý người dùng, vai trò, cây đơn vị và thiết lập; không đọc sổ.",
            "Manages users, roles, the unit tree and settings; reads no register.",
        ),
        {KNOW: SUBTREE, MANAGE: SUBTREE},
    ),
)
ROLES: Mapping[str, Role] = {role.code: role for role in _ALL}
