"""What can be wrong with a share link."""

from guildmark.errors import GuildmarkError


class ShareEndedError(GuildmarkError):
    """The link was valid once; its holder ended it or it ran out."""

    code = "share_ended"
