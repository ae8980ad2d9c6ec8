"""Readings in words: each sentence says what was verified, and what was not."""

from __future__ import annotations

from collections.abc import Mapping

from khien.kernel.clock import said_day, said_moment, vietnam_date
from khien.kernel.language import Text
from khien.signatures.readings import Changes, FileReading, Problem, SignatureReading, Standing

STANDING_WORDS: Mapping[Standing, Text] = {
    "verified": Text("Đã kiểm đủ", "Fully verified"),
    "partly": Text("Chưa kiểm đủ", "Partly verified"),
    "failed": Text("Không dùng làm bằng chứng được", "No evidence"),
}
PROBLEM_WORDS: Mapping[Problem, Text] = {
    "": Text("", ""),
    "encrypted": Text(
        "tệp đặt mật khẩu nên không đọc được chữ ký; lưu lại không có mật khẩu",
        "it is encrypted, so its signatures cannot be read; save it without a password",
    ),
    "broken": Text("cấu trúc PDF hỏng", "its structure is broken"),
    "too_many": Text(
        "quá nhiều chữ ký (hơn 64); đây không phải văn bản bình thường",
        "it has too many signatures (over 64), which no ordinary document has",
    ),
    "too_large": Text("tệp lớn hơn 50 MB", "it is larger than 50 MB"),
    "too_slow": Text(
        "đọc quá lâu nên đã dừng; tệp có thể được làm ra để gây quá tải",
        "reading took too long and was stopped; the file may be made to overload",
    ),
}
NO_SIGNATURE = Text("Tệp không có chữ ký số.", "The file has no digital signature.")
LENIENT = Text(
    "Tệp không theo đúng chuẩn PDF; kết quả dưới đây đọc theo cách nới lỏng.",
    "The file is not quite by the PDF standard; what follows was read leniently.",
)
_UNREADABLE = Text(
    "Không đọc được chữ ký này: cấu trúc hỏng, hoặc theo một chuẩn mà Khiên không đọc.",
    "This signature cannot be read: it is broken, or of a kind that Khiên does not read.",
)
_ALTERED = Text(
    "Chữ ký KHÔNG nguyên vẹn: nội dung tệp khác với nội dung đã ký.",
    "The signature is NOT intact: the file differs from what was signed.",
)
_PARTIAL = Text(
    "Chữ ký không bao trùm cả bản đã ký: phần còn lại có thể đã bị thay.",
    "The signature does not cover the whole of what was signed; the rest may have been replaced.",
)
_ADDED: Mapping[Changes, Text] = {
    "none": Text("Chữ ký nguyên vẹn", "The signature is intact"),
    "archive": Text(
        "Chữ ký nguyên vẹn, sau đó tệp chỉ thêm dữ liệu kiểm tra lâu dài",
        "The signature is intact; only material for later checks was added after it",
    ),
    "signatures": Text(
        "Chữ ký nguyên vẹn, sau đó tệp chỉ thêm chữ ký khác hoặc ô biểu mẫu",
        "The signature is intact; only other signatures or form fields were added after it",
    ),
    "comments": Text(
        "Chữ ký nguyên vẹn, sau đó tệp có thêm ghi chú",
        "The signature is intact; comments were added after it",
    ),
    "forbidden": Text(
        "Phần được ký nguyên vẹn, nhưng sau khi ký tệp bị thêm thứ không được phép: nội dung đang thấy có thể "
        "khác nội dung đã ký",
        "The signed part is intact, but something not allowed was added after it: what is seen may differ from "
        "what was signed",
    ),
}
_CHAIN_UNKNOWN = Text(
    "chưa kiểm được chứng thư vì chưa nạp chứng thư gốc",
    "the certificate could not be checked, because no root certificate was loaded",
)
_CHAIN_UNTRUSTED = Text(
    "chứng thư không dẫn tới chứng thư gốc nào đã nạp, nên không rõ ai bảo đảm tên người ký",
    "the certificate leads to no loaded root, so nobody known vouches for the name",
)
_CHAIN_TRUSTED = Text(
    "tên người ký được chứng thư gốc «{root}» bảo đảm", "the root «{root}» vouches for the name"
)
_EXPIRED = Text(
    "chứng thư hết hạn ngày {day} và không có dấu thời gian tin được, nên không chứng minh được chữ ký được tạo "
    "khi chứng thư còn hạn",
    "the certificate expired on {day} and no trusted time stamp shows that it signed before",
)
_NOT_YET = Text(
    "chứng thư chỉ có hiệu lực từ ngày {day}", "the certificate is valid only from {day}"
)
_WRONG_USE = Text(
    "chứng thư không được cấp để ký văn bản", "the certificate was not issued for signing documents"
)
_REVOKED = Text("chứng thư đã bị thu hồi", "the certificate was revoked")
_GOOD = Text(
    "chưa bị thu hồi lúc {at}, theo danh sách kèm trong tệp",
    "not revoked at {at}, by the lists inside the file",
)
_NOT_CHECKED = Text(
    "chưa kiểm tra thu hồi: tệp không kèm danh sách dùng được, và Khiên không hỏi ra ngoài",
    "revocation was not checked: the file brings no list that serves, and Khiên asks nobody outside",
)
_STAMPED = Text(
    "dấu thời gian {at} của «{who}», tin được", "time stamp of {at} by «{who}», trusted"
)
_STAMP_UNTRUSTED = Text(
    "có dấu thời gian {at} của «{who}» nhưng chưa tin được: chứng thư của nơi cấp dấu không dẫn tới chứng thư gốc "
    "đã nạp",
    "a time stamp of {at} by «{who}» that is not trusted: its certificate leads to no loaded root",
)
_STAMP_BROKEN = Text("dấu thời gian hỏng", "the time stamp is broken")
_CLAIMED = Text(
    "thời gian ký {at} do máy người ký ghi, không có dấu thời gian xác nhận",
    "signed at {at} by the signer's own clock; no time stamp confirms it",
)
_NO_TIME = Text("chữ ký không ghi thời gian", "the signature tells no time")
_WEAK = Text("dùng thuật toán yếu ({names})", "weak algorithms are used ({names})")


