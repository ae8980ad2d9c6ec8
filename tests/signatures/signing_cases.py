"""Short ways to sign and to read in the tests."""

from __future__ import annotations

from datetime import datetime

from made_up_authority import NOW, House, Made, paper, png

from khien.signatures.keys import signer_from_file
from khien.signatures.pictures import picture_of
from khien.signatures.placing import place_for_signature
from khien.signatures.reading import read_here
from khien.signatures.readings import FileReading
from khien.signatures.signing import Proof, Role, Seen, sign_pdf
from khien.signatures.trust import Trust
from khien.signatures.typesetting import picture_page

PASSWORD = "mat khau"  # noqa: S105  # of keys that live as long as a test


def signed(
    owner: Made,
    house: House,
    content: bytes | None = None,
    *,
    role: Role = "leader",
    seen: Seen | None = None,
    proof: Proof | None = None,
    at: datetime = NOW,
) -> bytes:
    signer = signer_from_file(owner.key_file(PASSWORD, house.authority), PASSWORD, name="khoa.p12")
    return sign_pdf(content or paper(), signer, role=role, at=at, seen=seen, proof=proof)


def read(content: bytes, house: House | None = None, *, at: datetime | None = None) -> FileReading:
    """Read in this process, which is quick; strangers' files are read in one of their own (test_hostile_files)."""
    trust = Trust(house.chain) if house else Trust()
    return read_here(content, trust=trust, at=at or datetime.now(NOW.tzinfo))


def hand(content: bytes | None = None, name: str = "Nguyễn Văn An") -> Seen:
    """What is seen of a leader's signature on the paper of the tests."""
    frame = place_for_signature(content or paper(), name)
    picture = picture_of(png(500, 200, "blue"), "chu-ky.png")
    size = picture.within(frame.width_mm, frame.height_mm)
    return Seen(picture_page(picture.content, size, name="chu-ky.png"), frame.centred(size))
