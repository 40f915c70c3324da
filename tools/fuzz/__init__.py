"""Fuzzing: random modules through random pipelines, and mutated text through the command lines.

`python -m xdsl_ttnn.tools.fuzz modules --count 1000` and `... texts PATH... --count 1000`.
"""
