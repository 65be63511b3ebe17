"""Receiving: nobody's message is lost, answered twice or out of order."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bot.conversation.events import Event, Left, TextSaid
from bot.face import TelegramFace, WrongToken
from bot.face.ledger import Ledger
from bot.face.numbers_sqlite import SqliteStore
from bot.face.tempo import Tempo
from bot.replies import Reply
from tests.bot_api import BotApi, Faults
from tests.face.bots import FAST, FREE, EchoTurn, all_are_answered, echoes, running, settings_for


async def test_a_text_is_answered(tmp_path: Path) -> None:
    """A person writes and reads an answer."""
    async with BotApi() as api, running(api, tmp_path):
        person = api.person()
        await person.writes("hola")
        assert [message.text for message in await person.reads()] == ["echo hola"]


async def test_a_corrected_question_is_answered_and_an_edit_of_nothing_is_not(tmp_path: Path) -> None:
    """Who mends a typing error reads a new answer; that Telegram calls a message edited without a new word is no question."""
    async with BotApi() as api, running(api, tmp_path):
        person = api.person()
        await person.writes("alvergue")
        await person.reads("echo alvergue")
        person.edits()
        person.edits(text="albergue")
        person.edits()
        await person.reads("echo albergue")
        await person.waits_until_taken()
        assert [message.text for message in person.visible] == ["echo alvergue", "echo albergue"]


async def test_an_album_is_answered_once_and_its_words_are_read(tmp_path: Path) -> None:
    """Five pictures sent together are five updates: one answer for them, and one for the words that stand below one."""
    async with BotApi() as api, running(api, tmp_path):
        person = api.person()
        picture = [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}]
        for caption in ({}, {}, {"caption": "mis papeles"}, {}, {}):
            person.sends(photo=picture, media_group_id="77", **caption)
        await person.reads("echo mis papeles")
        person.sends(photo=picture, media_group_id="78")
        await person.reads("other photo")
        await person.waits_until_taken()
        assert [message.text for message in person.visible] == [
            "other photo",
            "echo mis papeles",
            "other photo",
        ]


async def test_an_edit_that_failed_first_is_tried_again(tmp_path: Path) -> None:
    """The second attempt at a corrected message is no repetition of it."""
    turn = EchoTurn()
    failed: list[Event] = []

    async def fail_once(event: Event) -> None:
        if isinstance(event, TextSaid) and event.text == "albergue" and not failed:
            failed.append(event)
            raise RuntimeError("no")

    turn.before = fail_once
    async with BotApi() as api, running(api, tmp_path, turn):
        person = api.person()
        await person.writes("alvergue")
        person.edits(text="albergue")
        await person.reads("echo albergue")


async def test_notices_in_a_group_are_not_answered(tmp_path: Path) -> None:
    """Somebody joins, a message is pinned: the bot says nothing; it does when a person speaks to it."""
    async with BotApi() as api, running(api, tmp_path):
        member = api.person(group=-1001)
        member.sends(new_chat_members=[member.user])
        await member.waits_until_taken()
        assert not member.visible
        await member.writes("/start")
        assert len(await member.reads()) == 1


async def test_order_in_a_chat_is_kept_and_chats_go_side_by_side(tmp_path: Path) -> None:
    """Fifty people write ten messages each: everybody reads ten answers in order, faster than one after the other."""
    turn = EchoTurn()

    async def take_a_moment(_: Event) -> None:
        await asyncio.sleep(0.01)

    turn.before = take_a_moment
    async with BotApi(flood=False) as api, running(api, tmp_path, turn):
        read = await all_are_answered(api, 50, 10, within=30)
    assert read == [echoes(10)] * 50


async def test_a_slow_chat_holds_nobody_up(tmp_path: Path) -> None:
    """While one turn takes two seconds, others who write later are answered; nothing is confirmed too early."""
    turn = EchoTurn()

    async def be_slow(event: Event) -> None:
        if isinstance(event, TextSaid) and event.text == "slow":
            await asyncio.sleep(2.2)

    turn.before = be_slow
    async with BotApi() as api, running(api, tmp_path, turn):
        slow, quick = api.person(), api.person()
        update_id = await slow.writes("slow")
        await asyncio.sleep(0.3)
        for number in range(3):
            started = time.monotonic()
            await quick.writes(str(number))
            await api.until(lambda number=number: any(f"echo {number}" in m.text for m in quick.unread))
            assert time.monotonic() - started < 1.0
            assert api.updates.is_open(update_id), "confirmed before it was answered"
        await slow.reads("echo slow")
        assert [event.text for event, _ in turn.taken if isinstance(event, TextSaid)].count("slow") == 1


async def test_who_waits_hears_a_word(tmp_path: Path) -> None:
    """A turn that takes long is announced, in the person's language."""
    turn = EchoTurn()

    async def be_slow(_: Event) -> None:
        await asyncio.sleep(1.5)

    turn.before = be_slow
    async with BotApi() as api, running(api, tmp_path, turn, FAST):
        person = api.person()
        await person.writes("hola")
        texts = [message.text for message in await person.reads("echo hola")]
        assert len(texts) == 2


