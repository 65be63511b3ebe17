"""Makes a tiny sentence-transformers folder: one layer, sixteen numbers a word, some words meaning the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

SIZE, WIDE, PLACES = 16, 24, 40
MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
PARTS = {
    "attention.self.query": (SIZE, SIZE), "attention.self.key": (SIZE, SIZE), "attention.self.value": (SIZE, SIZE),
    "attention.output.dense": (SIZE, SIZE), "intermediate.dense": (WIDE, SIZE), "output.dense": (SIZE, WIDE),
}  # fmt: skip


def make_encoder(
    folder: Path,
    alike: Sequence[Sequence[str]],
    *,
    seed: int = 0,
    config: Mapping[str, Any] | None = None,
    pooling: Mapping[str, Any] | None = None,
    more: Sequence[str] = (),
) -> Path:
    """Words of one group of `alike` get the same numbers; `config` and `pooling` replace settings, `more` adds modules."""
    words = [*MARKS, *(word for group in alike for word in group)]
    (folder / "1_Pooling").mkdir(parents=True)
    _write(folder / "modules.json", [
        {"path": path, "type": f"sentence_transformers.models.{kind}"}
        for kind, path in (("Transformer", ""), ("Pooling", "1_Pooling"), *((kind, f"{kind}_2") for kind in more))
    ])  # fmt: skip
    _write(
        folder / "1_Pooling/config.json",
        pooling or {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False},
    )
    _write(folder / "sentence_bert_config.json", {"max_seq_length": 32})
    _write(folder / "config.json", {
        "model_type": "bert", "hidden_act": "gelu", "num_hidden_layers": 1, "num_attention_heads": 2,
        "layer_norm_eps": 1e-6, "pad_token_id": 1, **(config or {}),
    })  # fmt: skip
    save_file(weights(alike, seed), folder / "model.safetensors")
    _tokenizer(words).save(str(folder / "tokenizer.json"))
    return folder


def weights(alike: Sequence[Sequence[str]], seed: int) -> dict[str, Any]:
    """Arrays under the names of BERT."""
    chance = np.random.default_rng(seed)

    def some(*shape: int) -> Any:
        return (chance.normal(size=shape) * 0.1).astype(np.float32)

    meanings = [chance.normal(size=SIZE) for _ in MARKS]
    for group in alike:
        meanings += [chance.normal(size=SIZE)] * len(group)
    made = {
        "embeddings.word_embeddings.weight": np.array(meanings, np.float32),
        "embeddings.position_embeddings.weight": some(PLACES, SIZE),
        "embeddings.token_type_embeddings.weight": some(2, SIZE),
    }
    for name, shape in PARTS.items():
        made |= {
            f"encoder.layer.0.{name}.weight": some(*shape),
            f"encoder.layer.0.{name}.bias": some(shape[0]),
        }
    for name in ("embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"):
        made |= {f"{name}.LayerNorm.weight": 1 + some(SIZE), f"{name}.LayerNorm.bias": some(SIZE)}
    return made


def _tokenizer(words: Sequence[str]) -> Any:
    made: Any = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return made


def _write(file: Path, content: Any) -> None:
    file.write_text(json.dumps(content), encoding="utf-8")
