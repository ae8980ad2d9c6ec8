"""What is put on record about access tokens; never the token itself."""

from khien.kernel.language import Text
from khien.ledger.events import register

TOKEN_MADE = register(
    "access.token_made",
    Text(
        "Tạo mã truy cập số {number} cho {subject}, phạm vi {scopes}, hết hạn {expires}, bởi {by}.",
        "Made access token number {number} for {subject}, scope {scopes}, until {expires}, by {by}.",
    ),
)
TOKEN_REVOKED = register(
    "access.token_revoked",
    Text(
        "Thu hồi mã truy cập số {number} của {subject}, bởi {by}.",
        "Revoked access token number {number} of {subject}, by {by}.",
    ),
)
