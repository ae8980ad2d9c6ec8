"""Why a text is not put into force; of what is refused nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class ForceRefused(KhienError):
    """The base of every refusal on the way into force."""

    http_status = 422


class TextHasMistakes(ForceRefused):
    """A text that does not read as a library document; every mistake names its clause."""

    code = "KHIEN-ADO-401"
    sentence = Text(
        vi="Văn bản «{text}» có {count} chỗ chưa đúng, chưa ghi gì:\n{problems}",
        en="The text «{text}» has {count} mistakes; nothing was stored:\n{problems}",
    )

    def __init__(self, text: str, problems: Sequence[Text]) -> None:
        self.problems = tuple(problems)
        super().__init__(text=text, count=len(problems), problems="")

    def text(self) -> Text:
        """Return the sentence with all mistakes, in both languages."""
        vi, en = ("\n".join(p.in_language(one) for p in self.problems) for one in ("vi", "en"))
        return Text(
            self.sentence.vi.format_map(self.values | {"problems": vi}),
            self.sentence.en.format_map(self.values | {"problems": en}),
        )


class NotReviewed(ForceRefused):
    """Clauses on which nobody decided, or whose words changed since."""

    code = "KHIEN-ADO-402"
    sentence = Text(
        vi="Còn {count} điều khoản chưa rà soát xong: {clauses}. Rà soát hết rồi trình lại.",
        en="{count} clauses are not reviewed yet: {clauses}. Review them all, then submit again.",
    )


class NobodyBound(ForceRefused):
    """A scope without a single unit."""

    code = "KHIEN-ADO-403"
    sentence = Text(
        vi="Chưa chọn đơn vị nào chịu sự điều chỉnh của văn bản «{text}».",
        en="No unit is chosen that the text «{text}» shall bind.",
    )


class UnitOutOfReach(ForceRefused):
    """A unit that the text cannot bind: not below the unit it belongs to, or not visible to the person."""

    code = "KHIEN-ADO-404"
    sentence = Text(
        vi="Văn bản của {unit} không áp dụng được cho «{other}»: chỉ chọn {unit} và các đơn vị cấp dưới.",
        en="A text of {unit} cannot bind «{other}»: choose {unit} itself and units below it.",
    )


class DaysInWrongOrder(ForceRefused):
    """Days of a text that cannot be true together."""

    code = "KHIEN-ADO-405"
    sentence = Text(
        vi="Ngày không đúng thứ tự: {why_vi}.",
        en="The days are in the wrong order: {why_en}.",
    )

    def __init__(self, why: Text) -> None:
        self.why = why
        super().__init__(why_vi=why.vi, why_en=why.en)


class ActsOnItself(ForceRefused):
    """A text that replaces or amends itself."""

    code = "KHIEN-ADO-406"
    sentence = Text(
        vi="Văn bản «{text}» không thể thay thế hay sửa đổi chính mình.",
        en="The text «{text}» cannot replace or amend itself.",
    )


class CircleOfTexts(ForceRefused):
    """Texts that replace or amend each other in a circle."""

    code = "KHIEN-ADO-407"
    sentence = Text(
        vi="Các văn bản thay thế, sửa đổi nhau thành vòng: {chain}. Bỏ một mắt xích rồi ghi lại.",
        en="Texts replace or amend each other in a circle: {chain}. Take out one link, then save again.",
    )


class UnknownAmended(ForceRefused):
    """An amendment that names a text or a clause that is not there."""

    code = "KHIEN-ADO-408"
    sentence = Text(
        vi="Không có {what_vi} để sửa đổi.",
        en="There is no {what_en} that could be amended.",
    )

    def __init__(self, what: Text) -> None:
        super().__init__(what_vi=what.vi, what_en=what.en)


class NotAtThisStep(ForceRefused):
    """A step that the text does not stand at."""

    code = "KHIEN-ADO-409"
    http_status = 409
    sentence = Text(
        vi="Văn bản «{text}» đang {state_vi}, không {step_vi} được.",
        en="The text «{text}» is {state_en}; it cannot be {step_en}.",
    )

    def __init__(self, *, text: str, state: Text, step: Text) -> None:
        super().__init__(
            text=text, state_vi=state.vi, state_en=state.en, step_vi=step.vi, step_en=step.en
        )


class NotYourOwn(ForceRefused):
    """A leader approves what that leader alone submitted, where another leader could."""

    code = "KHIEN-ADO-410"
    http_status = 403
    sentence = Text(
        vi="Người đã trình không tự phê duyệt: mời lãnh đạo khác của {unit} phê duyệt ({others}).",
        en="Who submitted a text does not approve it: ask another leader of {unit} ({others}).",
    )


class NeedsNote(ForceRefused):
    """A text given back without saying why."""

    code = "KHIEN-ADO-411"
    sentence = Text(
        vi="Ghi ý kiến để người soạn biết phải sửa gì.",
        en="Say what has to be changed.",
    )


class AlreadyInForce(ForceRefused):
    """A text that already took effect cannot be withdrawn, only ended."""

    code = "KHIEN-ADO-412"
    http_status = 409
    sentence = Text(
        vi="Văn bản «{text}» có hiệu lực từ {day}, không rút lại được nữa; hãy ghi ngày hết hiệu lực.",
        en="The text «{text}» has been in force since {day} and cannot be withdrawn; set the day it ends.",
    )


class UnknownPublication(ForceRefused):
    """A text that was not put into force here."""

    code = "KHIEN-ADO-413"
    http_status = 404
    sentence = Text(
        vi="Chưa có văn bản «{text}» nào được đưa vào áp dụng ở đây.",
        en="No text «{text}» was put into force here.",
    )


class CodeOfAnother(ForceRefused):
    """A text whose code another text of the library or of the installation has."""

    code = "KHIEN-ADO-414"
    http_status = 409
    sentence = Text(
        vi="Mã «{text}» đã dùng cho văn bản khác trong thư viện; đổi mã rồi làm lại.",
        en="The code «{text}» belongs to another text of the library; choose another one.",
    )
