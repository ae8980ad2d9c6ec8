"""What can go wrong when a file is signed, when a signature is read, and with the certificates one trusts."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class NoTokenSupport(KhienError):
    """The part of Khiên that speaks with tokens is not installed."""

    code = "KHIEN-SIG-001"
    sentence = Text(
        vi="Máy này chưa cài phần đọc thiết bị ký (PKCS#11). Cài gói «khien[token]», hoặc ký bằng tệp .p12.",
        en="The part that speaks with tokens (PKCS#11) is not installed. Install «khien[token]», or sign "
        "with a .p12 file.",
    )


class ModuleUnusable(KhienError):
    """The driver library of the token cannot be loaded, or is not named."""

    code = "KHIEN-SIG-002"
    sentence = Text(
        vi="Không dùng được thư viện PKCS#11 «{module}»: {why}. Ghi đường dẫn thư viện của nhà cung cấp thiết bị "
        "bằng --module.",
        en="The PKCS#11 library «{module}» cannot be used: {why}. Give the path of the library that came with "
        "the token with --module.",
    )


class TokenNotFound(KhienError):
    """No token is plugged in, or none has the name that was asked for."""

    code = "KHIEN-SIG-003"
    sentence = Text(
        vi="Không thấy thiết bị ký «{token}». Thiết bị đang cắm: {known}. Cắm thiết bị rồi chạy lại.",
        en="There is no token «{token}». Plugged in: {known}. Plug it in and run again.",
    )


class TokenAmbiguous(KhienError):
    """Several tokens are plugged in, and it was not said which one signs."""

    code = "KHIEN-SIG-004"
    sentence = Text(
        vi="Đang cắm nhiều thiết bị ký: {known}. Chọn một thiết bị bằng --token, có thể dùng số sê-ri.",
        en="Several tokens are plugged in: {known}. Choose one with --token; its serial number will do.",
    )


class NoCertificateToSign(KhienError):
    """The token or file holds no certificate with a private key that fits what was asked."""

    code = "KHIEN-SIG-005"
    sentence = Text(
        vi="Trong «{place}» không có chứng thư nào kèm khóa bí mật khớp với «{asked}». Đang có: {known}.",
        en="«{place}» holds no certificate with a private key that matches «{asked}». It holds: {known}.",
    )


class CertificateAmbiguous(KhienError):
    """The token holds several certificates that could sign."""

    code = "KHIEN-SIG-006"
    sentence = Text(
        vi="Trong «{place}» có nhiều chứng thư ký được: {known}. Chọn một chứng thư bằng --certificate, ghi tên "
        "hoặc số sê-ri.",
        en="«{place}» holds several certificates that can sign: {known}. Choose one with --certificate, by "
        "name or serial number.",
    )


class WrongPin(KhienError):
    """The token refused the PIN; it is never tried again by itself, because tokens lock."""

    code = "KHIEN-SIG-007"
    exit_status = 1
    sentence = Text(
        vi="Thiết bị «{token}» không nhận mã PIN. {tries_vi} Khiên không tự thử lại.",
        en="The token «{token}» refused the PIN. {tries_en} Khiên does not try again by itself.",
    )


class PinLocked(KhienError):
    """The token is locked after too many wrong PINs."""

    code = "KHIEN-SIG-008"
    exit_status = 1
    sentence = Text(
        vi="Thiết bị «{token}» đã bị khóa mã PIN. Đề nghị cơ quan quản lý thiết bị mở khóa.",
        en="The PIN of token «{token}» is locked. Ask the body that manages the token to unlock it.",
    )


class KeyFileUnusable(KhienError):
    """A PKCS#12 file that cannot be opened: not one, or the password is wrong."""

    code = "KHIEN-SIG-009"
    exit_status = 1
    sentence = Text(
        vi="Không mở được tệp khóa «{file}»: sai mật khẩu, hoặc không phải tệp PKCS#12 (.p12, .pfx) có khóa.",
        en="The key file «{file}» cannot be opened: the password is wrong, or it is no PKCS#12 file "
        "(.p12, .pfx) with a key.",
    )


class UnfitCertificate(KhienError):
    """A certificate that may not sign now: out of its dates, or made for something else."""

    code = "KHIEN-SIG-010"
    exit_status = 1
    sentence = Text(
        vi="Chưa ký: chứng thư «{name}» {why_vi}.", en="Not signed: certificate «{name}» {why_en}."
    )

    def __init__(self, name: str, why: Text) -> None:
        super().__init__(name=name, why_vi=why.vi, why_en=why.en)


class PdfNotSignable(KhienError):
    """A file that cannot be signed as it is."""

    code = "KHIEN-SIG-011"
    sentence = Text(
        vi="Không ký được «{file}»: {why_vi}.", en="«{file}» cannot be signed: {why_en}."
    )

    def __init__(self, file: object, why: Text) -> None:
        super().__init__(file=file, why_vi=why.vi, why_en=why.en)


