"""Decides who may ask the workbench for anything: this machine, this browser, this person.

The server listens on the loopback address, which other machines do not reach. That leaves

- other people on this machine, who reach it as well: every address of ours begins with a secret that only the terminal
  shows. A browser is started with an address that is good once, for what a process was started with is no secret; it
  leads to the secret one.
- pages of others in the same browser. They do not know the secret; and none of their requests is answered: a browser
  says where a request comes from, and by which name it has found us (a page may give its own name this address).
- what the learner's code or a file's name puts on a page: it is text, and the policy lets no script but ours run, and
  no request but to us leave.
"""

import hmac
import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader.messages import say
from grader.report.page import style_source

__all__ = ["PICTURE_POLICY", "Guard", "Keys", "refusal"]

_OURS = ("same-origin", "none")  # a page of ours asks, or a person who has typed the address
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True)
class Keys:
    """What lets somebody in: the secret that every address begins with, and the word that leads there once."""

    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    once: str = field(default_factory=lambda: secrets.token_urlsafe(24))


def refusal(method: str, headers: Headers, port: int) -> str:
    """Return why a request is refused, "" where it is not.

    Args:
        method: such as GET.
        headers: of the request.
        port: ours.
    """
    hosts = headers.getlist("host")
    if hosts not in ([f"127.0.0.1:{port}"], [f"localhost:{port}"]):
        return say("This page goes by another name.")
    if headers.get("sec-fetch-site", "none") not in _OURS:
        return say("Another page has asked.")
    origin = headers.get("origin")
    if origin != f"http://{hosts[0]}" and (origin is not None or method not in ("GET", "HEAD")):
        return say("Another page has asked.")
    return ""


class Guard:
    """Stands before the pages; what it lets through goes out with a policy.

    Args:
        app: the pages.
        port: ours.
        keys: what lets somebody in.
    """

    def __init__(self, app: ASGIApp, port: int, keys: Keys) -> None:
        self._app, self._port, self._keys = app, port, keys
        self._used = False
        self._policy = (
            f"default-src 'none'; script-src 'self'; style-src {style_source()}; img-src 'self' data:; "
            "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it through."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._seal(message)
            await send(message)

        answer = self._answer(scope)
        if answer is None:
            await self._app({**scope, "root_path": f"/{self._keys.secret}"}, receive, guarded)
        else:
            await answer(scope, receive, guarded)

    def _answer(self, scope: Scope) -> Response | None:
        """Return what is answered here and now; None where the pages are to answer."""
        refused = refusal(scope["method"], Headers(scope=scope), self._port)
        if refused:
            return PlainTextResponse(refused, status_code=403)
        begin = scope["path"].split("/")[1]
        if hmac.compare_digest(begin.encode(), self._keys.secret.encode()):
            return None
        if hmac.compare_digest(begin.encode(), self._keys.once.encode()):
            return self._led_in()
        return PlainTextResponse(say("There is no such page."), status_code=404)

    def _led_in(self) -> Response:
        if self._used:
            words = say(
                "This address was good once. The terminal in which you have started it shows one that stays good."
            )
            return PlainTextResponse(words, status_code=410)
        self._used = True
        return RedirectResponse(f"/{self._keys.secret}/", status_code=303)

    def _seal(self, message: MutableMapping[str, Any]) -> None:
        headers = MutableHeaders(scope=message)
        headers.setdefault("content-security-policy", self._policy)
        headers["x-content-type-options"] = "nosniff"
        headers["referrer-policy"] = "same-origin"  # with no-referrer a form would not say where it comes from
        headers["cross-origin-resource-policy"] = "same-origin"
        headers["cross-origin-opener-policy"] = "same-origin"
        headers["cache-control"] = "no-store"
