"""A sentence encoder that an operator brings: it computes what it should, and no model is read beside a wrong one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file
from scipy.special import erf
from typer.testing import CliRunner

from bot.cli.main import app
from nlu.embedded.engine import embedded_interpreter, interpreter_of
from nlu.embedded.store import ModelError, encoder_of, ensure_model, load, save, train_to
from nlu.embedded.training import train
from nlu.encoder import EncoderError, SentenceEncoder, read_encoder
from nlu.training_data import Example
from tests.nlu.tiny_encoder import SIZE, make_encoder

ALIKE = (
    ("refund", "kwacha", "hoxxo"),
    ("parcel", "mbuzi", "colis"),
    ("please", "now", "my", "the", "where"),
)
SENTENCES = {
    "refund": ("refund please", "my refund now", "the refund", "where the refund", "refund now please"),
    "delivery": ("parcel please", "my parcel now", "the parcel", "where the parcel", "parcel now please"),
}
EXAMPLES = [Example(text, label) for label, texts in SENTENCES.items() for text in texts]


RUNNER = CliRunner()


def _as_yaml() -> str:
    blocks = (
        f"- intent: {label}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for label, texts in SENTENCES.items()
    )
    return "nlu:\n" + "".join(blocks)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose encoder knows words that no training sentence holds."""
    return make_encoder(tmp_path_factory.mktemp("encoder") / "tiny", ALIKE)


@pytest.fixture(scope="module")
def tiny(folder: Path) -> SentenceEncoder:
    """Its encoder."""
    return read_encoder(folder)


def _by_hand(folder: Path, ids: list[int]) -> Any:
    """The network once more, one number at a time in double precision, as its inventors wrote it down."""
    w = {k: v.astype(np.float64) for k, v in load_file(folder / "model.safetensors").items()}

    def normal(name: str, row: Any) -> Any:
        return (row - row.mean()) / np.sqrt(row.var() + 1e-6) * w[f"{name}.weight"] + w[f"{name}.bias"]

    def dense(name: str, row: Any) -> Any:
        return w[f"encoder.layer.0.{name}.weight"] @ row + w[f"encoder.layer.0.{name}.bias"]

    words, places, kinds = (
        w[f"embeddings.{n}_embeddings.weight"] for n in ("word", "position", "token_type")
    )
    rows = [normal("embeddings.LayerNorm", words[i] + places[n] + kinds[0]) for n, i in enumerate(ids)]
    query, key, value = ([dense(f"attention.self.{n}", r) for r in rows] for n in ("query", "key", "value"))
    out, half = [], SIZE // 2
    for n, row in enumerate(rows):
        seen = np.zeros(SIZE)
        for head in (slice(0, half), slice(half, SIZE)):
            raised = np.exp([query[n][head] @ k[head] / np.sqrt(half) for k in key])
            seen[head] = sum(share * v[head] for share, v in zip(raised / raised.sum(), value, strict=True))
        row = normal(
            "encoder.layer.0.attention.output.LayerNorm", row + dense("attention.output.dense", seen)
        )
        wide = dense("intermediate.dense", row)
        wide = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
        out.append(normal("encoder.layer.0.output.LayerNorm", row + dense("output.dense", wide)))
    return np.array(out)


def _unit(row: Any) -> Any:
    return row / np.linalg.norm(row)


def test_the_network_computes_what_is_written_down(folder: Path, tiny: SentenceEncoder) -> None:
    """Its vector is the mean of the states that the textbook gives, of length one."""
    ids = tiny.tokenizer.encode("where the parcel").ids
    np.testing.assert_allclose(
        tiny.vector("where the parcel"), _unit(_by_hand(folder, ids).mean(0)), atol=1e-5
    )


