"""What a strategy costs: its stages, targets, the model, and the report of it."""