async def test_what_fails_twice_is_skipped_with_an_apology(tmp_path: Path) -> None:
    """A poisoned message ends: two attempts, an apology, a count; the next message is answered."""
    turn = EchoTurn()

    async def fail(event: Event) -> None:
        if isinstance(event, TextSaid) and event.text == "poison":
            raise RuntimeError("no")

    turn.before = fail
    async with BotApi() as api, running(api, tmp_path, turn) as face:
        person = api.person()
        await person.writes("poison")
        await person.writes("hola")
        texts = [message.text for message in await person.reads("echo hola")]
        assert len(texts) == 2
        assert "/menu" in texts[0]
        assert sum(event == TextSaid("poison", language_hint="es") for event, _ in turn.taken) == 2
        assert face.counts.skipped == 1


async def test_a_turn_that_never_ends_is_ended(tmp_path: Path) -> None:
    """Each update has a deadline; after two of them the person gets an apology."""
    turn = EchoTurn()

    async def hang(event: Event) -> None:
        if not isinstance(event, Left):
            await asyncio.Event().wait()

    turn.before = hang
    async with BotApi() as api, running(api, tmp_path, turn, FAST):
        person = api.person()
        await person.writes("hola")
        await person.reads("/menu", within=12)


async def test_a_crashing_update_is_counted_across_restarts(tmp_path: Path) -> None:
    """Attempts are written before handling: an update that kills the process again and again is skipped."""
    turn = EchoTurn()
    async with BotApi() as api:
        person = api.person()
        update_id = await person.writes("kills the process")
        for _ in range(3):
            ledger = Ledger(SqliteStore(tmp_path / "telegram.sqlite3"))
            await ledger.begin(update_id)
            await ledger.close()
        async with running(api, tmp_path, turn):
            texts = [message.text for message in await person.reads()]
        assert "/menu" in texts[0]
        assert not turn.taken


async def test_an_update_done_before_a_crash_is_not_done_twice(tmp_path: Path) -> None:
    """Answered but not confirmed: the next process knows from integers alone."""
    turn = EchoTurn()
    async with BotApi() as api:
        person = api.person()
        update_id = await person.writes("hola")
        ledger = Ledger(SqliteStore(tmp_path / "telegram.sqlite3"))
        await ledger.begin(update_id)
        ledger.finish(update_id)
        await ledger.close()
        async with running(api, tmp_path, turn):
            await person.waits_until_taken()
        assert not turn.taken
        assert not person.visible


async def test_only_integers_reach_the_disk(tmp_path: Path) -> None:
    """Nothing that was written, and no chat id, is in any file of the data folder."""
    async with BotApi() as api:
        person = api.person(7_777_123_456)
        async with running(api, tmp_path):
            await person.writes("mi secreto es muy particular")
            await person.reads()
        stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"secreto" not in stored
    assert b"7777123456" not in stored
    assert (7_777_123_456).to_bytes(6, "big") not in stored


