"""An OpenID provider on this machine: keys that can be changed, tokens honest and forged."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

AUDIENCE = "https://enquiry.example"
NOW = 1_800_000_000
_BODY = b"HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"


class Issuer:
    """Publishes its keys over HTTP, counts how often they are asked for, and signs."""

    def __init__(self) -> None:
        self.name = "https://login.example/calder"
        self.keys: dict[str, Any] = {}
        self.fetched = 0
        self.status = 200
        self.extra: list[dict[str, Any]] = []
        self.url = ""
        self.new_key("first")

    def new_key(self, kid: str, kind: str = "EC") -> Any:
        made: Any
        if kind == "EC":
            made = ECKey.generate_key("P-256", {"kid": kid})
        elif kind == "RSA":
            made = RSAKey.generate_key(2048, {"kid": kid})
        else:
            made = OKPKey.generate_key("Ed25519", {"kid": kid})
        self.keys[kid] = made
        return made

    def document(self) -> bytes:
        public = [key.as_dict(private=False) for key in self.keys.values()]
        return json.dumps({"keys": [*public, *self.extra]}).encode()

    def claims(self, **changes: Any) -> dict[str, Any]:
        made = {"iss": self.name, "aud": AUDIENCE, "sub": "petra", "iat": NOW, "exp": NOW + 600}
        return {name: value for name, value in (made | changes).items() if value is not None}

    def token(
        self, kid: str = "first", header: dict[str, Any] | None = None, **changes: Any
    ) -> str:
        """Signed by the key of this name, which may be published no more."""
        key = self.keys[kid]
        return self.signed(key, {"kid": kid, **(header or {})}, **changes)

    def signed(self, key: Any, header: dict[str, Any], **changes: Any) -> str:
        algorithm = {"EC": "ES256", "RSA": "RS256", "OKP": "Ed25519"}[key.key_type]
        said = {"alg": algorithm, "typ": "at+jwt"} | header
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(said, self.claims(**changes), key, algorithms=[algorithm])


def crafted(header: dict[str, Any], claims: dict[str, Any], secret: bytes | None = None) -> str:
    """A token as somebody makes it by hand, who holds no key of the provider."""

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    signed = f"{part(json.dumps(header).encode())}.{part(json.dumps(claims).encode())}"
    mac = hmac.digest(secret, signed.encode(), hashlib.sha256) if secret is not None else b""
    return f"{signed}.{part(mac)}"


@asynccontextmanager
async def issuing() -> AsyncIterator[Issuer]:
    """The provider, on a port of its own."""
    issuer = Issuer()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        issuer.fetched += 1
        body = issuer.document()
        writer.write(_BODY % (issuer.status, len(body)) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        issuer.url = f"http://127.0.0.1:{port}/keys"
        yield issuer
