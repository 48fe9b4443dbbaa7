"""Hears of words that moderators hide or put back, in the transaction in which they do."""

from apps.briefings import hiding
from apps.moderation.hooks import when_hidden, when_restored

hidden = when_hidden(hiding.hide)
restored = when_restored(hiding.restore)