async def test_a_stop_finishes_what_runs_and_confirms_it(tmp_path: Path) -> None:
    """After a graceful stop nothing that was answered is still open at Telegram, and what was not comes again."""
    turn = EchoTurn()
    started = asyncio.Event()

    async def take_a_moment(_: Event) -> None:
        started.set()
        await asyncio.sleep(0.5)

    turn.before = take_a_moment
    async with BotApi() as api:
        person = api.person()
        async with running(api, tmp_path, turn):
            await person.writes("one")
            await person.writes("two")
            await started.wait()
        assert [message.text for message in person.visible] == ["echo one"]
        assert api.updates.open_of(person.chat_id) == 1
        turn.before = None
        async with running(api, tmp_path, turn):
            await person.reads("echo two")
        assert [message.text for message in person.visible] == ["echo one", "echo two"]


async def test_a_wrong_token_stops_with_a_sentence(tmp_path: Path) -> None:
    """The one failure that ends the face names the setting and not the token."""
    async with BotApi() as api:
        settings = settings_for(api, tmp_path).model_copy(update={})
        for token in ("123456789:AAanother_another_another_another_0", "1:malformed"):
            api.token = "123456789:AAstand-in_stand-in_stand-in_stand-in"
            from pydantic import SecretStr

            face = TelegramFace(
                settings.model_copy(update={"telegram_token": SecretStr(token)}), EchoTurn(), FREE
            )
            with pytest.raises(WrongToken) as raised:
                await face.serve(asyncio.Event())
            assert "ORIENTA_TELEGRAM_TOKEN" in str(raised.value)
            assert token not in str(raised.value)


async def test_it_starts_while_telegram_is_down(tmp_path: Path) -> None:
    """Nothing is lost while every connection breaks; answers come when it is over."""
    async with BotApi(faults=Faults(down=True)) as api, running(api, tmp_path):
        person = api.person()
        await person.writes("hola")
        await asyncio.sleep(0.5)
        api.faults.down = False
        await person.reads("echo hola")


async def test_after_an_outage_nobody_waits_for_the_next_look(tmp_path: Path) -> None:
    """However long Telegram was away: five seconds after it is back, everybody has their answer. At the pace of life."""
    async with BotApi(faults=Faults(down=True)) as api, running(api, tmp_path, tempo=Tempo()):
        person = api.person()
        await person.writes("hola")
        await asyncio.sleep(9)
        api.faults.down = False
        await person.reads("echo hola", within=5)


async def test_a_button_pressed_twice_before_the_answer_is_answered_once(tmp_path: Path) -> None:
    """An impatient thumb gets one answer; who has read it and presses again gets it again. No button is left waiting."""
    turn = EchoTurn()

    async def take_a_moment(_: Event) -> None:
        await asyncio.sleep(0.3)

    turn.before = take_a_moment
    async with BotApi() as api, running(api, tmp_path, turn):
        person = api.person()
        for _ in range(3):
            person.presses_data("pressed")
        await person.reads("button pressed")
        await person.waits_until_taken()
        assert len(person.visible) == 1
        assert api.queries_answered == 3
        person.presses_data("pressed")
        await person.reads("button pressed")
        assert len(person.visible) == 2


async def test_it_survives_an_outage_in_the_middle(tmp_path: Path) -> None:
    """Telegram breaks off between question and answer: the answer arrives afterwards, the turn ran once."""
    turn = EchoTurn()
    async with BotApi() as api, running(api, tmp_path, turn):
        person = api.person()
        await person.writes("before")
        await person.reads("echo before")

        async def cut(_: Event) -> None:
            api.faults.down = True

        turn.before = cut
        await person.writes("during")
        await asyncio.sleep(0.6)
        turn.before = None
        api.faults.down = False
        await person.reads("echo during")
        assert len(turn.taken) == 2


async def test_nothing_is_lost_on_a_bad_line(tmp_path: Path) -> None:
    """Resets, half answers, 502 and pages of some proxy: everybody is answered, in order; a reply may come twice."""
    faults = Faults(
        seed=3,
        reset_before=0.05,
        reset_after=0.05,
        half_answer=0.05,
        server_error=0.05,
        not_json=0.05,
        latency=(0, 0.01),
    )
    async with BotApi(flood=False, faults=faults) as api, running(api, tmp_path):
        read = await all_are_answered(api, 10, 10, within=40)
    assert [list(dict.fromkeys(texts)) for texts in read] == [echoes(10)] * 10
    assert faults.played > 10


