"""Where and with what a run was measured; nothing that names the machine or its owner."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

CPU_INFO: Final = Path("/proc/cpuinfo")
PACKAGES: Final = ("msgspec", "uvloop", "asyncpg")


def describe_machine() -> dict[str, Any]:
    """Return the Python, the platform and the versions that figures depend on."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": f"{platform.system()} {platform.machine()}",
        "cpu": _cpu(),
        "cpu_count": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 2),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _cpu() -> str:
    """Return the model of the processor, as far as the system tells."""
    if CPU_INFO.is_file():
        for line in CPU_INFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
