"""The server: uvicorn inside our own loop, stopped in an order that leaves nobody hanging.

uvicorn waits for open streams for ever, and raises a signal anew once it has stopped, which would
end the launcher before its own clean-up. So the streams are told first, and signals are left alone.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from enquiry_api.app import Application

GRACE_SECONDS = 2
"""How long requests that run when the server is told to stop may take to finish."""
BACKLOG = 2048


class Server(uvicorn.Server):
    """A uvicorn server that ends its streams first and leaves signals alone."""

    def __init__(self, config: uvicorn.Config, app: Application) -> None:
        """Serve ``app`` as ``config`` says."""
        super().__init__(config)
        self._app = app
        self.up = asyncio.Event()
        """Set once requests are taken."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as usual, and tell."""
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals to whoever runs the loop."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ask every stream to end, then stop as usual."""
        self._app.edge.streams.end()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one.

    Raises:
        OSError: the address cannot be used, or another program has it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns off Nagle's delay only on sockets that say that they are TCP: without it, an
    # answer in two writes waits 40 ms for the client's acknowledgement of the first.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    bound.listen(BACKLOG)
    bound.setblocking(False)
    return bound


def address(bound: socket.socket) -> str:
    """The address of a listening socket, as a URL."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@asynccontextmanager
async def serving(app: Application, bound: socket.socket) -> AsyncGenerator[asyncio.Task[None]]:
    """Serve while the block runs; then end the streams, let requests finish, and stop.

    Args:
        app: what to serve.
        bound: a socket that listens; closed at the end.

    Yields:
        The task that serves: it ends before the block does only if something is wrong.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="on",
    )
    server = Server(config, app)
    task = asyncio.create_task(server.serve(sockets=[bound]), name="server")
    up = asyncio.create_task(server.up.wait())
    try:
        await asyncio.wait({task, up}, return_when=asyncio.FIRST_COMPLETED)
        yield task
    finally:
        up.cancel()
        server.should_exit = True
        await asyncio.wait({task})
        bound.close()
        await task
