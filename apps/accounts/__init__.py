"""People, organisations, memberships and the stakeholder groups they belong to."""
