"""Serves the workbench on the loopback address until somebody presses Ctrl-C, and opens it in a browser."""

import contextlib
import os
import socket
import sys
import threading
import webbrowser
from types import FrameType

import click
import uvicorn

from grader.library import Library
from grader.messages import say
from grader.sandbox import Sandbox
from grader.workbench.app import Workbench
from grader.workbench.feed import Feed
from grader.workbench.guard import Guard, Keys

__all__ = ["PortError", "run"]


class PortError(Exception):
    """There is no listening at this port; the message says what to do."""


def run(library: Library, port: int = 0, browser: bool = True) -> None:
    """Serve until somebody presses Ctrl-C.

    Args:
        library: where the learner's files lie.
        port: where to listen; 0 for a port that is free.
        browser: whether to open the page in a browser.

    Raises:
        PortError: somebody else listens there.
    """
    listening = _listening(port)
    port, keys = listening.getsockname()[1], Keys()
    with listening, Sandbox() as sandbox:
        bench = Workbench(library, sandbox)
        server = _Server(Guard(bench.app(), port, keys), bench.feed)
        address = f"http://127.0.0.1:{port}/"
        click.echo(say("Your work, live: {address}", address=f"{address}{keys.secret}/"))
        click.echo(say("This address is yours alone; do not hand it on. Ctrl-C ends it."))
        if browser and _has_screen():
            threading.Thread(target=webbrowser.open, args=(f"{address}{keys.once}",), daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):  # as uvicorn passes it on, once it has ended
            server.run(sockets=[listening])
    click.echo(say("Stopped. What you have written and tried is kept."))


def _listening(port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let others listen as well
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(("127.0.0.1", port))
        found.listen()  # now: a browser may be faster than we are
    except (OSError, OverflowError) as fault:
        found.close()
        why = fault.strerror if isinstance(fault, OSError) else fault
        raise PortError(
            say("port {port} cannot be used: {why}. Leave --port out, and a free one is found.", port=port, why=why)
        ) from fault
    return found


def _has_screen() -> bool:
    """Say whether there is a screen for a browser, and not only for one that would take this terminal."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(one) for one in ("DISPLAY", "WAYLAND_DISPLAY"))


class _Server(uvicorn.Server):
    """Ends at once when it is told to, whoever still listens to what is new."""

    def __init__(self, app: Guard, feed: Feed) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="h11",
                ws="none",
                loop="asyncio",
                lifespan="on",
                log_level="critical",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=3,
            )
        )
        self._feed = feed

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the listening, so that no connection is waited for."""
        self._feed.close()
        super().handle_exit(sig, frame)
