"""What Linux lets a process renounce for good, without any privilege: files (Landlock), system calls (seccomp).

Both are called by number through libc, because neither has a place in the standard library. Every function raises
OSError where the kernel, the architecture or a container's own rules do not allow it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
from collections.abc import Iterable

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 1, 38, 22, 2
_CLONE_NEWNET = 0x40000000
_SIGKILL = 9
_CAPABILITY_VERSION = 0x20080522

# linux/landlock.h. The rights on files that each version of the interface knows, and those of a reader.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _RULE_PATH_BENEATH = 1, 1
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_NET_RIGHTS = 0b11
_NET_SINCE = 4

# linux/seccomp.h, linux/filter.h, linux/audit.h.
_LOAD, _EQUALS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_X32_BIT = 0x40000000
_EPERM, _ENOSYS = 1, 38
_CLONE3 = 435
# Sockets; processes and programs; other processes' memory and signals; io_uring, which goes past filters; namespaces,
# mounts, keys, BPF and the like, of which a parser has no need and an attacker has.
_NEW_CALLS = (424, 425, 426, 427, 428, 429, 430, 434, 438, 440)
_REFUSED = {
    "x86_64": (
        0xC000003E,
        (
            *(41, 42, 43, 44, 46, 49, 50, 53, 288, 307),
            *(56, 57, 58, 59, 322, 62, 200, 234, 129, 297, 101, 310, 311),
            *(155, 161, 165, 166, 175, 246, 248, 249, 250, 272, 298, 303, 304, 308, 313, 320, 321, 323),
        ),
    ),
    "aarch64": (
        0xC00000B7,
        (
            *(198, 199, 200, 201, 202, 203, 206, 211, 242, 269),
            *(220, 221, 281, 129, 130, 131, 138, 240, 117, 270, 271),
            *(39, 40, 41, 51, 97, 104, 105, 106, 217, 218, 219, 241, 264, 265, 268, 273, 280, 282, 294),
        ),
    ),
}


def forbid_new_privileges() -> None:
    """Let no program that is started have more rights than this process."""
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def die_with_parent(parent: int) -> None:
    """Be killed when the thread that started this process ends; end now where the parent is gone already."""
    _call("prctl", _PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def leave_network() -> None:
    """Move to a network of one's own, which has no way out. Needs CAP_SYS_ADMIN."""
    _call("unshare", _CLONE_NEWNET)


def drop_capabilities() -> None:
    """Give up what root may do and others may not, the user's own files apart."""
    _call("capset", struct.pack("=Ii", _CAPABILITY_VERSION, 0), bytes(24))


def forbid_files(readable: Iterable[str]) -> None:
    """Open no file any more but those below ``readable``, for reading; bind and connect to no port (Landlock)."""
    version = _call("syscall", _CREATE_RULESET, None, 0, _VERSION_FLAG)
    rights = (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1
    # Listing folders tells names only, and importing needs it wherever a package may be.
    attributes = struct.pack("=QQ", rights & ~_READ_DIR, _NET_RIGHTS)[: 16 if version >= _NET_SINCE else 8]
    ruleset = _call("syscall", _CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for path in readable:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
                try:
                    rule = struct.pack("=Qi", _READ_FILE, folder)
                    _call("syscall", _ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
                finally:
                    os.close(folder)
        _call("syscall", _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def forbid_calls() -> None:
    """Have the kernel refuse sockets, processes, signals and the like from here on (seccomp)."""
    machine = platform.machine().lower()
    architecture, numbers = _REFUSED.get({"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine), (0, ()))
    if not numbers or ctypes.sizeof(ctypes.c_void_p) != 8:
        raise OSError(_ENOSYS, f"no filter for {machine}")
    steps = [_step(_LOAD, _ARCHITECTURE_AT), _step(_EQUALS, architecture, 1, 0), _step(_RETURN, _KILL)]
    steps += [_step(_LOAD, _NUMBER_AT), _step(_AT_LEAST, _X32_BIT, 0, 1), _step(_RETURN, _REFUSE | _EPERM)]
    # libc tries the older call where it is told that this one does not exist.
    steps += [_step(_EQUALS, _CLONE3, 0, 1), _step(_RETURN, _REFUSE | _ENOSYS)]
    for number in (*numbers, *_NEW_CALLS):
        steps += [_step(_EQUALS, number, 0, 1), _step(_RETURN, _REFUSE | _EPERM)]
    steps.append(_step(_RETURN, _ALLOW))
    program = ctypes.create_string_buffer(b"".join(steps))
    header = struct.pack("@HP", len(steps), ctypes.addressof(program))
    _call("prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _call(name: str, *arguments: int | bytes | None) -> int:
    """Call a function of libc. Raises OSError."""
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    function.restype = ctypes.c_long
    result: int = function(*(ctypes.c_long(item) if isinstance(item, int) else item for item in arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
