"""What a plain `xdsl-opt` finds of this project, through the entry point "xdsl.universe".

Everything is imported when it is first used, so that `xdsl-opt --help` stays as quick as it was.
"""

from xdsl.universe import Universe

from ..dialect.text.context import get_dialects
from ..frontend.pipelines import project_passes

TTNN_UNIVERSE = Universe(all_dialects=get_dialects(), all_passes=project_passes())
