"""Signed notes and checkpoints: vectors of other implementations, and refusals."""

from __future__ import annotations

import pytest

from khien.ledger.checkpoint import open_checkpoint, parse_checkpoint_text, sign_checkpoint
from khien.ledger.errors import LedgerKeyUnreadable, NoteMalformed, NoteNotSigned
from khien.ledger.note import (
    SigningKey,
    VerifierKey,
    open_note,
    parse_note,
    parse_signing_key,
    parse_verifier_key,
    signed_note,
)
from khien.ledger.tree import EMPTY_ROOT

# The published example of Go's sumdb/note package.
PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = (
    TEXT + "\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# A public log's checkpoint: signed by the log, cosigned by witnesses, with one line of another kind.
REAL = """arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""  # signatures cannot be wrapped
LOG = (
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
)
WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
KEY = SigningKey("khien/test", bytes(range(32)))
OTHER = SigningKey("khien/test", bytes(32))


def test_signing_gives_the_published_note() -> None:
    key = parse_signing_key(PRIVATE, "example")
    assert str(signed_note(TEXT, [key])) == NOTE
    assert str(key.verifier) == PUBLIC
    assert key.secret_text() == PRIVATE


def test_published_note_verifies() -> None:
    note, signers = open_note(NOTE, [parse_verifier_key(PUBLIC)])
    assert (note.text, str(note), len(signers)) == (TEXT, NOTE, 1)


def test_checkpoint_of_a_public_log_verifies_with_log_and_witness_key() -> None:
    log, witness = parse_verifier_key(LOG), parse_verifier_key(WITNESS)
    assert open_note(REAL, [log, witness])[1] == (log, witness)
    assert open_checkpoint(REAL, log).size == 1432088532


@pytest.mark.parametrize("old", ["1432088532", "U7WM79"])
@pytest.mark.parametrize("key", [LOG, WITNESS])
def test_changed_checkpoint_is_refused(old: str, key: str) -> None:
    with pytest.raises(NoteNotSigned):
        open_note(REAL.replace(old, old[::-1]), [parse_verifier_key(key)])


def test_several_signatures_stand_under_one_note() -> None:
    second = SigningKey("khien/parent", bytes([7]) * 32)
    content = str(signed_note("a\n", [KEY, second]))
    assert open_note(content, [second.verifier])[1] == (second.verifier,)
    assert open_note(content, [KEY.verifier, second.verifier])[1] == (KEY.verifier, second.verifier)


def test_cosignature_covers_text_and_time() -> None:
    checkpoint = sign_checkpoint(0, EMPTY_ROOT, KEY)
    parent = SigningKey("khien/parent", bytes([7]) * 32)
    line = parent.cosign(checkpoint.text, 1_780_000_000)
    assert parent.witness.verifies(checkpoint.text, line)
    assert not parent.witness.verifies(checkpoint.text + "x\n", line)
    content = checkpoint.note + str(line)
    assert open_note(content, [parent.witness])[1] == (parent.witness,)
    assert open_checkpoint(content, KEY.verifier).root == EMPTY_ROOT


def test_same_name_under_another_key_is_not_our_signature() -> None:
    with pytest.raises(NoteNotSigned):
        open_note(str(signed_note("a\n", [OTHER])), [KEY.verifier])


@pytest.mark.parametrize(
    "content",
    [
        "", "text\n", "text\n\n", "text\n\n— a\n", "text\n\n— a !!!!\n", "text\n\n- a AAAAAAAA\n",
        "te\x00xt\n\n— a AAAAAAAA\n", "text\n\n— a AAAAAAAA", "text\n\n— a AAAAAAA\n",
        "text\n\n" + "— a AAAAAAAA\n" * 101, "te\rxt\n\n— a AAAAAAAA\n",
    ],
)  # fmt: skip
def test_what_is_not_a_signed_note_is_refused(content: str) -> None:
    with pytest.raises(NoteMalformed):
        parse_note(content)


ROOT = "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro="


@pytest.mark.parametrize(
    "text",
    [f"o\n01\n{ROOT}\n", f"o\n-1\n{ROOT}\n", f"\n1\n{ROOT}\n", "o\n1\nAAAA\n", "o\n1\n", f"o\n1\n{ROOT}",
     f"o\n1\n{ROOT[:-2]}p=\n"],
)  # fmt: skip
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteMalformed):
        parse_checkpoint_text(text)


def test_extension_lines_of_a_checkpoint_are_let_be() -> None:
    assert parse_checkpoint_text(f"o\n5\n{ROOT}\nmore\n")[:2] == ("o", 5)


@pytest.mark.parametrize(
    "content",
    ["", "a", "a+b+c", PUBLIC.replace("c74f20a3", "c74f20a4"), PUBLIC[:-4], "a b" + PUBLIC, PUBLIC + "AAAA"],
)  # fmt: skip
def test_what_is_not_a_verifier_key_is_refused(content: str) -> None:
    with pytest.raises(LedgerKeyUnreadable):
        parse_verifier_key(content)


@pytest.mark.parametrize("content", ["", PUBLIC, PRIVATE[:-4], PRIVATE.replace("c74f", "c74e")])
def test_unreadable_secret_never_shows_in_the_error(content: str) -> None:
    with pytest.raises(LedgerKeyUnreadable) as refused:
        parse_signing_key(content, "keys/ledger.key")
    assert "AYEKFALV" not in str(refused.value)
    assert "keys/ledger.key" in refused.value.in_language("en")


def test_key_name_has_no_space_and_no_plus() -> None:
    with pytest.raises(ValueError, match="no space"):
        SigningKey("a b", bytes(32))


def test_checkpoint_of_another_origin_is_refused() -> None:
    content = str(signed_note(f"elsewhere\n5\n{ROOT}\n", [KEY]))
    with pytest.raises(NoteMalformed, match="elsewhere"):
        open_checkpoint(content, VerifierKey(KEY.name, KEY.verifier.public))
