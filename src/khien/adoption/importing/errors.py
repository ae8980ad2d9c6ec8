"""What can go wrong when a text is brought in or corrected."""

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class NotARegulation(KhienError):
    """A file that was read, but in which no article, section or numbered clause stands."""

    code = "KHIEN-ADO-111"
    http_status = 422
    sentence = Text(
        vi="Đọc được «{file}» ({lines} dòng) nhưng không thấy điều, khoản, mục hay gạch đầu dòng nào, nên chưa "
        "nhập. Kiểm tra lại: đúng tệp quy chế chưa, có thiếu trang không;"
        " hoặc dán phần lời có «Điều 1.», «1.», «a)».",
        en="“{file}” was read ({lines} lines), but no article, clause, section or bullet was found, so it was not "
        "imported. Check that it is the regulation and whole, or paste its text with “Điều 1.”, “1.”, “a)”.",
    )


class TooManyClauses(KhienError):
    """A text with more units than one person can ever review."""

    code = "KHIEN-ADO-112"
    http_status = 413
    sentence = Text(
        vi="«{file}» có {count} đơn vị (điều, khoản, điểm …), giới hạn là {limit}. Chia văn bản thành nhiều phần "
        "rồi nhập từng phần.",
        en="“{file}” has {count} units (articles, clauses, points …), the limit is {limit}. Split the text and "
        "import each part.",
    )


class NothingPasted(KhienError):
    """A form sent without a file and without text."""

    code = "KHIEN-ADO-113"
    http_status = 422
    sentence = Text(
        vi="Chưa chọn tệp và cũng chưa dán nội dung. Chọn một trong hai.",
        en="No file was chosen and nothing was pasted. Do one of the two.",
    )


class AlreadyImported(KhienError):
    """The same text stands among the unit's imported texts."""

    code = "KHIEN-ADO-114"
    http_status = 409
    sentence = Text(
        vi="Văn bản này đã nhập rồi: «{text}» ({title}), {why_vi}. Mở bản đó để làm tiếp; nếu đây thật là bản mới "
        "thì nhập lại và chọn «đây là bản mới».",
        en="This text was imported before: “{text}” ({title}), {why_en}. Open that one to go on; if this really "
        "is a new version, import it again and say so.",
    )


class AlreadyInLibrary(KhienError):
    """The text stands in the library in use already."""

    code = "KHIEN-ADO-115"
    http_status = 409
    sentence = Text(
        vi="Thư viện đã có văn bản {number} của {issuer}: «{document}». Gắn văn bản đó cho đơn vị; nếu đây thật "
        "là bản mới thì nhập lại và chọn «đây là bản mới».",
        en="The library already holds {number} of {issuer}: “{document}”. Bind that one to the unit; if this "
        "really is a new version, import it again and say so.",
    )


class CodeRefused(KhienError):
    """A code that cannot stand in an address."""

    code = "KHIEN-ADO-116"
    http_status = 422
    sentence = Text(
        vi="Mã «{given}» chưa dùng được: chỉ dùng chữ thường không dấu, chữ số và dấu gạch nối, tối đa {limit} ký "
        "tự, ví dụ xa-thanh-binh-12-2026.",
        en="The code “{given}” cannot be used: small letters without marks, digits and hyphens, at most {limit} "
        "characters, like xa-thanh-binh-12-2026.",
    )


class CodeTaken(KhienError):
    """A code that another text has."""

    code = "KHIEN-ADO-117"
    http_status = 409
    sentence = Text(
        vi="Mã «{given}» đã có văn bản khác dùng. Chọn mã khác, ví dụ «{free}».",
        en="Another text has the code “{given}”. Choose another, like “{free}”.",
    )


class HeadRefused(KhienError):
    """A correction of number, day, title … that cannot stand."""

    code = "KHIEN-ADO-118"
    http_status = 422
    sentence = Text(
        vi="Chưa ghi: {why_vi}.",
        en="Nothing was written: {why_en}.",
    )


class NothingToUndo(KhienError):
    """A correction that is not there, or was undone before."""

    code = "KHIEN-ADO-119"
    http_status = 409
    sentence = Text(
        vi="Không có lần sửa số {number} để hoàn tác, hoặc đã hoàn tác rồi.",
        en="There is no correction {number} to undo, or it was undone before.",
    )


class NothingToRedo(KhienError):
    """A correction that was not undone."""

    code = "KHIEN-ADO-120"
    http_status = 409
    sentence = Text(
        vi="Lần sửa số {number} không ở trạng thái đã hoàn tác.",
        en="Correction {number} is not undone.",
    )


class LaterEditsDepend(KhienError):
    """An earlier correction that later ones build on."""

    code = "KHIEN-ADO-121"
    http_status = 409
    sentence = Text(
        vi="Chưa hoàn tác lần sửa số {number}: lần sửa số {later} dựa vào nó. Hoàn tác lần đó trước.",
        en="Correction {number} was not undone: correction {later} builds on it. Undo that one first.",
    )


class UnknownAnomaly(KhienError):
    """An anomaly that is not (any more) where it was said to be."""

    code = "KHIEN-ADO-122"
    http_status = 404
    sentence = Text(
        vi="Dòng {line} không còn chỗ bất thường «{what}».",
        en="Line {line} has no anomaly “{what}” any more.",
    )