class PictureUnusable(KhienError):
    """A picture of a signature or a seal that cannot be placed on a document."""

    code = "KHIEN-SIG-012"
    sentence = Text(
        vi="Không dùng được ảnh «{file}»: {why_vi}.",
        en="The picture «{file}» cannot be used: {why_en}.",
    )

    def __init__(self, file: object, why: Text) -> None:
        super().__init__(file=file, why_vi=why.vi, why_en=why.en)


class NoPlace(KhienError):
    """The place for the picture was not found on the pages."""

    code = "KHIEN-SIG-013"
    sentence = Text(
        vi="Không thấy chỗ đặt hình chữ ký: không có «{name}» dưới chức vụ ở trang nào. Ghi họ tên như trên văn "
        "bản bằng --name, hoặc ghi vị trí bằng --at TRANG,TRÁI,TRÊN,RỘNG,CAO (milimét).",
        en="No place for the picture was found: no page has «{name}» below a capacity. Give the name as it "
        "stands on the paper with --name, or the place with --at PAGE,LEFT,TOP,WIDTH,HEIGHT (millimetres).",
    )


class NoTimeStamp(KhienError):
    """The time stamping authority did not answer as it should."""

    code = "KHIEN-SIG-014"
    exit_status = 1
    sentence = Text(
        vi="Chưa ký: không lấy được dấu thời gian từ {address} ({why}). Kiểm tra địa chỉ và mạng; hoặc ký không "
        "có dấu thời gian bằng --level B-B.",
        en="Not signed: no time stamp came from {address} ({why}). Check the address and the network; or sign "
        "without a time stamp with --level B-B.",
    )


class TokenFailed(KhienError):
    """The token reported something else than a wrong PIN."""

    code = "KHIEN-SIG-015"
    exit_status = 1
    sentence = Text(
        vi="Thiết bị «{token}» báo lỗi: {why}. Rút ra cắm lại rồi thử; nếu vẫn lỗi, hỏi nhà cung cấp thiết bị.",
        en="The token «{token}» reported: {why}. Plug it in again and try; if it stays, ask its supplier.",
    )


class SignaturesNotRead(KhienError):
    """A file whose signatures could not be read at all."""

    code = "KHIEN-SIG-016"
    exit_status = 1
    sentence = Text(
        vi="Chưa đọc được chữ ký của «{file}»: {why_vi}.",
        en="The signatures of «{file}» were not read: {why_en}.",
    )

    def __init__(self, file: object, why: Text) -> None:
        super().__init__(file=file, why_vi=why.vi, why_en=why.en)


class NotTrustable(KhienError):
    """A file that holds no certificate of a certification authority."""

    code = "KHIEN-SIG-017"
    http_status = 422
    sentence = Text(vi="Chưa nạp «{file}»: {why_vi}.", en="«{file}» was not loaded: {why_en}.")

    def __init__(self, file: str, why: Text) -> None:
        super().__init__(file=file, why_vi=why.vi, why_en=why.en)


class UnknownTrust(KhienError):
    """A certificate of the trust store that is not there."""

    code = "KHIEN-SIG-018"
    http_status = 404
    sentence = Text(
        vi="Không có chứng thư «{fingerprint}» đang được tin cậy. Xem: khien trust list.",
        en="No trusted certificate has the fingerprint «{fingerprint}». See: khien trust list.",
    )


class NoRevocationFacts(KhienError):
    """Long-term material was asked for, and cannot be put together."""

    code = "KHIEN-SIG-019"
    exit_status = 1
    sentence = Text(
        vi="Chưa ký ở mức B-LT: thiếu chứng thư gốc hoặc danh sách thu hồi (CRL) còn hạn của chuỗi chứng thư "
        "({why}). Nạp bằng --trust và --crl, hoặc ký ở mức B-T.",
        en="Not signed at level B-LT: the root certificate or a current revocation list (CRL) of the chain is "
        "missing ({why}). Give them with --trust and --crl, or sign at level B-T.",
    )


class FileUnreadable(KhienError):
    """A file named on the command line that cannot be read."""

    code = "KHIEN-SIG-020"
    sentence = Text(vi="Không đọc được «{file}»: {why}.", en="«{file}» cannot be read: {why}.")


class CannotWriteSigned(KhienError):
    """The place for the signed file cannot be written."""

    code = "KHIEN-SIG-021"
    exit_status = 1
    sentence = Text(
        vi="Không ghi được «{path}» ({why}). Chọn chỗ khác bằng --output.",
        en="«{path}» cannot be written ({why}). Choose another place with --output.",
    )


class SignedFileExists(KhienError):
    """There is a file where the signed one would go."""

    code = "KHIEN-SIG-022"
    sentence = Text(
        vi="Đã có tệp «{path}». Ghi tên khác bằng --output, hoặc ghi đè bằng --force.",
        en="There is a file «{path}». Give another name with --output, or overwrite it with --force.",
    )


class SecretNotAsked(KhienError):
    """There is no terminal on which a PIN or password can be asked without showing it."""

    code = "KHIEN-SIG-023"
    exit_status = 1
    sentence = Text(
        vi="Chưa ký: không hỏi kín được mã PIN hoặc mật khẩu. Chạy lệnh trong một cửa sổ dòng lệnh.",
        en="Not signed: the PIN or password cannot be asked without showing it. Run the command in a terminal.",
    )
