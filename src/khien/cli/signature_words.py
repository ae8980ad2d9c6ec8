"""Readings of signatures as the command line says them."""

from __future__ import annotations

from khien.cli.output import painted, put, put_wrapped
from khien.kernel.clock import said_moment
from khien.kernel.language import Text
from khien.signatures.readings import FileReading
from khien.signatures.sentences import STANDING_WORDS, about_file, details, headline

_COLOURS = {"verified": "pass", "partly": "unknown", "failed": "fail"}


def put_reading(reading: FileReading) -> None:
    """Print what was found of the signatures of a file."""
    for sentence in about_file(reading):
        put(str(sentence))
    for number, one in enumerate(reading.signatures, start=1):
        facts = one.certificate
        who = facts.name if facts else "–"
        if facts and facts.organisation:
            who += f", {facts.organisation}"
        when = said_moment(one.said_at) if one.said_at else "–"
        state = painted(str(STANDING_WORDS[one.standing]), _COLOURS[one.standing])
        put(f"{number}. {painted(who, 'bold')} · {when} · {state}")
        put_wrapped(str(headline(one)))
        for sentence in details(one):
            put_wrapped(str(sentence))
        if facts:
            put_wrapped(
                str(
                    Text(
                        f"Chứng thư số {facts.serial}, do «{facts.issuer}» cấp, {facts.not_before:%d/%m/%Y} – "
                        f"{facts.not_after:%d/%m/%Y}.",
                        f"Certificate {facts.serial} by «{facts.issuer}», {facts.not_before:%d/%m/%Y} – "
                        f"{facts.not_after:%d/%m/%Y}.",
                    )
                ),
                colour="dim",
            )
