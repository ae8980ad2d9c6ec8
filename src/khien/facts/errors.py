"""Expected failures of the facts room."""

from __future__ import annotations

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class BundleError(KhienError):
    """A collector's bundle cannot be used at all; nothing of it is taken in."""

    code = "KHIEN-FAC-001"
    http_status = 422
    sentence = Text(
        vi="Không nhận được gói thu thập: {where} không đúng ({why}). Chạy lại bộ thu thập của Khiên và gửi lại"
        " nguyên tệp.",
        en="The bundle was not taken in: {where} is wrong ({why}). Run the Khiên collector again and send its"
        " file unchanged.",
    )


class BundleFormatError(BundleError):
    """The bundle is of a kind or version this server does not know."""

    code = "KHIEN-FAC-002"
    sentence = Text(
        vi="Không nhận được gói thu thập: định dạng {where} không được hỗ trợ ({why}). Dùng bộ thu thập đi kèm"
        " máy chủ này.",
        en="The bundle was not taken in: format {where} is not supported ({why}). Use the collector that comes"
        " with this server.",
    )


class BundleTooLargeError(BundleError):
    """The bundle holds more than any honest machine has to say."""

    code = "KHIEN-FAC-003"
    http_status = 413
    sentence = Text(
        vi="Không nhận được gói thu thập: {where} vượt giới hạn ({why}). Kiểm tra máy gửi rồi chạy lại bộ thu"
        " thập.",
        en="The bundle was not taken in: {where} is over the limit ({why}). Look at the sending machine, then"
        " run the collector again.",
    )


class FactFileMissing(KhienError):
    """A file of facts that the catalogue names is gone."""

    code = "KHIEN-FAC-004"
    http_status = 500
    exit_status = 1
    sentence = Text(
        vi="Thiếu tệp số liệu «{file}» trong thư mục dữ liệu. Khôi phục từ bản sao lưu, rồi chạy: khien verify.",
        en="Fact file «{file}» is gone from the data folder. Restore it from a backup, then run: khien verify.",
    )


class FactsBusy(KhienError):
    """Another process is merging, removing, verifying or backing up fact files."""

    code = "KHIEN-FAC-005"
    http_status = 503
    exit_status = 1
    sentence = Text(
        vi="Tiến trình khác đang gộp, sao lưu hoặc kiểm tra các tệp số liệu (đã chờ {seconds} giây). Đợi xong rồi"
        " chạy lại.",
        en="Another process is merging, backing up or verifying the fact files (waited {seconds} s). Run again"
        " when it is done.",
    )


class FactsAltered(KhienError):
    """A fact file is not what was taken in, so it must not be merged with others."""

    code = "KHIEN-FAC-006"
    http_status = 500
    exit_status = 1
    sentence = Text(
        vi="Không gộp tệp số liệu «{file}»: nội dung khác lúc ghi. Chạy khien verify, rồi khôi phục tệp từ bản sao"
        " lưu.",
        en="Fact file «{file}» was not merged: its content is not what was recorded. Run khien verify, then"
        " restore the file from a backup.",
    )
