"""The Linux collector: what it may do, what it never sends, and that it says what it could not read."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from khien.facts.collectors import khien_collect_linux as collector
from khien.facts.linux import normalise
from khien.kernel.canonical import canonical_bytes

FILE = Path(collector.__file__)
SOURCE = FILE.read_text(encoding="utf-8")
TREE = ast.parse(SOURCE)
STANDARD = set(sys.stdlib_module_names)


@pytest.fixture(scope="module")
def bundle() -> dict[str, Any]:
    found = subprocess.run([sys.executable, FILE], capture_output=True, check=True)
    assert found.stderr == b""
    result: dict[str, Any] = json.loads(found.stdout)
    return result


@pytest.fixture(autouse=True)
def fresh_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The collector counts its time from its own start, not from when a test run imported it."""
    monkeypatch.setattr(collector, "STARTED", time.monotonic())


def calls() -> list[tuple[str, ast.Call]]:
    return [(ast.unparse(node.func), node) for node in ast.walk(TREE) if isinstance(node, ast.Call)]


def test_it_is_one_file_for_old_pythons_with_nothing_installed() -> None:
    ast.parse(SOURCE, feature_version=(3, 7))
    names = {a.name for n in ast.walk(TREE) if isinstance(n, ast.Import) for a in n.names}
    names |= {str(n.module) for n in ast.walk(TREE) if isinstance(n, ast.ImportFrom)}
    assert names <= STANDARD
    assert "__future__" not in names
    for newer in ("removeprefix", "removesuffix", "import zoneinfo", "tomllib"):
        assert newer not in SOURCE


def test_it_opens_no_connection_and_gives_nothing_to_a_shell() -> None:
    used = {name for name, _ in calls()}
    sockets = {name for name in used if name.startswith("socket.")}
    assert sockets == {"socket.gethostname", "socket.inet_ntoa", "socket.inet_ntop"}
    assert not used & {"eval", "exec", "os.system", "os.popen", "subprocess.run", "subprocess.call"}
    assert "shell=" not in SOURCE


def test_it_writes_only_the_file_it_was_asked_for() -> None:
    writers = {"os.replace", "os.unlink", "tempfile.mkstemp"}
    changing = (
        "os.remove",
        "os.rename",
        "os.chmod",
        "os.chown",
        "os.mkdir",
        "os.kill",
        "shutil.rmtree",
    )
    for function in [n for n in ast.walk(TREE) if isinstance(n, ast.FunctionDef)]:
        used = {ast.unparse(n.func) for n in ast.walk(function) if isinstance(n, ast.Call)}
        assert not used & set(changing)
        assert function.name == "write" or not used & writers


def test_it_starts_only_these_programs() -> None:
    started = {
        node.args[0].value
        for name, node in calls()
        if name in ("run", "output_lines") and node.args and isinstance(node.args[0], ast.Constant)
    }
    allowed = "apt-config apt-get auditctl ip nft sshd systemctl timedatectl"
    assert started == set(allowed.split())


def test_the_bundle_of_this_machine_is_taken_in(bundle: dict[str, Any]) -> None:
    canonical_bytes(bundle)
    facts = {t.table: t for t in normalise(bundle)}
    assert facts["os_version"].status == "ok"
    assert facts["account"].rows
    assert set(bundle["tables"]) == set(collector.TABLES)


def test_the_bundle_names_the_exact_program_that_made_it(bundle: dict[str, Any]) -> None:
    assert bundle["collector"]["sha256"] == hashlib.sha256(FILE.read_bytes()).hexdigest()
    assert bundle["collector"]["version"] == collector.VERSION


def test_the_bundle_holds_no_hash_and_no_machine_id(bundle: dict[str, Any]) -> None:
    text = json.dumps(bundle)
    assert not any(mark in text for mark in ("$6$", "$y$", "$5$", "$1$", "PRIVATE KEY"))
    for path in (Path("/etc/machine-id"), Path("/etc/shadow")):
        if path.exists() and os.access(path, os.R_OK):
            secrets = [
                f for line in path.read_text().split() for f in line.split(":") if len(f) > 20
            ]
            assert not any(secret in text for secret in secrets)


