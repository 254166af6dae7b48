"""Where tests put databases and state folders: in memory where there is room for them.

A database is some thousand small files, and making one costs the file system more than Postgres.
What a power failure would do is not tested, so nothing is lost by it.
"""

import os
import shutil
import tempfile
from pathlib import Path

IN_MEMORY = Path("/dev/shm")
FREE_MIN = 4 * 2**30


def find_root() -> Path:
    """Return a folder that everybody may pass through, short enough for a socket's address."""
    is_ours = IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK | os.X_OK)
    is_roomy = is_ours and shutil.disk_usage(IN_MEMORY).free >= FREE_MIN
    return IN_MEMORY if is_roomy else Path("/tmp")


def make_test_folder() -> Path:
    """Make a short folder that a server run by another user can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="pennyd-test-", dir=find_root())).resolve()
    folder.chmod(0o711)
    return folder
