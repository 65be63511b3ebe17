"""Danger is found by rule in every language, however it is written; judged false alarms stay judged."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.danger.rules import KINDS, DangerRulesError, danger_rules, read_false_alarms, read_rules

RULES = danger_rules()
TOLD: Mapping[str, tuple[str, ...]] = {
    "violence": (
        "está afuera de la puerta y dice que me va a matar",
        "mi marido me pega",
        "MI MARIDO ME PEGOOOO anoche",
        "el papá de mis hijos me cae a golpes cuando toma",
        "mi esposo no me deja salir de la casa ni trabajar",
        "hace un año mi pareja me golpeaba, ahora vivo con mi hermana",
        "hay hombres con pistola en la esquina",
        "ele tá quebrando a porta com uma faca",
        "meu marido me bate na frente das crianças",
        "apanhei muito do meu ex",
        "my husband beats me",
        "mon mari me frappe",
        "mari m bat mwen",
        "li ap touye m",
        "they are outside with guns",
    ),
    "sexual_violence": (
        "me violaron en la frontera",
        "vilolaron a mi hija",
        "mi jefe me manosea",
        "fui estuprada no caminho",
        "I was raped",
        "j'ai été violée",
        "yo fè kadejak sou mwen",
    ),
    "self_harm": (
        "quero morir hoje",
        "ya no quiero vivir",
        "kiero morirme",
        "me tomé todas las pastillas",
        "tomei todos os comprimidos",
        "quero me matar",
        "penso em suicídio todo dia",
        "i want to kill myself",
        "je veux mourir",
        "mwen vle mouri",
        "dígale a mi mamá que la quise, hasta aquí llegué",
        "estou na passarela, do lado de fora da grade",
        "swallowed all of them, tell mum sorry",
        "dis à mes enfants que je les aime",
    ),
    "trafficking": (
        "me tienen encerrada y me quitaron el pasaporte",
        "el dueño del bar tiene mi pasaporte y no me lo devuelve",
        "me obligan a prostituirme para pagar la deuda",
        "en la finca los guardias no nos dejan salir y no nos pagan",
        "o patrão pegou meu passaporte e não posso sair da oficina",
        "trabalho escravo na costura",
        "my boss took my passport and i cannot leave",
        "patwon an pran paspò m",
    ),
    "child_alone": (
        "tengo 15 años y estoy sola en el terminal",
        "encontré un niño solo en la calle",
        "se perdió mi hija en el mercado",
        "tenho 14 anos e estou sozinho aqui",
        "achei uma menina perdida na rodoviária",
        "i am 16 and i am alone here",
        "j'ai 15 ans et je suis seul",
        "mwen gen 15 an m poukont mwen",
    ),
    "threats": (
        "me están amenazando por whatsapp",
        "saben donde vivo",
        "los del tren de aragua me encontraron aquí",
        "nos extorsionan en el negocio",
        "estão me ameaçando de morte",
        "they are threatening me",
        "on me menace",
        "yo menase m",
    ),
    "detention": (
        "migración detuvo a mi hermano y está detenido",
        "me van a deportar",
        "estoy en el aeropuerto y no me dejan entrar",
        "meu primo foi preso pela polícia federal",
        "querem me deportar",
        "i am detained at the airport",
        "ils vont m'expulser",
        "imigrasyon arete mari m",
    ),
    "medical": (
        "mi bebé no respira",
        "se desmayó y no reacciona",
        "necesito una ambulancia",
        "minha mãe tá com dor no peito",
        "my baby is not breathing",
        "il ne peut plus respirer",
        "pitit mwen pa ka respire",
    ),
}
EVERY = [(kind, text) for kind, texts in TOLD.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), EVERY)
def test_danger_is_found(kind: str, text: str) -> None:
    """Each telling is found; a neighbouring kind leads to the same card and is as good."""
    assert kind in KINDS
    assert RULES.of(text) is not None, text


@pytest.mark.parametrize("kind", KINDS)
def test_most_tellings_get_their_own_kind(kind: str) -> None:
    """The kind itself is right for nearly all, so that the right number comes first."""
    right = [RULES.of(text) == kind for text in TOLD[kind]]
    assert sum(right) >= len(right) - 2


@pytest.mark.parametrize("judged", read_false_alarms(), ids=lambda judged: judged["text"])
def test_judged_sentences_stay_as_judged(judged: Mapping[str, Any]) -> None:
    """The table of false alarms is what the rules do."""
    assert (RULES.of(judged["text"]) is not None) == judged["alarm"], judged["why"]


@given(st.text(max_size=500))
def test_any_text_is_answered(text: str) -> None:
    """Rules answer with a kind or None, whatever they are given."""
    assert RULES.of(text) in (*KINDS, None)


def test_accents_and_capitals_do_not_matter() -> None:
    """What is found is found without accents and in capitals too."""
    for _, text in EVERY:
        assert RULES.of(text.upper()) == RULES.of(text)


def test_a_rule_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    """A slip in a rule file names file and rule."""
    (tmp_path / "es.yml").write_text('kinds:\n  violence:\n    - "(?:<nobody>) pega"\n', encoding="utf-8")
    with pytest.raises(DangerRulesError, match=r"es\.yml.*nobody"):
        read_rules(tmp_path)
    (tmp_path / "es.yml").write_text('kinds:\n  rain:\n    - "x"\n', encoding="utf-8")
    with pytest.raises(DangerRulesError, match="unknown kind"):
        read_rules(tmp_path)
