"""What the norms room puts on record."""

from khien.kernel.language import Text
from khien.ledger.events import register

DOCUMENT_BOUND = register(
    "norms.document_bound",
    Text(
        "Văn bản {document} áp dụng cho đơn vị {subject} từ {from}.",
        "Document {document} binds unit {subject} from {from}.",
    ),
)
LIBRARY_LOADED = register(
    "norms.library_loaded",
    Text(
        "Nạp thư viện: {documents} văn bản, {controls} biện pháp, {duties} nghĩa vụ.",
        "Loaded the library: {documents} documents, {controls} controls, {duties} duties.",
    ),
)
UNITS_BOUND = register(
    "norms.units_bound",
    Text(
        "Văn bản {subject} áp dụng cho {units} đơn vị từ ngày {from}.",
        "{subject} binds {units} units from {from}.",
    ),
)
UNITS_RELEASED = register(
    "norms.units_released",
    Text(
        "Văn bản {subject} thôi áp dụng cho {units} đơn vị từ ngày {from}.",
        "{subject} no longer binds {units} units from {from}.",
    ),
)
