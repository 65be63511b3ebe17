"""The engine reads anything: it answers with a reading, keeps the thread, finds several needs."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.embedded.engine import EmbeddedInterpreter, interpreter_of
from nlu.embedded.repair import repair_by
from nlu.embedded.store import (
    ModelError,
    default_data_path,
    default_model_path,
    ensure_model,
    load,
    place_for,
    save,
    train_to,
)
from nlu.embedded.training import train
from nlu.embedded.words import plain, sound, words_of
from nlu.reading import Context, NotUnderstood, Understood, Unsure
from nlu.training_data import Example

ODD = (
    "", " ", "\x00\x01\x02", "🙂" * 300, "a" * 100_000, "no " * 40_000, "<script>alert(1)</script>", "'; DROP TABLE people; --",
    '{"a": [1, 2, {"b": null}]}', "مرحبا كيف حالك", "你好，我需要帮助", "\u202e\u200b\ufeff", "İSTANBUL ﬁ ǅ", "\ud800", "1" * 5000, "\n" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_input_gets_a_reading(small: EmbeddedInterpreter, text: str) -> None:
    """Empty, huge, foreign, control characters, markup: a reading, never an exception."""
    assert isinstance(small.understand(text), (Understood, Unsure, NotUnderstood))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=400),
    st.sampled_from([None, "es", "pt", "xx"]),
    st.sampled_from([None, "asylum.apply", "nothing"]),
)
def test_any_text_gets_a_reading(
    small: EmbeddedInterpreter, text: str, language: str | None, need: str | None
) -> None:
    """Whatever is typed in whatever context, confidences lie between 0 and 1 and the best comes first."""
    reading = small.understand(text, Context(language=language, need=need))
    assert isinstance(reading, (Understood, Unsure, NotUnderstood))
    sure = [c.confidence for c in reading.candidates]
    assert sure == sorted(sure, reverse=True)
    assert all(0 <= c <= 1 for c in sure)
    assert len(sure) <= 5


@pytest.mark.parametrize("text", ["1", "2 3", "0999123456", "..."])
def test_a_number_alone_names_no_need(small: EmbeddedInterpreter, text: str) -> None:
    """Who types the number of a choice is asked again, not told about one thing or another."""
    assert isinstance(small.understand(text), NotUnderstood)


def test_a_question_that_leans_keeps_the_need(small: EmbeddedInterpreter) -> None:
    """ "¿y a qué hora abren?" is about what was just discussed."""
    for text in ("¿y a qué hora abren?", "e onde fica?", "what time do they open?", "a ki lè yo ouvri?"):
        reading = small.understand(text, Context(need="basics.food"))
        assert isinstance(reading, Understood)
        assert reading.label == "basics.food"


def test_without_a_need_nothing_leans(small: EmbeddedInterpreter) -> None:
    """The same question without a need before it is not given one."""
    reading = small.understand("¿y a qué hora abren?", Context())
    assert not (isinstance(reading, Understood) and reading.confidence == 0.9)


def test_words_are_plain() -> None:
    """Accents, capitals, elongations and pictures come out as plain words."""
    assert words_of("¡HOLAAAA, señorrr! 😭") == ["hola", "senor", "emojisad"]
    assert plain("Informação") == "informacao"
    assert sound("bacunasion") == sound("vacunación".replace("ó", "o"))


def test_repair_stays_in_the_language() -> None:
    """An unknown word goes to its neighbour in the language of the message; known words stay."""
    repair = repair_by({None: ["documento", "trabajo", "trabalho"], "es": ["trabajo"], "pt": ["trabalho"]})
    assert repair(["travajo"], "es") == ["trabajo"]
    assert repair(["trabalo"], "pt") == ["trabalho"]
    assert repair(["documento", "xyzw"], "es") == ["documento", "xyzw"]
    assert repair(["xq"], "es") == ["porque"]


TOY = [
    Example(text, label)
    for label, texts in {
        "refund": (
            "i want my money back",
            "refund please",
            "give back the money",
            "return my payment",
            "money returned when",
        ),
        "delivery": (
            "where is my parcel",
            "when will it arrive",
            "track the order",
            "delivery is late",
            "parcel not here",
        ),
        "size": (
            "which size fits",
            "too small for me",
            "size of the bed",
            "measure the mattress",
            "is it large",
        ),
    }.items()
    for text in texts
]


def test_other_peoples_labels_get_the_bare_model() -> None:
    """A model of any labels answers with them; our rules stay out."""
    interpreter = interpreter_of(train(TOY))
    reading = asyncio.run(interpreter.read("i want a refund of my money", Context()))
    assert not isinstance(reading, NotUnderstood)
    assert reading.candidates[0].label == "refund"  # type: ignore[union-attr]
    assert interpreter.understand("my husband beats me").danger is None  # type: ignore[union-attr]


def test_training_needs_two_labels() -> None:
    """One label is nothing to tell apart."""
    with pytest.raises(ValueError, match="two labels"):
        train([Example("a b", "only"), Example("c d", "only")])


def test_a_model_is_never_written_over_what_is_none(small: EmbeddedInterpreter, tmp_path: Path) -> None:
    """A model may be replaced; a file of something else, and a folder, stay and are named. Ours makes no room."""
    (tmp_path / "letter.txt").write_text("dear all")
    for named in (tmp_path / "letter.txt", tmp_path):
        with pytest.raises(ModelError, match=r"letter\.txt: stands there already|is a folder"):
            place_for(tmp_path, named)
    assert (tmp_path / "letter.txt").read_text() == "dear all"
    save(small.model, tmp_path / "m.npz")
    assert place_for(tmp_path, tmp_path / "m.npz") == tmp_path / "m.npz"
    assert place_for(None, None) == place_for(default_data_path(), None) == default_model_path()
    assert place_for(tmp_path / "theirs", None) == Path("theirs.npz")


def test_a_stored_model_answers_the_same(small: EmbeddedInterpreter, tmp_path: Path) -> None:
    """Saving and loading changes nothing; load says what is wrong with other files."""
    save(small.model, tmp_path / "m.npz")
    again = interpreter_of(load(tmp_path / "m.npz"))
    for text in ("necesito comida para mis hijos", "quiero pedir refugio", "preciso de médico"):
        assert again.understand(text) == small.understand(text)
    (tmp_path / "bad.npz").write_bytes(b"no model")
    whole = (tmp_path / "m.npz").read_bytes()
    (tmp_path / "half.npz").write_bytes(whole[: len(whole) // 2])
    for name in ("bad.npz", "half.npz", "gone.npz"):
        with pytest.raises(ModelError, match="orienta train"):
            load(tmp_path / name)


def test_a_stale_model_is_trained_again(tmp_path: Path) -> None:
    """`ensure_model` trains when the model is missing or its data changed, and only then."""
    data, path = tmp_path / "data", tmp_path / "model" / "m.npz"
    data.mkdir()
    block = "nlu:\n" + "".join(
        f"- intent: {label}\n  examples: |\n" + "".join(f"    - {e.text}\n" for e in TOY if e.label == label)
        for label in ("refund", "delivery", "size")
    )
    (data / "nlu.yml").write_text(block, encoding="utf-8")
    said: list[str] = []
    first = ensure_model(path, data, say=said.append)
    assert ensure_model(path, data, say=said.append).fingerprint == first.fingerprint
    assert len(said) == 1
    (data / "nlu.yml").write_text(block.replace("refund please", "refund me please"), encoding="utf-8")
    assert ensure_model(path, data, say=said.append).fingerprint != first.fingerprint
    assert len(said) == 2
    assert train_to(data, path).labels == ("delivery", "refund", "size")
