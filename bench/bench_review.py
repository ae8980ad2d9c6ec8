"""Review of a long text: the suggestions of 2,000 clauses, pages of the review, a decision, a sweep.

Run: PYTHONPATH=src:bench python bench/bench_review.py [articles]
The data folder is a temporary one. Half of the clauses are decided before the pages are asked for.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

from hardware import hardware

ARTICLES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
ROUNDS = 15
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def source() -> str:
    """Return a made-up code: ten chapters, each article with two clauses."""
    lines = ["QUY CHẾ", "Bảo đảm an ninh mạng"]
    for number in range(1, ARTICLES + 1):
        if (number - 1) % max(1, ARTICLES // 10) == 0:
            chapter = min(9, (number - 1) // max(1, ARTICLES // 10))
            lines += [f"Chương {ROMAN[chapter]}", "BIỆN PHÁP BẢO ĐẢM"]
        lines.append(f"Điều {number}. Hệ thống số {number}")
        lines.append(f"1. Mật khẩu của hệ thống {number} dài ít nhất {8 + number % 9} ký tự.")
        lines.append(f"2. Bộ phận {number} sao lưu dữ liệu ít nhất 01 lần/tuần.")
    return "\n".join(lines) + "\n"


def told(what: str, action: Callable[[], object], rounds: int = ROUNDS) -> None:
    """Print the middle and the longest of some runs."""
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        seconds.append(1000 * (time.perf_counter() - started))
    print(f"| {what} | {median(seconds):,.0f} ms | {max(seconds):,.0f} ms |", flush=True)


def main() -> None:
    """Found a unit, bring the text in, decide half of it, ask for pages."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    from khien.adoption.importing.services import import_pasted
    from khien.adoption.review.selectors import chapter_at, next_undecided, progress_of, sweep_of
    from khien.adoption.review.services import sweep
    from khien.adoption.review.suggesting import clauses_to_decide, suggestions_of
    from khien.norms.suggest.suggesting import suggestions_for
    from khien.norms.text.parser import parse_text
    from khien.org.services import ensure_officer, register_unit
    from khien.registers.services import Act

    unit = register_unit("xa", name_vi="Xã", name_en="Commune", kind="ward", place="M", now=NOW)
    client = Client()
    client.force_login(ensure_officer(unit, now=NOW))
    act = Act("an", NOW)
    text = import_pasted(unit, source(), act=act, code="dai")
    print(f"{hardware()}; {len(clauses_to_decide(text).nodes):,} clauses\n")
    print("| what | middle | longest |\n|---|---:|---:|")
    told("learning from the library", lambda: suggestions_for(parse_text("Điều 1. A.\n")), rounds=1)
    told("suggestions of all clauses", lambda: suggestions_of(text), rounds=1)
    for number in ROMAN[: len(ROMAN) // 2]:
        chapter = chapter_at(text, f"C.{number}")
        planned = sweep_of(text, chapter)
        told(f"sweep of chapter {number}: {len(planned.clauses)} clauses",
             lambda c=chapter, p=planned: sweep(text, c, seen=p.seen, act=act), rounds=1)  # fmt: skip
    decided = progress_of(text).decided
    base = "/van-ban/nhap/dai/ra-soat/"
    client.get(base)  # a process compiles its templates once
    told(f"overview, {decided:,} decided", lambda: client.get(base))
    path = next_undecided(text)
    told("one clause", lambda: client.get(f"{base}{path}/"))
    told("list of a sweep", lambda: client.get(f"{base}chuong/C.VI/"))
    told("table of decisions", lambda: client.get(f"{base}quyet-dinh/"))
    told("table of decisions, filtered", lambda: client.get(f"{base}quyet-dinh/?tim=mat+khau"))

    def decide() -> None:
        place = next_undecided(text)
        client.post(f"{base}{place}/khong/", {"ly-do": "criteria", "ban": "0"})

    told("one decision, signed into the ledger", decide)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KHIEN_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "khien.project.settings"
        main()