def test_the_first_token_speaks_where_the_folder_says_so(tmp_path: Path) -> None:
    """Pooling by the first token, and a dense layer behind it."""
    folder = make_encoder(
        tmp_path / "first", ALIKE, pooling={"pooling_mode": "cls"}, more=("Dense", "Normalize")
    )
    (folder / "Dense_2").mkdir()
    (folder / "Dense_2/config.json").write_text('{"activation_function": "torch.nn.modules.activation.Tanh"}')
    layer = np.random.default_rng(3).normal(size=(5, SIZE)).astype(np.float32)
    save_file({"linear.weight": layer}, folder / "Dense_2/model.safetensors")
    encoder = read_encoder(folder)
    first = _by_hand(folder, encoder.tokenizer.encode("my refund").ids)[0]
    np.testing.assert_allclose(encoder.vector("my refund"), _unit(np.tanh(layer @ first)), atol=1e-5)


def test_xlm_roberta_counts_places_from_behind_its_padding(tmp_path: Path) -> None:
    """The same weights as XLM-RoBERTa and with their old prefix are another encoder."""
    plain = make_encoder(tmp_path / "bert", ALIKE)
    other = make_encoder(tmp_path / "xlm", ALIKE, config={"model_type": "xlm-roberta"})
    arrays = load_file(other / "model.safetensors")
    save_file({f"roberta.{name}": array for name, array in arrays.items()}, other / "model.safetensors")
    assert read_encoder(other).transformer.first_position == 2
    assert not np.allclose(read_encoder(other).vector("refund"), read_encoder(plain).vector("refund"))


def test_a_prompt_is_put_before_every_message(folder: Path, tiny: SentenceEncoder, tmp_path: Path) -> None:
    """What the folder names as its default prompt counts as written."""
    asking = make_encoder(tmp_path / "asking", ALIKE)
    (asking / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"query": "where the "}, "default_prompt_name": "query"})
    )
    np.testing.assert_allclose(
        read_encoder(asking).vector("parcel"), tiny.vector("where the parcel"), atol=1e-6
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60), min_size=1, max_size=150))
def test_a_message_has_one_vector_in_whatever_company(tiny: SentenceEncoder, texts: list[str]) -> None:
    """Any text gets a vector of length one, the same alone as beside longer ones."""
    rows = tiny.vectors(texts)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    np.testing.assert_allclose(rows[0], tiny.vector(texts[0]), atol=1e-5)


@pytest.mark.parametrize("text", ["", "\ud800", "refund " * 30_000, "\x00", "🙂"], ids=range(5))
def test_odd_messages_get_a_vector(tiny: SentenceEncoder, text: str) -> None:
    """Empty, half a letter, very long."""
    assert tiny.vector(text).shape == (SIZE,)
    assert tiny.vectors([]).shape == (0, 0)


def test_words_never_trained_on_are_understood_beside_an_encoder(tiny: SentenceEncoder) -> None:
    """ "kwacha" and "mbuzi" share no letters with a training sentence; the encoder knows what they mean."""
    with_it, without = interpreter_of(train(EXAMPLES, encoder=tiny)), interpreter_of(train(EXAMPLES))

    def first(interpreter: Any, text: str) -> str:
        return str(interpreter.understand(text).candidates[0].label)

    for word, label in (
        ("kwacha", "refund"),
        ("mbuzi", "delivery"),
        ("colis", "delivery"),
        ("hoxxo", "refund"),
    ):
        assert first(with_it, word) == label
    assert first(without, "kwacha") == first(without, "mbuzi")


def test_a_model_is_read_only_beside_the_encoder_it_was_trained_with(
    tiny: SentenceEncoder, tmp_path: Path
) -> None:
    """Its file names the encoder; without it, or with another one, the message names the setting."""
    model = train(EXAMPLES, encoder=tiny)
    path = tmp_path / "m.npz"
    save(model, path)
    again = interpreter_of(load(path, tiny))
    assert again.understand("kwacha please") == interpreter_of(model).understand("kwacha please")
    with pytest.raises(ModelError, match=r"sentence encoder tiny, but ORIENTA_ENCODER_DIR is not set"):
        load(path)
    other = make_encoder(tmp_path / "other", ALIKE, seed=1)
    with pytest.raises(
        ModelError, match=r"ORIENTA_ENCODER_DIR names another one, other; set it to the folder of tiny"
    ):
        embedded_interpreter(path, other)
    same = make_encoder(tmp_path / "renamed", ALIKE)
    assert load(path, read_encoder(same)).encoder is not None


