"""What the workbench answers: its pages, their pictures, one script, what is new, and one hint further.

Every address is a name out of a list: no path of the file system can be asked for.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import watchfiles
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from grader import grading, hints
from grader.guide import Guide
from grader.library import Library
from grader.messages import say
from grader.report.site import Site
from grader.report.standing import FRONT, lesson_page, page_of, topic_page
from grader.sandbox import Sandbox
from grader.saves import WATCHING, Saves
from grader.workbench.bench import Bench
from grader.workbench.feed import Feed, News
from grader.workbench.guard import PICTURE_POLICY

__all__ = ["Workbench"]

_SCRIPT = Path(__file__).parent / "page.js"
_KINDS = {".svg": "image/svg+xml", ".png": "image/png"}


class Workbench:
    """The pages of one learner, live.

    Args:
        library: where the learner's files lie.
        sandbox: where their code runs.
    """

    def __init__(self, library: Library, sandbox: Sandbox) -> None:
        self.feed = Feed()
        self._library, self._sandbox = library, sandbox
        self._guide = Guide(library)
        self._bench = Bench(library, self._guide, sandbox, self.feed)
        self._site = self._anew()
        self._pages = self._named()
        self._saves = Saves(library)
        assignments = library.root / "assignments"
        self._folders = {
            "assignments": assignments,
            "pictures": library.root / ".grader" / "pictures",
            **{topic: assignments / topic for topic in self._site.topics},
        }

    def app(self) -> Starlette:
        """Return the application; it grades and watches for as long as it lives."""
        routes = [
            Route("/", self._front),
            Route("/events", self._events),
            Route("/page.js", self._script),
            Route("/{page}", self._page),
            Route("/{name}/hint", self._hint, methods=["POST"]),
            Route("/{folder}/{file}", self._picture),
        ]
        faults = {404: _no_such_page, Exception: _our_fault}
        app = Starlette(routes=routes, lifespan=self._alive, exception_handlers=faults)
        app.router.redirect_slashes = False  # a page has one address
        return app

    # --- what is asked for ---

    def _front(self, request: Request) -> Response:
        return RedirectResponse(f"{request.scope['root_path']}/{FRONT}", status_code=303)

    def _page(self, request: Request) -> Response:
        page = self._pages.get(request.path_params["page"])
        if page is None:
            raise HTTPException(404)
        return HTMLResponse(page())

    def _script(self, request: Request) -> Response:
        return FileResponse(_SCRIPT, media_type="text/javascript")

    def _picture(self, request: Request) -> Response:
        folder, name = self._folders.get(request.path_params["folder"]), request.path_params["file"]
        kind = _KINDS.get(Path(name).suffix)
        # One of what lies there, so that a name can lead nowhere else.
        found = next((file for file in _listed(folder) if file.name == name), None) if folder and kind else None
        # Read at once: it may be drawn anew meanwhile.
        content = _content(found)
        if content is None:
            raise HTTPException(404)
        return Response(content, media_type=kind, headers={"content-security-policy": PICTURE_POLICY})

    def _hint(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._library.places:
            raise HTTPException(404)
        shown, _ = hints.following(self._library.root, name, self._library.key(name).hints)
        self.feed.tell(News(name, shown[-1] if shown else ""))
        return RedirectResponse(f"{request.scope['root_path']}/{page_of(name)}", status_code=303)

    async def _events(self, request: Request) -> Response:
        return StreamingResponse(self.feed.read(), media_type="text/event-stream")

    # --- pages ---

    def _named(self) -> dict[str, Callable[[], str]]:
        """Return every page by its name."""

        def topic(name: str) -> Callable[[], str]:
            return lambda: self._site.topic(name, self._bench.verdicts)

        def lesson(name: str) -> Callable[[], str]:
            return lambda: self._site.lesson(name)

        def exercise(name: str) -> Callable[[], str]:
            return lambda: self._exercise(name)

        return {
            FRONT: lambda: self._site.front(self._bench.verdicts, self._sandbox.isolation),
            **{topic_page(name): topic(name) for name in self._site.topics},
            **{lesson_page(name): lesson(name) for name in self._site.topics},
            **{page_of(name): exercise(name) for name in self._library.places},
        }

    def _exercise(self, name: str) -> str:
        self._bench.look(name)
        source = grading.at_home(self._library).text(name)
        return self._site.exercise(name, self._bench.work(name, source))

    def _anew(self) -> Site:
        return Site(self._library, self._guide, lambda file: f"./{file.parent.name}/{file.name}", live=True)

    # --- what is saved ---

    @asynccontextmanager
    async def _alive(self, app: Starlette) -> AsyncIterator[None]:
        self.feed.open()
        self._bench.begin()
        stop = anyio.Event()
        async with anyio.create_task_group() as group:
            group.start_soon(self._watch, stop)
            yield
            stop.set()
            self._bench.close()

    async def _watch(self, stop: anyio.Event) -> None:
        changes = watchfiles.awatch(self._library.root / "assignments", stop_event=stop, **WATCHING)
        async for found in changes:
            paths = [Path(path) for _, path in found]
            await anyio.to_thread.run_sync(self._changed, paths)

    def _changed(self, paths: Sequence[Path]) -> None:
        """Grade the exercises whose files were saved; where a lesson was, show it anew."""
        if any(path.name == "README.md" or path.suffix in _KINDS for path in paths):
            self._site = self._anew()
            self.feed.tell(News(""))
        self._bench.saved(self._saves.exercises(paths))


def _listed(folder: Path) -> list[Path]:
    try:
        return [file for file in folder.iterdir() if file.is_file() and not file.is_symlink()]
    except OSError:
        return []


def _content(file: Path | None) -> bytes | None:
    try:
        return file.read_bytes() if file is not None else None
    except OSError:
        return None


async def _our_fault(request: Request, fault: Exception) -> Response:
    words = say("A fault of the grader's, not of yours: {why}", why=f"{type(fault).__name__}: {fault}")
    return PlainTextResponse(words, status_code=500)


async def _no_such_page(request: Request, fault: Exception) -> Response:
    return PlainTextResponse(say("There is no such page."), status_code=404)
