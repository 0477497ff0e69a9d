"""A small system-call tracer, so that the suite needs no strace on the machine.

Run as a program: `python syscall_trace.py TRACE_FILE [FAULT] -- COMMAND…`. It writes one
JSON line per interesting call of the command and of all its threads and children, in the
order in which calls end: {"call", "paths", "data", "begin", "end", "result"}. `begin` and `end`
count the stops seen, so that "a ended before b began" can be told across threads.

With the fault `CALL:ERRNO:FROM`, the FROM-th such call of the command's first process and every
later one fail with ERRNO, and all of them in its threads do from then on. With `kill:FOLDER:NTH`
the command, all its threads and all its children are killed right before the NTH call of any of
them that changes something below the folder or says something to whoever started the command.
With `while:FLAG:FOLDER:ERRNO:CALL,CALL…` these calls fail below the folder, in every process, for
as long as the file FLAG exists.

References
----------
ptrace(2): PTRACE_GET_SYSCALL_INFO (Linux 5.3), PTRACE_O_TRACESYSGOOD. seccomp(2):
SECCOMP_RET_TRACE, so that only the interesting calls stop.
"""

import ctypes
import json
import os
import platform
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TextIO

NUMBERS = {
    "x86_64": {
        1: "write", 18: "pwrite64", 74: "fsync", 75: "fdatasync", 82: "rename", 83: "mkdir",
        87: "unlink", 77: "ftruncate", 257: "openat", 258: "mkdirat", 263: "unlinkat",
        264: "renameat", 316: "renameat2",
    },
    "aarch64": {
        34: "mkdirat", 35: "unlinkat", 38: "renameat", 46: "ftruncate", 56: "openat", 64: "write",
        68: "pwrite64", 82: "fsync", 83: "fdatasync", 276: "renameat2",
    },
}  # fmt: skip
FD_CALLS = frozenset({"write", "pwrite64", "fsync", "fdatasync", "ftruncate"})
ONLY_FOR_KILLS = frozenset({"openat", "unlink", "unlinkat", "ftruncate"})
PATH_ARGUMENTS = {
    "rename": (0, 1), "renameat": (1, 3), "renameat2": (1, 3), "mkdir": (0,), "mkdirat": (1,),
    "unlink": (0,), "unlinkat": (1,), "openat": (1,),
}  # fmt: skip
LONGEST_DATA = 400

PTRACE_TRACEME, PTRACE_CONT, PTRACE_SYSCALL, PTRACE_SETOPTIONS = 0, 7, 24, 0x4200
PTRACE_POKEUSER, PTRACE_GET_SYSCALL_INFO = 6, 0x420E
# SYSGOOD, FORK, VFORK, CLONE, EXEC, SECCOMP, EXITKILL
OPTIONS = 1 | 2 | 4 | 8 | 16 | 128 | (1 << 20)
EVENT_SECCOMP = 7
WAIT_FOR_THREADS = 0x40000000
SYSCALL_STOP = signal.SIGTRAP | 0x80
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD_NUMBER, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
SECCOMP_TRACE, SECCOMP_ALLOW = 0x7FF00000, 0x7FFF0000
FLAGS_OF_OPENAT = 2
KILLED = 137
X86_64_ORIG_RAX, X86_64_RAX = 15 * 8, 10 * 8

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


class Instruction(ctypes.Structure):
    """struct sock_filter."""

    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(Instruction)))


def stop_only_at(numbers: list[int]) -> None:
    """Have the kernel stop this process and its children at these calls only."""
    checks = [
        Instruction(JUMP_IF_EQUAL, len(numbers) - place, 0, number)
        for place, number in enumerate(numbers)
    ]
    instructions = [
        Instruction(LOAD_NUMBER, 0, 0, 0),
        *checks,
        Instruction(RETURN, 0, 0, SECCOMP_ALLOW),
        Instruction(RETURN, 0, 0, SECCOMP_TRACE),
    ]
    listed = (Instruction * len(instructions))(*instructions)
    program = Program(len(instructions), listed)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)


class SyscallInfo(ctypes.Structure):
    """struct ptrace_syscall_info; `values` is number and arguments, or the result."""

    _fields_ = (
        ("op", ctypes.c_uint8),
        ("padding", ctypes.c_uint8 * 3),
        ("arch", ctypes.c_uint32),
        ("instruction_pointer", ctypes.c_uint64),
        ("stack_pointer", ctypes.c_uint64),
        ("values", ctypes.c_uint64 * 8),
    )


@dataclass
class FromCall:
    """From the FROM-th such call of one process on, they all fail."""

    call: str
    errno: int
    calls_before: int

    def strikes(self, call: str, _paths: list[str], *, of_first_process: bool) -> bool:
        if call != self.call or not of_first_process:
            return False
        self.calls_before -= 1
        return self.calls_before < 0


@dataclass
class WhileFlagged:
    """Some calls below a folder fail for as long as a file exists."""

    flag: str
    folder: str
    errno: int
    calls: frozenset[str]

    def strikes(self, call: str, paths: list[str], *, of_first_process: bool) -> bool:
        return (
            call in self.calls
            and any(path.startswith(self.folder) for path in paths)
            and os.path.exists(self.flag)
        )


@dataclass
class Kill:
    """Right before a call that changes something below the folder or says something."""

    folder: str
    calls_before: int

    def strikes(self, call: str, paths: list[str], arguments: list[int]) -> bool:
        if call == "openat" and not arguments[FLAGS_OF_OPENAT] & os.O_CREAT:
            return False
        speaks = call == "write" and paths[0].startswith("pipe:")
        if not speaks and not any(path.startswith(self.folder) for path in paths):
            return False
        self.calls_before -= 1
        return self.calls_before < 0


