"""What a child process owes its parent."""

import ctypes
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def end_with_parent(sign: signal.Signals) -> Callable[[], None] | None:
    """Return what a child does before it becomes its program: ask Linux for `sign` when its parent is gone.

    Only the kernel can do this when the parent is killed. Elsewhere a child outlives a killed parent; None.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up here: between fork and exec nothing should be
    return lambda: prctl(PR_SET_PDEATHSIG, sign.value)
