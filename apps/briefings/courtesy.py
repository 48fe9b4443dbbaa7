"""What people write out of courtesy: it says nothing about the matter and is never quoted."""

import re

OPENS = (
    "dear ",
    "to whom",
    "sincerely",
    "regards",
    "respectfully",
    "thank you",
    "thanks",
    "we appreciate",
    "on behalf of",
    "i am writing",
    "we are writing",
    "yours",
    "sehr geehrte",
    "mit freundlichen",
    "vielen dank",
    "madame",
    "monsieur",
    "je vous prie",
    "cordialement",
    "estimad",
    "atentamente",
)
HOLDS = (
    r"(opportunity|invitation) to (comment|respond|submit|provide|offer|share|weigh)",
    r"(pleased|honou?red) to (submit|offer|provide|respond|have)",
    r"comments? (are|is) attached",
    r"(see|find) (the |our |my )?(attached|enclosed|attachment)",
    r"attached (response|comments?|document|letter|file)",
    r"submits? (the|these|this) (following|attached)",
)
COURTESY = re.compile(r"^\W*(" + "|".join(OPENS) + ")|" + "|".join(HOLDS), re.IGNORECASE)


def is_courtesy(sentence: str) -> bool:
    """Return whether a sentence only opens, closes or hands over a letter."""
    return bool(COURTESY.search(sentence))
