"""Torch modules that real decoders are made of, and torch tensors of the recorded cases.

torch is handed in, so that nothing is imported where it is missing. Models have the same random
weights every time.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from .cases import Case, make_case
from .references import Array, input_shape, pads, torch_style_weight

MIXED = make_case(
    n=2,
    h=5,
    w=4,
    c=6,
    o=4,
    kh=3,
    kw=2,
    sh=2,
    sw=3,
    padding=[1, 0],
    oph=1,
    opw=2,
    dh=2,
    dw=1,
    groups=2,
    bias=True,
)
"""A small case in which no two parameters are alike."""


def torch_operands(torch: Any, case: Case, arrays: dict[str, Array]) -> tuple[Any, ...]:
    """input (N, C, H, W), weight (C, O/G, KH, KW) and bias (O) or None, of the arrays' type."""
    x = arrays["x"].reshape(input_shape(case)).transpose(0, 3, 1, 2)
    w = torch_style_weight(case, arrays["w"])
    b = arrays["b"].reshape(-1) if case["bias"] else None
    return tuple(None if array is None else as_tensor(torch, array) for array in (x, w, b))


def as_tensor(torch: Any, array: Array) -> Any:
    """A contiguous tensor with the array's values; bf16 crosses as its bits."""
    array = np.ascontiguousarray(array)
    if array.dtype.name == "bfloat16":
        return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(array)


def torch_parameters(case: Case) -> dict[str, Any]:
    """The keyword arguments of torch's conv_transpose2d for a case with equal pads."""
    top, _, left, _ = pads(case)
    return {
        "stride": (case["sh"], case["sw"]),
        "padding": (top, left),
        "output_padding": (case["oph"], case["opw"]),
        "groups": case["groups"],
        "dilation": (case["dh"], case["dw"]),
    }


def dcgan_generator(torch: Any, width: int = 64, latent: int = 100, image: int = 3) -> Any:
    """The generator of DCGAN, (N, latent, 1, 1) to (N, image, 64, 64).

    Source: Radford et al., Unsupervised Representation Learning with DCGANs; torch's example.
    """
    torch.manual_seed(0)
    nn = torch.nn
    channels = [latent, width * 8, width * 4, width * 2, width]
    layers: list[Any] = []
    for index, (inputs, outputs) in enumerate(pairwise(channels)):
        stride, padding = (1, 0) if index == 0 else (2, 1)
        layers.append(nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=False))
        layers += [nn.BatchNorm2d(outputs), nn.ReLU(True)]
    layers += [nn.ConvTranspose2d(width, image, 4, 2, 1, bias=False), nn.Tanh()]
    return seen_some_data(torch, nn.Sequential(*layers))


def seen_some_data(torch: Any, model: Any) -> Any:
    """The model in evaluation mode, its batch norms with statistics that change what they see."""
    generator = torch.Generator().manual_seed(1)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for tensor, low, high in (
                (module.running_mean, -0.2, 0.2),
                (module.running_var, 0.5, 2.0),
                (module.weight, 0.5, 1.5),
                (module.bias, -0.3, 0.3),
            ):
                values = torch.rand(tensor.shape, generator=generator) * (high - low) + low
                tensor.data.copy_(values)
    return model.eval()


def integer_parameters(torch: Any, model: Any) -> None:
    """Give every parameter small whole numbers, on which a model without division is exact."""
    generator = torch.Generator().manual_seed(2)
    for parameter in model.parameters():
        parameter.data.copy_(torch.randint(-2, 3, parameter.shape, generator=generator))


def unet(torch: Any, width: int = 8, image: int = 3, classes: int = 2) -> Any:
    """A U-Net of two levels with transposed convolutions, (N, image, H, W) to (N, classes, H, W).

    Source: Ronneberger et al., U-Net: Convolutional Networks for Biomedical Image Segmentation.
    """
    torch.manual_seed(0)
    nn = torch.nn

    def double(inputs: int, outputs: int) -> Any:
        return nn.Sequential(
            *(nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()),
            *(nn.Conv2d(outputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()),
        )

    class UNet(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.down1, self.down2 = double(image, width), double(width, width * 2)
            self.bottom = double(width * 2, width * 4)
            self.pool = nn.MaxPool2d(2)
            self.up2 = nn.ConvTranspose2d(width * 4, width * 2, 2, 2)
            self.merge2 = double(width * 4, width * 2)
            self.up1 = nn.ConvTranspose2d(width * 2, width, 2, 2)
            self.merge1 = double(width * 2, width)
            self.head = nn.Conv2d(width, classes, 1)

        def forward(self, x: Any) -> Any:
            fine = self.down1(x)
            coarse = self.down2(self.pool(fine))
            bottom = self.bottom(self.pool(coarse))
            coarse = self.merge2(torch.cat([coarse, self.up2(bottom)], 1))
            return self.head(self.merge1(torch.cat([fine, self.up1(coarse)], 1)))

    return seen_some_data(torch, UNet())


def fcn8s_head(torch: Any, classes: int = 5, channels: tuple[int, int, int] = (6, 8, 10)) -> Any:
    """The head of FCN-8s, from pool3, pool4 and conv7 to scores of the image's size.

    Source: Long et al., Fully Convolutional Networks for Semantic Segmentation; crops 5, 9 and 31.
    """
    torch.manual_seed(0)
    nn = torch.nn

    class Head(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.score3, self.score4, self.score7 = (nn.Conv2d(n, classes, 1) for n in channels)
            self.up7 = nn.ConvTranspose2d(classes, classes, 4, 2, bias=False)
            self.up4 = nn.ConvTranspose2d(classes, classes, 4, 2, bias=False)
            self.up3 = nn.ConvTranspose2d(classes, classes, 16, 8, bias=False)

        def forward(self, pool3: Any, pool4: Any, conv7: Any) -> Any:
            up = self.up7(self.score7(conv7))
            height, width = up.shape[2:]
            fused = up + self.score4(pool4)[:, :, 5 : 5 + height, 5 : 5 + width]
            up = self.up4(fused)
            height, width = up.shape[2:]
            fused = up + self.score3(pool3)[:, :, 9 : 9 + height, 9 : 9 + width]
            return self.up3(fused)[:, :, 31:-31, 31:-31]

    return Head().eval()


def assert_same_bits(torch: Any, actual: Any, expected: Any) -> None:
    """Same element type, shape and values."""
    assert (actual.dtype, actual.shape) == (expected.dtype, expected.shape)
    assert torch.equal(actual, expected), f"differ by up to {(actual - expected).abs().max()}"


def assert_close(torch: Any, actual: Any, expected: Any, relative: float = 2e-6) -> None:
    """Same element type and shape, and values that differ by at most a part of the largest one."""
    assert (actual.dtype, actual.shape) == (expected.dtype, expected.shape)
    wide, wanted = actual.to(torch.float64), expected.to(torch.float64)
    assert torch.isfinite(wide).all()
    error, size = (wide - wanted).abs().max().item(), wanted.abs().max().item()
    assert error <= relative * size, f"differ by {error}, at most {relative} of {size} wanted"
