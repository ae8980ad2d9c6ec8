"""A file system in memory that loses, tears and refuses what was not synced."""

from __future__ import annotations

import errno
import random
from dataclasses import dataclass, field
from pathlib import Path

POLICIES = ["nothing", "everything", "random", "zeros"]


class Crash(BaseException):
    """The machine stops; no `except` of the code under test may catch it."""


@dataclass
class Inode:
    durable: bytes = b""
    current: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # None: cut to offset


@dataclass
class NoLock:
    storage: FaultyStorage

    def release(self) -> None:
        self.storage.locked = False


class FaultyStorage:
    """Counts operations that change something; at number `fault_at` it crashes or answers EIO."""

    def __init__(self, fault_at: int = 0, *, kind: str = "crash", seed: int = 0) -> None:
        self.fault_at, self.kind, self.count = fault_at, kind, 0
        self.random = random.Random(seed)  # noqa: S311  # which bytes tear, not a secret
        self.locked = False
        self.names: dict[Path, Inode | None] = {}  # None: a directory
        self.durable_names: dict[Path, Inode | None] = {}
        self.pending_names: dict[Path, list[tuple[str, Path, Path | Inode | None]]] = {}

    # --- the Storage protocol ---

    def size(self, path: Path) -> int | None:
        node = self.names.get(path)
        return len(node.current) if node else None

    def read(self, path: Path, offset: int = 0, length: int = -1) -> bytes:
        data = self._file(path).current[offset:]
        return data if length < 0 else data[:length]

    def make_directory(self, path: Path, *, private: bool = False) -> None:
        if path in self.names or path.is_dir():
            return
        self.make_directory(path.parent)
        self._step()
        self._name("link", path, None)
        self.sync_directory(path.parent)

    def append(self, path: Path, data: bytes) -> None:
        if self._step(torn=lambda part: self._write(path, data[: int(len(data) * part)])):
            self._write(path, data)

    def truncate(self, path: Path, size: int) -> None:
        self._step()
        node = self._file(path)
        node.current = node.current[:size]
        node.pending.append((size, None))

    def sync(self, path: Path) -> None:
        node = self._file(path)
        # A failed fsync marks pages clean: what was pending is never written, yet still read back.
        self._step(before_error=node.pending.clear)
        node.durable, node.pending = self._content(node, "everything"), []

    def write_new(self, path: Path, data: bytes, *, private: bool = False) -> None:
        self._step()
        self._name("link", path, Inode())
        self._write(path, data)

    def rename(self, source: Path, target: Path) -> None:
        self._step()
        self._name("rename", source, target)

    def sync_directory(self, path: Path) -> None:
        self._step()
        for change in self.pending_names.pop(path, []):
            self._apply(self.durable_names, change)

    def lock(self, path: Path, seconds: float) -> NoLock:
        assert not self.locked
        self.locked = True
        return NoLock(self)

    def close(self) -> None:
        pass

    # --- after the crash ---

    def remains(self, policy: str) -> FaultyStorage:
        """Return the file system as the machine finds it when it starts again."""
        after = FaultyStorage()
        after.random = self.random
        names = dict(self.durable_names)
        for changes in self.pending_names.values():
            for change in changes:  # names may reach the disk in any order, or not
                if policy in ("everything", "zeros") or self._lucky(policy):
                    self._apply(names, change)
        for path, node in names.items():
            content = self._content(node, policy) if node else b""
            survivor = Inode(content, content) if node else None
            after.names[path] = after.durable_names[path] = survivor
        return after

    def put_on_disk(self, root: Path, target: Path) -> Path:
        """Write everything that is under root to a real folder."""
        for path, node in sorted(self.names.items()):
            place = target / path.relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.mkdir(exist_ok=True) if node is None else place.write_bytes(node.current)
        return target

    def _content(self, node: Inode, policy: str) -> bytes:
        data = node.durable
        kept = self._kept(len(node.pending), policy)
        for number, (offset, written) in enumerate(node.pending[:kept]):
            if written is None:
                data = data[:offset]
                continue
            if policy == "random" and number == kept - 1:
                written = written[: self.random.randint(0, len(written))]
            written = bytes(len(written)) if policy == "zeros" else written
            data = data[:offset].ljust(offset, b"\0") + written + data[offset + len(written) :]
        return data

    def _kept(self, count: int, policy: str) -> int:
        return {"nothing": 0, "random": self.random.randint(0, count)}.get(policy, count)

    def _lucky(self, policy: str) -> bool:
        return policy == "random" and self.random.random() < 0.5

    # --- inside ---

    def _step(self, *, torn=None, before_error=None) -> bool:
        self.count += 1
        if self.count != self.fault_at:
            return True
        if torn:
            torn(self.random.random())
        if self.kind == "crash":
            raise Crash
        if before_error:
            before_error()
        raise OSError(errno.EIO, "Input/output error")

    def _file(self, path: Path) -> Inode:
        node = self.names.get(path)
        if node is None:
            raise FileNotFoundError(errno.ENOENT, "No such file", str(path))
        return node

    def _write(self, path: Path, data: bytes) -> None:
        if path not in self.names:
            self._name("link", path, Inode())
        node = self._file(path)
        node.pending.append((len(node.current), data))
        node.current += data

    def _name(self, what: str, path: Path, other: Path | Inode | None) -> None:
        self.pending_names.setdefault(path.parent, []).append((what, path, other))
        self._apply(self.names, (what, path, other))

    @staticmethod
    def _apply(names: dict[Path, Inode | None], change: tuple) -> None:
        what, path, other = change
        if what == "link":
            names[path] = other
        elif path in names:
            names[other] = names.pop(path)
