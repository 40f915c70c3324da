"""A stand-in for the device that a script opens: this machine."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .numbers import whole_number


@dataclass(frozen=True)
class CoreGrid:
    """Columns and rows of a device's cores."""

    x: int = 8
    y: int = 8


@dataclass
class Device:
    """What a script passes as `device`. Nothing is computed there."""

    device_id: int = 0
    is_open: bool = True
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    """What `open_device` was told besides, such as l1_small_size. It has no effect."""

    core_grid: CoreGrid = CoreGrid()

    def id(self) -> int:
        """The number it was opened under."""
        return self.device_id

    def arch(self) -> str:
        """The architecture whose configurations it takes."""
        return "wormhole_b0"

    def compute_with_storage_grid_size(self) -> CoreGrid:
        """Columns and rows of the cores that compute."""
        return self.core_grid


def open_device(device_id: int = 0, **options: Any) -> Device:
    """A device; options such as `l1_small_size` are kept and have no effect.

    Raises: ValueError for what is no number, or a negative one.
    """
    if whole_number("device_id", device_id) < 0:
        raise ValueError(f"device_id: expected at least 0, got {device_id}")
    return Device(device_id, options=options)


def close_device(device: Device) -> None:
    """Close a device. Using it afterwards is an error, closing it again is not."""
    device.is_open = False


@contextmanager
def manage_device(device_id: int = 0, **options: Any) -> Generator[Device]:
    """A device that is open inside the `with` block."""
    device = open_device(device_id, **options)
    try:
        yield device
    finally:
        close_device(device)


def check_device(device: object) -> Device | None:
    """`device`, if it is an open device or None.

    Raises: ValueError otherwise.
    """
    if device is None:
        return None
    if not isinstance(device, Device):
        raise ValueError(f"device: expected an open device, got {type(device).__name__}")
    if not device.is_open:
        raise ValueError(f"device: expected an open device, got closed device {device.device_id}")
    return device
