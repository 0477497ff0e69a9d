"""Make bytes and folder entries outlive a power cut.

`rename` alone survives the end of the process, not the end of the machine: the file, and then
the folder that names it, must be flushed, in this order.
"""

import os
from pathlib import Path


def flush_file(path: Path) -> None:
    """fsync the file; a failure is never retried, as a second fsync would lie about the first."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(path: Path) -> None:
    """fsync the folder, so that the names in it are durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
