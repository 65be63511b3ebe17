"""Steps that say one thing: hello, thanks, privacy, cost, what cannot be read, what went wrong."""

from __future__ import annotations

from bot.replies import Reply
from bot.turn import keyboard
from bot.turn.cards import calls_of, number_lines
from bot.turn.scene import Performed, Scene
from content.library import SIDES
from content.wording import N_
from demand.outcomes import Outcome

_CANNOT_READ = {
    "photo": N_("I cannot look at pictures. Please tell me in words what you need."),
    "video": N_("I cannot watch videos. Please tell me in words what you need."),
    "voice": N_("I cannot listen to voice notes. Please write me what you need, a short sentence is enough."),
    "sticker": N_("I can only read words. Tell me what you need, a short sentence is enough."),
    "document": N_(
        "I cannot open files, and it is safer not to send me your papers. Tell me in words what you need."
    ),
    "contact": N_("I do not need anybody's number. Tell me in words what you need."),
    "poll": N_("I can only read words. Tell me what you need, a short sentence is enough."),
    "too_long": N_("This message is too long for me. Please tell me in one or two sentences what you need."),
    "other": N_("I can only read words. Tell me what you need, a short sentence is enough."),
}


def with_words_alone_read(scene: Scene, replies: list[Reply]) -> list[Reply]:
    """Say that of a picture with words below it the words alone were read. In danger nothing stands before the numbers."""
    if any(reply.urgent for reply in replies):
        return replies
    return [
        scene.reply(scene.w("I cannot see or hear what you sent. I have read the words that came with it.")),
        *replies,
    ]


async def say_hello(scene: Scene) -> Performed:
    """A greeting is greeted."""
    text = scene.w("Hello. What do you need? Write it in your own words, or choose a topic.")
    return Performed((scene.reply(text, [keyboard.menu(scene), keyboard.other_place(scene)]),))


async def say_welcome(scene: Scene) -> Performed:
    """Thanks are answered."""
    text = scene.w("You are welcome. Write to me whenever you need something else.")
    return Performed((scene.reply(text, [keyboard.menu(scene)]),))


async def say_goodbye(scene: Scene) -> Performed:
    """A farewell, with the way to leave no trace."""
    text = scene.w("Goodbye, and take care. You can write to me at any time.")
    return Performed((scene.reply(text, [keyboard.safe_exit(scene)]),))


async def explain_help(scene: Scene) -> Performed:
    """What can be asked, with examples."""
    text = scene.w(
        "Ask me in your own words, for example: “I have nowhere to sleep tonight” or “how do I ask for asylum?”."
        " I answer with your rights and with places to go to. You can change city or language at any time."
    )
    buttons = [
        keyboard.menu(scene), keyboard.other_place(scene), keyboard.languages_asked(scene),
        keyboard.human(scene), keyboard.privacy(scene),
    ]  # fmt: skip
    return Performed((scene.reply(text, buttons),))


async def explain_cost(scene: Scene) -> Performed:
    """This is free; who asks money for it deceives. The cost of what was just discussed is one press away."""
    text = scene.w(
        "I am free, and I never ask for money, papers or passwords. If somebody asks you for money for a service"
        " that is free, do not pay and do not hand over your papers. Ask a free lawyer or talk to a person."
    )
    need = scene.memory.need
    again = keyboard.needs(scene, dict.fromkeys([*([need] if need else []), "legal.advice"]))
    return Performed((scene.reply(text, [*again, keyboard.human(scene), keyboard.menu(scene)]),))


async def explain_privacy(scene: Scene) -> Performed:
    """At most sixty words, as promised on the first screen."""
    text = scene.w(
        "# Who can see this\n"
        "Telegram can see a chat on Telegram. Whoever has your phone can read it. I keep no list of who writes and no"
        " message, only sentences that people choose to send without their name, for seven days. I am not the police"
        " and not the government. You can erase this chat at any time."
    )
    return Performed((scene.reply(text, [keyboard.safe_exit(scene), keyboard.menu(scene)]),))


async def confirm_forgotten(scene: Scene) -> Performed:
    """Everything that was known is gone when this is read."""
    text = scene.w(
        "Done: I have forgotten your city, your language and what we talked about. Nothing about you was written down."
    )
    return Performed((scene.reply(text, [keyboard.safe_exit(scene)]),))


async def erase_chat(scene: Scene) -> Performed:
    """One line that tells nothing to who looks over a shoulder."""
    return Performed((scene.reply(scene.w("Done."), erase=True),))


async def say_cannot_read(scene: Scene) -> Performed:
    """Kindly say what to do instead."""
    text = scene.w(_CANNOT_READ.get(scene.heard.item, _CANNOT_READ["other"]))
    return Performed(
        (scene.reply(text, [keyboard.menu(scene), keyboard.human(scene)]),), Outcome.NOT_UNDERSTOOD
    )


async def say_out_of_scope(scene: Scene) -> Performed:
    """Honest, and with what can be asked."""
    text = scene.w(
        "I cannot help with that. I know about rights and services for refugees and people who ask for asylum:"
        " papers, health, a place to sleep, food, work, school, protection."
    )
    return Performed(
        (scene.reply(text, [keyboard.menu(scene), keyboard.human(scene)]),), Outcome.OUT_OF_SCOPE
    )


async def say_sorry(scene: Scene) -> Performed:
    """A complaint that names no door of ours."""
    text = scene.w("I am sorry. Tell me what you needed, and I look for another place, or talk to a person.")
    return Performed((scene.reply(text, [keyboard.human(scene), keyboard.menu(scene)]),))


async def say_old_button(scene: Scene) -> Performed:
    """A button of an older version, or one that is not ours: the same answer, and a way on."""
    text = scene.w("This button is old and does not work any more. Write your question, or choose a topic.")
    return Performed((scene.reply(text, [keyboard.menu(scene)]),))


async def say_old_card(scene: Scene) -> Performed:
    """A code that leads nowhere."""
    text = scene.w("This card does not exist any more. Write your question, or choose a topic.")
    return Performed((scene.reply(text, [keyboard.menu(scene)]),), Outcome.NO_CONTENT)


async def say_changed(scene: Scene) -> Performed:
    """What changed since a card was forwarded."""
    changed = [scene.w(SIDES[about]) for about in scene.heard.changed if about in SIDES]
    if not changed:
        return Performed()
    text = scene.w(
        "This card has changed since you got it: {parts}. Here is the current one.",
        parts=scene.w.list(changed),
    )
    return Performed((scene.reply(text),))


async def say_trouble(scene: Scene) -> Performed:
    """Our failure is said to be ours; what does not need the failing part stays one press away."""
    text = scene.w(
        "Something is not working on our side. It is not your fault. You can still choose a topic."
    )
    numbers = scene.library.emergency(scene.place.code)[:3] if scene.place else ()
    if numbers:
        text += "\n\n" + "\n".join(
            [scene.w("If you are in danger now, call:"), *number_lines(numbers, scene.language)]
        )
    reply = scene.reply(text, [keyboard.menu(scene)], calls=calls_of(numbers))
    return Performed((reply,), Outcome.FAILURE)
