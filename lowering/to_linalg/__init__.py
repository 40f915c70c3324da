"""From TTNN to upstream func, arith, math, tensor and linalg."""
