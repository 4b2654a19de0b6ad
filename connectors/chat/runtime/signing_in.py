"""The link in a message that signs its reader in: made when the message goes out, so that it is in no file of the chat.

A message that is sent again, because nobody knows whether the platform has it, gets another link: each works once and
for minutes, and so many of one person work at a time (`connectors.accounts.rows.MOST_LINKS`).
"""

from connectors.chat.messages import Outgoing
from connectors.chat.runtime.context import ChatContext
from connectors.chat.runtime.storage.outgoing import OutgoingRow
from texts.catalogue import say


async def with_link(chat: ChatContext, row: OutgoingRow) -> Outgoing:
    """The message with its link, for whoever the account belongs to now, if it goes to them alone.

    Raises `AccountsUnwritableError` and `ContactsUnwritableError`.
    """
    message, gateway = row.message, chat.gateway
    if not message.signs_in:
        return message
    contact = await gateway.contacts.find(chat.name, row.sender)
    person = gateway.directory.person(contact.person) if contact is not None and contact.chat == message.chat else None
    if person is None or not gateway.address:
        return message.model_copy(update={"text": say(message.language, "chat.sign_in.unknown")})
    id, now = person.id, gateway.clock()
    token = await gateway.accounts.ask(lambda rows: rows.new_link(id, now, now + gateway.accounts.limits.link_ms))
    return message.model_copy(update={"link": f"{gateway.address}/sign-in/{token}"})
