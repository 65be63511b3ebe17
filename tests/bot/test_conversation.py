"""The conversation's table: questions asked of the whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.deciding import decide
from bot.conversation.drawing import mermaid
from bot.conversation.hearing import COMMANDS, DIALOGUE, Heard, hear_reading
from bot.conversation.memory import Memory, State
from bot.conversation.phrases import asks_the_same, says_only_a_place
from bot.conversation.table import ALWAYS, MOVES, Step, Trigger, move
from bot.turn.performing import PERFORMERS
from nlu.reading import Candidate, Entities, NotUnderstood, Unreachable, Unsure
from tests.bot.doubles import understood

NEEDS = ("shelter.temporary", "basics.food", "protection.gender_violence")
PLACES = ("quito", "sao-paulo")
SILENT = {Trigger.LEFT}

need = st.none() | st.sampled_from(NEEDS)
place = st.none() | st.sampled_from(PLACES)
needs = st.lists(st.sampled_from(NEEDS), max_size=3, unique=True).map(tuple)
heard = st.builds(
    Heard, st.sampled_from(Trigger), need=need, others=needs, candidates=needs, place=place,
    danger=st.none() | st.just("violence"), number=st.integers(0, 9),
)  # fmt: skip
memory = st.builds(
    Memory, state=st.sampled_from(State), place=place, need=need, pending=need, pending_others=needs,
    pending_danger=st.none() | st.just("violence"), candidates=needs, shown=st.just(()) | st.just(("service-1",)),
)  # fmt: skip


@given(memory)
def test_from_every_state_a_free_question_is_answered(known: Memory) -> None:
    """
    A clear question gets its answer; where the place is unknown it is asked, and then the answer comes.
    Whoever says the same again instead of a place is told that no place was found in it.
    """
    decision = decide(known, Heard(Trigger.NEED_CLEAR, need="basics.food"))
    if known.place is None:
        again = known.state is State.ASKING_PLACE and known.pending == "basics.food"
        assert decision.steps == (Step.REPEAT_PLACE if again else Step.ASK_PLACE,)
        assert decision.memory.pending == "basics.food"
        decision = decide(decision.memory, Heard(Trigger.PLACE_NAMED, place="quito"))
    assert decision.steps[-1] is Step.ANSWER_NEED
    assert decision.heard.need == decision.memory.need == "basics.food"
    assert decision.memory.place is not None
    assert decision.memory.pending is None


@given(memory, heard)
def test_nothing_meets_a_dead_end(known: Memory, what: Heard) -> None:
    """
    Whatever happens in whatever state, something is said and the next state can be left again.
    """
    decision = decide(known, what)
    assert bool(decision.steps) is (decision.heard.trigger not in SILENT)
    after = decide(decision.memory, Heard(Trigger.MENU_ASKED))
    assert after.steps == (Step.SHOW_MENU,)
    assert after.memory.state is State.READY


@given(memory)
def test_everything_can_be_forgotten_from_anywhere(known: Memory) -> None:
    """
    "Forget me" and "erase this chat" leave nothing but the language of the last line.
    """
    for trigger in (Trigger.FORGET_ASKED, Trigger.EXIT_ASKED, Trigger.LEFT):
        decision = decide(known, Heard(trigger))
        assert decision.memory == Memory(language=known.language)


@given(memory, st.sampled_from(("violence", "self_harm", "general")), need)
def test_danger_comes_first_from_every_state(known: Memory, kind: str, about: str | None) -> None:
    """
    The safety text is the first step, and the answer follows when a need is clear.
    """
    decision = decide(known, Heard(Trigger.DANGER, danger=kind, need=about))
    assert decision.steps[0] is Step.GIVE_SAFETY
    if known.place is None:
        assert decision.steps[-1] is Step.ASK_PLACE
        later = decide(decision.memory, Heard(Trigger.PLACE_NAMED, place="quito"))
        assert later.steps[0] is Step.GIVE_SAFETY
        assert later.heard.danger == kind
    elif about:
        assert decision.steps[-1] is Step.ANSWER_NEED


@given(memory, st.lists(heard, max_size=12))
def test_the_same_events_are_followed_by_the_same_steps(known: Memory, events: list[Heard]) -> None:
    """
    Nothing but memory and event decides.
    """

    def run() -> list[object]:
        now, seen = known, []
        for event in events:
            decision = decide(now, event)
            now = decision.memory
            seen.append((decision.steps, now))
        return seen

    assert run() == run()


def test_every_trigger_has_a_move_from_every_state() -> None:
    """
    The table is whole, and every state can be reached and left.
    """
    assert set(ALWAYS) == set(Trigger)
    for state in State:
        for trigger in Trigger:
            assert move(state, trigger)
    reached = {row.state for row in ALWAYS.values()} | {
        row.state for rows in MOVES.values() for row in rows.values()
    }
    assert reached >= set(State)


def test_every_step_is_carried_out_by_a_function() -> None:
    """
    No order without somebody who carries it out, no function that is never ordered.
    """
    ordered = {step for row in ALWAYS.values() for step in row.steps}
    ordered |= {step for rows in MOVES.values() for row in rows.values() for step in row.steps}
    assert set(PERFORMERS) == set(Step)
    assert set(Step) - ordered == set()


def test_the_drawing_shows_every_state_and_every_trigger() -> None:
    """
    README's drawing is made from the table and leaves nothing out.
    """
    drawn = mermaid()
    assert all(state.value in drawn for state in State)
    assert all(trigger.value in drawn for trigger in Trigger)


def test_the_pending_question_survives_a_change_of_language() -> None:
    """
    Who changes the language in the middle is still asked for the place, and still answered.
    """
    asked = decide(Memory(), Heard(Trigger.NEED_CLEAR, need="basics.food"))
    changed = decide(asked.memory, Heard(Trigger.LANGUAGE_CHOSEN, language="pt"))
    assert changed.steps == (Step.CONFIRM_LANGUAGE, Step.ASK_PLACE)
    assert decide(changed.memory, Heard(Trigger.PLACE_NAMED, place="quito")).heard.need == "basics.food"


def test_a_second_question_before_the_place_keeps_the_first_beside_it() -> None:
    """
    Two questions before the place is known: the second is answered, the first is offered.
    """
    first = decide(Memory(), Heard(Trigger.NEED_CLEAR, need="basics.food"))
    second = decide(first.memory, Heard(Trigger.NEED_CLEAR, need="shelter.temporary"))
    answered = decide(second.memory, Heard(Trigger.PLACE_NAMED, place="quito"))
    assert answered.heard.need == "shelter.temporary"
    assert answered.heard.others == ("basics.food",)


@pytest.mark.parametrize(
    ("text", "names", "only"),
    [
        ("Estoy en Quito", ["Quito"], True),
        ("moro em são paulo", ["São Paulo"], True),
        ("SAO PAULO!", ["São Paulo"], True),
        ("albergue en quito", ["Quito"], False),
        ("estoy aquí", ["Quito"], False),
        ("", ["Quito"], False),
    ],
)
def test_a_message_that_only_names_a_place_is_told_from_a_question(
    text: str, names: list[str], only: bool
) -> None:
    """
    "Estoy en Quito" names a place; "albergue en Quito" is a question.
    """
    assert says_only_a_place(text, names) is only


def test_the_same_in_another_place_is_answered_beside() -> None:
    """
    "The same in São Paulo" keeps the need and the person's own place.
    """
    assert asks_the_same("¿Y lo mismo en São Paulo?")
    known = Memory(state=State.ANSWERED, place="quito", need="basics.food")
    reading = NotUnderstood(language="es", entities=Entities(place="sao-paulo"))
    decision = decide(known, hear_reading(reading, "y lo mismo en São Paulo", known, NEEDS, ["São Paulo"]))
    assert decision.steps == (Step.ANSWER_BESIDE,)
    assert decision.heard.place == "sao-paulo"
    assert decision.memory.place == "quito"


def test_an_engine_that_is_down_is_not_a_person_who_was_not_understood() -> None:
    """
    Our failure is heard as ours.
    """
    assert hear_reading(Unreachable("down"), "hola", Memory(), NEEDS).trigger is Trigger.ENGINE_DOWN
    assert hear_reading(NotUnderstood(), "hola", Memory(), NEEDS).trigger is Trigger.NOT_UNDERSTOOD


def test_an_unsure_reading_offers_needs_alone_and_at_most_three() -> None:
    """
    The person chooses among needs, never among our words for conversation.
    """
    candidates = tuple(Candidate(label, 0.2) for label in ("greet", *NEEDS, "thanks"))
    told = hear_reading(Unsure(candidates=candidates), "algo", Memory(), NEEDS)
    assert told.trigger is Trigger.NEED_UNSURE
    assert told.candidates == NEEDS


def test_danger_in_a_reading_wins_over_every_label() -> None:
    """
    Even a greeting with danger in it is danger.
    """
    told = hear_reading(understood("greet", danger="violence"), "hola", Memory(), NEEDS)
    assert told.trigger is Trigger.DANGER
    told = hear_reading(understood("danger_now"), "ayuda", Memory(), NEEDS)
    assert (told.trigger, told.danger) == (Trigger.DANGER, "general")


def test_danger_heard_first_though_not_surely_is_danger() -> None:
    """
    A needless card costs a glance; behind other guesses, danger is only one of them.
    """
    first = (Candidate("danger_now", 0.5), Candidate(NEEDS[0], 0.2))
    told = hear_reading(Unsure(candidates=first), "dile a mi hija que la quise", Memory(), NEEDS)
    assert (told.trigger, told.danger, told.candidates) == (Trigger.DANGER, "general", NEEDS[:1])
    told = hear_reading(Unsure(candidates=first[::-1]), "algo", Memory(), NEEDS)
    assert told.trigger is Trigger.NEED_UNSURE
    told = hear_reading(NotUnderstood(candidates=first), "algo", Memory(), NEEDS)
    assert told.trigger is Trigger.NOT_UNDERSTOOD


def test_every_dialogue_intent_but_danger_is_heard(library: object) -> None:
    """
    Each of the taxonomy's intents leads somewhere.
    """
    assert {*DIALOGUE, "danger_now"} == set(library.taxonomy.dialogue)  # type: ignore[attr-defined]


def test_every_command_of_the_contract_is_known() -> None:
    """
    The commands of each language, with and without accents.
    """
    contract = ("start", "menu", "ciudad", "cidade", "idioma", "privacidad", "privacidade", "borrar", "apagar",
                "ayuda", "ajuda")  # fmt: skip
    assert set(contract) <= set(COMMANDS)


def test_yes_takes_the_only_candidate() -> None:
    """
    One candidate and "yes" is an answer; with several, yes to which?
    """
    one = Memory(state=State.CHOOSING, place="quito", candidates=("basics.food",))
    assert decide(one, Heard(Trigger.AFFIRMED)).steps == (Step.ANSWER_NEED,)
    assert decide(replace(one, candidates=NEEDS), Heard(Trigger.AFFIRMED)).steps == (Step.OFFER_CANDIDATES,)