def test_everything_it_reads_is_described_in_both_languages() -> None:
    found = subprocess.run([sys.executable, FILE, "--list"], capture_output=True, check=True)
    lines = [line.split(" | ") for line in collector.DESCRIBED.strip().splitlines()]
    assert [line[0] for line in lines] == list(collector.TABLES)
    assert all(len(line) == 3 and line[1] != line[2] for line in lines)
    assert found.stdout.decode().count("\n") == 2 * len(collector.TABLES)


def test_the_output_file_is_private_and_whole(tmp_path: Path) -> None:
    place = tmp_path / "goi.json"
    collector.write(str(place), '{"tên":1}\n')
    assert place.stat().st_mode & 0o777 == 0o600
    assert json.loads(place.read_text(encoding="utf-8")) == {"tên": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["goi.json"]


def test_a_place_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    missing = tmp_path / "khong-co" / "goi.json"
    found = subprocess.run(
        [sys.executable, FILE, "--output", missing], capture_output=True, check=False
    )
    assert found.returncode == 1
    assert found.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("field", "state"),
    [
        ("", "empty"),
        ("*", "none"),
        ("!", "none"),
        ("!!", "none"),
        ("!*", "none"),
        ("x", "none"),
        ("*LK*", "none"),
        ("!$y$j9T$abc", "locked"),
        ("$y$j9T$abc", "hashed"),
        ("abJnggxhB/yWI", "hashed"),
    ],
)
def test_a_password_field_is_reduced_to_a_word(field: str, state: str) -> None:
    assert collector.password_state(field) == state


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("auth required pam_mysql.so passwd=bimat host=db", "passwd=*** host=db"),
        ("account pam_radius_auth.so secret=bimat", "secret=***"),
        ('action(type="omfwd" target="log") pwd="bimat"', 'target="log") pwd=***'),
        ("bind_password = bimat", "bind_password = ***"),
        ("URL=https://an:bimat@log.co-quan.vn", "https://***@log"),
        (
            "password requisite pam_pwquality.so retry=3",
            "password requisite pam_pwquality.so retry=3",
        ),
        ("PASS_MAX_DAYS 90", "PASS_MAX_DAYS 90"),
        ("dòng\x00có\x85ký tự lạ \udcff", "dòng có ký tự lạ ?"),
    ],
)
def test_lines_leave_without_secrets_or_odd_characters(line: str, kept: str) -> None:
    assert kept in collector.clean(line)
    assert "bimat" not in collector.clean(line)


def test_settings_lines_keep_their_numbers_and_lose_comments(tmp_path: Path) -> None:
    place = tmp_path / "a.conf"
    place.write_text("# ghi chú\nminlen = 8\n\ngiu = mot \\\n  hai\nbo = 1\n", encoding="utf-8")
    rows = list(collector.lines_of(str(place), "minlen|giu"))
    assert [(r["line"], " ".join(r["text"].split())) for r in rows] == [
        (2, "minlen = 8"),
        (4, "giu = mot hai"),
    ]


def test_a_pipe_in_the_way_is_an_error_and_not_a_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.conf")
    found = collector.read_table(collector.settings(str(tmp_path / "*.conf")))
    assert found["status"] == "error"
    assert "not a regular file" in found["error"]


