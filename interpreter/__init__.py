"""Runs the IR of every floor, by way of Python source emitted once a function.

`oracle` holds the meaning of `ttnn.conv_transpose2d`. Nothing here knows passes or lowerings.
"""

from .bounds import forward_error_bound
from .program import Program, compile_module

__all__ = ["Program", "compile_module", "forward_error_bound"]
