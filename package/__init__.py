"""TTNN's transposed convolution as IR: decomposed, lowered to tiled loops, and run at every floor.

The sub-packages are the folders beside this one: `xdsl_ttnn.dialect` is `dialect/`, and so on. This
folder is not called `xdsl_ttnn`: Python started at the root of a checkout would then import it in
place of the installed package, and find no sub-packages in it.
"""

__version__ = "0.1.0"