def test_half_a_file_is_never_taken_for_the_whole(tmp_path: Path) -> None:
    place = tmp_path / "a.conf"
    place.write_bytes(b"a=1\n" * (collector.FILE_BYTES_MAX // 4 + 1))
    (tmp_path / "b.conf").write_text("b=2\n")
    found = collector.read_table(collector.settings(str(tmp_path / "*.conf")))
    assert (found["status"], len(found["rows"])) == ("partial", 1)


def test_a_name_that_is_not_text_does_not_spoil_the_bundle(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff\x01.conf")).write_text("a=1\n")
    found = collector.read_table(collector.settings(str(tmp_path / "*.conf")))
    json.dumps(found, ensure_ascii=False).encode("utf-8")
    assert found["status"] == "ok"


def raising(problem: Exception) -> collector.Read:
    def read(_notes: collector.Notes) -> list[dict[str, Any]]:
        raise problem

    return read


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (collector.Trouble("timeout", "sshd"), "timeout"),
        (PermissionError(13, "no", "/etc/shadow"), "denied"),
        (FileNotFoundError(2, "no", "/etc/passwd"), "unsupported"),
        (ValueError("hỏng"), "error"),
        (TypeError("hỏng"), "error"),
    ],
)
def test_one_bad_table_says_why_and_leaves_the_others_alone(
    problem: Exception, status: str
) -> None:
    found = collector.read_table(raising(problem))
    assert (found["status"], found["rows"]) == (status, [])
    assert found["error"]


def test_a_program_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(collector.Trouble) as caught:
        collector.run("sleep", "60", seconds=0.05)
    assert caught.value.status == "timeout"


def test_a_program_that_is_missing_is_unsupported() -> None:
    with pytest.raises(collector.Trouble) as caught:
        collector.run("khong-co-lenh-nay")
    assert caught.value.status == "unsupported"


def test_rows_beyond_the_cap_are_cut_and_said() -> None:
    found = collector.read_table(lambda _: [{"n": 1}] * (collector.ROWS_MAX + 1))
    assert (found["status"], len(found["rows"])) == ("partial", collector.ROWS_MAX)


def nft_chain(family: str, name: str, **more: str) -> dict[str, Any]:
    return {"chain": {"family": family, "table": "filter", "name": name, **more}}


def nft_rule(family: str, chain: str, *expressions: dict[str, Any]) -> dict[str, Any]:
    return {
        "rule": {"family": family, "table": "filter", "chain": chain, "expr": list(expressions)}
    }


NFT = [
    {"metainfo": {"version": "1.0.6"}},
    nft_chain("inet", "filter_INPUT", hook="input", policy="accept"),
    nft_chain("ip", "PREROUTING", hook="prerouting", policy="accept"),
    nft_chain("ip", "INPUT", hook="input", policy="drop"),
    nft_rule("inet", "filter_INPUT", {"jump": {"target": "x"}}),
    nft_rule("inet", "filter_INPUT", {"counter": {}}, {"reject": {"type": "icmpx"}}),
    nft_rule("ip", "INPUT", {"match": {"left": 1, "right": 22}}, {"accept": None}),
]


def test_nft_chains_are_reduced_to_what_decides() -> None:
    first, second = collector.nft_chains(NFT)
    assert (first["chain"], first["rules"], first["last"]) == ("filter_INPUT", 2, "reject")
    assert (second["policy"], second["rules"], second["last"]) == ("drop", 1, None)


@pytest.mark.parametrize(
    ("text", "policy", "rules", "last"),
    [
        ("-P INPUT DROP\n-P FORWARD ACCEPT", "drop", 0, None),
        ("-P INPUT ACCEPT\n-A INPUT -p tcp -j ACCEPT\n-A INPUT -j REJECT --reject-with x", "accept", 2, "reject"),
        ("-P INPUT ACCEPT\n-A INPUT -s 10.0.0.0/8 -j DROP", "accept", 1, None),
    ],
)  # fmt: skip
def test_iptables_is_reduced_in_the_same_way(
    text: str, policy: str, rules: int, last: str | None
) -> None:
    found = collector.iptables_chain("ip", text)
    assert (found["policy"], found["rules"], found["last"]) == (policy, rules, last)


def test_the_name_of_the_host_is_stable_and_does_not_give_the_machine_id() -> None:
    first, second = collector.host_identity(), collector.host_identity()
    assert first == second
    assert len(first["host_uid"]) == 32