async def test_pending_messages_are_never_dropped(tmp_path: Path) -> None:
    """What people wrote while the bot was down is answered."""
    async with BotApi() as api:
        person = api.person()
        await person.writes("while you were away")
        async with running(api, tmp_path):
            await person.reads("echo while you were away")
        assert api.dropped_pending == 0


async def test_a_webhook_of_before_is_removed(tmp_path: Path) -> None:
    """Polling begins though a webhook was set earlier."""
    async with BotApi() as api:
        from tests.bot_api.webhooks import Webhook

        api.webhook = Webhook(api, "http://127.0.0.1:9/", "", 1)
        person = api.person()
        await person.writes("hola")
        async with running(api, tmp_path):
            await person.reads("echo hola")


async def test_a_second_receiver_is_waited_out(tmp_path: Path) -> None:
    """409 stops nothing: when the other one ends, messages are answered again."""
    async with BotApi() as api, running(api, tmp_path):
        person = api.person()
        await person.writes("one")
        await person.reads("echo one")
        # Whichever of the two asked first is refused; the bot's next request may end the other one in turn.
        other = asyncio.create_task(api.methods.call("getUpdates", {"timeout": "5"}))
        await api.until(lambda: api.conflicts > 0)
        await asyncio.wait({other})
        other.exception()
        await person.writes("two")
        await person.reads("echo two", within=20)


async def test_an_update_that_cannot_be_read_stops_nobody(tmp_path: Path) -> None:
    """A kind of update that the library does not understand is passed over and counted."""
    async with BotApi() as api, running(api, tmp_path) as face:
        person = api.person()
        api.updates.add("message", {"message_id": "what", "chat": 5}, person.chat_id)
        await person.writes("hola")
        await person.reads("echo hola")
        assert face.counts.unreadable == 1


async def test_ids_may_begin_anew(tmp_path: Path) -> None:
    """After a week of silence Telegram starts at any number, also a lower one."""
    async with BotApi() as api, running(api, tmp_path):
        person = api.person()
        await person.writes("one")
        await person.reads("echo one")
        await person.waits_until_taken()
        await asyncio.sleep(0.1)
        api.updates.next_id = 1000
        await person.writes("two")
        await person.reads("echo two")


async def test_a_flood_of_one_chat_holds_up_itself_alone(tmp_path: Path) -> None:
    """A hundred messages at once from one person: they are told, and somebody else is answered quickly."""
    from dataclasses import replace

    tempo = replace(FAST, waiting_per_chat=20)
    async with BotApi() as api, running(api, tmp_path, tempo=tempo) as face:
        noisy, quiet = api.person(), api.person()
        for number in range(150):
            await noisy.writes(str(number))
        await quiet.writes("hola")
        await quiet.reads("echo hola", within=6)
        await noisy.reads("echo 149", within=15)
        assert face.counts.set_aside > 50
        assert api.flood.refused == 0


async def test_a_broken_disk_does_not_silence_the_bot(tmp_path: Path) -> None:
    """When integers cannot be written, people are answered all the same."""
    (tmp_path / "telegram.sqlite3").mkdir()
    async with BotApi() as api, running(api, tmp_path):
        person = api.person()
        await person.writes("hola")
        await person.reads("echo hola")


async def test_replies_that_are_refused_twice_end_in_an_apology(tmp_path: Path) -> None:
    """A text that Telegram refuses does not block the chat."""
    turn = EchoTurn()
    turn.answer = lambda event: [Reply(text="x", buttons=())]
    async with BotApi() as api, running(api, tmp_path, turn):
        person = api.person()
        refusals = 0
        plain = api.methods.known["sendMessage"]

        async def refuse(given: dict[str, str]) -> object:
            nonlocal refusals
            if given["text"] == "x":
                from tests.bot_api.markup import bad

                refusals += 1
                raise bad("can't parse entities")
            return await plain(given)

        api.methods.known["sendMessage"] = refuse
        await person.writes("hola")
        await person.reads("/menu")
        assert refusals == 4
