"""A link that signs somebody in to the pages: only to who is known, and only where nobody else reads along."""

from connectors.chat.conversation.talk import Talk


def can(talk: Talk) -> bool:
    """Whether a link can be asked for here."""
    known = talk.knowledge
    return known.listed and known.alone and known.link_minutes > 0


def link(talk: Talk) -> None:
    """Give a link, or say why there is none and what to do instead."""
    known = talk.knowledge
    if not known.listed:
        talk.say("sign_in.unknown")
    elif known.link_minutes <= 0:
        talk.say("sign_in.no_pages")
    elif not known.alone:
        talk.say("sign_in.alone")
    else:
        talk.write(talk.words("sign_in.link", minutes=known.link_minutes), signs_in=True)
