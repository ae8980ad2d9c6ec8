"""khien demo: a fictional agency of six units, its people and half a year of registers, to try and teach with."""

from __future__ import annotations

import argparse

from khien.cli.demonstration import build, read_agency
from khien.cli.link_command import link_of
from khien.cli.output import put, say
from khien.kernel.clock import now_utc
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.org.roles import ROLES
from khien.org.selectors import all_units


class NotEmpty(KhienError):
    """The data folder holds units already; a fictional agency is not mixed into real ones."""

    code = "KHIEN-CLI-020"
    sentence = Text(
        vi="Thư mục dữ liệu đã có đơn vị. Cơ quan mẫu chỉ dựng trong thư mục trống, ví dụ: "
        "KHIEN_DATA=var/demo ./khien demo.",
        en="The data folder holds units already. The fictional agency needs an empty one, for example: "
        "KHIEN_DATA=var/demo ./khien demo.",
    )


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: the agency is always the same one, told from today."""
    del parser


def run(args: argparse.Namespace) -> int:
    """Build the agency and print a sign-in link for each of its people.

    Raises: NotEmpty: the data folder is in use
    """
    del args
    if all_units().exists():
        raise NotEmpty()
    say("Đang dựng cơ quan mẫu…", "Building the fictional agency…")
    agency = read_agency()
    users = build(agency, now=now_utc())
    for user, roles in users:
        titles = ", ".join(str(ROLES[role].title) for role in roles)
        put(f"{user.full_name} · {titles} · {user.unit}\n  {link_of(user)}")
    say(
        "Mỗi liên kết dùng một lần, trong 15 phút; mở trang bằng: khien serve.",
        "Each link works once, for 15 minutes; serve the pages with: khien serve.",
    )
    return 0