def file_sentences(reading: FileReading) -> list[Text]:
    """Return all that is to be said in short: of the file, then one sentence for each signature with its name."""
    return [*about_file(reading), *(_named(one) for one in reading.signatures)]


def _named(reading: SignatureReading) -> Text:
    said = headline(reading)
    if not reading.signer:
        return said
    return Text(f"{reading.signer}: {said.vi}", f"{reading.signer}: {said.en}")


def about_file(reading: FileReading) -> list[Text]:
    """Return what is to be said of a file as a whole, besides its signatures."""
    if reading.problem:
        why = PROBLEM_WORDS[reading.problem]
        return [Text(f"Chưa đọc được chữ ký: {why.vi}.", f"Signatures were not read: {why.en}.")]
    if not reading.signatures:
        return [NO_SIGNATURE]
    return [LENIENT] if reading.is_lenient else []


def headline(reading: SignatureReading) -> Text:
    """Return the one sentence that says how things stand with a signature."""
    broken = _broken(reading)
    if broken is not None:
        return broken
    found = [_ADDED[reading.changes], _about_certificate(reading)]
    if reading.chain == "trusted" and reading.revocation != "good":
        found.append(_about_revocation(reading))
    return _joined(found)


def details(reading: SignatureReading) -> list[Text]:
    """Return what else is known of a signature: revocation, time, algorithms; each as a sentence."""
    if reading.integrity == "unreadable":
        return []
    found = [_about_time(reading)]
    if not reading.is_broken and reading.revocation == "good":
        found.insert(0, _about_revocation(reading))
    elif not reading.is_broken and reading.chain != "trusted":
        found.append(_about_revocation(reading))
    if reading.weak:
        found.append(_WEAK.fill({"names": ", ".join(reading.weak)}))
    return [_sentence(one) for one in found]


def _broken(reading: SignatureReading) -> Text | None:
    if reading.integrity == "unreadable":
        return _UNREADABLE
    if reading.integrity == "altered":
        return _ALTERED
    if reading.coverage == "partial":
        return _PARTIAL
    return _sentence(_ADDED["forbidden"]) if reading.changes == "forbidden" else None


def _about_certificate(reading: SignatureReading) -> Text:
    facts = reading.certificate
    if facts is not None and reading.in_force == "not_yet":
        return _NOT_YET.fill({"day": said_day(vietnam_date(facts.not_before))})
    if not reading.may_sign:
        return _WRONG_USE
    if reading.chain == "unknown":
        return _CHAIN_UNKNOWN
    if reading.chain == "untrusted":
        return _CHAIN_UNTRUSTED
    if facts is not None and reading.in_force == "expired":
        return _EXPIRED.fill({"day": said_day(vietnam_date(facts.not_after))})
    return _CHAIN_TRUSTED.fill({"root": reading.root})


def _about_revocation(reading: SignatureReading) -> Text:
    if reading.revocation == "revoked":
        return _REVOKED
    if reading.revocation == "good":
        return _GOOD.fill({"at": said_moment(reading.judged_at)})
    return _NOT_CHECKED


def _about_time(reading: SignatureReading) -> Text:
    if reading.stamp == "broken":
        return _STAMP_BROKEN
    if reading.stamp != "none" and reading.stamped_at is not None:
        said = _STAMPED if reading.stamp == "trusted" else _STAMP_UNTRUSTED
        return said.fill({"at": said_moment(reading.stamped_at), "who": reading.stamp_authority})
    if reading.claimed_at is None:
        return _NO_TIME
    return _CLAIMED.fill({"at": said_moment(reading.claimed_at)})


def _joined(parts: list[Text]) -> Text:
    return _sentence(Text("; ".join(p.vi for p in parts), "; ".join(p.en for p in parts)))


def _sentence(text: Text) -> Text:
    """Return words as a sentence: a capital at the beginning, one full stop at the end."""
    vi, en = text.vi.rstrip("."), text.en.rstrip(".")
    return Text(f"{vi[:1].upper()}{vi[1:]}.", f"{en[:1].upper()}{en[1:]}.")
