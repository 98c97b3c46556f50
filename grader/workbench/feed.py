"""Tells every page that is open what is new, as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass

__all__ = ["Feed", "News"]

_BEAT = 15.0  # seconds; a connection on which nothing ever comes is given up by some
_MOST = 1000  # a page that has fallen behind so far asks for everything anyway


@dataclass(frozen=True)
class News:
    """Something has changed.

    Attributes:
        name: the exercise that it is about; "" for all of them.
        said: what to say to somebody who does not see the page; "" for nothing.
    """

    name: str
    said: str = ""


class Feed:
    """What is new. `tell` may be called from any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._readers: set[asyncio.Queue[News | None]] = set()
        self._closed = False

    def open(self) -> None:
        """Begin, in the loop of the server."""
        self._loop = asyncio.get_running_loop()

    def tell(self, news: News | None) -> None:
        """Tell all who listen; None ends their listening."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._pass_on, news)

    def close(self) -> None:
        """End all listening, now and later."""
        self._closed = True
        self.tell(None)

    async def read(self) -> AsyncIterator[bytes]:
        """Listen, as the lines of an event stream."""
        queue: asyncio.Queue[News | None] = asyncio.Queue()
        self._readers.add(queue)
        try:
            yield b"retry: 1000\n\n"
            while not self._closed:
                try:
                    news = await asyncio.wait_for(queue.get(), _BEAT)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if news is None:
                    return
                yield f"data: {json.dumps(asdict(news))}\n\n".encode()
        finally:
            self._readers.discard(queue)

    def _pass_on(self, news: News | None) -> None:
        for queue in self._readers:
            if queue.qsize() < _MOST:
                queue.put_nowait(news)
