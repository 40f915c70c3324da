"""One layer, from the Python call down to loops: a marimo notebook.

marimo edit docs/marimo/one_layer.py
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="One layer, floor by floor")


@app.cell
def _():
    import sys
    from collections import Counter
    from pathlib import Path
    from time import perf_counter

    import marimo as mo
    import matplotlib
    import numpy as np

    from xdsl_ttnn import frontend as ttnn
    from xdsl_ttnn.dialect.geometry.transposed import TransposedAxis
    from xdsl_ttnn.passes.strategies.registry import AUTO, own_names

    # The script that draws the pictures of the pages, one folder up.
    sys.path.append(str(Path(__file__).parents[1] / "pictures"))
    from draw_strategies import draw, drawn_names, refusal

    matplotlib.use("Agg")
    from matplotlib import pyplot

    return (
        AUTO,
        Counter,
        TransposedAxis,
        draw,
        drawn_names,
        mo,
        np,
        own_names,
        perf_counter,
        pyplot,
        refusal,
        ttnn,
    )


@app.cell
def _(mo):
    mo.md(r"""
    # One layer, floor by floor

    A transposed convolution upsamples an image. Here it is called as a TTNN script calls it, and
    then followed down: its IR, what each strategy makes of it, the loops at the bottom, and the
    Python source that runs them. Every floor is run, and gives the same up to the order of sums.

    Move a slider, and everything below is compiled again.
    """)


@app.cell
def _(AUTO, mo, own_names):
    kernel = mo.ui.slider(1, 6, value=4, label="kernel", show_value=True)
    stride = mo.ui.slider(1, 4, value=2, label="stride", show_value=True)
    padding = mo.ui.slider(0, 3, value=1, label="padding", show_value=True)
    strategy = mo.ui.dropdown([AUTO, *own_names()], value=AUTO, label="strategy")
    mo.hstack([kernel, stride, padding, strategy])
    return kernel, padding, stride, strategy


@app.cell
def _(kernel, np, padding, stride, ttnn):
    SIZE = 12
    rows, columns = np.mgrid[:SIZE, :SIZE]
    disc = np.hypot(rows - 5.5, columns - 5.5) < 5
    image = np.where(disc, 1 + columns, 0).astype(np.float32)
    # A tent in both directions: what bilinear upsampling starts from.
    tent = 1 - np.abs(np.arange(kernel.value) - (kernel.value - 1) / 2) / (kernel.value / 2 + 0.5)
    weight = np.outer(tent, tent).astype(np.float32)

    call = {
        "input_tensor": image[None, :, :, None],
        "weight_tensor": weight[None, None],
        "in_channels": 1,
        "out_channels": 1,
        "batch_size": 1,
        "input_height": SIZE,
        "input_width": SIZE,
        "kernel_size": (kernel.value, kernel.value),
        "stride": (stride.value, stride.value),
        "padding": (padding.value, padding.value),
    }
    with ttnn.record_modules() as modules:
        upsampled, (height, width) = ttnn.conv_transpose2d(**call, return_output_dim=True)
    (module,) = modules
    return SIZE, call, height, image, module, upsampled, width


@app.cell
def _(SIZE, height, image, mo, pyplot, upsampled, width):
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(7, 3.2), layout="constrained")
    left.imshow(image, cmap="viridis")
    left.set_title(f"in, {SIZE}x{SIZE}")
    right.imshow(upsampled[0, :, :, 0], cmap="viridis")
    right.set_title(f"out, {height}x{width}")
    pyplot.close(figure)
    mo.vstack([mo.md("## The call"), figure])


@app.cell
def _(mo, module):
    mo.vstack(
        [
            mo.md("""
    ## Floor `ttnn`

    What the call stands for, in the form in which tt-mlir prints it:
    """),
            mo.md(f"```mlir\n{module!s}\n```"),
        ]
    )


@app.cell
def _(TransposedAxis, draw, drawn_names, kernel, mo, padding, refusal, stride):
    axis = TransposedAxis(4, kernel.value, stride.value, padding.value, padding.value)
    pictures = {}
    if axis.output_size > 0:
        pictures = {
            name: mo.Html(f'<div style="overflow-x: auto">{draw(axis, name)}</div>')
            for name in drawn_names()
            if refusal(axis, name) is None
        }
    mo.vstack(
        [
            mo.md("""
    ## Strategies

    Four pixels of a row: which of them meets which tap for which output. Grey products are made for
    nothing, with an inserted zero or without a place in the output.
    """),
            mo.ui.tabs(pictures) if pictures else mo.md("Four pixels give no output here."),
        ]
    )


@app.cell
def _(module, perf_counter, strategy, ttnn, call, upsampled, np):
    FLOORS = ("ttnn", "decomposed", "linalg", "loops")
    compiled, rows_of_table = {}, []
    for floor in FLOORS:
        chosen = None if floor == "ttnn" else strategy.value
        compiled[floor] = ttnn.compile_ir(module, floor=floor, strategy=chosen)
        arrays = (call["input_tensor"], call["weight_tensor"])
        compiled[floor](*arrays)
        start = perf_counter()
        (result,) = compiled[floor](*arrays)
        milliseconds = (perf_counter() - start) * 1e3
        error = float(np.max(np.abs(result - upsampled), initial=0))
        rows_of_table.append(
            {"floor": floor, "run (ms)": round(milliseconds, 3), "largest difference": error}
        )
    return compiled, rows_of_table


@app.cell
def _(Counter, compiled, mo, rows_of_table):
    for row in rows_of_table:
        names = Counter(op.name for op in compiled[row["floor"]].module.walk())
        for name in ("builtin.module", "func.func", "func.return"):
            names.pop(name, None)
        row["ops"] = ", ".join(f"{count} {name}" for name, count in names.most_common(5))
    mo.vstack(
        [
            mo.md("""
    ## Floor by floor

    Each floor is IR that runs. `decomposed` is TTNN without the op, `linalg` is what other
    compilers take over from, `loops` is tiled matmuls.
    """),
            mo.ui.table(rows_of_table, selection=None, show_column_summaries=False),
        ]
    )


@app.cell
def _(compiled, mo):
    shown = {name: mo.md(f"```mlir\n{f.module!s}\n```") for name, f in compiled.items()}
    mo.accordion({f"IR at floor {name}": text for name, text in shown.items()})


@app.cell
def _(compiled, mo):
    loops = compiled["loops"]
    source = loops.program.source(loops.signature.function)
    mo.vstack(
        [
            mo.md("""
    ## How the loops are run

    The interpreter turns a function into the source of a Python function, once:
    """),
            mo.md(f"```python\n{source}\n```"),
            mo.md("""
    The loops are standard MLIR: `ttnn-opt -p ttnn-to-loops` prints them for any other compiler. No
    machine code is made here yet: the interpreter is the one backend.
    """),
        ]
    )


if __name__ == "__main__":
    app.run()
