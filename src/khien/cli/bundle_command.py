"""khien bundle: keys shown and paired, bundles made, carried, taken in, and receipts brought back."""

from __future__ import annotations

import argparse
from typing import Any

from khien.cli import bundle_files, bundle_keys
from khien.cli.output import painted, put, put_json, say
from khien.cli.words import names_argument
from khien.exchange.partners import ABOVE, BELOW
from khien.exchange.submission_facts import facts_of
from khien.exchange.submission_selectors import answer_of, partners_of, received_of, sent_of
from khien.kernel.clock import said_moment
from khien.kernel.language import Text
from khien.org.selectors import all_units, unit_by_code

_SHOWN_MAX = 200
_Argument = tuple[str, Text, dict[str, Any]]
_NEEDED: dict[str, Any] = {"required": True}
_YES: dict[str, Any] = {"action": "store_true"}
_NUMBER: dict[str, Any] = {"type": int}
_SIDES: dict[str, Any] = {"required": True, "choices": (BELOW.value, ABOVE.value)}
_SIDE = Text(
    "below: họ gửi cho ta; above: ta gửi cho họ", "below: they send to us; above: we send to them"
)
_UNIT = Text("mã đơn vị", "the unit's code")
_OUT = Text("ghi vào tệp", "write to the file")
_WHY = Text("lý do", "why")
_PARTNER = Text("số nơi trao đổi", "the partner's number")
_JSON: _Argument = ("--json", Text("in JSON", "print JSON"), _YES)
_ACTIONS: dict[str, tuple[Text, list[_Argument]]] = {
    "card": (
        Text("in thẻ khóa của ta và số đối chiếu", "print our key card and its number"),
        [("--unit", _UNIT, _NEEDED)],
    ),
    "pair": (
        Text("đăng ký khóa trên một thẻ", "register the key on a card"),
        [
            ("file", Text("tệp thẻ khóa", "the card's file"), {}),
            ("--unit", _UNIT, _NEEDED),
            ("--direction", _SIDE, _SIDES),
            ("--number", Text("số bên kia đọc", "the number the other side read"), _NEEDED),
            ("--read-by", Text("người bên kia đã đọc", "who read it"), _NEEDED),
        ],
    ),
    "partners": (
        Text("các nơi trao đổi và khóa của họ", "partners and their keys"),
        [("--unit", _UNIT, {}), _JSON],
    ),
    "revoke": (
        Text("thu hồi một khóa", "revoke a key"),
        [
            ("number", Text("số khóa", "the key's number"), _NUMBER),
            ("--reason", _WHY, _NEEDED),
            ("--compromised", Text("khóa đã lộ", "somebody else may hold it"), _YES),
        ],
    ),
    "end": (
        Text("thôi trao đổi với một nơi", "end the exchange with a partner"),
        [("number", _PARTNER, _NUMBER)],
    ),
    "address": (
        Text("đặt địa chỉ gửi qua mạng", "set where bundles are sent"),
        [
            ("number", _PARTNER, _NUMBER),
            (
                "url",
                Text("địa chỉ https; trống: bằng tệp", "an https address; empty: by file"),
                {"nargs": "?", "default": ""},
            ),
            (
                "--allow-private",
                Text("cho phép http và mạng nội bộ", "allow http and addresses inside the house"),
                _YES,
            ),
        ],
    ),
    "accept-break": (
        Text("chấp nhận sổ cái của một nơi bắt đầu lại", "accept that a ledger starts anew"),
        [("number", _PARTNER, _NUMBER), ("--reason", _WHY, _NEEDED)],
    ),
    "rotate": (Text("thay khóa gửi gói của ta", "replace our submission key"), []),
    "export": (
        Text("lập gói và ghi ra tệp", "make a bundle and write its file"),
        [
            ("--to", Text("số nơi nhận", "the receiver's number"), {"type": int, "required": True}),
            ("--out", _OUT, {}),
            (
                "--report",
                Text("số của báo cáo đã ký", "the number of a signed report"),
                {"type": int, "action": "append", "default": []},
            ),
            (
                "--register",
                Text(
                    "các sổ gửi kèm, cách nhau dấu phẩy", "registers to send, separated by commas"
                ),
                {"type": names_argument, "default": []},
            ),
            ("--findings", Text("kết quả từng đơn vị", "how each unit stands"), _YES),
            ("--documents", Text("tệp của sổ văn bản", "files of the documents register"), _YES),
        ],
    ),
    "import": (
        Text("nhận một gói từ tệp", "take a bundle in from a file"),
        [
            ("file", Text("tệp gói", "the bundle's file"), {}),
            ("--receipt", Text("ghi phiếu vào tệp", "write the receipt to the file"), {}),
        ],
    ),
    "receipt": (
        Text("ghi phiếu của gói đã nhận", "write the receipt of a received bundle"),
        [
            ("number", Text("số gói đã nhận", "the received bundle's number"), _NUMBER),
            ("--out", _OUT, _NEEDED),
        ],
    ),
    "take-receipt": (
        Text("nhận phiếu mang về", "take the receipt that came back"),
        [("file", Text("tệp phiếu", "the receipt's file"), {})],
    ),
    "send": (
        Text("gửi ngay một gói qua mạng", "send a bundle over the network now"),
        [("number", Text("số gói đã lập", "the number of a bundle made here"), _NUMBER)],
    ),
    "list": (
        Text("các gói đã lập và đã nhận", "bundles made and received"),
        [("--unit", _UNIT, {}), _JSON],
    ),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add one action for each thing that is done with keys, bundles and receipts."""
    actions = parser.add_subparsers(dest="action", required=True)
    for name, (text, arguments) in _ACTIONS.items():
        sub = actions.add_parser(name, help=str(text))
        for argument, said, more in arguments:
            sub.add_argument(argument, help=str(said), **more)


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    return {
        "card": bundle_keys.card,
        "pair": bundle_keys.pair,
        "revoke": bundle_keys.revoke,
        "end": bundle_keys.end,
        "address": bundle_keys.address,
        "accept-break": bundle_keys.accept,
        "rotate": bundle_keys.rotate,
        "export": bundle_files.export,
        "import": bundle_files.take_in,
        "receipt": bundle_files.receipt,
        "take-receipt": bundle_files.take_back,
        "send": bundle_files.send,
        "partners": _partners,
        "list": _list,
    }[args.action](args)


def _partners(args: argparse.Namespace) -> int:
    units = [unit_by_code(args.unit)] if args.unit else all_units()
    found = partners_of(units, with_ended=True)
    if args.json:
        put_json([_partner_json(one) for one in found])
        return 0
    for one in found:
        state = Text("đã kết thúc", "ended") if one.ended_at else Text("đang dùng", "in use")
        put(
            f"{one.pk:>4} {painted(one.unit.code, 'bold')} {one.direction} {one.name_vi} [{state}] {one.address}"
        )
        if one.alarm:
            put(f"     {painted('✗', 'fail')} {facts_of([one.alarm])[0].text}")
        for key in one.keys.all():
            put(
                f"     {key.pk:>4} {key} {said_moment(key.revoked_from) if key.revoked_from else ''}"
            )
    return 0


def _partner_json(one: Any) -> dict[str, Any]:
    return {
        "number": one.pk,
        "unit": one.unit.code,
        "direction": one.direction,
        "instance": one.instance,
        "name": one.name_vi,
        "address": one.address,
        "last_sequence": one.last_sequence,
        "alarm": one.alarm,
        "ended_at": one.ended_at,
        "keys": [
            {"number": key.pk, "key": str(key), "fingerprint": key.fingerprint, "revoked_from": key.revoked_from}
            for key in one.keys.all()
        ],
    }  # fmt: skip


def _list(args: argparse.Namespace) -> int:
    units = [unit_by_code(args.unit)] if args.unit else all_units()
    made, got = list(sent_of(units)[:_SHOWN_MAX]), list(received_of(units)[:_SHOWN_MAX])
    if args.json:
        put_json(
            {
                "sent": [_row(s) | {"state": s.state, "answer": s.answer} for s in made],
                "received": [_row(one) | {"facts": one.facts} for one in got],
            }
        )
        return 0
    for sent in made:
        unit = painted(sent.partner.unit.code, "bold")
        when = said_moment(sent.made_at)
        put(
            f"↑ {sent.pk:>4} {unit} #{sent.sequence} {sent.state} {when} {sent.item_count} {answer_of(sent) or ''}"
        )
    for one in got:
        unit = painted(one.partner.unit.code, "bold")
        put(f"↓ {one.pk:>4} {unit} #{one.sequence} {said_moment(one.received_at)} {one.item_count}")
    if not made and not got:
        say("Chưa có gói nào.", "There are no bundles.")
    return 0


def _row(one: Any) -> dict[str, Any]:
    return {
        "number": one.pk,
        "unit": one.partner.unit.code,
        "bundle": one.bundle,
        "sequence": one.sequence,
        "made_at": one.made_at,
        "sha256": one.sha256,
        "size_bytes": one.size_bytes,
        "item_count": one.item_count,
        "continuity": one.continuity,
    }
