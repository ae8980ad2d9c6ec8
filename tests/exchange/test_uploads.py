"""Bundles over the network: announced by a registered key, in parts, on from where it stopped."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from submission_cases import FixedSender, document
from submission_house import Department

from khien.exchange import uploads
from khien.exchange.models import ReceivedBundle, Upload
from khien.exchange.partners import end_partner, revoke_key
from khien.exchange.submission_errors import UploadRefused
from khien.exchange.submission_notes import Announcement, announcement_text
from khien.exchange.submission_store import upload_path
from khien.exchange.uploads import KEPT_FOR, UPLOADS_MAX, drop_stale
from khien.kernel.canonical import sha256_hex
from khien.kernel.clock import iso_utc, now_utc

pytestmark = pytest.mark.django_db
BEGIN = "/api/submissions/1/"


class Line:
    """A sender at the other end of the line."""

    def __init__(self, sender: FixedSender, content: bytes, bundle: str, sequence: int) -> None:
        self.sender, self.content, self.bundle, self.sequence = sender, content, bundle, sequence
        self.secret = ""

    def announcement(self, **more: Any) -> str:
        said = {
            "bundle": self.bundle,
            "sha256": sha256_hex(self.content),
            "size": len(self.content),
            "sequence": self.sequence,
            "unit": self.sender.unit,
            "receiver": self.sender.to,
            "at": iso_utc(now_utc()),
        } | more
        return announcement_text(Announcement(**said), self.sender.key)

    def begin(self, **more: Any) -> Any:
        response = Client().post(BEGIN, self.announcement(**more), content_type="text/plain")
        self.secret = self.said(response).get("secret", self.secret)
        return response

    def part(self, offset: int, size: int, **more: str) -> Any:
        headers = {"Upload-Offset": str(offset), "Upload-Secret": self.secret} | more
        return Client().patch(
            f"{BEGIN}{self.bundle}/",
            self.content[offset : offset + size],
            content_type="application/octet-stream",
            headers=headers,
        )

    @staticmethod
    def said(response: Any) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(response.content)
        return found


def line(department: Department, *, sequence: int = 1, is_paired: bool = True) -> Line:
    sender = department.sender()
    if is_paired:
        department.paired(sender)
    manifest, content = sender.bundle(sequence=sequence, made_at=now_utc() - timedelta(minutes=1))
    return Line(sender, content, manifest.bundle, sequence)


def test_a_bundle_comes_in_parts_and_the_last_is_answered_with_the_receipt(
    department: Department,
) -> None:
    far = line(department)
    assert Line.said(far.begin())["offset"] == 0
    half = len(far.content) // 2
    assert Line.said(far.part(0, half))["offset"] == half
    assert not ReceivedBundle.objects.exists()
    receipt = Line.said(far.part(half, half + 1))["receipt"]
    got = ReceivedBundle.objects.get()
    assert (receipt, got.channel) == (got.receipt, "https")
    assert not Upload.objects.exists()


def test_a_half_sent_bundle_goes_on_where_it_stopped_even_after_a_crash(
    department: Department,
) -> None:
    far = line(department)
    far.begin()
    far.part(0, 1000)
    path = upload_path(Upload.objects.get())
    with path.open("ab") as file:
        file.write(b"written, but never noted")
    again = Line.said(far.begin())
    assert again["offset"] == 1000
    wrong = far.part(0, 10)
    assert (wrong.status_code, wrong["Upload-Offset"]) == (409, "1000")
    assert "receipt" in Line.said(far.part(1000, len(far.content)))


def test_an_upload_whose_bytes_are_gone_begins_anew(department: Department) -> None:
    far = line(department)
    far.begin()
    far.part(0, 1000)
    upload_path(Upload.objects.get()).unlink()
    assert Line.said(far.begin())["offset"] == 0
    assert "receipt" in Line.said(far.part(0, len(far.content)))


def test_a_bundle_sent_twice_is_answered_with_the_same_receipt(department: Department) -> None:
    far = line(department)
    far.begin()
    receipt = Line.said(far.part(0, len(far.content)))["receipt"]
    assert Line.said(far.begin())["receipt"] == receipt
    assert ReceivedBundle.objects.count() == 1


def test_altered_bytes_are_refused_and_nothing_is_left(department: Department) -> None:
    far = line(department)
    far.begin()
    far.content = far.content[:-1] + b"\x01"
    response = far.part(0, len(far.content))
    assert (response.status_code, Line.said(response)["code"]) == (422, "KHIEN-EXC-007")
    assert not Upload.objects.exists()
    assert not ReceivedBundle.objects.exists()


def test_a_sound_digest_around_a_forged_bundle_is_refused_too(department: Department) -> None:
    far = line(department)
    far.content = far.content.replace(b"not really", b"NOT really")
    far.begin()
    response = far.part(0, len(far.content))
    assert Line.said(response)["code"] == "KHIEN-EXC-007"
    assert not Upload.objects.exists()


def test_nobody_sends_a_byte_without_a_registered_key(department: Department) -> None:
    far = line(department, is_paired=False)
    response = far.begin()
    assert (response.status_code, Line.said(response)["code"]) == (403, "KHIEN-EXC-010")
    for secret in ("", "x" * 43, "đ"):
        refused = far.part(0, 10, **{"Upload-Secret": secret.encode().decode("latin-1")})
        assert Line.said(refused)["code"] == "KHIEN-EXC-022"
    assert not Upload.objects.exists()


def test_a_revoked_key_or_an_ended_partner_sends_nothing_more(department: Department) -> None:
    far = line(department)
    far.begin()
    partner = department.partner()
    key = partner.keys.get()
    revoke_key(key, since=now_utc(), is_compromised=False, reason="x", by="q", now=now_utc())
    assert Line.said(far.part(0, 10))["code"] == "KHIEN-EXC-022"
    assert Line.said(far.begin())["code"] == "KHIEN-EXC-011"
    end_partner(partner, by="q", now=now_utc())
    assert Line.said(far.begin())["code"] == "KHIEN-EXC-010"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"at": "2020-01-01T00:00:00Z"}, "KHIEN-EXC-022"),
        ({"at": "2999-01-01T00:00:00Z"}, "KHIEN-EXC-012"),
        ({"receiver": "khien/1111111111111111"}, "KHIEN-EXC-013"),
        ({"unit": "benh-vien"}, "KHIEN-EXC-014"),
        ({"size": 2**33}, "KHIEN-EXC-009"),
        ({"size": 0}, "KHIEN-EXC-005"),
        ({"bundle": "../../x"}, "KHIEN-EXC-005"),
        ({"sha256": "x"}, "KHIEN-EXC-005"),
    ],
)
def test_an_announcement_that_cannot_stand_is_refused_with_a_sentence(
    department: Department, more: dict[str, Any], code: str
) -> None:
    response = line(department).begin(**more)
    problem = Line.said(response)
    assert problem["code"] == code
    assert problem["detail_vi"] != problem["detail_en"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b"khien-upload/1\n{}\n\n\xe2\x80\x94 a b\n", b"x" * 70_000])  # fmt: skip
def test_what_is_no_announcement_is_a_problem(department: Department, body: bytes) -> None:
    response = Client().post(BEGIN, body, content_type="text/plain")
    assert 400 <= response.status_code < 500
    assert Line.said(response)["code"].startswith("KHIEN-")


def test_parts_have_a_size_and_an_offset(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = line(department)
    far.begin()
    for offset in ("", "-1", "1e3", "9" * 30, "²"):
        headers = {"Upload-Offset": offset.encode().decode("latin-1")}
        assert Line.said(far.part(0, 5, **headers))["code"] == "KHIEN-EXC-022"
    far.content += b"more than was said"
    assert Line.said(far.part(0, len(far.content)))["code"] == "KHIEN-EXC-022"
    far.content = b"x" * (uploads.CHUNK_MAX + 1)
    assert far.part(0, len(far.content)).status_code == 413


def test_a_key_has_few_uploads_under_way_and_a_stale_one_is_dropped(
    department: Department,
) -> None:
    sender = department.sender()
    department.paired(sender)
    lines = []
    for sequence in range(1, UPLOADS_MAX + 2):
        manifest, content = sender.bundle([document(b"%d" % sequence)], sequence=sequence)
        lines.append(Line(sender, content, manifest.bundle, sequence))
    for one in lines[:-1]:
        assert one.begin().status_code == 200
        one.part(0, 10)
    assert Line.said(lines[-1].begin())["code"] == "KHIEN-EXC-022"
    assert drop_stale(now=now_utc()) == 0
    assert drop_stale(now=now_utc() + KEPT_FOR + timedelta(minutes=1)) == UPLOADS_MAX
    assert lines[-1].begin().status_code == 200


def test_a_receiver_without_room_says_so(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = line(department)
    monkeypatch.setattr(uploads, "_DISK_LEFT", 2**60)
    response = far.begin()
    assert "không đủ chỗ" in Line.said(response)["detail_vi"]
    assert UploadRefused.sentence.en
