"""The module's own tensor: made, moved, reshaped, and the functions between convolutions."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest

from xdsl_ttnn import frontend as ttnn

VALUES = np.arange(24, dtype=np.float32).reshape(2, 3, 4) - 12


def test_an_array_is_shared() -> None:
    values = VALUES.copy()
    tensor = ttnn.from_numpy(values)

    assert ttnn.to_numpy(tensor) is values
    assert np.shares_memory(np.asarray(tensor), values)
    assert np.shares_memory(np.from_dlpack(tensor), values)
    assert (tensor.shape, tensor.dtype, tensor.layout) == ((2, 3, 4), ttnn.float32, ttnn.Layout(
        "row_major"
    ))  # fmt: skip
    assert repr(tensor) == "Tensor((2, 3, 4), FLOAT32, ROW_MAJOR)"


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (ttnn.bfloat16, ml_dtypes.bfloat16),
        (ttnn.bfloat8_b, ml_dtypes.bfloat16),
        (ttnn.float16, np.float16),
        (ttnn.int32, np.int32),
        (ttnn.uint16, np.uint16),
    ],
)
def test_elements_are_rounded(dtype: ttnn.DataType, expected: Any) -> None:
    tensor = ttnn.from_numpy(np.abs(VALUES) + np.float32(0.25), dtype)

    assert tensor.dtype is dtype
    assert tensor.value.dtype == expected
    assert np.array_equal(tensor.value, (np.abs(VALUES) + np.float32(0.25)).astype(expected))


@pytest.mark.parametrize("type_", ["float16", "float32", "int32", "uint8", "uint16", "uint32"])
def test_the_data_type_of_an_array(type_: str) -> None:
    assert ttnn.from_numpy(VALUES.astype(type_)).dtype is getattr(ttnn, type_)


def test_types_that_ttnn_has_no_word_for() -> None:
    with pytest.raises(ValueError, match=r"tensor: expected elements of bfloat16, .* got float64"):
        ttnn.from_numpy(VALUES.astype(np.float64))
    with pytest.raises(ValueError, match="dtype: expected a DataType, got 'bf16'"):
        ttnn.from_numpy(VALUES, "bf16")


def test_moves_keep_values() -> None:
    device = ttnn.open_device()
    tensor = ttnn.from_numpy(VALUES, memory_config=ttnn.L1_MEMORY_CONFIG)

    moved = ttnn.to_memory_config(
        ttnn.to_layout(ttnn.to_device(tensor, device), ttnn.TILE_LAYOUT), ttnn.DRAM_MEMORY_CONFIG
    )

    assert moved.value is tensor.value
    assert (moved.device(), moved.layout) == (device, ttnn.TILE_LAYOUT)
    assert (tensor.memory_config(), moved.memory_config()) == (
        ttnn.L1_MEMORY_CONFIG,
        ttnn.DRAM_MEMORY_CONFIG,
    )
    assert ttnn.from_device(moved).device() is None
    assert tensor.to(device).to(ttnn.TILE_LAYOUT).get_layout() is ttnn.TILE_LAYOUT
    ttnn.deallocate(moved)
    ttnn.close_device(device)
    with pytest.raises(ValueError, match="device: expected an open device"):
        ttnn.to_device(tensor, device)


def test_a_layout_with_a_type() -> None:
    tensor = ttnn.to_layout(ttnn.from_numpy(VALUES), ttnn.TILE_LAYOUT, ttnn.bfloat16)

    assert (tensor.dtype, tensor.value.dtype) == (ttnn.bfloat16, ml_dtypes.bfloat16)


def test_shapes() -> None:
    tensor = ttnn.from_numpy(VALUES)

    assert tensor.reshape(6, 4).shape == tensor.reshape((6, -1)).shape == (6, 4)
    assert ttnn.permute(tensor, (2, 0, 1)).shape == (4, 2, 3)
    assert np.array_equal(ttnn.permute(tensor, (2, 0, 1)).value, VALUES.transpose(2, 0, 1))
    with pytest.raises(ValueError, match=r"shape: expected sizes for 24 elements, got \(5, 5\)"):
        ttnn.reshape(tensor, (5, 5))
    with pytest.raises(ValueError, match=r"dims: expected a permutation of 3 dimensions, got"):
        ttnn.permute(tensor, (0, 1))


@pytest.mark.parametrize(
    "move",
    [
        ttnn.to_device,
        ttnn.from_device,
        lambda x: ttnn.to_layout(x, ttnn.TILE_LAYOUT),
        lambda x: ttnn.to_memory_config(x, ttnn.L1_MEMORY_CONFIG),
        lambda x: ttnn.typecast(x, ttnn.bfloat16),
        lambda x: ttnn.reshape(x, (24,)),
        lambda x: ttnn.permute(x, (2, 1, 0)),
    ],
)
def test_arrays_are_not_moved(move: Any) -> None:
    with pytest.raises(ValueError, match=r"tensor: expected a ttnn\.Tensor, got ndarray"):
        move(VALUES)


def test_a_device_that_is_none() -> None:
    with pytest.raises(ValueError, match="device_id: expected at least 0, got -1"):
        ttnn.open_device(device_id=-1)
    with pytest.raises(ValueError, match="device_id: expected a whole number, got 'a'"):
        ttnn.open_device("a")


def test_what_a_script_asks_a_device() -> None:
    with ttnn.manage_device(device_id=2, l1_small_size=1024) as device:
        assert (device.id(), device.arch()) == (2, "wormhole_b0")
        assert (device.core_grid.x, device.core_grid.y) == (8, 8)
        assert device.compute_with_storage_grid_size() == device.core_grid
    assert not device.is_open


UNARY = {
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "silu": lambda x: x / (1 + np.exp(-x)),
    "leaky_relu": lambda x: np.where(x < 0, x * np.float32(0.01), x),
}


@pytest.mark.parametrize("name", UNARY)
def test_functions_of_one_tensor(name: str) -> None:
    result = getattr(ttnn, name)(VALUES)

    assert result.dtype == np.float32
    np.testing.assert_allclose(result, UNARY[name](VALUES.astype(np.float64)), rtol=1e-6, atol=1e-7)


def test_gelu() -> None:
    from math import erf

    expected = [x * (1 + erf(x / 2**0.5)) / 2 for x in (-1.0, 0.0, 2.0)]

    result = ttnn.gelu(np.float32([-1, 0, 2]))

    np.testing.assert_allclose(result, expected, rtol=1e-6)


def test_a_slope() -> None:
    assert np.array_equal(ttnn.leaky_relu(np.float32([-2, 2]), 0.5), [-1, 2])
    assert np.array_equal(ttnn.leaky_relu(np.float32([-2, 2]), negative_slope=0.25), [-0.5, 2])


def test_functions_of_two_tensors() -> None:
    row = VALUES[0, :1]

    assert np.array_equal(ttnn.add(VALUES, row), VALUES + row)
    assert np.array_equal(ttnn.multiply(row, VALUES), VALUES * row)


def test_block_formats_stay_what_they_are() -> None:
    tensor = ttnn.from_numpy(VALUES, ttnn.bfloat8_b)

    assert ttnn.relu(tensor).dtype is ttnn.bfloat8_b


def test_concat() -> None:
    assert np.array_equal(ttnn.concat([VALUES, VALUES], -1), np.concatenate([VALUES] * 2, -1))
    assert np.array_equal(ttnn.concat([VALUES, VALUES]), np.concatenate([VALUES] * 2))


def test_functions_give_what_they_are_given() -> None:
    tensor = ttnn.from_numpy(VALUES, ttnn.bfloat16, layout=ttnn.TILE_LAYOUT)

    result = ttnn.relu(ttnn.add(tensor, tensor))

    assert isinstance(result, ttnn.Tensor)
    assert (result.dtype, result.layout) == (ttnn.bfloat16, ttnn.TILE_LAYOUT)
    assert np.array_equal(result.value.astype(np.float32), np.maximum(2 * VALUES, 0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ttnn.add(VALUES, VALUES[:, :2]), "other_tensor: expected sizes that broadcast"),
        (
            lambda: ttnn.add(VALUES, VALUES.astype(np.int32)),
            "other_tensor: expected elements of float32, got int32",
        ),
        (lambda: ttnn.concat([]), "tensors: expected at least one tensor, got none"),
        (lambda: ttnn.concat([VALUES, VALUES[0]]), "tensors: All input tensors must have the same"),
        (lambda: ttnn.concat([VALUES], 5), "tensors: Invalid dimension 5 for concatenation"),
        (lambda: ttnn.relu("x"), "input_tensor: expected a tensor of floats or integers"),
    ],
)
def test_refusals(call: Any, message: str) -> None:
    with pytest.raises(ValueError) as refusal:
        call()

    assert str(refusal.value).startswith(message)


def test_torch_tensors_are_shared() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    values = torch.arange(6.0).reshape(2, 3)
    for given in (values, values.to(torch.bfloat16), values.to(torch.int32)):
        tensor = ttnn.from_torch(given)
        back = ttnn.to_torch(tensor)

        assert back.data_ptr() == given.data_ptr()
        assert back.dtype == given.dtype
        assert torch.equal(back, given)
        assert torch.equal(tensor.to_torch(), given)


def test_torch_tensors_with_gradients() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")

    tensor = ttnn.from_torch(torch.nn.Parameter(torch.ones(2)), ttnn.bfloat16)

    assert tensor.dtype is ttnn.bfloat16
    assert ttnn.to_torch(tensor, torch.float32).tolist() == [1, 1]


def test_functions_of_torch_tensors() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    values = torch.tensor([-1.0, 1.0])

    assert torch.equal(ttnn.add(values, values), values + values)
    assert torch.equal(ttnn.concat([values, values]), torch.cat([values, values]))


def test_read_only_memory_is_copied_for_torch() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    values = VALUES.copy()
    values.setflags(write=False)

    made = ttnn.to_torch(ttnn.from_numpy(values))
    made[:] = 0

    assert np.array_equal(values, VALUES)
    assert not torch.any(made)
