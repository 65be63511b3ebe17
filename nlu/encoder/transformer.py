"""The forward pass of BERT and XLM-RoBERTa in numpy, so that an encoder needs neither torch nor TensorFlow.

It never learns and never reads a file: weights come in as arrays under the names that their authors gave them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from nlu.embedded.features import Floats, Integers

_ROOT_OF_TWO = np.float32(np.sqrt(2.0))
_NOT_THERE = np.float32(-1e9)  # what a padded place weighs before the softmax


def gelu(values: Floats) -> Floats:
    """The exact form, as the encoders were trained with."""
    return np.asarray(values * (1 + erf(values / _ROOT_OF_TWO)) * np.float32(0.5), np.float32)


def relu(values: Floats) -> Floats:
    """Nothing below zero."""
    return np.maximum(values, np.float32(0))


ACTIVATIONS: Mapping[str, Callable[[Floats], Floats]] = {"gelu": gelu, "relu": relu}


@dataclass(frozen=True)
class Transformer:
    """Weights by name, and the few numbers of `config.json` that the shapes do not tell."""

    weights: Mapping[str, Floats]
    layers: int
    heads: int
    epsilon: float
    first_position: int  # BERT counts places from 0, XLM-RoBERTa from behind its padding mark
    activation: Callable[[Floats], Floats] = gelu

    def missing(self) -> list[str]:
        """Names of weights that the forward pass will ask for and that are not there."""
        embeddings = ("word_embeddings.weight", "position_embeddings.weight", "token_type_embeddings.weight",
                      "LayerNorm.weight", "LayerNorm.bias")  # fmt: skip
        parts = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
                 "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm")  # fmt: skip
        needed = [f"embeddings.{name}" for name in embeddings]
        needed += [
            f"encoder.layer.{number}.{part}.{kind}"
            for number in range(self.layers)
            for part in parts
            for kind in ("weight", "bias")
        ]
        return [name for name in needed if name not in self.weights]

    def __call__(self, ids: Integers, there: NDArray[np.bool_]) -> Floats:
        """The state of every token; `there` is False where a shorter message was padded."""
        places = np.arange(ids.shape[1]) + self.first_position
        state = (
            self.weights["embeddings.word_embeddings.weight"][ids]
            + self.weights["embeddings.position_embeddings.weight"][places]
            + self.weights["embeddings.token_type_embeddings.weight"][0]
        )
        state = self._normal("embeddings.LayerNorm", state)
        hidden = np.where(there, np.float32(0), _NOT_THERE)[:, None, None, :]
        for number in range(self.layers):
            state = self._layer(f"encoder.layer.{number}", state, hidden)
        return state

    def _layer(self, name: str, state: Floats, hidden: Floats) -> Floats:
        seen = self._dense(f"{name}.attention.output.dense", self._attention(name, state, hidden))
        state = self._normal(f"{name}.attention.output.LayerNorm", state + seen)
        wide = self.activation(self._dense(f"{name}.intermediate.dense", state))
        return self._normal(f"{name}.output.LayerNorm", state + self._dense(f"{name}.output.dense", wide))

    def _attention(self, name: str, state: Floats, hidden: Floats) -> Floats:
        count, length, size = state.shape
        query, key, value = (
            self._dense(f"{name}.attention.self.{part}", state)
            .reshape(count, length, self.heads, size // self.heads)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(size // self.heads)) + hidden
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        return np.asarray((shares @ value).transpose(0, 2, 1, 3).reshape(count, length, size), np.float32)

    def _dense(self, name: str, values: Floats) -> Floats:
        return np.asarray(
            values @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"], np.float32
        )

    def _normal(self, name: str, values: Floats) -> Floats:
        middle = values - values.mean(-1, keepdims=True)
        spread = np.sqrt((middle * middle).mean(-1, keepdims=True) + np.float32(self.epsilon))
        return np.asarray(
            middle / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"], np.float32
        )
