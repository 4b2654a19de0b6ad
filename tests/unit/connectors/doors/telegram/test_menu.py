"""The menu: commands that the conversation knows, in both languages."""

import pytest
import telegram as oracle

from connectors.chat.conversation.commands import command_in
from connectors.doors.telegram.menu import COMMANDS
from tests.worlds.telegram.bot import bot_at, receiving
from tests.worlds.telegram.phone import Phone
from tests.worlds.telegram.server import TOKEN, FakeTelegram, Refusal


@pytest.mark.parametrize("name", COMMANDS)
def test_the_conversation_knows_each_command(name: str) -> None:
    assert command_in(f"/{name}") is not None


async def test_it_is_set_at_the_start_for_both_languages(telegram: FakeTelegram, phone: Phone) -> None:
    phone.starts()
    async with receiving(bot_at(telegram)) as inbox:
        await inbox.first()
    english, chinese = telegram.calls("setMyCommands")
    assert "language_code" not in english
    assert chinese["language_code"] == "zh"
    assert chinese["commands"][0] == {"command": "reports", "description": "我的上报"}


async def test_it_is_what_the_oracle_sends(telegram: FakeTelegram) -> None:
    async with receiving(bot_at(telegram)), oracle.Bot(TOKEN, base_url=f"{telegram.url}/bot") as bot:
        while len(telegram.calls("setMyCommands")) < 2:
            await bot.get_me()
        ours = telegram.calls("setMyCommands")[1]
        commands = [oracle.BotCommand(**each) for each in ours["commands"]]
        await bot.set_my_commands(commands, oracle.BotCommandScopeAllPrivateChats(), "zh")
    assert telegram.calls("setMyCommands")[2] == ours


async def test_without_it_people_can_write_all_the_same(telegram: FakeTelegram, phone: Phone) -> None:
    telegram.refuse("setMyCommands", Refusal(404, "Not Found"))
    phone.writes("m")
    async with receiving(bot_at(telegram)) as inbox:
        await inbox.first()
