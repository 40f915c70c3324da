"""Archives of arrays as `ttnn-run` reads them: names, headers, sizes, and what is no archive."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from xdsl_ttnn.interpreter import available
from xdsl_ttnn.tools.archive import stored_arrays
from xdsl_ttnn.tools.diagnostics import ToolError

ONES = np.ones(3, np.float32)
BITS = np.ones(3, ml_dtypes.bfloat16).view(np.uint16)
SUM = """func.func @main(%a: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<3xf32> {
  %sum = "ttnn.add"(%a, %b) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %sum : tensor<3xf32>
}
"""
OPEN = SUM.replace("3xf32", "?xf32")
BF16 = SUM.replace("f32", "bf16")


def array_bytes(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def claiming(shape: tuple[int, ...]) -> bytes:
    """Three numbers under a header that says they are of another shape."""
    stream = io.BytesIO()
    header = {"descr": "<f4", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_2_0(stream, header)
    return stream.getvalue() + ONES.tobytes()


@pytest.fixture
def archive(tmp_path: Path):
    """Put members into a zip archive, in order, under any names."""

    def store(*members: tuple[str, bytes], **options: int) -> Path:
        path = tmp_path / "inputs.npz"
        with zipfile.ZipFile(path, "w", **options) as stream:
            for name, content in members:
                stream.writestr(name, content)
        return path

    return store


@pytest.mark.parametrize("flag", ["--inputs", "--weights"])
@pytest.mark.parametrize("names", [("arg0", "arg1"), ("a", "b"), ("arg0", "b"), ("b", "arg0")])
def test_arguments_go_by_position_and_by_name(names, flag: str, run, write, archive) -> None:
    values = {"arg0": ONES, "a": ONES, "arg1": 2 * ONES, "b": 2 * ONES}
    path = archive(*((f"{name}.npy", array_bytes(values[name])) for name in names))

    outcome = run(write(SUM.replace("ttnn.add", "ttnn.subtract")), flag, path)

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "result0: 3xfloat32  [-1 -1 -1]\n"


def test_bits_go_by_name_too(run, write, archive) -> None:
    members = [(f"{name}.bf16.npy", array_bytes(BITS)) for name in ("a", "arg1")]

    outcome = run(write(BF16), "--inputs", archive(*members))

    assert (outcome.code, outcome.out) == (0, "result0: 3xbfloat16  [2 2 2]\n")


def test_the_names_an_error_prints_are_taken(run, write, archive) -> None:
    """A device has no array, so `%arg1` behind one is arg0; two values have one name."""
    text = (
        "func.func @main(%arg0: !ttnn.device, %arg1: tensor<3xf32>, %x_1: tensor<3xf32>, "
        "%x_2: tensor<3xf32>, %y: tensor<3xf32>) -> tensor<3xf32> {\n  return %y : tensor<3xf32>\n}"
    )

    refused = run(write(text), "--inputs", archive(("no.npy", array_bytes(ONES))))
    printed = "main(arg0: 3xfloat32, arg1: 3xfloat32, arg2: 3xfloat32, y: 3xfloat32)"
    assert f"expected arg0, arg1, arg2, arg3 for {printed}, got no" in refused.err

    names = ("arg0", "arg1", "arg2", "y")
    members = [(f"{name}.npy", array_bytes(ONES * place)) for place, name in enumerate(names)]
    assert run(write(text), "--inputs", archive(*members)).out == "result0: 3xfloat32  [3 3 3]\n"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("flag", ["--inputs", "--weights"])
@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("arg0", "arg0.bf16", "arg1"), "expected one array for a, got arg0 and arg0.bf16"),
        (("arg1", "arg0.bf16", "arg0"), "expected one array for a, got arg0 and arg0.bf16"),
        (("a", "arg0", "arg1"), "expected one array for a, got a and arg0"),
        (("arg0", "arg0", "arg1"), "expected one array called arg0, got several"),
    ],
)
def test_an_array_under_two_names(names, message: str, flag: str, run, write, archive) -> None:
    arrays = [(f"{name}.npy", array_bytes(BITS if "bf16" in name else ONES)) for name in names]
    path = archive(*arrays)

    outcome = run(write(SUM), flag, path)

    assert (outcome.code, outcome.err) == (2, f"{path}: error: {message}\n")


@pytest.mark.parametrize("shape", [(2**40,), (2**62, 2**62), (3, 2), (-3,), (4,)])
def test_a_header_that_claims_more_than_there_is(shape, run, write, archive) -> None:
    path = archive(("arg0.npy", claiming(shape)), ("arg1.npy", array_bytes(ONES)))
    claimed = "x".join(map(str, shape))

    outcome = run(write(OPEN), "--inputs", path)

    assert outcome.code == 2
    assert outcome.err == (
        f"{path}: error: arg0: expected a header for the 12 bytes stored, got {claimed}xfloat32\n"
    )


def test_an_array_that_memory_cannot_hold(run, write, archive, monkeypatch) -> None:
    """Zeros are stored in a thousandth of what they take: the header decides."""
    monkeypatch.setattr(available, "SMALL_BYTES", 0)
    monkeypatch.setattr(available, "available_bytes", lambda: 10**6)
    zeros = np.zeros(10**6, np.float32)
    path = archive(("arg0.npy", array_bytes(zeros)), compression=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 10**4

    outcome = run(write(OPEN), "--inputs", path)

    assert outcome.code == 2
    assert outcome.err == (
        f"{path}: error: arg0: expected at most the 1 MB of memory that is available, got 4 MB\n"
    )


def test_missing_memory_is_the_archives_fault(run, write, archive, monkeypatch) -> None:
    def fail(*args, **options) -> None:
        raise MemoryError

    monkeypatch.setattr("numpy.lib.format.read_array", fail)
    path = archive(*((f"{name}.npy", array_bytes(ONES)) for name in "ab"))

    outcome = run(write(SUM), "--inputs", path)

    message = f"{path}: error: expected arrays that fit into memory, got larger ones\n"
    assert (outcome.code, outcome.err) == (2, message)


def test_big_endian_numbers_are_numbers(run, write, archive) -> None:
    path = archive(*((f"{name}.npy", array_bytes(ONES.astype(">f4"))) for name in "ab"))

    assert run(write(SUM), "--inputs", path).out == "result0: 3xfloat32  [2 2 2]\n"


def test_a_byte_that_is_another_is_read_or_refused(tmp_path: Path, archive) -> None:
    """Every byte of an archive, changed one at a time."""
    path = archive(("a.npy", array_bytes(ONES)), ("b.npy", array_bytes(ONES)))
    content, refused = path.read_bytes(), 0
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x15]) + content[place + 1 :])
        try:
            with stored_arrays(str(path)) as arrays:
                assert sorted(arrays) != ["a", "b"] or [arrays[name].load() for name in "ab"]
        except ToolError as error:
            assert error.place == str(path)
            refused += 1

    assert 100 < refused < len(content)


def test_a_pipe_is_read(write, run, tmp_path: Path, archive) -> None:
    import os
    import threading

    path = archive(*((f"{name}.npy", array_bytes(ONES)) for name in "ab"))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(path.read_bytes()))
    writer.start()

    outcome = run(write(SUM), "--inputs", pipe)
    writer.join()

    assert (outcome.code, outcome.out) == (0, "result0: 3xfloat32  [2 2 2]\n")
