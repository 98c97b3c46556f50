"""The workbench as its server sees it: who may ask, what is answered, what is told, and what never leaves it."""

import asyncio
import contextlib
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from grader.sandbox import Sandbox
from grader.workbench.app import Workbench
from grader.workbench.feed import Feed, News
from grader.workbench.guard import Guard, Keys, refusal
from grader.workbench.lane import Lane
from tests import courses, pages

PORT = 4321
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"
HOSTILE = "<img src=x onerror=alert(1)>\x1b[2J\u202e"
WRONG = f"def relu_backward(dout, cache):\n    print({HOSTILE!r})\n    raise ValueError({HOSTILE!r})\n# {HOSTILE}\n"
RIGHT = "def relu_backward(dout, cache):\n    return dout * (cache > 0)\n"


def begun(course):
    """A course in which somebody has begun, and in which files lie that are nobody else's affair."""
    folder = course.root / "assignments" / "04_backprop"
    (folder / "curves.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "notes.txt").write_text("secret", encoding="utf-8")
    (folder / "link.svg").symlink_to(course.root / "secret")
    (course.root / "secret").write_text("secret", encoding="utf-8")
    course.write("relu_backward", WRONG)
    return course


@contextlib.contextmanager
def served(course, keys=None):
    """A browser of the learner's, to which the secret is known."""
    keys = keys or Keys()
    with Sandbox() as sandbox:
        guarded = Guard(Workbench(course.library, sandbox).app(), PORT, keys)
        with TestClient(guarded, base_url=f"{ORIGIN}/{keys.secret}/", follow_redirects=False) as client:
            yield client


@pytest.fixture(scope="module")
def reader(whole_course, tmp_path_factory):
    """One who changes nothing."""
    with served(begun(courses.copy(whole_course, tmp_path_factory.mktemp("read")))) as client:
        yield client


@pytest.fixture
def browser(course):
    with served(begun(course)) as client:
        yield client


def until(browser, page: str, words: str) -> str:
    """The page, once it says this."""
    end = time.monotonic() + 30
    while words not in (text := pages.said(pages.parsed(browser.get(page).text))):
        assert time.monotonic() < end, text
        time.sleep(0.05)
    return text


# --- who may ask ---------------------------------------------------------------------------------------------------

REFUSED = {
    "another name": ("GET", {"host": f"attacker.example:{PORT}"}),
    "another port": ("GET", {"host": "127.0.0.1:80"}),
    "a name that begins alike": ("GET", {"host": f"127.0.0.1.attacker.example:{PORT}"}),
    "another page's picture": ("GET", {"host": HOST, "sec-fetch-site": "cross-site"}),
    "a page of another port": ("GET", {"host": HOST, "sec-fetch-site": "same-site"}),
    "another page that reads": ("GET", {"host": HOST, "origin": "http://attacker.example"}),
    "another page that posts": ("POST", {"host": HOST, "origin": "http://attacker.example"}),
    "a page that will not say": ("POST", {"host": HOST, "origin": "null"}),
    "nobody says who posts": ("POST", {"host": HOST}),
    "the other name of this machine": ("POST", {"host": HOST, "origin": f"http://localhost:{PORT}"}),
}


@pytest.mark.parametrize(("method", "headers"), REFUSED.values(), ids=REFUSED)
def test_nobody_else_may_ask(method, headers):
    assert refusal(method, Headers(headers), PORT)


@pytest.mark.parametrize("host", [HOST, f"localhost:{PORT}"])
def test_the_learner_may(host):
    assert refusal("GET", Headers({"host": host}), PORT) == ""
    assert refusal("GET", Headers({"host": host, "sec-fetch-site": "none"}), PORT) == ""
    ours = {"host": host, "sec-fetch-site": "same-origin", "origin": f"http://{host}"}
    assert refusal("GET", Headers(ours), PORT) == ""
    assert refusal("POST", Headers(ours), PORT) == ""


def test_two_hosts_are_none():
    assert refusal("GET", Headers(raw=[(b"host", HOST.encode()), (b"host", b"attacker.example")]), PORT)
    assert refusal("GET", Headers({}), PORT)


@pytest.mark.parametrize(
    "page", ["index.html", "events", "page.js", "exercise-relu_backward.html", "relu_backward/hint"]
)
def test_what_is_refused_is_refused_everywhere(reader, page):
    method = "POST" if page.endswith("hint") else "GET"

    answer = reader.request(method, page, headers={"host": "attacker.example", "origin": ORIGIN})

    assert answer.status_code == 403
    assert "relu" not in answer.text


@pytest.mark.parametrize("path", ["/", "/index.html", "/events", "/wrong/index.html", "/../index.html", "//index.html"])
def test_without_the_secret_there_is_nothing(reader, path):
    answer = reader.get(f"{ORIGIN}{path}")

    assert answer.status_code == 404
    assert answer.text == "There is no such page."


def test_the_address_that_a_browser_is_started_with_is_good_once(course):
    keys = Keys()

    with served(course, keys) as browser:
        first, second = (browser.get(f"{ORIGIN}/{keys.once}") for _ in range(2))

    assert (first.status_code, first.headers["location"]) == (303, f"/{keys.secret}/")
    assert second.status_code == 410
    assert keys.secret not in second.text + str(second.headers)


def test_every_start_has_keys_of_its_own():
    one, other = Keys(), Keys()

    assert len({one.secret, one.once, other.secret, other.once}) == 4
    assert min(map(len, (one.secret, one.once))) >= 32


# --- what is answered ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page", ["", "index.html", "page.js", "relu_backward/hint", "nothing.html", "../x", "04_backprop/curves.svg"]
)
def test_every_answer_is_sealed(reader, page):
    answer = reader.get(page)

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy or page.endswith(".svg")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


