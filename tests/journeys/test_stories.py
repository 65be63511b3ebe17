"""Stories of people, from the first message to the doors, in each place and in both languages."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Telling

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_mother_without_a_place_to_sleep(telling: Telling) -> None:
    """She says everything in one sentence and gets the answer for Quito, the doors, and more doors on asking."""
    mother = telling.person("es")
    await mother.writes("/start")
    await mother.reads("Orienta")
    await mother.writes("no tengo donde dormir con mis hijos, estoy en quito")
    messages = await mother.reads()
    telling.is_answer(messages, "shelter.temporary", "Quito", "es")
    telling.has_doors(messages)
    await mother.presses("Más lugares")
    assert await mother.reads()


async def test_a_claimant_whose_certificate_expires(telling: Telling) -> None:
    """He is asked once where he is, his question is kept, and answered after one press."""
    claimant = telling.person("es")
    await claimant.writes("mi certificado de solicitante de refugio se vence la próxima semana")
    asked = await claimant.reads("Dónde está")
    assert "Quito" in [label for message in asked for label in message.labels]
    await claimant.presses("Quito")
    messages = await claimant.reads()
    telling.says(messages, "· Quito")
    telling.says(messages, "Fuente:")


async def test_an_engineer_with_a_diploma(telling: Telling) -> None:
    """In Portuguese, São Paulo in the sentence: how a diploma is recognised, and where."""
    engineer = telling.person("pt")
    await engineer.writes("sou engenheiro, quero revalidar meu diploma, moro em São Paulo")
    messages = await telling.hears(engineer, "education.diplomas", language="pt")
    telling.is_answer(messages, "education.diplomas", "São Paulo", "pt")


async def test_a_woman_who_is_beaten(telling: Telling) -> None:
    """Safety comes first, with the numbers; no question stands before it; the chat can be erased."""
    woman = telling.person("es")
    await woman.writes("mi marido me pega y tengo miedo, estoy en Quito")
    first = (await woman.reads())[0]
    assert "911" in first.text
    assert first.labels
    await woman.presses("Borrar este chat")
    await woman.reads()
    left = [message for message in telling.api.messages(woman.chat_id) if not message.deleted]
    assert len(left) == 1
    assert "pega" not in left[0].text


async def test_a_boy_alone(telling: Telling) -> None:
    """A child without anybody gets numbers of San Luis at once."""
    boy = telling.person("es")
    await boy.writes("tengo 14 años y estoy solo en San Luis, no tengo a nadie")
    first = (await boy.reads())[0]
    assert any(number in first.text for number in ("102", "911"))


async def test_a_trans_woman(telling: Telling) -> None:
    """Threatened for who she is, in São Paulo, in Portuguese: she is answered and not asked again who she is."""
    woman = telling.person("pt")
    await woman.writes("sou mulher trans e fui expulsa do abrigo, estou em São Paulo, onde posso dormir?")
    messages = await telling.hears(woman, "shelter.temporary", "protection.lgbti", language="pt")
    telling.says(messages, "São Paulo")
    assert not any("Onde você está" in message.text for message in messages)


async def test_an_old_man_in_a_wheelchair(telling: Telling) -> None:
    """His daughter asks for a doctor in Pichincha."""
    daughter = telling.person("es")
    await daughter.writes(
        "mi papá tiene 80 años y está en silla de ruedas, vivimos en Pichincha, necesita un médico"
    )
    messages = await telling.hears(daughter, "health.care", "city.disability", language="es")
    telling.says(messages, "Pichincha")
    telling.says(messages, "Fuente:")


async def test_somebody_only_passing_through(telling: Telling) -> None:
    """In San Luis for a day, in Portuguese."""
    traveller = telling.person("pt")
    await traveller.writes("estou só de passagem por San Luis, onde posso comer de graça?")
    messages = await telling.hears(traveller, "basics.food", language="pt")
    telling.is_answer(messages, "basics.food", "San Luis", "pt")


async def test_a_caseworker_who_asks_for_another(telling: Telling) -> None:
    """Short questions one after the other; the place is remembered, the need changes."""
    caseworker = telling.person("es")
    await caseworker.writes("acompaño a una señora en Quito que necesita un abogado gratis para su refugio")
    messages = await telling.hears(
        caseworker, "legal.advice", "asylum.apply", "asylum.follow_up", language="es"
    )
    telling.says(messages, "· Quito")
    await caseworker.writes("y necesita leche y comida para su bebé")
    messages = await telling.hears(caseworker, "basics.food", "basics.items", language="es")
    telling.says(messages, "Quito")
    assert not any("Dónde está" in message.text for message in messages)


async def test_a_tax_number(telling: Telling) -> None:
    """Everything in one Portuguese sentence, from a telephone that is set to Spanish."""
    person = telling.person("es")
    await person.writes("preciso tirar o CPF, estou em São Paulo")
    messages = await person.reads()
    telling.says(messages, "· São Paulo")
    telling.says(messages, "CPF", "Fonte:")


async def test_somebody_who_tries_the_bot_out(telling: Telling) -> None:
    """Nonsense, a photo, a forged button, a command nobody knows: each gets a kind answer, then a real question too."""
    joker = telling.person("es")
    await joker.writes("asdf qwerty 12345 🙃")
    assert (await joker.reads())[-1].labels
    await joker.sends_photo()
    assert await joker.reads()
    joker.presses_data("'; DROP TABLE services; --")
    assert await joker.reads()
    await joker.writes("/nadieconoceesto")
    assert await joker.reads()
    await joker.writes("¿quién ganó el mundial?")
    assert (await joker.reads())[-1].labels
    await joker.writes("necesito comida en San Luis")
    messages = await telling.hears(joker, "basics.food", language="es")
    telling.is_answer(messages, "basics.food", "San Luis", "es")


async def test_a_menu_is_enough(telling: Telling) -> None:
    """Somebody who writes nothing gets to an answer by pressing alone; a second press on an old button works too."""
    person = telling.person("pt")
    await person.writes("/menu")
    [menu] = await person.reads()
    await person.presses(menu.labels[0])
    needs = (await person.reads())[-1]
    await person.presses(needs.labels[0], on=needs)
    await person.reads()
    await person.presses("São Paulo")
    messages = await person.reads()
    telling.says(messages, "· São Paulo")
    await person.presses(needs.labels[0], on=needs)
    assert any("· São Paulo" in message.text for message in await person.reads())


async def test_a_position_is_enough(telling: Telling) -> None:
    """Who shares a position is not asked for the city again."""
    person = telling.person("es")
    await person.writes("necesito un albergue")
    await person.reads("Dónde está")
    await person.shares_position(-0.2201, -78.5123)
    messages = await person.reads()
    telling.is_answer(messages, "shelter.temporary", "Quito", "es")


async def test_a_group_hears_one_line(telling: Telling) -> None:
    """In a group nobody's question is answered in front of the others."""
    member = telling.api.person(group=-100777)
    await member.writes("mi marido me pega")
    [line] = await member.reads()
    assert "911" not in line.text


