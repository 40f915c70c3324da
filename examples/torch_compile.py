"""A DCGAN generator in PyTorch, its transposed convolutions computed by this project.

    python examples/torch_compile.py

Runs the generator under `torch.compile` at several floors, takes a step of training, and imports it
as TTNN IR through `torch.export`; every result is compared with eager torch's.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Any

from xdsl_ttnn.frontend import call_counts

LATENT, WIDTH = 32, 8
BOUND = 1e-5
"""What f32 sums in another order may change, as a part of the largest result."""


def make_generator(torch: Any) -> Any:
    """Five transposed convolutions from (N, LATENT, 1, 1) to an image (N, 3, 64, 64)."""
    nn = torch.nn
    layers: list[Any] = []
    inputs = LATENT
    for factor in (8, 4, 2, 1):
        stride, padding = (1, 0) if factor == 8 else (2, 1)
        outputs = WIDTH * factor
        layers += [
            nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
        ]
        inputs = outputs
    layers += [nn.ConvTranspose2d(inputs, 3, 4, 2, 1, bias=False), nn.Tanh()]
    return nn.Sequential(*layers)


def difference(result: Any, expected: Any) -> float:
    """The largest difference, as a part of the largest expected number."""
    return ((result - expected).abs().max() / expected.abs().max()).item()


def run_compiled(torch: Any, model: Any, noise: Any, floor: str) -> float:
    """Run the model under `torch.compile` at a floor; how far the result is from eager's."""
    compiled = torch.compile(model, backend="xdsl_ttnn", options={"floor": floor})
    before = call_counts().calls
    with torch.no_grad():
        off = difference(compiled(noise), model(noise))
    calls = call_counts().calls - before
    print(
        f"torch.compile, floor {floor:<10}  {calls} transposed convolutions here, off by {off:.1g}"
    )
    return off


def run_training(torch: Any, model: Any, noise: Any) -> float:
    """Compare the gradients of a loss under `torch.compile` with those of eager."""
    gradients: list[list[Any]] = []
    for run in (torch.compile(model, backend="xdsl_ttnn"), model):
        model.zero_grad()
        run(noise).square().mean().backward()
        gradients.append([parameter.grad.clone() for parameter in model.parameters()])
    off = max(difference(ours, theirs) for ours, theirs in zip(*gradients, strict=True))
    print(f"gradients of {len(gradients[0])} parameters, off by {off:.1g}")
    return off


def run_imported(torch: Any, model: Any, noise: Any) -> float:
    """Import the model and run its IR as tiled loops; how far the result is from eager's."""
    from xdsl_ttnn.frontend import import_torch

    imported = import_torch(model, (noise,))
    (images,) = imported.compile(floor="loops")(noise.numpy())
    with torch.no_grad():
        off = difference(torch.from_numpy(images), model(noise))
    ops = sum(1 for _ in imported.module.walk())
    print(f"torch.export, {ops} ops of TTNN IR run as loops, off by {off:.1g}")
    return off


def main() -> int:
    """Run all of it; the exit code is 0 when everything agrees, or where torch is missing."""
    if find_spec("torch") is None:
        print("torch is not installed, so there is nothing to show: pip install 'xdsl-ttnn[torch]'")
        return 0
    import torch

    torch.manual_seed(0)
    model, noise = make_generator(torch).eval(), torch.randn(2, LATENT, 1, 1)
    differences = [
        run_compiled(torch, model, noise, floor) for floor in ("decomposed", "linalg", "loops")
    ]
    differences.append(run_imported(torch, model, noise))
    differences.append(run_training(torch, model, noise))
    agrees = max(differences) <= BOUND
    print(f"all within {BOUND:g}" if agrees else "NOT within the bound")
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
