"""What happened, in entries nobody can change, and the receipts people keep."""
