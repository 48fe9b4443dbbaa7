"""API of receipts."""
