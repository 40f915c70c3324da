"""What several strategies build with, and count by."""
