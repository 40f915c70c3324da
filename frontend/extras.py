"""Packages that only some of this project needs, and the extra that brings each."""

EXTRAS = {"llvmlite": "native", "onnx": "onnx", "torch": "torch"}
"""The extra of pyproject.toml by package."""


def missing_package(name: str) -> str:
    """What is said where a package is not installed.

    Example: expected the package 'onnx', got none; run: pip install 'xdsl-ttnn[onnx]'
    """
    wanted = f"xdsl-ttnn[{EXTRAS[name]}]" if name in EXTRAS else name
    return f"expected the package '{name}', got none; run: pip install '{wanted}'"
