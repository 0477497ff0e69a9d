"""What the reading process may use, whatever a file makes it do."""

import resource
import signal
import sys

MIB = 1024 * 1024

MEMORY_BYTES = 1536 * MIB
WRITTEN_FILE_BYTES = 1024 * MIB
OPEN_FILES = 64
CPU_SECONDS_PER_TASK = 30


def limit_this_process() -> None:
    """Bound memory, file size and open files; leave no core dump, which would hold pixels."""
    if sys.platform == "linux":
        # Other systems have the limit but do not keep it.
        _set(resource.RLIMIT_AS, MEMORY_BYTES)
    _set(resource.RLIMIT_FSIZE, WRITTEN_FILE_BYTES)
    _set(resource.RLIMIT_NOFILE, OPEN_FILES)
    _set(resource.RLIMIT_CORE, 0)
    # The parent is asked to stop and decides; its children finish or are ended by it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def grant_cpu_time() -> None:
    """Allow this process the seconds of one more task; the kernel ends it beyond them."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS_PER_TASK
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _set(limit: int, value: int) -> None:
    _, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(limit, (value, value))
