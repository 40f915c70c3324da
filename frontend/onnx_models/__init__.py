"""ONNX models as TTNN modules."""

from .importer import import_onnx
from .model import ImportedModel

__all__ = ["ImportedModel", "import_onnx"]
