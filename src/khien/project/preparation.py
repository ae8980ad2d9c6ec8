"""What a process that serves pages does before its first reader comes."""

from __future__ import annotations

import atexit
import gc

from django.urls import get_resolver

from khien.adoption.force.keeping import own_library_in_step
from khien.checks.catalogue import load_checks
from khien.norms.library import load_library
from khien.registers.declarations import load_registers
from khien.workflows.reading import load_workflows


def prepare() -> None:
    """Read what every page needs, and never look through it for garbage again.

    The library is some 200,000 objects that live as long as the process: a full collection that walks them holds
    a page up for longer than the page itself takes.
    """
    own_library_in_step()
    load_registers()
    load_checks()
    load_library()
    load_workflows()
    _ = get_resolver().url_patterns  # imports every view
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)
    gc.set_threshold(5_000, 20, 20)
