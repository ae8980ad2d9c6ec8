"""access.toml: a mistake is named with its place, and nothing is half believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from khien.access.config import load_access_settings
from khien.access.errors import SettingsBroken

LDAP = '[ldap]\nserver = "ldaps://dc.phuong.vn"\nbase = "dc=x"\n'
OPENID = '[openid]\nissuer = "https://id.vn"\nclient_id = "khien"\n'


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[serve", "[-] -"),
        ("[server]\n", "[-] server"),
        ('[serve]\nport = "1"\n', "[serve] port"),
        ('[serve]\ncertificate = "khong-co.pem"\n', "[serve] certificate"),
        ('[serve]\nhosts = "khien.vn"\n', "[serve] hosts"),
        (OPENID.replace("https", "http"), "[openid] issuer"),
        (OPENID.replace('client_id = "khien"', ""), "[openid] client_id"),
        (LDAP.replace("ldaps", "http"), "[ldap] server"),
        (LDAP.replace("ldaps", "ldap") + "start_tls = false\n", "[ldap] start_tls"),
        (LDAP + 'user_filter = "(uid=lan)"\n', "[ldap] user_filter"),
        (LDAP + "bind_password = 7\n", "[ldap] bind_password"),
        (LDAP + 'seconds = "lâu"\n', "[ldap] seconds"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "access.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsBroken) as told:
        load_access_settings(file)
    assert place in told.value.in_language("vi")
    assert place in told.value.in_language("en")


def test_without_a_file_it_is_this_machine_and_own_passwords_only(tmp_path: Path) -> None:
    found = load_access_settings(tmp_path / "access.toml")
    assert (found.openid, found.ldap) == (None, None)
    assert found.serve.is_loopback
    assert not found.serve.has_tls


def test_a_change_of_the_file_counts_at_once(tmp_path: Path) -> None:
    file = tmp_path / "access.toml"
    file.write_text(LDAP, encoding="utf-8")
    assert load_access_settings(file).ldap is not None
    file.write_text(OPENID, encoding="utf-8")
    found = load_access_settings(file)
    assert found.ldap is None
    assert found.openid is not None


def test_passwords_of_the_file_are_not_said(tmp_path: Path) -> None:
    file = tmp_path / "access.toml"
    file.write_text(LDAP + 'bind_password = "bi-mat"\n', encoding="utf-8")
    assert "bi-mat" not in repr(load_access_settings(file))