def test_a_model_without_an_encoder_is_read_without_it(tiny: SentenceEncoder, tmp_path: Path) -> None:
    """The setting changes nothing in models that were trained before it."""
    save(train(EXAMPLES), tmp_path / "m.npz")
    assert load(tmp_path / "m.npz", tiny).encoder is None


def test_the_model_is_trained_again_when_the_encoder_changes(folder: Path, tmp_path: Path) -> None:
    """Setting it, changing it and taking it away each make the kept model stale."""
    data, path = tmp_path / "sentences", tmp_path / "m.npz"
    data.mkdir()
    (data / "nlu.yml").write_text(_as_yaml(), encoding="utf-8")
    train_to(data, path)
    other = make_encoder(tmp_path / "other", ALIKE, seed=1)
    said: list[str] = []
    for chosen in (folder, folder, other, None, None):
        model = ensure_model(path, data, say=said.append, encoder=encoder_of(chosen))
        assert (model.encoder.name if model.encoder else None) == (chosen.name if chosen else None)
    assert len(said) == 3


BROKEN = {
    "modules.json is missing": lambda f: (f / "modules.json").unlink(),
    "modules.json lists CNN": lambda f: (f / "modules.json").write_text('[{"type": "x.CNN", "path": ""}]'),
    "must list one Transformer": lambda f: (f / "modules.json").write_text(
        '[{"type": "x.Pooling", "path": ""}]'
    ),
    "config.json is missing or no JSON": lambda f: (f / "config.json").write_text("{"),
    "config.json is not a JSON object": lambda f: (f / "config.json").write_text("[]"),
    "config.json says t5": lambda f: (f / "config.json").write_text('{"model_type": "t5"}'),
    "says nothing of": lambda f: (f / "config.json").write_text('{"model_type": "bert"}'),
    "its pooling is neither": lambda f: (f / "1_Pooling/config.json").write_text(
        '{"pooling_mode_max_tokens": true}'
    ),
    "tokenizer.json is missing": lambda f: (f / "tokenizer.json").write_text("{}"),
    "model.safetensors is missing": lambda f: (f / "model.safetensors").rename(f / "pytorch_model.bin"),
    "not readable as safetensors": lambda f: (f / "model.safetensors").write_bytes(b"garbage"),
    "model.safetensors has no embeddings": lambda f: save_file({"a": np.zeros(1)}, f / "model.safetensors"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_folder_that_cannot_be_read_says_why(what: str, tmp_path: Path) -> None:
    """The message names the setting, the folder and what is wrong; pickled weights are never opened."""
    folder = make_encoder(tmp_path / "tiny", ALIKE)
    BROKEN[what](folder)
    with pytest.raises(EncoderError, match=what) as caught:
        read_encoder(folder)
    assert str(caught.value).startswith(f"ORIENTA_ENCODER_DIR={folder}: ")


def test_the_commands_read_the_setting(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`orienta train` and `orienta understand` use the folder of ORIENTA_ENCODER_DIR, and say so when it is gone."""
    (tmp_path / "nlu.yml").write_text(_as_yaml(), encoding="utf-8")
    model = str(tmp_path / "m.npz")
    monkeypatch.setenv("ORIENTA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ORIENTA_ENCODER_DIR", str(folder))
    trained = RUNNER.invoke(app, ["train", str(tmp_path / "nlu.yml"), "--out", model])
    assert "beside the sentence encoder tiny" in trained.output
    read = RUNNER.invoke(app, ["understand", "--model", model], input='{"text": "kwacha"}\n')
    assert json.loads(read.output)["label"] == "refund"
    monkeypatch.delenv("ORIENTA_ENCODER_DIR")
    refused = RUNNER.invoke(app, ["understand", "--model", model], input='{"text": "kwacha"}\n')
    assert "ORIENTA_ENCODER_DIR is not set" in str(refused.exception)
