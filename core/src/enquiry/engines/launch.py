"""Become an engine: a script of its own that drops privileges, then ties itself to its parent.

Run as ``python -I -S launch.py PARENT UID GID SIGNAL PROGRAM ARGUMENT...``. It is a program rather
than a function run between fork and exec, because nothing is safe there in a process with threads.
The process id stays the same throughout, so whoever starts this holds the pid of the engine.

Not to be imported: it uses the standard library only and knows nothing of Enquiry.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
CLEAN_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""Nothing leaks into an engine: no secrets, no ``PG*`` variables of the person at the keys."""


def main(arguments: list[str]) -> None:
    """Replace this process by the program, or exit with a sentence on standard error."""
    parent, uid, gid, death_signal = (int(argument) for argument in arguments[:4])
    command = arguments[4:]
    # A session of its own: Ctrl-C at the terminal reaches the launcher alone, which stops in order.
    os.setsid()
    os.umask(0o077)
    os.chdir("/")
    if os.geteuid() != uid:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # Only after the change of user, which would clear it. It fires when the *thread* that
        # started us ends, so engines are started from threads that live as long as they do.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit("the launcher ended before its engine began")
    os.execve(command[0], command, CLEAN_ENVIRONMENT)  # noqa: S606 - what this is for # nosec B606


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.exit(f"cannot start {sys.argv[5]}: {error}")
