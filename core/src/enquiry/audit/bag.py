"""Write a bundle: a BagIt bag (RFC 8493) in a plain tar, the same bytes for the same facts."""

import io
import tarfile
from collections.abc import Callable
from hashlib import sha256
from typing import BinaryIO

FORMAT = "enquiry-bundle/1"
_BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class Bag:
    """A bag that is being written, file after file."""

    def __init__(self, to: BinaryIO) -> None:
        """Write to this file, from its beginning."""
        self._tar = tarfile.open(fileobj=to, mode="w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115 - closed by `close`
        self._payload: list[tuple[str, str]] = []
        self._octets = 0

    def add(self, name: str, content: bytes) -> None:
        """A file of the payload, below ``data/``."""
        self._payload.append((f"data/{name}", sha256(content).hexdigest()))
        self._octets += len(content)
        self._write(f"data/{name}", content)

    def close(self, info: dict[str, str], sign: Callable[[str], str] | None) -> bytes:
        """Write what is said of the payload, and end; returns the digest that is signed.

        Args:
            info: for ``bag-info.txt``, in this order; ``External-Identifier`` among it.
            sign: makes a note of a text; ``None``: the bundle is not signed.
        """
        told = {"Payload-Oxum": f"{self._octets}.{len(self._payload)}", **info}
        tags = {
            "bag-info.txt": "".join(f"{name}: {value}\n" for name, value in told.items()),
            "bagit.txt": _BAGIT,
            "manifest-sha256.txt": "".join(f"{hex_}  {name}\n" for name, hex_ in self._payload),
        }
        listed = ""
        for name, text in tags.items():
            self._write(name, text.encode())
            listed += f"{sha256(text.encode()).hexdigest()}  {name}\n"
        self._write("tagmanifest-sha256.txt", listed.encode())
        digest = sha256(listed.encode())
        if sign is not None:
            note = sign(f"{FORMAT}\n{info['External-Identifier']}\n{digest.hexdigest()}\n")
            self._write("manifest.note", note.encode())
        self._tar.close()
        return digest.digest()

    def _write(self, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(f"bag/{name}")
        member.size, member.mode = len(content), 0o644
        self._tar.addfile(member, io.BytesIO(content))
