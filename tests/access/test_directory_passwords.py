"""Passwords of a real directory (slapd with STARTTLS), started by the test in a folder of its own."""

from __future__ import annotations

import datetime
import ipaddress
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from access_cast import NOW, People
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from khien.access import directory, services
from khien.access.config import LdapSettings, load_access_settings
from khien.access.errors import DirectoryUnreachable, SignInRefused
from khien.org.models import User

SLAPD = shutil.which("slapd") or shutil.which("slapd", path="/usr/sbin:/usr/local/sbin")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        SLAPD is None, reason="no slapd on this machine (Debian: apt-get install slapd)"
    ),
]
PEOPLE = """dn: dc=phuong,dc=vn
objectClass: domain
dc: phuong

dn: cn=khien,dc=phuong,dc=vn
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: khien
userPassword: tim-kiem

dn: uid=lan,dc=phuong,dc=vn
objectClass: inetOrgPerson
uid: lan
cn: Lan
sn: Tran
userPassword: Mật-khẩu của Lan 1

dn: uid=khong-co-trong-khien,dc=phuong,dc=vn
objectClass: inetOrgPerson
uid: khong-co-trong-khien
cn: Ai
sn: Ai
userPassword: x-1

dn: uid=trung,dc=phuong,dc=vn
objectClass: inetOrgPerson
uid: trung
uid: lan2
cn: Trung
sn: Trung
userPassword: trung-1

dn: cn=trung2,dc=phuong,dc=vn
objectClass: inetOrgPerson
uid: trung
cn: trung2
sn: Trung
userPassword: trung-1
"""


def certificate(folder: Path) -> Path:
    """Write a certificate of 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    day = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(day - datetime.timedelta(days=1))
        .not_valid_after(day + datetime.timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return folder / "cert.pem"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LdapSettings]:
    folder = tmp_path_factory.mktemp("slapd")
    (folder / "db").mkdir()
    cert = certificate(folder)
    module = next(Path(p) for p in ("/usr/lib/ldap", "/usr/lib/openldap") if Path(p).is_dir())
    (folder / "slapd.conf").write_text(
        f"""include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath {module}
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCertificateFile {cert}
TLSCertificateKeyFile {folder}/key.pem
database mdb
suffix "dc=phuong,dc=vn"
rootdn "cn=root,dc=phuong,dc=vn"
directory {folder}/db
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=khien,dc=phuong,dc=vn" read by * none
"""
    )
    (folder / "people.ldif").write_text(PEOPLE, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    add = shutil.which("slapadd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    subprocess.run(
        [str(add), "-f", folder / "slapd.conf", "-l", folder / "people.ldif"],
        check=True,
        capture_output=True,
    )
    server = subprocess.Popen(
        [str(SLAPD), "-f", folder / "slapd.conf", "-h", f"ldap://127.0.0.1:{port}", "-d", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield LdapSettings(
            server=f"ldap://127.0.0.1:{port}",
            base="dc=phuong,dc=vn",
            user_filter="(&(objectClass=inetOrgPerson)(uid={username}))",
            bind_dn="cn=khien,dc=phuong,dc=vn",
            bind_password="tim-kiem",  # noqa: S106
            certificates=cert,
        )
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("slapd did not start")


LAN = "Mật-khẩu của Lan 1"


def test_the_directory_takes_the_right_password_and_no_other(config: LdapSettings) -> None:
    assert directory.accepts(config, "lan", LAN)
    assert not directory.accepts(config, "lan", "sai")
    assert not directory.accepts(config, "khong-ai", LAN)


def test_an_empty_password_is_never_tried(config: LdapSettings) -> None:
    assert not directory.accepts(config, "lan", "")


@pytest.mark.parametrize("name", ["*", "l*", "lan)(uid=*", "*)(|(uid=*", "lan\x00", "(", "\\2a"])
def test_a_name_is_never_a_search(config: LdapSettings, name: str) -> None:
    assert not directory.accepts(config, name, LAN)


def test_two_persons_of_one_name_are_nobody(config: LdapSettings) -> None:
    assert not directory.accepts(config, "trung", "trung-1")


@pytest.mark.parametrize(
    "trouble", ["untrusted", "wrong search password", "nobody there", "wrong base"]
)
def test_trouble_with_the_directory_is_said_and_lets_nobody_in(
    config: LdapSettings, trouble: str
) -> None:
    broken = {
        "untrusted": replace(config, certificates=None),
        "other name": replace(config, server=config.server.replace("127.0.0.1", "localhost")),
        "wrong search password": replace(config, bind_password="khac"),  # noqa: S106
        "nobody there": replace(config, server="ldap://127.0.0.1:9", seconds=1),
        "wrong base": replace(config, base="dc=khac"),
    }[trouble]
    if trouble == "wrong base":
        assert not directory.accepts(broken, "lan", LAN)
        return
    with pytest.raises(DirectoryUnreachable):
        directory.accepts(broken, "lan", LAN)


@pytest.fixture
def connected(people: People, config: LdapSettings) -> People:
    shutil.copy(str(config.certificates), settings.KHIEN_DATA / "ldap.pem")
    (settings.KHIEN_DATA / "access.toml").write_text(
        f'[ldap]\nserver = "{config.server}"\nbase = "{config.base}"\nuser_filter = "{config.user_filter}"\n'
        f'bind_dn = "{config.bind_dn}"\nbind_password = "{config.bind_password}"\ncertificates = "ldap.pem"\n',
        encoding="utf-8",
    )
    return people


def test_who_has_no_password_here_signs_in_by_the_directory(connected: People) -> None:
    assert load_access_settings().ldap is not None
    found = services.check_password_of("lan", LAN, address="192.0.2.7", now=NOW)
    assert found == (connected.lan, "ldap")


def test_a_password_of_khien_is_not_asked_of_the_directory(connected: People) -> None:
    services.set_password(connected.lan, "Rõ-Ràng 2026 riêng!", by="lan", now=NOW)
    with pytest.raises(SignInRefused):
        services.check_password_of("lan", LAN, address="192.0.2.7", now=NOW)


def test_a_person_of_the_directory_without_an_account_is_nobody_and_none_is_made(
    connected: People,
) -> None:
    before = User.objects.count()
    with pytest.raises(SignInRefused):
        services.check_password_of("khong-co-trong-khien", "x-1", address="192.0.2.7", now=NOW)
    assert User.objects.count() == before


def test_wrong_directory_passwords_lock_too(connected: People) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            services.check_password_of("lan", "sai", address="192.0.2.7", now=NOW)
    with pytest.raises(SignInRefused):
        services.check_password_of("lan", LAN, address="192.0.2.7", now=NOW)
