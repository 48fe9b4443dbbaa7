"""Campaigns: letters that are copies of one text, and what each sender added."""

from apps.analysis.campaigns.detection import CampaignMap, find_campaigns
from apps.analysis.campaigns.letters import LetterSplit, split_letters

__all__ = ["CampaignMap", "LetterSplit", "find_campaigns", "split_letters"]
