"""The short name of a state folder: what stands for it where its own path would be too long.

Knows nothing about what the name is used for.
"""

import hashlib
import os
from pathlib import Path

HASH_CHARS = 12


def folder_hash(state_dir: Path) -> str:
    """Return 12 hexadecimal digits that stand for this folder on this machine."""
    return hashlib.sha256(os.fsencode(state_dir.resolve())).hexdigest()[:HASH_CHARS]
