"""A receiver at the other end of the line, made of nothing but its key and the format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from submission_cases import RECEIVER, FixedSender

from khien.exchange.sending import Reply
from khien.exchange.submission_format import Party
from khien.exchange.submission_notes import Receipt, read_announcement, receipt_text
from khien.exchange.submission_reading import CheckedBundle, check_bundle, open_bundle
from khien.exchange.witnessing import cosigned_note
from khien.kernel.canonical import sha256_hex
from khien.ledger.note import parse_note, parse_verifier_key


@dataclass
class FarReceiver:
    """Answers as a script says: refusals first, then as an honest receiver."""

    ledger_key: str
    sender_key: str
    refusals: list[Reply] = field(default_factory=list)
    stops_at: int = -1
    got: bytearray = field(default_factory=bytearray)
    calls: list[str] = field(default_factory=list)
    announced: Any = None

    @property
    def keys(self) -> FixedSender:
        """The receiver's own keys."""
        return FixedSender(unit="so", instance=RECEIVER)

    def __call__(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str], **more: Any
    ) -> Reply:
        """Answer a call."""
        self.calls.append(f"{method} {url}")
        if self.refusals:
            return self.refusals.pop(0)
        if method == "POST":
            self.announced = read_announcement(parse_note(body.decode()).text)
            return said(200, {"offset": len(self.got), "secret": "s" * 43})
        offset = int(headers["Upload-Offset"])
        assert headers["Upload-Secret"] == "s" * 43
        assert offset == len(self.got)
        if 0 <= self.stops_at <= offset:
            self.stops_at = -1
            return Reply(0, "timeout")
        self.got += body
        if len(self.got) < self.announced.size:
            return said(200, {"offset": len(self.got)})
        return said(200, {"receipt": self.receipt()})

    def checked(self, content: bytes | None = None) -> CheckedBundle:
        """What was sent, verified."""
        key = parse_verifier_key(self.sender_key)
        opened = open_bundle(BytesIO(content or bytes(self.got)), lambda *_: key)
        return check_bundle(opened, parse_verifier_key(self.ledger_key))

    def receipt(self, content: bytes | None = None, **more: Any) -> str:
        """The receipt for what was sent."""
        content = content or bytes(self.got)
        checked = self.checked(content)
        key = self.keys.key
        values: dict[str, Any] = {
            "bundle": checked.manifest.bundle,
            "sha256": sha256_hex(content),
            "sequence": checked.manifest.sequence,
            "sender": checked.manifest.sender.instance,
            "receiver": Party(RECEIVER, "so", "Sở Mẫu"),
            "received_at": "2026-07-01T03:00:00Z",
            "facts": ("signed",),
            "continuity": "first",
            "last_sequence": checked.manifest.sequence,
            "missing": (),
            "cosigned": cosigned_note(checked.checkpoint, key, 1_782_874_800),
        } | more
        return receipt_text(Receipt(**values), key)


def said(status: int, value: dict[str, Any]) -> Reply:
    """An answer in JSON."""
    return Reply(status, f"HTTP {status}", json.dumps(value).encode())
