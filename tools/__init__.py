"""The command lines: `ttnn-opt` and `ttnn-run`."""
