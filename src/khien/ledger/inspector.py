#!/usr/bin/env python3
"""Verify a Khiên ledger with nothing but Python: one file an inspector can carry and read.

    python inspector.py LEDGER_DIR --key 'name+id+base64' [--trusted FILE ...]

It shares no code with the writer. Format: docs/formats/ledger.md.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

LINE_BYTES_MAX = 1024 * 1024
LISTED_MAX = 50

# Each code, marked ! when the ledger fails by it, with its Vietnamese and, below, its English
# sentence. The verifier inside Khiên says the same ones.
SENTENCES = """
!ledger.missing Không có thư mục sổ cái này. | There is no such ledger folder.
ledger.empty Sổ cái chưa có bản ghi và mốc ký. | The ledger has no entry and no checkpoint yet.
key.own Khóa lấy từ chính thư mục sổ nên chưa chứng minh ai ký; đối chiếu với bản khóa khác.
The key came from the ledger folder itself: who signed is not proven; compare with another copy.
!key.missing Không có khóa công khai đọc được để kiểm chữ ký. | There is no readable public key.
!key.other Khóa công khai trong thư mục sổ cái khác khóa đã cho.
The public key in the ledger folder is not the key that was given.
!entry.changed Bản ghi {index} đã bị sửa. | Entry {index} was changed.
!entry.dropped Bản ghi {index} đã bị xóa. | Entry {index} was dropped.
!entry.inserted Có bản ghi lạ chen vào trước bản ghi {index}.
A foreign entry was inserted before entry {index}.
!entry.moved Vị trí {index} chứa một bản ghi khác của sổ: thứ tự đã bị đổi.
Place {index} holds another entry of the log: the order was changed.
!entry.malformed Dòng của bản ghi {index} không phải JSON chuẩn tắc đúng dạng.
The line of entry {index} is not a canonical entry.
!entry.index Vị trí {index} chứa bản ghi số {found}: từ đây có bản ghi bị xóa, chen hoặc đổi chỗ.
Place {index} holds entry number {found}: entries were dropped, inserted or moved from here.
!entries.truncated Thiếu các bản ghi từ {index} đến {last}, dù đã được ký.
The entries from {index} to {last} are missing although they were signed.
!leaf.wrong Giá trị băm {index} trong tệp leaves bị sửa, xóa hoặc đổi chỗ; bản ghi vẫn đúng.
Hash {index} in the file leaves was changed, dropped or moved; the entry itself is right.
!problems.more … và {count} chỗ khác cùng loại. | … and {count} more of this kind.
!checkpoint.none Sổ có nội dung nhưng không có mốc ký hợp lệ. | No checkpoint is valid.
!checkpoint.invalid Mốc ký thứ {number} sai dạng hoặc không có chữ ký hợp lệ của khóa này.
Checkpoint number {number} has a wrong form or no valid signature of this key: forged or changed.
!checkpoint.order Mốc ký thứ {number} nhỏ hơn mốc trước. | Checkpoint number {number} is too small.
!checkpoint.root Nội dung bị sửa trong các bản ghi {first} đến {last}: khớp mốc {first}, lệch mốc {size}.
Content was changed in entries {first} to {last}: checkpoint {first} agrees, {size} does not.
!checkpoint.fork Mốc ký thứ {number} ({size} bản ghi) thuộc một nhánh khác, không phải sổ này.
Checkpoint number {number} ({size} entries) belongs to another branch, not to this log.
checkpoint.torn Cuối tệp checkpoints có một mốc ghi dở (mất điện hoặc tắt máy đột ngột).
The file checkpoints ends in an unfinished record (power loss or sudden stop).
!latest.wrong Tệp checkpoint bị thiếu, cũ, hoặc không có trong lịch sử checkpoints.
The file checkpoint is missing, old, or not in the history of checkpoints.
latest.behind Tệp checkpoint chậm một mốc (công bố bị ngắt); mở lại sổ để ghi sẽ tự sửa.
The file checkpoint is one behind (interrupted publication); opening to write repairs it.
tail.unsigned Các bản ghi từ {index} đến {last} chưa được ký: chưa có gì bảo đảm cho chúng.
The entries from {index} to {last} are not signed yet: nothing vouches for them.
tail.torn Phần chưa ký ghi dở hoặc lệch từ bản ghi {index}; mở lại sổ để ghi sẽ cắt phần này.
The unsigned tail is torn from entry {index} on; opening the log to write cuts it off.
!trusted.invalid Mốc tin cậy thứ {number} sai dạng hoặc không do khóa này ký.
Trusted checkpoint number {number} has a wrong form or was not signed by this key.
!trusted.rollback Sổ bị cắt lùi: mốc tin cậy thứ {number} có {size} bản ghi, sổ chỉ còn {index}.
The log was cut back: trusted checkpoint {number} has {size} entries, only {index} are left.
!trusted.fork Sổ không nối tiếp mốc tin cậy thứ {number}: {size} bản ghi đầu đã bị viết lại.
The log does not continue trusted checkpoint {number}: its first {size} entries were rewritten.
limit.trusted {size} bản ghi đầu giống hệt lúc mốc tin cậy được ký; phần sau chỉ có chữ ký của đơn vị.
The first {size} entries are as the trusted checkpoint saw them; the unit alone signed the rest.
limit.alone Không có mốc tin cậy: cả sổ bị người giữ khóa viết lại hoặc cắt lùi thì không phát hiện được.
No trusted checkpoint: a log rewritten or cut back as a whole by the key's holder cannot be found.
"""
_LINES = SENTENCES.strip().replace(" | ", "\n").split("\n")
CATALOG = {
    head.split(" ", 1)[0].lstrip("!"): (head[0] == "!", head.split(" ", 1)[1], en)
    for head, en in zip(_LINES[::2], _LINES[1::2], strict=True)
}


class Problem:
    """One thing found: its code, the entry it concerns, and what its sentence needs."""

    def __init__(self, code: str, index: int | None = None, **values: object) -> None:
        self.code, self.index = code, index
        self.is_failure, vi, en = CATALOG[code]
        self.vi, self.en = (text.format(index=index, **values) for text in (vi, en))


# --- Ed25519, RFC 8032 §5.1.7, verification only -----------------------------------------------
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def _add(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    x, y, z, t = f - e, h - g, h + g, f + e
    return x * y % P, z * t % P, y * z % P, x * t % P


def _decode_point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a signature is the public key's signature of the message."""
    key = _decode_point(public) if len(public) == 32 else None
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    factor = int.from_bytes(digest, "little") % ORDER
    minus_key = (P - key[0], key[1], 1, P - key[3])
    both = _add(BASE, minus_key)
    result: Point = (0, 1, 1, 0)
    for bit in range(max(scalar.bit_length(), factor.bit_length()) - 1, -1, -1):
        result = _add(result, result)
        choice = scalar >> bit & 1 | (factor >> bit & 1) << 1
        if choice:
            result = _add(result, (BASE, minus_key, both)[choice - 1])
    inverse = pow(result[2], -1, P)
    x, y = result[0] * inverse % P, result[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


BASE = _decode_point((4 * pow(5, -1, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)

# --- keys, notes, checkpoints (C2SP) -----------------------------------------------------------
Key = tuple[str, bytes, bytes]  # name, id, public key
Checkpoint = tuple[int, bytes]  # size, root


def _decode_base64(text: str) -> bytes | None:
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def parse_key(text: str) -> Key | None:
    """Read a verifier key `name+id+base64`."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = _decode_base64(encoded)
    if not raw or len(raw) != 33 or raw[0] != 1 or not name or re.search(r"\s", name):
        return None
    expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    return (name, expected, raw[1:]) if expected.hex() == key_id else None


def open_checkpoint(note: bytes, key: Key | None) -> Checkpoint | None:
    """Read a checkpoint signed by the key; None when it is not."""
    try:
        text, blank, below = note.decode("utf-8").rpartition("\n\n")
    except UnicodeDecodeError:
        return None
    lines, signatures = text.split("\n"), below[:-1].split("\n")
    root = _decode_base64(lines[2]) if len(lines) >= 3 and "" not in lines else None
    parsed = [_parse_signature(line) for line in signatures]
    if not blank or not below.endswith("\n") or None in parsed or len(parsed) > 100:
        return None
    if not root or len(root) != 32 or re.search(r"[\x00-\x09\x0b-\x1f]", text + below):
        return None
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]) or (key and lines[0] != key[0]):
        return None
    if key:
        own = [line[1][4:] for line in parsed if line and (line[0], line[1][:4]) == key[:2]]
        message = (text + "\n").encode()
        if not own or not all(verify_ed25519(key[2], message, signature) for signature in own):
            return None
    return int(lines[1]), root


def _parse_signature(line: str) -> tuple[str, bytes] | None:
    start, name, encoded = [*line.split(" ", 2), "", ""][:3]
    raw = _decode_base64(encoded)
    good = start == "—" and re.fullmatch(r"[^\s+]+", name) and raw and len(raw) >= 5
    return (name, raw) if good and raw else None


def split_history(data: bytes) -> tuple[list[bytes], bytes]:
    """Split `checkpoints` into whole signed notes and the torn rest."""
    pieces, records = data.split(b"\n\n"), []
    for number in range((len(pieces) - 1) // 2):
        records.append(pieces[2 * number] + b"\n\n" + pieces[2 * number + 1] + b"\n")
    return records, data[sum(len(record) + 1 for record in records) :]


# --- tree (RFC 6962) and entries ---------------------------------------------------------------


def roots_at(leaves: Sequence[bytes], sizes: set[int]) -> dict[int, bytes]:
    """Return the root at each wanted size, in one pass over the leaf hashes."""
    stack: list[bytes] = []
    roots = {0: hashlib.sha256(b"").digest()}
    for index, leaf in enumerate(leaves):
        node, size = leaf, index
        while size & 1:
            node, size = hashlib.sha256(b"\x01" + stack.pop() + node).digest(), size >> 1
        stack.append(node)
        if index + 1 in sizes:
            for left in reversed(stack[:-1]):
                node = hashlib.sha256(b"\x01" + left + node).digest()
            roots[index + 1] = node
    return roots


class Scan:
    """What the file `entries.jsonl` holds: leaf hashes, odd lines, and whether its end is torn."""

    def __init__(self, path: Path) -> None:
        self.hashes: list[bytes] = []
        self.malformed: list[int] = []
        self.misplaced: tuple[int, int] | None = None
        self.torn = False
        if path.is_file():
            with path.open("rb") as file:
                while line := file.readline(LINE_BYTES_MAX + 2):
                    rest = line
                    while rest and not rest.endswith(b"\n"):  # too long, or the end of the file
                        rest = file.readline(LINE_BYTES_MAX)
                    self.torn = not rest
                    if rest:
                        self._take(line.removesuffix(b"\n"))

    def _take(self, line: bytes) -> None:
        place, index = len(self.hashes), canonical_index(line)
        self.hashes.append(hashlib.sha256(b"\x00" + line).digest())
        if index is None:
            self.malformed.append(place)
        elif index != place and self.misplaced is None:
            self.misplaced = place, index


def canonical_index(line: bytes) -> int | None:
    """Return the index a line carries, or None when the line is not a canonical entry."""
    if len(line) > LINE_BYTES_MAX:
        return None
    try:
        value = json.loads(line.decode("utf-8"))
        same = json.dumps(_normal(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if same.encode("utf-8") != line or not isinstance(value, dict):
            return None
    except (ValueError, RecursionError):
        return None
    return value["index"] if _has_form(value) else None


def _has_form(value: dict[str, Any]) -> bool:
    return (
        set(value) == {"index", "at", "kind", "subject", "body"}
        and type(value["index"]) is int
        and all(isinstance(value[name], str) for name in ("at", "kind", "subject"))
        and isinstance(value["body"], dict)
        and bool(re.fullmatch(r"[0-9]{4}(-[0-9]{2}){2}T([0-9]{2}:){2}[0-9]{2}Z", value["at"]))
        and bool(re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", value["kind"]))
    )


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_normal(item) for item in value]
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", key): _normal(item) for key, item in value.items()}
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= 2**53):
        raise ValueError("only exact integers are canonical")
    return value


def differences(recorded: Sequence[bytes], actual: Sequence[bytes]) -> Iterator[tuple[str, int]]:
    """Yield how the actual leaf hashes differ from the recorded, as (what happened, place)."""
    known, present, used = set(recorded), set(actual), set()
    place = other = 0
    while place < len(recorded) and other < len(actual):
        old, new = recorded[place], actual[other]
        if old != new and (new in used or (new not in known and old in present)):
            yield "inserted", place
            other += 1
        elif old != new and new in known and old not in present:
            yield "dropped", place
            place += 1
        else:
            if old != new:
                yield ("moved" if new in known else "changed"), place
            used.add(new)
            place, other = place + 1, other + 1
    yield from (("dropped", lost) for lost in range(place, len(recorded)))
    yield from (("inserted", place) for _ in range(other, len(actual)))


class Inspection:
    """One reading of a ledger folder, with the problems found on the way."""

    def __init__(self, directory: Path, key_text: str | None, trusted: Sequence[bytes]) -> None:
        self.problems: list[Problem] = []
        self.signed: list[tuple[int, int, bytes]] = []
        self.trusted_size = 0
        if not directory.is_dir():
            self.found("ledger.missing")
            return
        # Checkpoints are read first: a writer at work only ever adds entries after them.
        latest, history = _content(directory / "checkpoint"), _content(directory / "checkpoints")
        self.key = self._key(_content(directory / "ledger.pub"), key_text)
        records = self._history(history or b"", latest)
        raw = _content(directory / "leaves") or b""
        self.leaves = [raw[at : at + 32] for at in range(0, len(raw) - 31, 32)]
        self.scan = Scan(directory / "entries.jsonl")
        self.ragged = len(raw) % 32 > 0
        if self.signed:
            self._judge(list(trusted))
        elif records or latest is not None or self.scan.hashes:
            self.found("checkpoint.none")
        else:
            self.found("ledger.empty")

    def found(self, code: str, index: int | None = None, **values: object) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, index, **values))

    def _key(self, beside: bytes | None, given: str | None) -> Key | None:
        own = (beside or b"").decode("utf-8", "replace").strip()
        if given and beside is not None and own != given.strip():
            self.found("key.other")
        key = parse_key(given or own)
        if key is None and (given or beside is not None or self.signed):
            self.found("key.missing")
        elif key and not given:
            self.found("key.own")
        return key

    def _history(self, history: bytes, latest: bytes | None) -> list[bytes]:
        records, torn = split_history(history)
        for number, record in enumerate(records, 1):
            checkpoint = open_checkpoint(record, self.key)
            if checkpoint is None:
                self.found("checkpoint.invalid", number=number)
                continue
            if self.signed and checkpoint[0] < self.signed[-1][1]:
                self.found("checkpoint.order", number=number)
            self.signed.append((number, *checkpoint))
        if torn:
            self.found("checkpoint.torn")
        if records and latest != records[-1]:
            before_last = records[-2] if len(records) > 1 else None
            self.found("latest.behind" if latest == before_last else "latest.wrong")
        return records

    def _judge(self, trusted: list[bytes]) -> None:
        believed = [open_checkpoint(note, self.key) for note in trusted]
        sizes = {size for _, size, _ in self.signed}
        sizes |= {item[0] for item in believed if item}
        _, self.sealed, root = self.signed[-1]
        roots = roots_at(self.scan.hashes, sizes)
        leaf_roots = roots_at(self.leaves, sizes) if self.leaves != self.scan.hashes else roots
        if roots.get(self.sealed) == root:
            self._forks(roots)
            self._wrong_leaves()
            self._odd_lines(set())
            self._tail()
        elif leaf_roots.get(self.sealed) == root:
            self._forks(leaf_roots)
            self._odd_lines(self._wrong_entries())
            roots = leaf_roots
        else:
            self._odd_lines(self._wrong_entries())
            self._interval(roots)
        self._trusted(believed, roots)

    def _forks(self, roots: dict[int, bytes]) -> None:
        for number, size, root in self.signed:
            if roots.get(size) != root:
                self.found("checkpoint.fork", number=number, size=size)

    def _wrong_leaves(self) -> None:
        sealed = self.sealed
        if self.leaves[:sealed] == self.scan.hashes[:sealed]:
            return
        wrong = differences(self.scan.hashes, self.leaves)
        self._listed([("leaf.wrong", place) for _, place in wrong if place < sealed])

    def _wrong_entries(self) -> set[int]:
        """Name the entries that differ from the recorded leaves; returns their places."""
        end, found = self.sealed, differences(self.leaves, self.scan.hashes)
        wrong = [(what, place) for what, place in found if place < end]
        while wrong and wrong[-1] == ("dropped", end - 1):
            wrong.pop()
            end -= 1
        end = min(end, max(len(self.scan.hashes), len(self.leaves)))
        self._listed([(f"entry.{what}", place) for what, place in wrong])
        if end < self.sealed:
            self.found("entries.truncated", end, last=self.sealed - 1)
        return {place for _, place in wrong}

    def _listed(self, wrong: list[tuple[str, int]]) -> None:
        for code, place in wrong[:LISTED_MAX]:
            self.found(code, place)
        if len(wrong) > LISTED_MAX:
            self.found("problems.more", count=len(wrong) - LISTED_MAX)

    def _odd_lines(self, explained: set[int]) -> None:
        odd = [place for place in self.scan.malformed if place < self.sealed]
        self._listed([("entry.malformed", place) for place in odd if place not in explained])
        place, index = self.scan.misplaced or (self.sealed, 0)
        if place < self.sealed and not explained:
            self.found("entry.index", place, found=index)

    def _interval(self, roots: dict[int, bytes]) -> None:
        first = 0
        for _, size, root in self.signed:
            if size in roots and roots[size] != root:
                place = first if first == size - 1 else None
                self.found("checkpoint.root", place, first=first, last=size - 1, size=size)
                return
            first = size

    def _tail(self) -> None:
        hashes, sealed = self.scan.hashes, self.sealed
        if len(hashes) > sealed:
            self.found("tail.unsigned", sealed, last=len(hashes) - 1)
        bad = [place for place in self.scan.malformed if place >= sealed]
        bad += [place for place, _ in [self.scan.misplaced or (-1, 0)] if place >= sealed]
        both = zip(hashes[sealed:], self.leaves[sealed:], strict=False)
        bad += [sealed + n for n, (entry, leaf) in enumerate(both) if entry != leaf]
        if self.scan.torn or self.ragged or len(hashes) != len(self.leaves):
            bad.append(max(sealed, min(len(hashes), len(self.leaves))))
        if bad:
            self.found("tail.torn", min(bad))

    def _trusted(self, believed: list[Checkpoint | None], roots: dict[int, bytes]) -> None:
        for number, item in enumerate(believed, 1):
            if item is None:
                self.found("trusted.invalid", number=number)
            elif item[0] > self.sealed:
                self.found("trusted.rollback", self.sealed, number=number, size=item[0])
            elif roots.get(item[0]) != item[1]:
                self.found("trusted.fork", number=number, size=item[0])
            else:
                self.trusted_size = max(self.trusted_size, item[0])

    @property
    def failed(self) -> bool:
        """Say whether the ledger does not stand."""
        return any(item.is_failure for item in self.problems)

    def report(self) -> str:
        """Return what was found, in Vietnamese and English."""
        code = "limit.trusted" if self.trusted_size else "limit.alone"
        stated = [*self.problems, Problem(code, size=self.trusted_size)]
        lines = [f"[{item.code}] {item.vi}\n    {item.en}" for item in stated]
        if self.signed:
            number, size, root = self.signed[-1]
            lines.append(f"{number} checkpoints, {size} entries, root {root.hex()}")
        lines.append("KHÔNG ĐẠT / FAILED" if self.failed else "ĐẠT / OK")
        return "\n".join(lines) + "\n"


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the ledger named on the command line; 0 when it stands, 1 when it does not."""
    parser = argparse.ArgumentParser(description="Kiểm tra sổ cái Khiên / verify a Khiên ledger")
    parser.add_argument("directory", type=Path, help="thư mục sổ cái / the ledger folder")
    parser.add_argument("--key", help="khóa công khai tên+mã+base64 / the public key")
    parser.add_argument("--trusted", type=Path, nargs="*", default=[], help="mốc ký đã lưu / kept")
    given = parser.parse_args(arguments)
    if missing := [str(file) for file in given.trusted if not file.is_file()]:
        parser.error(f"không có tệp / no such file: {', '.join(missing)}")
    kept = [file.read_bytes().replace(b"\r\n", b"\n") for file in given.trusted]
    inspection = Inspection(given.directory, given.key, kept)
    sys.stdout.write(inspection.report())
    return int(inspection.failed)


if __name__ == "__main__":
    sys.exit(main())
