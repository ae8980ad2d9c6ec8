"""What can go wrong with webhooks."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class WebhookRefused(KhienError):
    """A webhook that may not be made as asked."""

    code = "KHIEN-EXC-001"
    http_status = 422
    sentence = Text(vi="Chưa tạo webhook: {why_vi}.", en="The webhook was not made: {why_en}.")

    def __init__(self, why: Text) -> None:
        super().__init__(why_vi=why.vi, why_en=why.en)


class WebhookUnknown(KhienError):
    """A webhook by its number that does not exist, or is another unit's."""

    code = "KHIEN-EXC-002"
    http_status = 404
    sentence = Text(
        vi="Không có webhook số {number}. Xem các webhook đang có: khien webhook list.",
        en="There is no webhook number {number}. See those there are: khien webhook list.",
    )


class DeliveryUnknown(KhienError):
    """A delivery by its number that this webhook does not have."""

    code = "KHIEN-EXC-003"
    http_status = 404
    sentence = Text(
        vi="Webhook này không có lần gửi số {number}. Xem: khien webhook deliveries.",
        en="This webhook has no delivery number {number}. See: khien webhook deliveries.",
    )


class AddressRefused(KhienError):
    """An address that Khiên does not send to: not https, or inside the house without leave."""

    code = "KHIEN-EXC-004"
    http_status = 422
    sentence = Text(
        vi="Không gửi tới địa chỉ này: {why_vi}.", en="Nothing is sent to this address: {why_en}."
    )

    def __init__(self, why: Text) -> None:
        self.why = why
        super().__init__(why_vi=why.vi, why_en=why.en)
