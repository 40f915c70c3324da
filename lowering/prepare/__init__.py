"""What is done to weights, out of the function that runs per call."""