class Tracer:
    """Follows one command and everything it starts."""

    def __init__(self, output: TextIO, fault: FromCall | WhileFlagged | Kill | None) -> None:
        self._output = output
        self._kill = fault if isinstance(fault, Kill) else None
        self._fault = None if isinstance(fault, Kill) else fault
        self._names = {
            number: name
            for number, name in NUMBERS[platform.machine()].items()
            if self._kill or name not in ONLY_FOR_KILLS
        }
        self._open: dict[int, dict[str, Any]] = {}
        self._known: set[int] = set()
        self._faulty: set[int] = set()
        self._stops = 0
        self._process = 0

    def run(self, command: Callable[[], NoReturn]) -> int:
        self._process = os.fork()
        if self._process == 0:
            libc.ptrace(PTRACE_TRACEME, 0, None, None)
            os.kill(os.getpid(), signal.SIGSTOP)
            stop_only_at(list(self._names))
            command()
        code = 1
        while True:
            try:
                pid, status = os.waitpid(-1, WAIT_FOR_THREADS)
            except ChildProcessError:
                return code
            if not os.WIFSTOPPED(status):
                self._open.pop(pid, None)
                if pid == self._process:
                    code = os.waitstatus_to_exitcode(status)
                continue
            self._stopped(pid, os.WSTOPSIG(status), event=status >> 16)

    def _stopped(self, pid: int, stop: int, *, event: int) -> None:
        deliver = 0
        go_on = PTRACE_CONT
        if pid not in self._known:
            self._known.add(pid)
            libc.ptrace(PTRACE_SETOPTIONS, pid, None, OPTIONS)
            if stop not in (signal.SIGSTOP, signal.SIGTRAP):
                deliver = stop
        elif event == EVENT_SECCOMP:
            self._stops += 1
            values = _syscall_info(pid)
            self._begin(pid, self._names[values[0]], values[1:7])
            go_on = PTRACE_SYSCALL  # up to the end of this call
        elif stop == SYSCALL_STOP:
            self._stops += 1
            if pid in self._open:
                self._end(pid, ctypes.c_int64(_syscall_info(pid)[0]).value)
        elif not event:
            deliver = stop
        libc.ptrace(go_on, pid, None, deliver)

    def _begin(self, pid: int, call: str, arguments: list[int]) -> None:
        if call in FD_CALLS:
            paths = [_path_of(pid, ctypes.c_int(arguments[0]).value)]
        else:
            paths = [_text_at(pid, arguments[index]) for index in PATH_ARGUMENTS[call]]
        data = ""
        if call == "write" and paths[0].startswith("pipe:"):
            data = _bytes_at(pid, arguments[1], min(arguments[2], LONGEST_DATA)).decode(
                "utf-8", "replace"
            )
        if self._kill is not None and self._kill.strikes(call, paths, arguments):
            self._output.write(json.dumps({"call": call, "paths": paths}) + "\n")
            self._output.flush()
            os._exit(KILLED)  # the kernel kills what is traced (PTRACE_O_EXITKILL)
        self._open[pid] = {"call": call, "paths": paths, "data": data, "begin": self._stops}
        if self._fault is not None and self._fault.strikes(
            call, paths, of_first_process=_process_of(pid) == self._process
        ):
            libc.ptrace(PTRACE_POKEUSER, pid, X86_64_ORIG_RAX, ctypes.c_void_p(-1))
            self._faulty.add(pid)

    def _end(self, pid: int, result: int) -> None:
        if pid in self._faulty and self._fault is not None:
            self._faulty.discard(pid)
            result = -self._fault.errno
            libc.ptrace(PTRACE_POKEUSER, pid, X86_64_RAX, ctypes.c_void_p(result))
        done = self._open.pop(pid)
        self._output.write(json.dumps({**done, "end": self._stops, "result": result}) + "\n")


def _syscall_info(pid: int) -> list[int]:
    """Number and arguments of a call that begins, or the result of one that ends."""
    info = SyscallInfo()
    libc.ptrace(PTRACE_GET_SYSCALL_INFO, pid, ctypes.sizeof(info), ctypes.addressof(info))
    return list(info.values)


def _process_of(pid: int) -> int:
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("Tgid:"))


def _path_of(pid: int, descriptor: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/fd/{descriptor}")
    except OSError:
        return ""


def _bytes_at(pid: int, address: int, length: int) -> bytes:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        return memory.read(length)


def _text_at(pid: int, address: int) -> str:
    content = b""
    while b"\0" not in content and len(content) < 4096:
        # Up to the end of the page: the next one may not be mapped.
        content += _bytes_at(pid, address + len(content), 4096 - (address + len(content)) % 4096)
    return content.split(b"\0")[0].decode("utf-8", "replace")


def _fault(text: str = "") -> FromCall | WhileFlagged | Kill | None:
    match text.split(":"):
        case ["kill", folder, number]:
            return Kill(folder, int(number) - 1)
        case ["while", flag, folder, errno, calls]:
            return WhileFlagged(flag, folder, int(errno), frozenset(calls.split(",")))
        case [call, errno, first]:
            return FromCall(call, int(errno), int(first) - 1)
        case _:
            return None


def trace(command: Callable[[], NoReturn], trace_file: Path, fault: str = "") -> int:
    """Fork a process that becomes the command, and follow it; returns its exit code."""
    with trace_file.open("w") as output:
        code = Tracer(output, _fault(fault)).run(command)
    return code if code >= 0 else 128 - code


def main() -> None:
    separator = sys.argv.index("--")
    trace_file, *faults = sys.argv[1:separator]
    command = sys.argv[separator + 1 :]
    sys.exit(trace(partial(os.execv, command[0], command), Path(trace_file), *faults))


if __name__ == "__main__":
    main()
