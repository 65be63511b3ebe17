"""Repairs words nobody wrote in the training sentences: phone spellings, how it sounds, one slipped letter.

Repair looks first among the words of the language of the message, so that a Portuguese word is not turned
into its Spanish neighbour. It never touches a known word, a number or a short word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlu.embedded.words import sound

_SHORTEST = 4
_CACHE = 20_000
_PHONE: Mapping[str, Mapping[str, str]] = {
    "es": {
        "q": "que",
        "k": "que",
        "ke": "que",
        "x": "por",
        "xq": "porque",
        "pq": "porque",
        "porq": "porque",
        "xk": "porque",
        "tb": "tambien",
        "tmb": "tambien",
        "tbn": "tambien",
        "d": "de",
        "dnd": "donde",
        "dd": "donde",
        "bb": "bebe",
        "toy": "estoy",
        "ta": "esta",
        "pa": "para",
        "pal": "para",
        "tngo": "tengo",
        "qiero": "quiero",
        "kiero": "quiero",
        "xfa": "por favor",
        "pf": "por favor",
        "porfa": "por favor",
        "grax": "gracias",
        "ps": "pues",
        "pos": "pues",
        "aki": "aqui",
        "cmo": "como",
        "cm": "como",
        "m": "me",
        "t": "te",
        "s": "es",
        "l": "el",
        "mjr": "mujer",
        "hno": "hermano",
        "hna": "hermana",
        "bn": "bien",
        "msj": "mensaje",
        "tel": "telefono",
        "cel": "celular",
        "info": "informacion",
        "wpp": "whatsapp",
    },
    "pt": {
        "vc": "voce",
        "vcs": "voces",
        "pq": "porque",
        "q": "que",
        "oq": "o que",
        "tb": "tambem",
        "tbm": "tambem",
        "n": "nao",
        "nn": "nao",
        "ñ": "nao",
        "naum": "nao",
        "num": "nao",
        "hj": "hoje",
        "mt": "muito",
        "mto": "muito",
        "mta": "muita",
        "qnd": "quando",
        "qdo": "quando",
        "qm": "quem",
        "td": "tudo",
        "tds": "todos",
        "c": "com",
        "d": "de",
        "p": "para",
        "pra": "para",
        "pro": "para o",
        "to": "estou",
        "ta": "esta",
        "tava": "estava",
        "tou": "estou",
        "blz": "beleza",
        "obg": "obrigado",
        "obgd": "obrigado",
        "pfv": "por favor",
        "pf": "por favor",
        "pfvr": "por favor",
        "aki": "aqui",
        "eh": "e",
        "msm": "mesmo",
        "ngm": "ninguem",
        "cmg": "comigo",
        "qro": "quero",
        "bb": "bebe",
        "dps": "depois",
        "agr": "agora",
        "cd": "cade",
        "qto": "quanto",
        "qt": "quanto",
        "msg": "mensagem",
        "info": "informacao",
        "zap": "whatsapp",
        "tô": "estou",
    },
    "en": {
        "u": "you",
        "r": "are",
        "ur": "your",
        "pls": "please",
        "plz": "please",
        "thx": "thanks",
        "tks": "thanks",
        "im": "i am",
        "dont": "do not",
        "cant": "can not",
        "wanna": "want to",
        "gonna": "going to",
        "bc": "because",
        "ppl": "people",
        "abt": "about",
        "n": "and",
        "b4": "before",
        "wat": "what",
        "hw": "how",
    },
    "fr": {
        "jai": "j ai",
        "g": "j ai",
        "ki": "qui",
        "pr": "pour",
        "pk": "pourquoi",
        "pcq": "parce que",
        "svp": "s il vous plait",
        "stp": "s il te plait",
        "qd": "quand",
        "qq": "quelque",
        "tt": "tout",
        "ds": "dans",
        "bcp": "beaucoup",
        "mnt": "maintenant",
        "slt": "salut",
        "bjr": "bonjour",
        "bsr": "bonsoir",
        "c": "c est",
        "pa": "pas",
        "chui": "je suis",
    },
    "ht": {
        "mw": "mwen",
        "map": "m ap",
        "pouki": "poukisa",
        "tanpri": "tanpri",
        "bjr": "bonjou",
        "msye": "mesye",
    },
}


@dataclass
class Repair:
    """Known words by language (None holds those of all), most frequent first; an answer cache."""

    frequencies: Mapping[str | None, Mapping[str, int]]
    _lengths: dict[str | None, dict[int, list[str]]] = field(default_factory=dict)
    _sounds: dict[str | None, dict[str, str]] = field(default_factory=dict)
    _answers: dict[tuple[str | None, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for language, counts in self.frequencies.items():
            lengths: dict[int, list[str]] = {}
            sounds: dict[str, str] = {}
            for word in counts:  # most frequent first
                if len(word) >= _SHORTEST and not word.isdigit():
                    lengths.setdefault(len(word), []).append(word)
                    sounds.setdefault(sound(word), word)
            self._lengths[language], self._sounds[language] = lengths, sounds

    def knows(self, word: str) -> bool:
        """Whether anybody wrote this word in the training sentences."""
        return word in self.frequencies.get(None, {})

    def __call__(self, words: Sequence[str], language: str | None = None) -> list[str]:
        """The words with unknown ones replaced by the likeliest known word; same list when all are known."""
        phone = _PHONE.get(language or "", {})
        repaired: list[str] = []
        for word in words:
            if word in phone:
                repaired += phone[word].split()
            else:
                repaired.append(self._word(word, language))
        return repaired

    def _word(self, word: str, language: str | None) -> str:
        if len(word) < _SHORTEST or len(word) > 30 or self.knows(word) or any(c.isdigit() for c in word):
            return word
        key = (language, word)
        if key not in self._answers:
            if len(self._answers) >= _CACHE:
                self._answers.clear()
            self._answers[key] = self._nearest(word, language) or self._nearest(word, None) or word
        return self._answers[key]

    def _nearest(self, word: str, language: str | None) -> str | None:
        if language not in self._sounds:
            return None
        alike = self._sounds[language].get(sound(word))
        if alike:
            return alike
        reach = 1 if len(word) < 7 else 2
        lengths = self._lengths[language]
        near = [w for size in range(len(word) - reach, len(word) + reach + 1) for w in lengths.get(size, ())]
        best = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=reach)
        return str(best[0]) if best else None


def learn_words(texts: Iterable[tuple[Sequence[str], str | None]]) -> dict[str | None, dict[str, int]]:
    """Word counts of the training sentences by language, most frequent first."""
    counts: dict[str | None, Counter[str]] = {None: Counter()}
    for words, language in texts:
        counts[None].update(words)
        if language is not None:
            counts.setdefault(language, Counter()).update(words)
    return {language: dict(counter.most_common()) for language, counter in counts.items()}
