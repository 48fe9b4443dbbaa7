"""API of people: tokens, me, my organisations, stakeholder groups."""
