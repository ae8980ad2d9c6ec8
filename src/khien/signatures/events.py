"""What the signatures room puts on record: whom one trusts, and that a file was read; never a name of a signer."""

from khien.kernel.language import Text
from khien.ledger.events import register

TRUST_ADDED = register(
    "signatures.trust_added",
    Text(
        "Nạp chứng thư của tổ chức chứng thực «{name}» (SHA-256 {sha256}) để tin cậy, bởi {by}.",
        "Loaded the certificate of authority «{name}» (SHA-256 {sha256}) as trusted, by {by}.",
    ),
)
TRUST_REMOVED = register(
    "signatures.trust_removed",
    Text(
        "Thôi tin chứng thư của tổ chức chứng thực «{name}» (SHA-256 {sha256}), bởi {by}.",
        "Stopped trusting the certificate of authority «{name}» (SHA-256 {sha256}), by {by}.",
    ),
)
FILE_READ = register(
    "signatures.file_read",
    Text(
        "Đọc chữ ký của tệp SHA-256 {subject}: {count} chữ ký, {broken} không nguyên vẹn.",
        "Read the signatures of file SHA-256 {subject}: {count} signature(s), {broken} not intact.",
    ),
)
