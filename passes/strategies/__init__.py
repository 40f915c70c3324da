"""Ways to decompose a transposed convolution: one file a strategy, one object each."""
