"""The secret addresses as people get them."""

from django.conf import settings
from django.urls import reverse

from guildmark.wallet.models import ShareLink


def share_url(link: ShareLink) -> str:
    """The full address of a share link, as it is sent and printed."""
    return f"{settings.PUBLIC_URL}{reverse('shared', args=[link.token])}"
