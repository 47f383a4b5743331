"""A picture of ours as its message's channel can carry it: as a file, by its address, or as a line with the address."""

from dataclasses import replace

from bot.outgoing import lined
from bot.ports import Files
from channels import Traits
from channels.message import Attachment, Outbound
from channels.words import numbered

NAME = "photo.jpg"


async def pictured(outbound: Outbound, traits: Traits, files: Files | None) -> Outbound:
    """The message as it goes. What a file that is gone, or a text too long to stand beside it, leaves is the line."""
    picture = outbound.picture
    if picture is None:
        return outbound
    if outbound.template is not None:  # an approved text carries nothing; its values name the address
        return replace(outbound, picture=None)
    if traits.links and picture.url:
        return outbound
    if traits.attachments and files and _fits(outbound, traits):
        try:
            content, content_type = await files.get(picture.file)
        except KeyError:
            return lined(outbound)
        file = Attachment(name=NAME, content_type=content_type, content=content)
        return replace(outbound, attachments=(file,))
    return lined(outbound)


def _fits(outbound: Outbound, traits: Traits) -> bool:
    shown = outbound.text if traits.buttons else numbered(outbound.text, outbound.choices)
    return len(shown) <= traits.caption_limit
