"""`orienta understand`, `train`, `evaluate`: the nlu room on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli import shared

if TYPE_CHECKING:
    from nlu.reading import Interpreter

Engine = Annotated[
    Literal["embedded", "rasa"], typer.Option(help="Who reads: the engine in this process, or Rasa.")
]
Model = Annotated[Path | None, typer.Option(help="A model that `orienta train` made; ours by default.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(understand)
    app.command()(train)
    app.command()(evaluate)


def understand(engine: Engine = "embedded", model: Model = None) -> None:
    """Read messages: JSON lines in (`{"text": …}`), JSON lines out, in the same order."""
    work = shared.room("nlu.cli").understand
    shared.end(1 if work(_interpreter(engine, model), sys.stdin, sys.stdout, shared.now()) else 0)


def train(
    data_dir: Annotated[Path | None, typer.Argument(help="Folder of Rasa NLU YAML; ours by default.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write the model to; NAME.npz for a folder NAME.")
    ] = None,
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Only when our model is missing or stale.")
    ] = False,
) -> None:
    """Train the engine of this process on a folder of Rasa NLU YAML."""
    store = shared.room("nlu.embedded.store")
    encoder = store.encoder_of(shared.settings().encoder_dir)
    if if_needed:
        store.ensure_model(store.place_for(data_dir, out), data_dir, say=typer.echo, encoder=encoder)
        return
    shared.room("nlu.cli").train(data_dir, out, sys.stdout, encoder)


def evaluate(
    files: Annotated[list[Path], typer.Argument(help="JSON lines with `text` and `label`.")],
    engine: Engine = "embedded",
    model: Model = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Measure accuracy, danger recall, refusal, languages and latency on files of labelled messages."""
    shared.room("nlu.cli").evaluate(_interpreter(engine, model), files, sys.stdout, as_json=as_json)


def _interpreter(engine: str, model: Path | None) -> Interpreter:
    from bot.wiring import embedded_interpreter, rasa_interpreter
    from nlu.entities import rules_of

    settings, library = shared.settings(), shared.library()
    entities = rules_of(library.places, library.collection.place_words)
    embedded = embedded_interpreter(model, settings.encoder_dir, entities)
    if engine != "rasa":
        return embedded
    import httpx

    # The process ends with the command: the client needs no closing of its own.
    return rasa_interpreter(settings, httpx.AsyncClient(), embedded.model.language, entities)
