"""Bundles taken apart and put together again, as somebody would who wants to deceive."""

import io
import tarfile
from hashlib import sha256


def files(content: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar.getmembers()}


def packed(parts: dict[str, bytes], **header: object) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            for key, value in header.items():
                setattr(member, key, value)
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


def relisted(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The same with manifests that fit, as somebody would make them who has changed a file."""
    made = {k: v for k, v in parts.items() if k not in ("bag/manifest.note",)}
    payload = {name[4:]: one for name, one in made.items() if name.startswith("bag/data/")}
    listing = "".join(f"{sha256(one).hexdigest()}  {name}\n" for name, one in payload.items())
    made["bag/manifest-sha256.txt"] = listing.encode()
    tags = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
    listing = "".join(f"{sha256(made[f'bag/{tag}']).hexdigest()}  {tag}\n" for tag in tags)
    made["bag/tagmanifest-sha256.txt"] = listing.encode()
    return made
