"""What the notices room puts on record: changes an administrator or a person made, not each thing sent."""

from khien.kernel.language import Text
from khien.ledger.events import register

MAIL_RESENT = register(
    "notices.mail_resent",
    Text("{by} gửi lại {count} thư chưa gửi được.", "{by} sent {count} mails again."),
)
