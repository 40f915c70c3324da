"""Importing this module registers the makers of all ops."""

from . import (
    convolutions as convolutions,
)
from . import (
    elementwise as elementwise,
)
from . import (
    movement as movement,
)
from . import (
    pooling as pooling,
)
from . import (
    products as products,
)
from . import (
    steps as steps,
)
from . import (
    structure as structure,
)
