"""The language of a message is told among five; a conversation stays in its language unless it clearly changes."""

import pytest

from nlu.embedded.engine import EmbeddedInterpreter
from nlu.reading import Context


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("necesito ayuda con mis papeles", "es"),
        ("preciso de ajuda com meus documentos", "pt"),
        ("i need help with my papers", "en"),
        ("j'ai besoin d'aide pour mes papiers", "fr"),
        ("mwen bezwen èd ak papye mwen yo", "ht"),
        ("hola", "es"),
        ("oi", "pt"),
        ("hello", "en"),
        ("bonjour", "fr"),
        ("bonjou", "ht"),
    ],
)
def test_each_language_is_told(small: EmbeddedInterpreter, text: str, language: str) -> None:
    """Sentences and greetings of one word get their language."""
    reading = small.understand(text)
    assert reading.language == language  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["", "12345", "🙂🙂", "???"])
def test_unknown_is_none(small: EmbeddedInterpreter, text: str) -> None:
    """What says nothing leads to a choice, never to English."""
    assert small.understand(text).language is None  # type: ignore[union-attr]


def test_a_conversation_keeps_its_language(small: EmbeddedInterpreter) -> None:
    """A short word that fits two languages does not change the language; a clear sentence does."""
    spoken = Context(language="pt")
    assert small.understand("ok", spoken).language == "pt"  # type: ignore[union-attr]
    assert small.understand("123", spoken).language == "pt"  # type: ignore[union-attr]
    clear = small.understand("necesito hablar con un abogado porque me despidieron", spoken)
    assert clear.language == "es"  # type: ignore[union-attr]


def test_a_chosen_language_is_never_argued_with(small: EmbeddedInterpreter) -> None:
    """After an explicit choice the reading speaks that language."""
    chosen = Context(language="fr", language_chosen=True)
    assert small.understand("necesito ayuda con mis papeles", chosen).language == "fr"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("necesito sacar la carteira de trabalho y no tengo comprovante", "es"),
        ("ya fui al posto de saúde y me dijeron que vuelva com agendamento", "es"),
        ("eu preciso de ajuda com meus papéis, soy de Venezuela", "pt"),
        ("meu filho tem febre e não sei onde fica el hospital", "pt"),
    ],
)
def test_a_mixed_message_has_the_language_it_is_built_of(
    small: EmbeddedInterpreter, text: str, language: str
) -> None:
    """Borrowed nouns do not change the language; small words and verbs decide."""
    assert small.understand(text).language == language  # type: ignore[union-attr]


@pytest.mark.parametrize("chosen", ["es", "pt"])
def test_an_even_mixture_keeps_the_language_of_the_conversation(
    small: EmbeddedInterpreter, chosen: str
) -> None:
    """As many small words of one as of the other: nothing changes."""
    text = "necesito ajuda com papel"
    assert small.understand(text, Context(language=chosen)).language == chosen  # type: ignore[union-attr]