async def test_privacy_and_forgetting(telling: Telling) -> None:
    """What is kept can be asked at any time, in either language."""
    person = telling.person("pt")
    await person.writes("/privacidade")
    assert await person.reads()
    await person.writes("/apagar")
    await person.reads()
    assert len([message for message in telling.api.messages(person.chat_id) if not message.deleted]) <= 1


async def test_somebody_who_is_not_understood_sends_the_sentence_on(telling: Telling) -> None:
    """The offer stands below the answer, the preview shows the sentence without the number, and it goes on one press."""
    somebody = telling.person("es")
    await somebody.writes("pupitre florero ancla manzana 4417")
    assert "Enviarla a quienes mejoran esto" in (await somebody.reads())[-1].labels
    await somebody.presses("Enviarla a quienes mejoran esto")
    preview = (await somebody.reads("Solo se enviaría esto"))[0]
    assert "“pupitre florero ancla manzana [...]”" in preview.text
    await somebody.presses("Enviarla")
    await somebody.reads("sin nada sobre usted")


async def test_who_told_of_danger_is_not_asked_for_a_sentence(telling: Telling) -> None:
    """After words of danger the offer does not come, whatever is not understood later."""
    somebody = telling.person("es")
    await somebody.writes("mi marido me pega, estoy en Quito")
    await somebody.reads("911")
    await somebody.writes("pupitre florero ancla manzana 4417")
    assert not any("mejoran esto" in label for message in await somebody.reads() for label in message.labels)
