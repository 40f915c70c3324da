"""Printing the elements of constants by their bytes.

xDSL's printer makes Python objects of all elements, twice, and of a splat too: gigabytes for a
constant of 200 MB. It compares numbers, so that -0 among zeros is printed as 0, and NaN is never
the same as NaN.
"""

from __future__ import annotations

from typing import Any, cast

from xdsl.dialects.builtin import BytesAttr, DenseIntOrFPElementsAttr, TensorType
from xdsl.ir import Attribute
from xdsl.printer import Printer

from ..constants import repeats_one_element

MAX_LISTED = 100
"""Longer constants are printed as the hexadecimal digits of their bytes, as by xDSL."""


class DensePrinter(Printer):
    """xDSL's printer, in which a constant takes no more memory than its text and its bytes."""

    def print_attribute(self, attribute: Attribute) -> None:
        if isinstance(attribute, DenseIntOrFPElementsAttr):
            dense = cast(DenseIntOrFPElementsAttr[Any], attribute)
            self._print_elements(dense)
            self.print_string(" : ")
            attribute = dense.type
        super().print_attribute(attribute)

    def _print_elements(self, dense: DenseIntOrFPElementsAttr[Any]) -> None:
        count, data = len(dense), dense.data.data
        if repeats_one_element(dense):
            size = dense.type.element_type.compile_time_size
            # A scalar of the same bits, which is printed as a splat is.
            scalar: TensorType[Any] = TensorType(dense.type.element_type, [])
            one = DenseIntOrFPElementsAttr(scalar, BytesAttr(data[:size]))
            one.print_without_type(self)
        elif count > MAX_LISTED:
            self.print_string(f'dense<"0x{data.hex().upper()}">')
        else:
            shape = dense.get_shape() if dense.shape_is_complete else (count,)
            self.print_string("dense")
            with self.in_angle_brackets():
                if count:
                    dense._print_dense_list(dense.get_values(), shape, self)  # pyright: ignore[reportPrivateUsage]
