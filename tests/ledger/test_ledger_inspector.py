"""The file an inspector carries: alone, with the standard library only."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import ledger_cases as cases
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from khien.kernel.canonical import canonical_bytes
from khien.ledger import inspector
from khien.ledger.entry import parse_entry

# RFC 8032 §7.1, tests 1 to 3: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_signature_vectors_of_the_standard(public: str, message: str, signature: str) -> None:
    key, text, signed = map(bytes.fromhex, (public, message, signature))
    assert inspector.verify_ed25519(key, text, signed)
    assert not inspector.verify_ed25519(key, text + b"x", signed)
    assert not inspector.verify_ed25519(key, text, signed[:-1] + bytes([signed[-1] ^ 1]))
    assert not inspector.verify_ed25519(key, text, bytes([signed[0] ^ 1]) + signed[1:])
    assert not inspector.verify_ed25519(key[:-1], text, signed)
    assert not inspector.verify_ed25519(key, text, signed[:-1])
    too_large = int.from_bytes(signed[32:], "little") + inspector.ORDER
    assert not inspector.verify_ed25519(key, text, signed[:32] + too_large.to_bytes(32, "little"))


@settings(max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_signatures_of_the_library_verify(seed: bytes, message: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes_raw()
    assert inspector.verify_ed25519(public, message, key.sign(message))


@pytest.mark.parametrize("public", [bytes(31) + b"\x80", b"\xff" * 32, b"\x02" + bytes(31)])
def test_what_is_not_a_point_is_no_key(public: bytes) -> None:
    assert not inspector.verify_ed25519(public, b"", bytes(64))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def line_of(body: object) -> bytes | None:
    entry = {"index": 3, "at": "2026-06-30T02:00:00Z", "kind": "a.b", "subject": "s", "body": body}
    try:
        return canonical_bytes(entry)
    except (ValueError, UnicodeEncodeError):
        return None


@given(st.dictionaries(st.text(max_size=4), _JSON, max_size=4), st.integers(0, 400), st.binary())
def test_both_verifiers_take_the_same_lines_for_entries(body, at: int, junk: bytes) -> None:
    line = line_of(body)
    if line is None:
        return
    assert inspector.canonical_index(line) == 3
    assert parse_entry(line) is not None
    spoilt = line[:at] + junk + line[at + len(junk) :]
    entry = parse_entry(spoilt)
    assert inspector.canonical_index(spoilt) == (entry.index if entry else None)


@pytest.mark.parametrize(
    "body",
    ['{"a":1.0}', '{"a":1e5}', '{"a":NaN}', '{"b":1,"a":1}', '{"a":1,"a":1}', '{"a": 1}', '{"a":9007199254740992}',
     '{"a":"\\u00e9"}', '{"a":"e\u0301"}', '{"a":"\\ud800"}', "[]", "null", "[" * 100_000],
)  # fmt: skip
def test_what_is_not_canonical_is_no_entry(body: str) -> None:
    line = f'{{"at":"2026-06-30T02:00:00Z","body":{body},"index":3,"kind":"a.b","subject":"s"}}'
    assert inspector.canonical_index(line.encode()) is None
    assert parse_entry(line.encode()) is None


def run(directory: Path, *arguments: str, script: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-S", str(script), str(directory), *arguments],
        capture_output=True, encoding="utf-8", check=False, env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def test_it_runs_alone_and_exits_by_its_verdict(tmp_path: Path) -> None:
    root = cases.make_ledger(tmp_path / "made")
    copy = cases.copy_of(root, tmp_path / "copy")
    script = Path(shutil.copy(inspector.__file__, tmp_path / "carried.py"))
    kept = tmp_path / "kept.txt"
    kept.write_bytes(copy.records[2].replace(b"\n", b"\r\n"))
    key = str(copy.key.verifier)

    good = run(copy.directory, "--key", key, "--trusted", str(kept), script=script)
    assert (good.returncode, good.stderr) == (0, "")
    assert "ĐẠT / OK" in good.stdout
    assert "The first 8 entries are as the trusted checkpoint saw them" in good.stdout

    copy.both(cases.flip)
    copy.sign_again()
    bad = run(copy.directory, "--key", key, "--trusted", str(kept), script=script)
    assert bad.returncode == 1
    assert "[trusted.fork] Sổ không nối tiếp mốc tin cậy thứ 1" in bad.stdout
    assert "KHÔNG ĐẠT / FAILED" in bad.stdout
