"""Whether a message in a group is meant for the bot, and its words without the bot's name."""

from connectors.doors.telegram.shapes import Entity, TelegramMessage, TelegramUser


def is_addressed(message: TelegramMessage, me: TelegramUser) -> bool:
    """Whether it names the bot, or answers a message of the bot."""
    answered = message.reply_to_message
    if answered is not None and answered.sender is not None and answered.sender.id == me.id:
        return True
    return any(_names(me, entity, _part(message.words, entity)) for entity in message.marked)


def words_of(message: TelegramMessage, me: TelegramUser) -> str:
    """What is written, without the bot's name: `@bot pothole` is `pothole`, `/help@bot` is `/help`."""
    units = _units(message.words)
    for entity in sorted(message.marked, key=lambda each: -each.offset):
        named = _part(message.words, entity)
        if _names(me, entity, named):
            stays = _units(named.partition("@")[0] if entity.type == "bot_command" else "")
            units = units[: 2 * entity.offset] + stays + units[2 * (entity.offset + entity.length) :]
    return units.decode("utf-16-le", "replace").strip()


def _names(me: TelegramUser, entity: Entity, named: str) -> bool:
    match entity.type:
        case "text_mention":
            return entity.user is not None and entity.user.id == me.id
        case "mention" | "bot_command":
            return named.rpartition("@")[2].lower() == me.username.lower() and "@" in named
    return False


def _part(words: str, entity: Entity) -> str:
    units = _units(words)[2 * entity.offset : 2 * (entity.offset + entity.length)]
    return units.decode("utf-16-le", "replace")


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
