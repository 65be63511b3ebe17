"""From a message to one vector: tokens, transformer, pooling, as the folder of the encoder says.

It never stores a message. Whatever the folder asks for and is not known here is refused, never guessed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from nlu.embedded.features import Floats, Integers
from nlu.encoder.folder import EncoderError, Folder, mark_of, open_folder
from nlu.encoder.transformer import Transformer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["EncoderError", "SentenceEncoder", "read_encoder"]

_BATCH = 64
_MOST_CHARACTERS = 2000


@dataclass(frozen=True)
class Projection:
    """A dense layer behind the pooling, as some encoders have."""

    weight: Floats
    bias: Floats
    bent: bool  # by the hyperbolic tangent

    def __call__(self, vectors: Floats) -> Floats:
        projected = vectors @ self.weight.T + self.bias
        return np.asarray(np.tanh(projected) if self.bent else projected, np.float32)


@dataclass(frozen=True)
class SentenceEncoder:
    """Vectors of length one. `mark` is the same for the same weights and settings, whatever the folder is called."""

    name: str
    mark: str
    prompt: str
    by_first: bool  # the first token speaks for the message; otherwise the mean of all tokens
    tokenizer: Tokenizer
    transformer: Transformer
    projections: tuple[Projection, ...]
    threads: ThreadpoolController

    def vector(self, text: str) -> Floats:
        """The vector of one message."""
        return np.asarray(self.vectors([text])[0], np.float32)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One row a message; messages of like length are read together."""
        encoded = self.tokenizer.encode_batch([self._typed(text) for text in texts])
        tokens = [one.ids for one in encoded]
        order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
        batches = [order[begin : begin + _BATCH] for begin in range(0, len(order), _BATCH)]
        rows: list[Floats] = [np.zeros(0, np.float32)] * len(tokens)
        # Threads of the algebra library wait for each other in circles: on a busy machine a message took them 25 times
        # as long as it takes one. So each batch gets one thread, and batches run side by side.
        with self.threads.limit(limits=1, user_api="blas"):
            for batch, pooled in zip(batches, self._each(batches, tokens), strict=True):
                for place, row in zip(batch, pooled, strict=True):
                    rows[place] = row
        return np.stack(rows) if rows else np.zeros((0, 0), np.float32)

    def _each(self, batches: Sequence[Sequence[int]], tokens: Sequence[Sequence[int]]) -> Iterator[Floats]:
        def pooled(batch: Sequence[int]) -> Floats:
            return self._pooled(*_padded([tokens[i] for i in batch]))

        if len(batches) < 2:
            yield from map(pooled, batches)
            return
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            yield from pool.map(pooled, batches)

    def _typed(self, text: str) -> str:
        """The message as the tokenizer takes it: single surrogates are no letters."""
        return self.prompt + text[:_MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")

    def _pooled(self, ids: Integers, there: NDArray[np.bool_]) -> Floats:
        state = self.transformer(ids, there)
        if self.by_first:
            vectors = state[:, 0]
        else:
            kept = state * there[:, :, None]
            vectors = kept.sum(1) / np.maximum(there.sum(1, keepdims=True), 1)
        for projection in self.projections:
            vectors = projection(vectors)
        length = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return np.asarray(vectors / length, np.float32)


def _padded(tokens: Sequence[Sequence[int]]) -> tuple[Integers, NDArray[np.bool_]]:
    longest = max(1, *(len(one) for one in tokens), 1)
    ids = np.zeros((len(tokens), longest), np.int64)
    there = np.zeros((len(tokens), longest), bool)
    for row, one in enumerate(tokens):
        ids[row, : len(one)] = one
        there[row, : len(one)] = True
    return ids, there


def read_encoder(path: Path) -> SentenceEncoder:
    """The encoder of a local sentence-transformers folder; raises `EncoderError` with what is missing or unknown."""
    folder = open_folder(path)
    return SentenceEncoder(
        name=path.resolve().name,
        mark=mark_of(path),
        prompt=folder.prompt(),
        by_first=folder.by_first(),
        tokenizer=folder.tokenizer(),
        transformer=folder.transformer(),
        projections=tuple(_projection(folder, place) for place in folder.places("Dense")),
        threads=ThreadpoolController(),
    )


def _projection(folder: Folder, place: str) -> Projection:
    settings = folder.settings(f"{place}/config.json")
    bend = str(settings.get("activation_function", "")).rsplit(".", 1)[-1]
    if bend not in ("Tanh", "Identity"):
        raise EncoderError(
            folder.path,
            f"{place}/config.json asks for {bend or 'no activation'}; Tanh and Identity are known",
        )
    weights = folder.weights(f"{place}/model.safetensors")
    weight = weights["linear.weight"]
    return Projection(weight, weights.get("linear.bias", np.zeros(len(weight), np.float32)), bend == "Tanh")
