"""The ways a correction of a text's structure can be refused; nothing is changed then."""

from __future__ import annotations

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class EditRefused(KhienError):
    """A correction that cannot be made; the base of all of them."""

    code = "KHIEN-NRM-200"
    http_status = 422
    sentence = Text(vi="Không sửa được chỗ này.", en="This place cannot be corrected.")


class UnitNotHere(EditRefused):
    """No unit of the text starts where the correction says."""

    code = "KHIEN-NRM-201"
    http_status = 409
    sentence = Text(
        vi="Không còn đơn vị nào bắt đầu ở vị trí {place}. Tải lại trang rồi chọn lại.",
        en="No unit starts at {place} any more. Load the page again and choose anew.",
    )


class FirstCannotJoin(EditRefused):
    """The first unit of a part has nothing before it to be joined to."""

    code = "KHIEN-NRM-202"
    sentence = Text(
        vi="«{unit}» đứng đầu phần văn bản, không có gì phía trước để ghép vào.",
        en="“{unit}” is the first of its part; there is nothing before it to join it to.",
    )


class SplitOutside(EditRefused):
    """A place to split at that leaves one side empty, or is outside the unit's text."""

    code = "KHIEN-NRM-203"
    sentence = Text(
        vi="Không tách được «{unit}» ở vị trí {at}: mỗi phần phải còn chữ (đơn vị này dài {length} ký tự).",
        en="“{unit}” cannot be split at {at}: each side must keep words (the unit has {length} characters).",
    )


class NumberTaken(EditRefused):
    """A number that another unit at the same place has."""

    code = "KHIEN-NRM-204"
    http_status = 409
    sentence = Text(
        vi="Số «{number}» đã có: «{other}» ở dòng {line}. Đổi số kia trước, hoặc chọn số khác.",
        en="The number “{number}” is taken: “{other}” at line {line}. Change that one first, or choose another.",
    )


class NumberUnfit(EditRefused):
    """A number that no unit of this kind can have."""

    code = "KHIEN-NRM-205"
    sentence = Text(
        vi="«{number}» không dùng làm số của {kind_vi} được. Ví dụ đúng: {example}.",
        en="“{number}” cannot number a {kind_en}. Right would be: {example}.",
    )


class NumberNeeded(EditRefused):
    """A unit whose number cannot be guessed."""

    code = "KHIEN-NRM-206"
    sentence = Text(
        vi="Hãy ghi số của {kind_vi} mới, ví dụ {example}.",
        en="Give the number of the new {kind_en}, like {example}.",
    )


class KindUnfit(EditRefused):
    """A kind that is none, or that a unit cannot become here."""

    code = "KHIEN-NRM-207"
    sentence = Text(
        vi="«{unit}» không đổi thành {kind_vi} được ở đây.",
        en="“{unit}” cannot become a {kind_en} here.",
    )


class MoveImpossible(EditRefused):
    """A unit under which another cannot stand, by its kind or by the order of the text."""

    code = "KHIEN-NRM-208"
    sentence = Text(
        vi="«{unit}» không đặt dưới «{under}» được: đơn vị trên phải đứng ngay trước trong văn bản "
        "và ở cấp cao hơn.",
        en="“{unit}” cannot stand under “{under}”: that must come right before it in the text and be "
        "of a higher level.",
    )


class NothingChanges(EditRefused):
    """A correction that would leave everything as it is."""

    code = "KHIEN-NRM-209"
    sentence = Text(
        vi="«{unit}» vốn đã như vậy; không có gì để sửa.",
        en="“{unit}” is so already; there is nothing to correct.",
    )


class HasNoNumber(EditRefused):
    """A kind of unit that carries no number."""

    code = "KHIEN-NRM-210"
    sentence = Text(
        vi="«{unit}» là {kind_vi}, không mang số.",
        en="“{unit}” is a {kind_en} and has no number.",
    )


class EditUnknown(EditRefused):
    """A kind of correction that does not exist, or that lacks what it needs."""

    code = "KHIEN-NRM-211"
    http_status = 400
    sentence = Text(
        vi="Không có kiểu sửa «{what}», hoặc thiếu thông tin cho nó.",
        en="There is no correction “{what}”, or it lacks what it needs.",
    )


class SharedWords(EditRefused):
    """A unit whose words are those of the step that starts in it."""

    code = "KHIEN-NRM-212"
    sentence = Text(
        vi="Lời của «{unit}» nằm ở bước bên trong nó; hãy sửa ở bước đó.",
        en="The words of “{unit}” are those of the step inside it; correct that step.",
    )