def test_the_policy_of_a_page_lets_nothing_in_and_nothing_out(reader):
    policy = dict(
        part.split(" ", 1) for part in reader.get("index.html").headers["content-security-policy"].split("; ")
    )

    assert policy["script-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["style-src"].startswith("'sha256-")


def test_the_pages_that_are_linked_are_there(reader):
    found, waiting = set(), ["index.html"]
    while waiting:
        page = waiting.pop()
        if page in found:
            continue
        answer = reader.get(page)
        assert answer.status_code == 200, page
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        found.add(page)
        waiting += re.findall(r'href="\./([^"#]+)"', answer.text)

    assert {"lesson-04_backprop.html", "04_backprop.html", "exercise-softmax_loss.html"} <= found


NOWHERE = [
    *("solutions/04_backprop/relu_backward.py", "04_backprop/relu_backward.py", "relu_backward.py", ".grader/keys"),
    *("04_backprop/README.md", "04_backprop/notes.txt", "04_backprop/link.svg", "04_backprop/../../secret"),
    *("04_backprop/%2e%2e%2f%2e%2e%2fsecret", "assignments/..%2f..%2fsecret", "pictures/..", "exercise-nobody.html"),
    *("lesson-99_nothing.html", "solutions", "04_backprop/", "%00", "..%5c..%5csecret", "/etc/passwd", "nobody/hint"),
    *("04_backprop/curves.svg%00.txt", "pictures/curves.svg"),
]


@pytest.mark.parametrize("path", NOWHERE)
def test_no_path_of_the_file_system_is_a_page(reader, path):
    answer = reader.get(path)

    assert answer.status_code == 404
    assert "secret" not in answer.text
    assert "def " not in answer.text


def test_a_picture_beside_a_lesson_is_a_picture_and_no_page(reader):
    answer = reader.get("04_backprop/curves.svg")

    assert answer.content == b"<svg/>"
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def test_a_picture_that_is_drawn_anew_meanwhile_is_the_old_one_or_the_new_one(course):
    file = begun(course).root / "assignments" / "04_backprop" / "curves.svg"
    sizes, over = [10, 200_000], threading.Event()

    def draw():
        for turn in itertools.count():
            if over.is_set():
                return
            part = file.with_name("part")
            part.write_bytes(b"x" * sizes[turn % 2])
            os.replace(part, file)

    file.write_bytes(b"x" * sizes[0])
    drawing = threading.Thread(target=draw)
    with served(course) as client:
        drawing.start()
        try:
            answers = [client.get("04_backprop/curves.svg") for _ in range(300)]
        finally:
            over.set()
            drawing.join()

    assert {len(one.content) for one in answers} == set(sizes)
    assert all(int(one.headers["content-length"]) == len(one.content) for one in answers)


def test_no_solution_is_on_any_page(reader, library):
    hidden = library.reference("backward_graph").split("raise")[0].split('"""')[-1].strip()
    assert len(hidden) > 100

    for page in ("exercise-backward_graph.html", "04_backprop.html", "lesson-04_backprop.html", "index.html"):
        assert hidden.split("\n")[-1].strip() not in reader.get(page).text


def test_what_a_learner_wrote_is_text(reader):
    until(reader, "exercise-relu_backward.html", "wrong")

    text = reader.get("exercise-relu_backward.html").text
    assert "&lt;img src=x onerror=alert(1)&gt;\\x1b[2J\\u202e" in text
    assert "<img src=x" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text


# --- hints ---------------------------------------------------------------------------------------------------------


def test_a_hint_is_opened_by_posting_and_stays_open(browser):
    before = pages.said(pages.parsed(browser.get("exercise-relu_backward.html").text))

    answer = browser.post("relu_backward/hint", headers={"origin": ORIGIN})

    assert "3 hints left" in before
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("/exercise-relu_backward.html")
    after = pages.said(pages.parsed(browser.get("exercise-relu_backward.html").text))
    assert "2 hints left" in after


def test_looking_opens_no_hint(browser):
    assert browser.get("relu_backward/hint").status_code == 404
    assert "3 hints left" in pages.said(pages.parsed(browser.get("exercise-relu_backward.html").text))


def test_who_posts_from_elsewhere_opens_no_hint(browser):
    for headers in ({}, {"origin": "http://attacker.example"}, {"origin": "null"}):
        assert browser.post("relu_backward/hint", headers=headers).status_code == 403

    assert "3 hints left" in pages.said(pages.parsed(browser.get("exercise-relu_backward.html").text))


# --- what is new ---------------------------------------------------------------------------------------------------


def test_everything_is_graded_in_the_background_and_the_map_is_there_at_once(browser, course):
    assert "The map" in pages.said(pages.parsed(browser.get("index.html").text))

    worth = sum(course.library.key(name).points for name in course.library.places)
    assert "relu_backward wrong" in until(browser, "index.html", f"of {worth} points")


def test_what_is_saved_is_graded(browser, course):
    until(browser, "exercise-relu_backward.html", "wrong 0 of 3 points")

    course.write("relu_backward", RIGHT)

    said = until(browser, "exercise-relu_backward.html", "robust 3 of 3 points")
    assert "Why it works" in said
    assert "Other right answers" in said
    assert course.library.root.joinpath(".grader", "history.sqlite").is_file()


def test_a_lesson_that_is_saved_is_shown_anew(browser, course):
    browser.get("lesson-04_backprop.html")

    (course.root / "assignments" / "04_backprop" / "README.md").write_text("# A lesson\n\nAnew.\n", encoding="utf-8")

    assert until(browser, "lesson-04_backprop.html", "Anew.")


def told(feed: Feed, *news: News) -> list[bytes]:
    """What a page hears that listens from the beginning, until the feed ends."""

    async def listen() -> list[bytes]:
        feed.open()
        heard: list[bytes] = []

        async def read() -> None:
            async for line in feed.read():
                heard.append(line)

        reading = asyncio.create_task(read())
        await asyncio.sleep(0)
        await asyncio.to_thread(lambda: [feed.tell(one) for one in news])
        await asyncio.sleep(0.01)
        await asyncio.to_thread(feed.close)
        await asyncio.wait_for(reading, 5)
        return heard

    return asyncio.run(listen())


def test_what_is_told_from_any_thread_is_heard_in_order_and_in_one_line_each():
    first, *heard = told(Feed(), News("one", "said\n\ndata: forged"), News("two"))

    assert first == b"retry: 1000\n\n"
    assert [line[:6] + line[-2:] for line in heard] == [b"data: \n\n"] * 2
    assert [json.loads(line[6:])["name"] for line in heard] == ["one", "two"]
    assert heard[0].count(b"\n") == 2


def test_who_listens_too_late_hears_the_end():
    feed = Feed()
    told(feed)

    assert told(feed)[1:] == []


def test_a_thing_that_is_asked_for_twice_is_done_once_and_what_is_urgent_comes_first():
    done, busy, go = [], threading.Event(), threading.Event()

    def do(name: str) -> None:
        busy.set()
        go.wait(5)
        done.append(name)
        if name == "fails":
            raise ValueError(name)

    lane = Lane(do)
    lane.ask(["begun"])
    busy.wait(5)
    lane.ask(["one", "fails", "two", "one"])
    lane.ask(["two", "begun"], first=True)
    go.set()
    end = time.monotonic() + 5
    while len(done) < 5 and time.monotonic() < end:
        time.sleep(0.01)
    lane.close()

    assert done == ["begun", "two", "begun", "one", "fails"]


# --- the command ---------------------------------------------------------------------------------------------------


def test_the_command_serves_on_the_loopback_address_until_it_is_interrupted(course):
    command = [sys.executable, "-m", "grader", "open", "--no-browser"]
    running = subprocess.Popen(command, cwd=course.root, stdout=subprocess.PIPE, text=True, env=courses.ENVIRONMENT)
    try:
        address = re.search(r"http://127\.0\.0\.1:(\d+)/\S+/", running.stdout.readline())
        assert address
        with urllib.request.urlopen(f"{address[0]}index.html", timeout=30) as answer:
            assert b"The map" in answer.read()
        with urllib.request.urlopen(f"{address[0]}events", timeout=30) as listening:
            assert listening.readline() == b"retry: 1000\n"
            running.send_signal(signal.SIGINT)
            out, _ = running.communicate(timeout=20)
    finally:
        running.kill()

    assert running.returncode == 0
    assert out.endswith("Stopped. What you have written and tried is kept.\n")


def test_a_port_that_is_taken_is_named(course):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = course.run("open", "--no-browser", "--port", str(taken.getsockname()[1]))

    assert run.returncode == 2
    assert "cannot be used: Address already in use. Leave --port out" in run.stderr


def test_without_the_server_the_command_says_what_brings_it(course):
    (course.root / "uvicorn.py").write_text("raise ImportError('No module named uvicorn')", encoding="utf-8")

    run = course.run("open", "--no-browser")

    assert run.returncode == 2
    assert "the page needs Starlette and uvicorn" in run.stderr
    assert "`make open` brings them" in run.stderr
