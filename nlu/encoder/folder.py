"""Reads a local sentence-transformers folder: modules.json, config.json, tokenizer.json, model.safetensors, pooling.

It opens nothing else and no network. Weights in pickles (pytorch_model.bin) are refused: reading one can run code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nlu.embedded.features import Floats
from nlu.encoder.transformer import ACTIVATIONS, Transformer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SETTING = "ORIENTA_ENCODER_DIR"
_KNOWN_MODULES = {"Transformer", "Pooling", "Dense", "Normalize"}
_FAMILIES = ("bert", "roberta", "xlm-roberta")
_PREFIXES = ("bert.", "roberta.")
_PART = 1 << 20


class EncoderError(ValueError):
    """A folder is no encoder that can be read here; the message names the setting, the folder and what is wrong."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{SETTING}={path}: {what}")


@dataclass(frozen=True)
class Folder:
    """One sentence-transformers folder and the modules it lists."""

    path: Path
    modules: Mapping[str, list[str]]  # from the kind of a module to the places of its files

    def settings(self, name: str, *, needed: bool = True) -> dict[str, Any]:
        """A JSON file of the folder."""
        file = self.path / name
        if not needed and not file.is_file():
            return {}
        try:
            read = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EncoderError(self.path, f"{name} is missing or no JSON") from error
        if not isinstance(read, dict):
            raise EncoderError(self.path, f"{name} is not a JSON object")
        return read

    def weights(self, name: str) -> dict[str, Floats]:
        """Arrays by name, in single precision."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            return {key: np.asarray(value, np.float32) for key, value in load_file(self.path / name).items()}
        except (OSError, SafetensorError, TypeError, ValueError) as error:
            raise EncoderError(
                self.path, f"{name} is missing or not readable as safetensors weights"
            ) from error

    def places(self, kind: str) -> list[str]:
        """Where the modules of a kind keep their files."""
        return self.modules.get(kind, [])

    def _inside(self, name: str) -> str:
        """A file of the transformer, which may stand at the root or in a folder of its own."""
        place = self.places("Transformer")[0]
        return f"{place}/{name}" if place else name

    def prompt(self) -> str:
        """What is written before every message, where the encoder asks for it."""
        settings = self.settings("config_sentence_transformers.json", needed=False)
        prompts = settings.get("prompts") or {}
        return str(prompts.get(settings.get("default_prompt_name"), ""))

    def by_first(self) -> bool:
        """Whether the first token speaks for the message, or the mean of all."""
        for place in self.places("Pooling"):
            settings = self.settings(f"{place}/config.json")
            asked = {
                key.removeprefix("pooling_mode_")
                for key, on in settings.items()
                if on is True and key.startswith("pooling_mode_")
            }
            asked |= {str(settings["pooling_mode"])} if "pooling_mode" in settings else set()
            if asked in ({"mean_tokens"}, {"mean"}):
                return False
            if asked in ({"cls_token"}, {"cls"}):
                return True
        raise EncoderError(self.path, "its pooling is neither the mean of the tokens nor the first token")

    def tokenizer(self) -> Tokenizer:
        """The tokenizer, cutting at the longest message that the encoder takes."""
        from tokenizers import Tokenizer

        file = self.path / self._inside("tokenizer.json")
        try:
            tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # the library raises the bare Exception
            raise EncoderError(self.path, "tokenizer.json is missing or not readable") from error
        most = self.settings(self._inside("sentence_bert_config.json"), needed=False).get("max_seq_length")
        tokenizer.no_padding()
        tokenizer.enable_truncation(min(int(most or 128), 512))
        return tokenizer

    def transformer(self) -> Transformer:
        """The weights as a network."""
        settings = self.settings(self._inside("config.json"))
        family, bend = settings.get("model_type"), settings.get("hidden_act", "gelu")
        if family not in _FAMILIES or bend not in ACTIVATIONS:
            raise EncoderError(
                self.path,
                f"config.json says {family} with {bend}; {', '.join(_FAMILIES)} with gelu or relu can be read",
            )
        needed = ("num_hidden_layers", "num_attention_heads")
        if silent := [name for name in needed if not isinstance(settings.get(name), int)]:
            raise EncoderError(self.path, f"config.json says nothing of {silent[0]}")
        weights = self.weights(self._inside("model.safetensors"))
        for prefix in _PREFIXES:
            weights = {name.removeprefix(prefix): array for name, array in weights.items()}
        transformer = Transformer(
            weights,
            int(settings["num_hidden_layers"]),
            int(settings["num_attention_heads"]),
            float(settings.get("layer_norm_eps", 1e-12)),
            0 if family == "bert" else int(settings.get("pad_token_id", 1)) + 1,
            ACTIVATIONS[bend],
        )
        if missing := transformer.missing():
            raise EncoderError(self.path, f"model.safetensors has no {missing[0]}")
        return transformer


def open_folder(path: Path) -> Folder:
    """The folder, once it is sure that every module in it is known."""
    try:
        listed = json.loads((path / "modules.json").read_text(encoding="utf-8"))
        modules = [(str(one["type"]).rsplit(".", 1)[-1], str(one["path"])) for one in listed]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(
            path, "no sentence-transformers folder (modules.json is missing or unreadable)"
        ) from error
    kinds = [kind for kind, _ in modules]
    if unknown := set(kinds) - _KNOWN_MODULES:
        raise EncoderError(
            path, f"modules.json lists {', '.join(sorted(unknown))}, which cannot be read here"
        )
    if kinds.count("Transformer") != 1:
        raise EncoderError(path, "modules.json must list one Transformer")
    return Folder(path, {kind: [place for one, place in modules if one == kind] for kind in kinds})


def mark_of(path: Path) -> str:
    """Tells one encoder from another: settings whole, of large weights the size, the beginning and the end."""
    mark = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if file.suffix not in (".json", ".safetensors"):
            continue
        with file.open("rb") as opened:
            size = file.stat().st_size
            mark.update(f"{file.relative_to(path)} {size}".encode() + opened.read(_PART))
            opened.seek(max(0, size - _PART))
            mark.update(opened.read())
    return mark.hexdigest()[:24]
