"""Names that emitted code, a shell or a terminal could take for something else."""

from __future__ import annotations

import keyword
from collections.abc import Sequence

from xdsl_ttnn.dialect.text.names import symbol_text

ADVERSARIAL = (
    *("relu", "relu6", "relu62", "relu_6", "relu_2", "c", "c1", "c_2", "part", "part1", "message"),
    *("asarray", "convert", "rounded", "fail", "poison", "full", "empty", "divide", "power"),
    *("np", "trace", "emitted", "values", "dt_float32", "np_float32", "float32", "wrap_i32"),
    *("v1", "v1_x", "v2_3", "_v1", "fn0_x", "global_7f", "x", "self", "_", "__", "__builtins__"),
    *("a b", "a.b", "a_b", "a\nb", "a\0b", "a#b", "a'b", 'a"b', "1", "22", "", " "),
    *("f²", "f_", "ﬁ", "fi", "é", "ñ", "名", "ʰ", "__debug__", "__import__"),
    *(keyword.kwlist),
    *(keyword.softkwlist),
    *("abs", "bool", "float", "int", "len", "max", "min", "range", "tuple", "zip", "print", "exec"),
)  # fmt: skip
"""What emitted code might call something else, and what is no identifier, or another one."""

RELU6 = """
func.func @main(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {{
  %six = "ttnn.relu6"(%x) : (tensor<1x4xf32>) -> tensor<1x4xf32>
  {relus}
  return %six : tensor<1x4xf32>
}}""".format(
    relus="\n  ".join(
        f'%r{number} = "ttnn.relu"(%x) : (tensor<1x4xf32>) -> tensor<1x4xf32>'
        for number in range(60)
    )
)


def call_chain(names: Sequence[str]) -> str:
    """Functions of which each adds its number to %x, by a global, and calls the next.

    Arguments are called like functions where they can be; `first` calls all of them.
    """
    type_, kept = "tensor<2xi32>", 'sym_visibility = "private", type = memref<1xi32>'
    functions: list[str] = []
    for number, name in enumerate(names):
        symbol = symbol_text(name)
        argument = name if name.isascii() and name.isidentifier() else "v1"
        following = names[number + 1] if number + 1 < len(names) else None
        call = f"func.call {symbol_text(following)}(%s) : ({type_}) -> {type_}" if following else ""
        functions.append(f"""
func.func private {symbol}(%{argument}: {type_}) -> {type_} {{
  %c0 = arith.constant 0 : index
  %m = memref.get_global {symbol_text(name + " g")} : memref<1xi32>
  %k = memref.load %m[%c0] : memref<1xi32>
  %t = tensor.splat %k : {type_}
  %s = arith.addi %{argument}, %t : {type_}
  {"%r = " + call if following else ""}
  return {"%r" if following else "%s"} : {type_}
}}
"memref.global"() <{{sym_name = {symbol_text(name + " g")[1:]}, {kept},
  initial_value = dense<{2**number % 1000003}> : tensor<1xi32>}}> : () -> ()""")
    return "".join(functions)
