"""Hears of words and names that are hidden, or put back, in the transaction in which they are."""

from apps.briefings import hiding
from apps.moderation.hooks import when_hidden, when_restored
from apps.submissions.hooks import when_nameless

hidden = when_hidden(hiding.hide)
restored = when_restored(hiding.restore)
nameless = when_nameless(hiding.take_name_off)
