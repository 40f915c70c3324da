"""From linalg on tensors to tiled loops."""
