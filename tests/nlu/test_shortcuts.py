"""What makes reading fast changes nothing that is read: every shortcut is held to the long way."""

from __future__ import annotations

import json
import re
import sys

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from nlu.danger import danger_rules
from nlu.danger.beginnings import beginnings_of
from nlu.embedded.engine import EmbeddedInterpreter
from nlu.embedded.evidence import STEP, learn_evidence
from nlu.embedded.features import Shape, Vector, learn_vocabulary, unit
from nlu.embedded.grams import word_mark
from nlu.embedded.linear import Linear, levels_of, packed
from nlu.embedded.repair import neighbours, phone_spellings, repair_by, word_list
from nlu.embedded.words import plain, sound, words_of
from nlu.training_data import read_folder
from tests.nlu.conftest import DATA

RULES = danger_rules()
EXPECTED = [
    json.loads(line)["text"]
    for file in sorted((DATA.parent / "expected").glob("*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
]
SENTENCES = [example.text for example in read_folder(DATA)][::23]
some_words = st.lists(st.sampled_from(sorted({w for text in EXPECTED for w in words_of(text)})), max_size=30)
made_up = st.lists(st.text(st.characters(categories=("Ll", "Nd")), min_size=1, max_size=9), max_size=6)
small_reader = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _by_every_rule(text: str) -> str | None:
    flat = RULES.flatten(plain(text))
    for idiom in RULES.idioms:
        flat = idiom.sub(" . ", flat)
    return next((kind for kind, rules in RULES.kinds.items() if any(r.search(flat) for r in rules)), None)


def test_no_danger_is_lost_by_looking_at_beginnings_first() -> None:
    """On thousands of sentences the rules that are looked for find what all rules find."""
    for text in (*EXPECTED, *SENTENCES):
        assert RULES.of(text) == _by_every_rule(text), text


@given(some_words)
def test_no_danger_is_lost_in_any_order_of_words(words: list[str]) -> None:
    """Nor in words put together by chance."""
    assert RULES.of(" ".join(words)) == _by_every_rule(" ".join(words))


def test_nearly_every_rule_is_left_out_at_once() -> None:
    """Of more than a hundred rules a message leaves one in ten to search for."""
    rules = [rule for of_kind in RULES.kinds.values() for rule in of_kind]
    beginnings = beginnings_of(rules)
    tried = [beginnings.possible(RULES.flatten(plain(text)).split()).bit_count() for text in SENTENCES]
    assert sum(tried) / len(tried) < len(rules) / 10


@given(
    st.sampled_from(
        [
            r" (?:me|nos) (?:pega|golp\w+)(?= )",
            r" (?:la )?(?:puerta|casa)s? (?:\w+ ){0,3}rota(?! hoy)(?= )",
            r" (?:a+b|(?:x|y )z|no (?:\w+ )?ve)(?= )",
            r" (?:(?:el |la )*(?:uno|dos)|tres veces|\w+ cuatro)(?= )",
        ]
    ),
    st.text(alphabet="abelmnopsuvxyz ", max_size=60),
    st.lists(st.sampled_from(["me", "nos", "pega", "golpe", "la", "puertas", "casa", "rota", "z", "y", "no", "ve", "el", "uno", "dos", "tres", "veces", "cuatro"])),
)  # fmt: skip
def test_a_rule_that_can_match_is_never_left_out(rule: str, letters: str, words: list[str]) -> None:
    """Whatever a rule matches, its beginnings say that it may."""
    pattern = re.compile(rule)
    beginnings = beginnings_of([pattern])
    for text in (f" {' '.join(letters.split())} ", f" {' '.join(words)} "):
        assert beginnings.possible(text.split()) or not pattern.search(text)


VOCABULARY = learn_vocabulary([words_of(text) for text in SENTENCES[:300]], Shape(reach=3))


@given(st.lists(st.one_of(some_words, made_up), min_size=1, max_size=5))
def test_rows_are_the_same_together_and_alone_with_and_without_what_is_held(texts: list[list[str]]) -> None:
    """A message has one vector, whatever is read beside it and whatever was read before."""
    fresh = learn_vocabulary([words_of(text) for text in SENTENCES[:50]], Shape(reach=3))
    for vocabulary in (VOCABULARY, fresh):
        together = vocabulary.rows(texts)
        assert len(together) == len(texts)
        for number, words in enumerate(texts):
            alone = vocabulary.rows([words])
            for (at, values), (at_alone, values_alone) in (
                (together.row(number), alone.row(0)),
                (together.words(number), alone.words(0)),
            ):
                assert at.tolist() == at_alone.tolist()
                assert np.allclose(values, values_alone, atol=1e-6)


@given(made_up)
def test_no_word_that_a_person_alone_wrote_is_held(words: list[str]) -> None:
    """What is kept for speed are words of the training sentences, so that memory tells nothing of a person."""
    VOCABULARY.rows([words])
    known = {word for text in SENTENCES[:300] for word in words_of(text)}
    assert set(VOCABULARY._held) <= known


def _vector(parts: dict[int, int]) -> Vector:
    at = np.array(sorted(parts), np.int64)
    return unit((at, np.array([parts[column] for column in at.tolist()], np.float32)))


vectors = st.dictionaries(st.integers(0, 12), st.integers(1, 9), max_size=6).map(_vector)


@given(st.lists(st.tuples(vectors, st.integers(0, 3)), min_size=1, max_size=12), vectors)
def test_the_nearest_sentence_is_the_nearest_of_all(
    sentences: list[tuple[Vector, int]], asked: Vector
) -> None:
    """Looking up who shares a word finds what comparing with every sentence of the label finds."""
    if not any(len(vector[0]) for vector, _ in sentences):
        return
    evidence = learn_evidence([v for v, _ in sentences], np.array([label for _, label in sentences]), 5)
    for label in range(5):
        cosines = [
            sum(
                float(a) * float(b)
                for n, a in zip(*asked, strict=True)
                for m, b in zip(*v, strict=True)
                if n == m
            )
            for v, of in sentences
            if of == label
        ]
        assert abs(evidence.nearest(asked, label) - max(cosines, default=0.0)) <= 6 * STEP


KNOWN = sorted({word for text in SENTENCES for word in words_of(text)})
NEIGHBOURS = neighbours(KNOWN, range(len(KNOWN)))
LIST = word_list(KNOWN)
slipped = st.sampled_from([word for word in KNOWN if len(word) > 3]).flatmap(
    lambda word: st.tuples(st.integers(0, len(word)), st.sampled_from(["", *"aeiouñbsz日"])).map(
        lambda slip: word[: slip[0]] + slip[1] + word[slip[0] + 1 :]
    )
)


@given(st.one_of(slipped, st.text(st.characters(categories=("Ll",)), min_size=4, max_size=12)))
def test_no_word_a_slip_away_is_lost_by_looking_at_letters_first(word: str) -> None:
    """Words that have too many other letters are not compared, and none of them is near enough."""
    for reach in (1, 2):
        near = {known for known in KNOWN if OSA.distance(word, known) <= reach and len(known) > 3}
        assert {known for known in near if not known.isdigit()} <= {
            LIST[n] for n in NEIGHBOURS.like(word, reach)
        }


def test_few_words_are_compared_letter_by_letter() -> None:
    """Of thousands of known words a hundredth or so has letters alike."""
    tried = [len(NEIGHBOURS.like(f"{word[:2]}x{word[3:]}", 1)) for word in KNOWN[::37] if len(word) > 3]
    assert sum(tried) / len(tried) < len(KNOWN) / 50


def test_the_most_frequent_word_of_a_sound_stands_for_it() -> None:
    """Whoever sounds like several known words is given the first of them."""
    words = ["casa", "kasa", "taza", "queso", "keso"]
    known = neighbours(words, range(len(words)))
    heard = [np.uint32(word_mark(sound(word))) for word in ("kaza", "cassa", "qeso", "perro")]
    assert [known.alike(mark) for mark in heard] == [0, 0, 3, None]


def test_a_word_list_gives_back_every_word() -> None:
    """However it is spelt."""
    assert [LIST[n] for n in range(len(KNOWN))] == KNOWN


@given(st.lists(slipped, max_size=6))
def test_repair_forgets_what_it_read(words: list[str]) -> None:
    """It has no room for a word that a person alone wrote; several texts are repaired as each alone."""
    repair = repair_by({None: KNOWN[:500], "es": KNOWN[:300]})
    together = repair.of_each([words, words[1:]], "es")
    assert together == [repair(words, "es"), repair(words[1:], "es")]
    assert all(
        isinstance(part, np.ndarray) for of in repair.neighbours.values() for part in vars(of).values()
    )
    assert all(w in KNOWN[:500] or w in words for w in together[0] if w not in phone_words())


def phone_words() -> set[str]:
    """Every word that a phone spelling stands for."""
    return {word for of in phone_spellings().values() for said in of.values() for word in said.split()}


@given(st.lists(st.lists(st.floats(-1.5, 1.5, width=32), min_size=4, max_size=4), min_size=1, max_size=7))
def test_a_weight_in_four_bits_is_near_the_weight(parts: list[list[float]]) -> None:
    """For any number of labels, odd or even: within half the distance of the two levels around it."""
    exact = np.array(parts, np.float32)
    linear = Linear(
        packed(levels_of(exact)), np.ones(len(parts), np.float32), np.zeros(len(parts), np.float32)
    )
    found = linear._parts(np.arange(4)).T
    assert found.shape == exact.shape
    held = np.clip(exact, -1, 1)
    assert np.all(np.abs(found - held) <= 0.15)
    assert np.all(np.abs(found - held)[np.abs(held) < 0.05] <= 0.04)


@small_reader
@given(some_words.filter(bool))
def test_a_clause_counts_exactly_when_it_is_sure_enough(small: EmbeddedInterpreter, words: list[str]) -> None:
    """The bound that spares the comparison with known sentences never decides otherwise than the comparison."""
    [scored] = small.model.score([words])
    for bound in (0.3, small.model.confidence.understood, 0.95):
        assert small.model.is_as_sure_as(bound, scored) == (small.model.sure(scored) >= bound)
    at_best = small.model.confidence.of(scored.signs_at_best(small.model.confidence.weights))
    assert small.model.sure(scored) <= at_best + 1e-9


def test_no_cache_grows_by_what_people_write(small: EmbeddedInterpreter) -> None:
    """Every cache of the room holds what belongs to the product: reading odd words leaves all as they were."""
    caches = [
        thing
        for name, module in list(sys.modules.items())
        if name.startswith(("nlu.", "content."))
        for thing in vars(module).values()
        if hasattr(thing, "cache_info")
    ]
    small.understand("para que cada cosa esté leída una vez")
    before = [cache.cache_info().currsize for cache in caches]
    small.understand(
        "Xochiquetzalina Wojciechowskaya quiere hablar con Ngozichukwuka, vive en kalle Zzyzxroad"
    )
    assert caches
    assert [cache.cache_info().currsize for cache in caches] == before
