"""Who the engines run as: the user who starts them, or an unprivileged one when that is root."""

import os
import pwd
import stat
from pathlib import Path

from msgspec import Struct

from enquiry.engines.errors import EngineError

UNPRIVILEGED = "nobody"


class Account(Struct, frozen=True):
    """A user of this machine."""

    uid: int
    gid: int
    name: str

    @property
    def foreign(self) -> bool:
        """Whether it is another user than the one who runs this process."""
        return self.uid != os.geteuid()

    def own(self, path: Path | int) -> None:
        """Give a file or folder to this user; does nothing when this process is theirs.

        Args:
            path: the file itself, never what a link points to; or its open descriptor.

        Raises:
            EngineError: the file system or the container does not let root give files away.
        """
        if not self.foreign:
            return
        try:
            if isinstance(path, int):
                os.fchown(path, self.uid, self.gid)
            else:
                os.lchown(path, self.uid, self.gid)
        except OSError as error:
            raise EngineError(
                f"cannot give a file to the user {self.name}: {error.strerror}. Start Enquiry as an"
                " ordinary user, or set ENQUIRY_DATABASE_URL and ENQUIRY_NATS_URL."
            ) from error


def engine_account(data: Path) -> Account:
    """Choose who runs the engines of a data folder.

    That is whoever starts them. PostgreSQL refuses to run as root; then it is the owner of the data
    folder when that is an ordinary user (so that root may look after somebody's folder without
    taking it from them), and ``nobody`` otherwise.

    Args:
        data: the data folder; need not exist.

    Raises:
        EngineError: started by root on a machine without the user ``nobody``.
    """
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0:
        return Account(uid=uid, gid=gid, name=user_name(uid))
    owner = data.stat() if data.exists() else None
    if owner is not None and owner.st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid, name=user_name(owner.st_uid))
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise EngineError(
            "PostgreSQL does not run as root, and this machine has no user 'nobody' to run it as."
            " Start Enquiry as an ordinary user, or set ENQUIRY_DATABASE_URL and ENQUIRY_NATS_URL."
        ) from None
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name)


def user_name(uid: int) -> str:
    """Name of a user, or the number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def barrier(path: Path, account: Account) -> Path | None:
    """Find the folder that keeps an account from reaching a path.

    Only the ordinary permission bits are looked at. What they do not say (access lists, mounts)
    shows when the engine starts.

    Args:
        path: absolute; it and any of its parents need not exist.
        account: who wants to get there.

    Returns:
        The highest folder at or above `path` that `account` cannot enter; None: nothing in the way.
    """
    for folder in [*reversed(path.parents), path]:
        if folder.is_dir() and not _may_enter(folder.stat(), account):
            return folder
    return None


def _may_enter(status: os.stat_result, account: Account) -> bool:
    if account.uid == status.st_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if account.gid == status.st_gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
