"""Text of IR: parsing it, printing it, and saying where in it something stands."""
