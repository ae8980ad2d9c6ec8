"""The spelling rules of one Vietnamese syllable, used to tell right readings from wrong ones."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_INITIALS_TABLE: Final = "ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p q r s t v x"
_RHYMES_TABLE: Final = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
    oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uên uênh ui um un ung uơ up ut uy uya uych uyên uyêt uyn
    uynh uyt uyu uôc uôi uôm uôn uông uôp uôt
    ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
    y ych yêm yên yêng yêt yêu ynh
"""
_INITIALS: Final = _INITIALS_TABLE.split()
_RHYMES: Final = frozenset(_RHYMES_TABLE.split())
_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
# A syllable that ends in a stop carries only the acute or the dot below.
_STOPS: Final = ("c", "ch", "p", "t")
_LONGEST: Final = 7


@lru_cache(maxsize=65_536)
def is_syllable(word: str) -> bool:
    """Say whether a word is spelled like one Vietnamese syllable, whatever its capitals."""
    if len(word) > 2 * _LONGEST:
        return False
    apart = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in apart if mark in _TONES]
    bare = unicodedata.normalize("NFC", "".join(c for c in apart if c not in _TONES))
    if len(tones) > 1 or len(bare) > _LONGEST:
        return False
    if bare.endswith(_STOPS) and tones and tones[0] not in "\u0301\u0323":
        return False
    return bare in _RHYMES or any(
        bare.startswith(initial) and bare[len(initial) :] in _RHYMES for initial in _INITIALS
    )
