"""The shape mathematics of convolutions and tensor ops, in pure Python.

Everything works one axis at a time: an axis is one frozen dataclass, so that (height, width) and
(top, bottom, left, right) orders exist only where attributes are read.
"""
