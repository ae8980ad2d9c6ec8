"""The command `khien`: finds the module of a verb, runs it, and turns expected failures into sentences."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from khien import __version__
from khien.cli.argument_words import Parser, speak_both_languages
from khien.cli.loading import database_module, plain_module
from khien.cli.output import complain
from khien.kernel.errors import KhienError
from khien.kernel.language import Text, use_language

VERBS: dict[str, Text] = {
    "up": Text(
        "Chuẩn bị mọi thứ, thu thập máy này, đánh giá và mở trang",
        "Prepare everything, read this machine, assess, serve the pages",
    ),
    "link": Text("Lấy liên kết đăng nhập một lần", "Get a one-time sign-in link"),
    "serve": Text("Mở trang trên máy này", "Serve the pages on this machine"),
    "demo": Text(
        "Dựng một cơ quan mẫu để thử và tập huấn", "Build a fictional agency to try and teach with"
    ),
    "today": Text("Việc cần làm, theo hạn và điều khoản", "What must be done, by when and why"),
    "search": Text("Tìm mọi thứ, không cần dấu", "Search everything, tone marks not needed"),
    "norms": Text("Đọc văn bản, so sánh văn bản", "Parse regulations, compare them"),
    "library": Text("Kiểm tra thư viện, xem độ phủ", "Validate the library, show its coverage"),
    "control": Text("Chạy các ca của một biện pháp", "Run a control's cases"),
    "rulebook": Text("Xem quy tắc áp dụng cho đơn vị", "Show the rules that bind a unit"),
    "unit": Text("Xem, thêm đơn vị; gắn văn bản", "List and add units, bind documents"),
    "user": Text("Tài khoản, vai trò", "Users and their roles"),
    "register": Text("Xem, ghi, nhập, xuất và xác nhận sổ", "Read, fill and confirm registers"),
    "workflow": Text("Bắt đầu và làm các bước của quy trình", "Start processes and do their steps"),
    "collect": Text("Thu thập máy này", "Read this machine"),
    "intake": Text("Nạp tệp thu thập", "Take in a collector's file"),
    "facts": Text("Xem, gộp các tệp số liệu", "Show and merge the files of facts"),
    "assess": Text("Đánh giá lại", "Assess again"),
    "state": Text(
        "Xem tình trạng, hôm nay hoặc một ngày đã qua", "Show the state, today or on a past day"
    ),
    "duties": Text("Nghĩa vụ theo kỳ, theo hạn", "Duties by their days and clauses"),
    "report": Text("Lập báo cáo", "Write a report"),
    "findings": Text("Liệt kê, xuất kết quả", "List and export findings"),
    "sign": Text("Ký số một tệp PDF trên máy này", "Sign a PDF on this machine"),
    "signatures": Text("Đọc chữ ký số của một tệp PDF", "Read the signatures of a PDF"),
    "trust": Text("Tổ chức chứng thực được tin cậy", "Certification authorities trusted"),
    "token": Text("Tạo, thu hồi mã truy cập của chương trình", "Make and revoke access tokens"),
    "webhook": Text("Mở, đóng webhook; xem các lần gửi", "Open and close webhooks, see deliveries"),
    "bundle": Text("Gói gửi, nhận giữa các đơn vị", "Bundles sent and received between instances"),
    "notices": Text("Thông báo, nhắc việc", "Notices and reminders"),
    "mail": Text("Máy chủ thư, hàng đợi thư", "The mail server and its queue"),
    "jobs": Text("Chạy việc nền: gửi tin, ký sổ cái", "Run background jobs: send, publish"),
    "verify": Text("Kiểm tra sổ cái", "Verify the ledger"),
    "backup": Text("Sao lưu toàn bộ Khiên", "Back up all of Khiên"),
    "restore": Text(
        "Phục hồi bản sao lưu vào thư mục trống", "Restore a backup into an empty folder"
    ),
    "self-check": Text(
        "Khiên tự kiểm tra theo quy tắc áp dụng cho nó", "Check Khiên by the rules that bind it"
    ),
}


# These answer without a database; what they need of one for some arguments, they open then.
PURE_VERBS = (
    "restore", "norms", "library", "control", "rulebook", "verify", "sign", "signatures",
)  # fmt: skip


class Verb(Protocol):
    """What the module of a verb offers."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the verb's arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it and return the exit status."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line.

    Returns: 0 done; 1 something checked is not in order; 2 wrong input; 3 broken library; 130 interrupted
    """
    language, words = _language_asked(list(sys.argv[1:] if arguments is None else arguments))
    use_language(language)
    speak_both_languages()
    try:
        parser = _parser(words)
        args = parser.parse_args(words)
        if args.verb is None:
            parser.print_help(sys.stderr)
            return 2
        return _module(args.verb).run(args)
    except KhienError as error:
        complain(error)
        return error.exit_status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _language_asked(words: list[str]) -> tuple[str, list[str]]:
    """Return the language asked for, and the words without it: --lang vi|en may stand anywhere."""
    for place, word in enumerate(words):
        if word in ("--lang=vi", "--lang=en"):
            return word[-2:], words[:place] + words[place + 1 :]
        if word == "--lang" and words[place + 1 : place + 2] in (["vi"], ["en"]):
            return words[place + 1], words[:place] + words[place + 2 :]
    return os.environ.get("KHIEN_LANG", "vi"), words


def _module(verb: str) -> Verb:
    # Only the module of the verb asked for is loaded: parsing a text must not wait for a database.
    load = plain_module if verb in PURE_VERBS else database_module
    return cast("Verb", load(f"{verb.replace('-', '_')}_command"))


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    about = Text(
        "Khiên: từ quy chế an toàn thông tin đến bằng chứng đã làm đúng.",
        "Khiên: from information-security regulations to evidence that they are met.",
    )
    parser = Parser(prog="khien", description=str(about))
    parser.add_argument(
        "--version",
        action="version",
        version=f"khien {__version__}",
        help=str(Text("hiện phiên bản rồi thoát", "show the version and exit")),
    )
    parser.add_argument(
        "--lang", choices=("vi", "en"), help=str(Text("ngôn ngữ / language", "language / ngôn ngữ"))
    )
    verbs = parser.add_subparsers(dest="verb", metavar=str(Text("LỆNH", "COMMAND")))
    asked = next((word for word in words if word in VERBS), None)
    for verb, summary in VERBS.items():
        sub = verbs.add_parser(verb, help=str(summary), description=str(summary))
        if verb == asked:
            _module(verb).configure(sub)
    return parser
