"""Reports that came in a bundle enter the same boards and sums as those written here, newest version only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from khien.exchange.models import ReceivedBundle, ReceivedItem
from khien.exchange.submission_format import REPORT, SNAPSHOT
from khien.exchange.submission_store import item_bytes
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.org.models import Unit
from khien.registers.services import Act
from khien.reports.errors import SubmittedReportRefused
from khien.reports.models import Report
from khien.reports.taking_services import SubmittedReport, take_in_report

READ_MAX: Final = 8 * 2**20
_NO_FIGURES = Text("gói không kèm số liệu của báo cáo", "the bundle brings no figures for it")
_TOO_LARGE = Text("nội dung quá lớn", "its content is too large")
_STRANGE = Text("nội dung không đúng dạng", "its content is not in its form")
_NO_UNIT = Text(
    "đơn vị «{unit}» chưa có trong cây đơn vị dưới nơi gửi",
    "the unit “{unit}” is not in the tree below the sender",
)
_OLDER = Text(
    "đã nhận bản mới hơn (bản {version}); giữ làm lịch sử",
    "a newer version ({version}) is here; kept as history",
)


def take_in_reports(bundle: ReceivedBundle, rows: Iterable[ReceivedItem], *, to: Unit) -> None:
    """Register the reports of a received bundle; one that cannot be says why beside its item.

    Args: rows: the bundle's items as they are stored; to: the unit the bundle was sent to
    """
    listed = list(rows)
    figures = {str((row.about or {}).get("snapshot_sha256")): row for row in _of(listed, SNAPSHOT)}
    for row in _of(listed, REPORT):
        about = row.about or {}
        try:
            row.report = _taken_in(bundle, row, figures.get(row_digest(about)), to)
        except KhienError as refused:
            row.outcome = said(refused.text())
        row.save(update_fields=["report", "outcome"])


def _of(rows: Iterable[ReceivedItem], kind: str) -> list[ReceivedItem]:
    return [row for row in rows if row.kind == kind]


def row_digest(about: Mapping[str, Any]) -> str:
    """Return the digest of the figures that a report names."""
    return str(about.get("snapshot_sha256"))


def _taken_in(
    bundle: ReceivedBundle, row: ReceivedItem, figures: ReceivedItem | None, to: Unit
) -> Report:
    about = row.about or {}
    partner = bundle.partner
    if figures is None or figures.sha256 != row_digest(about):
        raise SubmittedReportRefused(_NO_FIGURES)
    if row.unit is None or row.unit_said not in ("", row.unit.code, partner.their_unit):
        raise SubmittedReportRefused(_NO_UNIT.fill({"unit": row.unit_said}))
    if max(row.size_bytes, figures.size_bytes) > READ_MAX:
        raise SubmittedReportRefused(_TOO_LARGE)
    newest = _newest(row, about)
    if newest > _version(about):
        raise SubmittedReportRefused(_OLDER.fill({"version": newest}))
    submitted = SubmittedReport(
        about=about, content=item_bytes(figures), texts=_texts(row), origin=partner.instance
    )
    act = Act(by=bundle.received_by, now=bundle.received_at)
    return take_in_report(submitted, unit=row.unit, to=to, act=act)


def _newest(row: ReceivedItem, about: Mapping[str, Any]) -> int:
    """Return the newest version of the same report that came before; 0 where none did."""
    before = ReceivedItem.objects.filter(unit=row.unit, kind=REPORT, report__isnull=False)
    same = before.filter(
        report__definition=str(about.get("definition")), report__key=str(about.get("key"))
    )
    return max((_version(one or {}) for one in same.values_list("about", flat=True)), default=0)


def _version(about: Mapping[str, Any]) -> int:
    version = about.get("version")
    return version if isinstance(version, int) else 0


def _texts(row: ReceivedItem) -> dict[str, str]:
    try:
        said_ = json.loads(item_bytes(row))["texts"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise SubmittedReportRefused(_STRANGE) from error
    if not isinstance(said_, dict):
        raise SubmittedReportRefused(_STRANGE)
    return said_


def said(text: Text) -> str:
    """Return a sentence in both languages as it is kept beside an item."""
    return f"{text.vi}\n{text.en}"[:400]


def outcome_of(row: ReceivedItem) -> Text | None:
    """Return why nothing came of an item; None where something did, or nothing was to come."""
    vi, _, en = row.outcome.partition("\n")
    return Text(vi, en or vi) if vi else None
