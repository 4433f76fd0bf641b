"""What a child gives up before it reads a byte of the file: everything that reading a file does not need.

Each measure is taken where the platform has it; none of them is the only one against anything but memory on Linux.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NICENESS = 10
_FILES = 32
_NOBODY = 65_534
_SYSTEM_FOLDERS = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo")
_SYSTEM_FILES = ("/dev/null", "/dev/urandom", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types")
_FORBIDDEN_EVENTS = (
    "socket.__new__", "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
    "subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile",
    "os.kill", "os.killpg", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod",
    "os.chown", "os.truncate", "os.utime", "os.putenv", "pty.spawn", "shutil.rmtree", "webbrowser.open", "winreg.",
    "_winapi.CreateProcess", "_winapi.CreateFile", "ftplib.", "smtplib.", "urllib.Request", "sqlite3.connect",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Bounds of one child: memory in megabytes, seconds of the processor, seconds in all."""

    megabytes: int = 1_024
    cpu_seconds: int = 30
    seconds: int = 60


def confine(limits: ChildLimits, package: Path, parent: int) -> list[str]:
    """Give up what is not needed and return the names of the measures that took effect.

    ``package`` is the folder of the program's own modules, ``parent`` the process that started this one.
    """
    readable = _readable_paths(package)
    measures: list[tuple[str, Callable[[], None]]] = [("niceness", _be_nice)]
    if sys.platform != "win32":
        measures += [("limits", lambda: _limit(limits)), ("alarm", lambda: _set_alarm(limits.seconds))]
    if sys.platform == "linux":
        from bot.engine.ingest.worker import filters

        measures += [
            ("network", filters.leave_network),
            ("user", lambda: _become_nobody(readable)),
            ("capabilities", filters.drop_capabilities),
            ("privileges", filters.forbid_new_privileges),
            ("parent", lambda: filters.die_with_parent(parent)),
            ("files", lambda: filters.forbid_files(readable)),
            ("calls", filters.forbid_calls),
        ]
    measures.append(("hook", lambda: sys.addaudithook(_make_hook(readable))))
    taken = []
    for name, take in measures:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            take()
            taken.append(name)
    return taken


def _readable_paths(package: Path) -> tuple[str, ...]:
    """The interpreter, its libraries and the program; not the folder that the program lies in, which may hold .env."""
    libraries = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages", "lib-dynload")]
    standard = str(Path(os.__file__).parent)
    paths = [str(package), sys.prefix, standard, *libraries]
    if sys.platform != "win32":
        paths += [*_SYSTEM_FOLDERS, *_SYSTEM_FILES]
    else:
        paths.append(sys.base_prefix)
    return tuple(dict.fromkeys(os.path.realpath(path) for path in paths))


def _be_nice() -> None:
    if sys.platform != "win32":
        os.nice(NICENESS)


def _limit(limits: ChildLimits) -> None:
    import resource

    wanted = {
        "RLIMIT_AS": limits.megabytes * 1024 * 1024,
        "RLIMIT_DATA": limits.megabytes * 1024 * 1024,
        "RLIMIT_CPU": limits.cpu_seconds,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": _FILES,
        "RLIMIT_NPROC": 0,
    }
    for name, value in wanted.items():
        # A little more for the hard limit of the processor, because that one kills without saying why.
        hard = value + 2 if name == "RLIMIT_CPU" else value
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (value, hard))


def _set_alarm(seconds: int) -> None:
    """End by oneself even where the parent is gone and cannot do it."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds + 5)


def _become_nobody(readable: tuple[str, ...]) -> None:
    """Drop root, where the program can still be read by others afterwards."""
    if os.geteuid() != 0:
        raise PermissionError("not root")
    if not all(_is_readable_by_others(Path(path)) for path in readable if Path(path).exists()):
        raise PermissionError("the program lies where only root can read")
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def _is_readable_by_others(path: Path) -> bool:
    wanted = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0)
    folders = all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents)
    return folders and path.stat().st_mode & wanted == wanted


def _make_hook(readable: tuple[str, ...]) -> Callable[[str, tuple[Any, ...]], None]:
    """The interpreter's own hook: the only measure against what Python code does on Windows and macOS."""
    folders = tuple(path + os.sep for path in readable)

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN_EVENTS):
            raise PermissionError(f"{event} is not allowed while a file is read")
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, int):
                return
            real = os.path.realpath(os.fsdecode(path)) if isinstance(path, str | bytes | os.PathLike) else ""
            is_writing = isinstance(flags, int) and flags & _WRITING and real != os.devnull
            if is_writing or not (real in readable or real.startswith(folders)):
                raise PermissionError("no other file may be opened while a file is read")

    return refuse
