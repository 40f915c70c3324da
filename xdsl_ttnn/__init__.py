"""TTNN's transposed convolution as IR: decomposed, lowered to tiled loops, and run at every floor.

The sub-packages are the folders beside this one: `xdsl_ttnn.dialect` is `dialect/`, and so on.
"""

__version__ = "0.1.0"
