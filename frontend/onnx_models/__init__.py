"""ONNX models as TTNN modules."""

from ..graph.imported import ImportedModel
from .importer import import_onnx

__all__ = ["ImportedModel", "import_onnx"]
