"""The workbench in a browser: what it shows, what a save changes, what keys reach, what hostile work cannot do."""

import contextlib
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grader.report.mathml import formula
from tests import courses
from tests.conftest import ROOT
from tests.test_written import in_fences

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium")
if CHROMIUM is None:
    pytest.skip("there is no Chromium here; Debian has it as a package", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
STUBBORN = f"def affine_forward(x, w, b):\n    print({HOSTILE!r})\n    raise ValueError({HOSTILE!r})  # {HOSTILE}\n"
WRONG = "def relu_backward(dout, cache):\n    return dout * (dout > 0)\n"
RIGHT = "def relu_backward(dout, cache):\n    return dout * (cache > 0)\n"
LESSON = """# 04 Backpropagation

## ReLU

```math
y = \\max(0, x), \\qquad \\frac{dy}{dx} = \\begin{cases} 1 & x > 0 \\\\ 0 & \\text{else} \\end{cases}
```

| name | what |
|---|---|
| `relu_forward` | forwards |
"""
KINDS = {
    "the map": "index.html",
    "a topic": "04_backprop.html",
    "a lesson": "lesson-04_backprop.html",
    "a wrong answer": "exercise-relu_backward.html",
    "hostile work": "exercise-affine_forward.html",
    "long formulas": "exercise-batchnorm_backward.html",
}


@dataclass
class Desk:
    """A workbench that is open, its course, and a browser; every request and complaint of its pages is kept."""

    course: courses.Course
    address: str
    chromium: "sync_api.Browser"
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def page(self, name: str = "", **options: object) -> "sync_api.Page":
        """A page of the workbench, in a window of its own."""
        page = self.chromium.new_context(**options).new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("dialog", lambda dialog: (self.complaints.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(self.address + name)
        return page


@pytest.fixture(scope="module")
def chromium() -> "Iterator[sync_api.Browser]":
    rules = "--host-resolver-rules=MAP attacker.test 127.0.0.1"
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", rules])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def course(whole_course, tmp_path_factory) -> courses.Course:
    course = courses.copy(whole_course, tmp_path_factory.mktemp("open"))
    topic = course.root / "assignments" / "04_backprop"
    (topic / "README.md").write_text(LESSON, encoding="utf-8")
    (topic / "<img src=x onerror=alert(3)>.svg").write_text("<svg/>", encoding="utf-8")
    course.write("affine_forward", STUBBORN)
    course.write("relu_backward", WRONG)
    return course


@contextlib.contextmanager
def opened(course: courses.Course) -> Iterator[str]:
    """The address of a workbench, which ends with the block."""
    command = [sys.executable, "-m", "grader", "open", "--no-browser"]
    with subprocess.Popen(
        command, cwd=course.root, stdout=subprocess.PIPE, text=True, env=courses.ENVIRONMENT
    ) as server:
        assert server.stdout
        try:
            (address,) = re.findall(r"http://\S+/", server.stdout.readline())
            yield address
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(timeout=20)
            finally:
                server.kill()


@pytest.fixture(scope="module")
def desk(course, chromium) -> Iterator[Desk]:
    with opened(course) as address:
        desk = Desk(course, address, chromium)
        page = desk.page("index.html")
        worth = sum(course.library.key(name).points for name in course.library.places)
        page.get_by_text(f"of {worth} points").wait_for(timeout=60_000)  # everything has been graded
        page.close()
        yield desk


@pytest.fixture(autouse=True)
def _nothing_is_complained_of(desk):
    before = len(desk.complaints)
    yield
    for window in desk.chromium.contexts:
        window.close()
    assert desk.complaints[before:] == []


# --- what it shows -------------------------------------------------------------------------------------------------


def test_a_statement_is_there_with_its_formulas_as_a_browser_draws_them(desk):
    page = desk.page("exercise-batchnorm_backward.html")

    assert "Change one example of a batch" in page.locator(".statement").inner_text()
    formulas = page.locator(".statement math")
    assert formulas.count() == 3
    for number in range(3):
        box = formulas.nth(number).bounding_box()
        assert box
        assert box["height"] > 25  # fractions stand one above the other
        assert box["width"] > 60


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS.values(), ids=KINDS)
def test_nothing_is_in_the_way_of_anybody(desk, name, scheme):
    page = desk.page(name, color_scheme=scheme)

    found = axe.Axe().run(page)

    assert [f"{one['id']}: {one['nodes'][0]['html']}" for one in found.response["violations"]] == []
    assert len(found.response["passes"]) > 15


def test_the_colours_follow_what_somebody_has_chosen(desk):
    paper = "getComputedStyle(document.body).backgroundColor"

    light, dark = (desk.page("index.html", color_scheme=one).evaluate(paper) for one in ("light", "dark"))

    assert light == "rgb(255, 255, 255)"
    assert dark == "rgb(20, 23, 27)"


@pytest.mark.parametrize("name", KINDS.values(), ids=KINDS)
def test_a_page_is_as_wide_as_a_phone(desk, name):
    page = desk.page(name, viewport={"width": 320, "height": 640})

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_formula_that_is_wider_than_a_phone_can_be_scrolled_by_keyboard(desk):
    latex = [one for file in sorted((ROOT / "assignments").glob("*/README.md")) for one in in_fences(file.read_text())]
    css = (ROOT / "grader" / "report" / "pages" / "page.css").read_text(encoding="utf-8")
    page = desk.chromium.new_context(viewport={"width": 320, "height": 640}).new_page()

    page.set_content(f"<!DOCTYPE html><style>{css}</style><main>{''.join(map(formula, latex))}</main>")

    wide = "[...document.querySelectorAll('.formula')].filter((one) => one.scrollWidth > one.clientWidth)"
    assert page.evaluate(f"{wide}.length") > 50
    assert page.evaluate(f"{wide}.filter((one) => one.tabIndex < 0).map((one) => one.textContent)") == []


# --- what a save changes -------------------------------------------------------------------------------------------


def test_a_save_is_shown_within_two_seconds_and_said_aloud(desk):
    page = desk.page("exercise-relu_backward.html")
    page.get_by_text("0 of 3 points").wait_for()
    took = []

    for text, worth in ((RIGHT, "3 of 3"), (WRONG, "0 of 3"), (RIGHT, "3 of 3")):
        begun = time.monotonic()
        desk.course.write("relu_backward", text)
        page.locator("#verdict").get_by_text(f"{worth} points").wait_for()
        took.append(time.monotonic() - begun)

    assert min(took) < 2, took
    assert page.locator("#news").inner_text() == "relu_backward: robust, 3 of 3 points."
    assert "cache > 0" in page.locator("#file").inner_text()
    assert page.locator("#answers").is_visible()


def test_the_map_changes_while_it_is_open(desk):
    page = desk.page("index.html")
    line = page.locator("li", has=page.locator("#on-map-dropout_backward"))
    assert "not started" in line.inner_text()

    desk.course.write("dropout_backward", "def dropout_backward(dout, cache):\n    return dout\n")

    page.locator("li.wrong", has=page.locator("#on-map-dropout_backward")).wait_for()


def test_a_save_leaves_focus_open_details_and_scrolling_as_they_are(desk):
    desk.course.write("relu_backward", WRONG)
    page = desk.page("exercise-relu_backward.html", viewport={"width": 700, "height": 500})
    page.locator("#verdict").get_by_text("0 of 3 points").wait_for()
    page.locator("#exercise-1-cases-open").press("Enter")
    page.evaluate("scrollTo(0, 300)")
    page.locator("#exercise-1-cases-open").evaluate("one => one.focus({preventScroll: true})")
    before = page.evaluate("scrollY")

    desk.course.write("relu_backward", WRONG + "# why?\n" * 3)

    page.locator("#file").get_by_text("# why?").first.wait_for()
    desk.course.write("relu_backward", WRONG.replace("dout * ", "2 * dout * "))
    page.locator("#file").get_by_text("2 * dout").wait_for()
    assert page.locator("#exercise-1-cases").get_attribute("open") is not None
    assert page.evaluate("document.activeElement.id") == "exercise-1-cases-open"
    assert page.evaluate("scrollY") == before


# --- by keyboard alone ---------------------------------------------------------------------------------------------

STOP = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  return {
    id: one.id || one.tagName,
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    named: Boolean((one.innerText || one.getAttribute("aria-label") || "").trim()),
    inside: one.getBoundingClientRect().bottom > 0 && one.getBoundingClientRect().top < innerHeight,
  };
}"""


def test_everything_is_reached_by_keyboard_and_seen(desk):
    page = desk.page("exercise-relu_backward.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"

    stops = []
    while (stop := page.evaluate(STOP))["id"] != "BODY" and len(stops) < 100:
        stops.append(stop)
        page.keyboard.press("Tab")

    assert [one for one in stops if not (one["seen"] and one["named"] and one["inside"])] == []
    ids = [one["id"] for one in stops]
    assert {"exercise-1-cases-open", "hint", "source"} <= set(ids)
    assert len(stops) == page.locator("a:visible, button:visible, summary:visible, [tabindex='0']:visible").count()


def test_the_whole_way_from_the_map_to_a_hint_needs_no_mouse(desk):
    page = desk.page("index.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    while page.evaluate("document.activeElement.id") != "on-map-layernorm_forward":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/exercise-layernorm_forward.html")
    while page.evaluate("document.activeElement.id") != "hint":
        page.keyboard.press("Tab")

    page.keyboard.press("Enter")

    page.locator("#hints li").wait_for()
    sync_api.expect(page.locator("#news")).to_have_text(page.locator("#hints li").inner_text())
    assert page.evaluate("document.activeElement.id") == "hint"
    left = int(re.search(r"(\d+) hints? left", page.locator("#hints").inner_text())[1])
    for opened_now in range(left):
        page.keyboard.press("Enter")
        sync_api.expect(page.locator("#hints li")).to_have_count(opened_now + 2)
    sync_api.expect(page.locator("#hints-title")).to_be_focused()


def test_without_a_script_a_page_shows_the_same_and_hands_out_hints(desk):
    page = desk.page("exercise-dropout_forward.html", java_script_enabled=False)

    page.locator("#hint").click()

    assert page.locator("#hints li").count() == 1
    assert page.url.endswith("/exercise-dropout_forward.html")


# --- what nobody else can do ---------------------------------------------------------------------------------------


def test_hostile_work_is_text(desk):
    page = desk.page("exercise-affine_forward.html")

    for part in ("#verdict", "#file", "#tries"):
        assert HOSTILE in page.locator(part).inner_text(), part
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("main script").count() == 0
    assert "onerror" not in desk.page("04_backprop.html").locator(":not(pre):not(p) > img").all_inner_texts()


def test_no_request_leaves_this_machine(desk):
    for name in ("index.html", "lesson-04_backprop.html", "exercise-relu_backward.html"):
        desk.page(name)

    assert len(desk.asked) >= 8
    assert {url.split("/")[2] for url in desk.asked if not url.startswith("data:")} == {desk.address.split("/")[2]}


ATTACK = """async (address) => {
  const read = await fetch(address + "index.html").then((one) => one.text(), () => "nothing");
  const blind = await fetch(address + "index.html", { mode: "no-cors" }).then((one) => one.type, () => "nothing");
  await fetch(address + "relu_forward/hint", { method: "POST", mode: "no-cors" }).catch(() => {});
  const heard = await new Promise((done) => {
    const events = new EventSource(address + "events");
    events.onopen = () => done("heard");
    events.onerror = () => done("nothing");
  });
  const script = await new Promise((done) => {
    const one = document.createElement("script");
    one.onload = () => done("loaded");
    one.onerror = () => done("nothing");
    one.src = address + "page.js";
    document.head.append(one);
  });
  return [read, blind, heard, script];
}"""


def test_another_page_learns_and_does_nothing_even_if_it_knows_the_address(desk):
    page = desk.chromium.new_context().new_page()
    page.route("http://elsewhere.test/", lambda route: route.fulfill(body="<title>x</title>", content_type="text/html"))
    page.goto("http://elsewhere.test/")

    assert page.evaluate(ATTACK, desk.address) == ["nothing"] * 4
    assert "3 hints left" in desk.page("exercise-relu_forward.html").locator("#hints").inner_text()


def test_a_page_whose_name_is_given_our_address_is_refused(desk):
    page = desk.chromium.new_context().new_page()

    answer = page.goto(f"{desk.address.replace('127.0.0.1', 'attacker.test')}index.html")

    assert answer.status == 403
    assert page.locator("body").inner_text() == "This page goes by another name."


# --- the end, and what stays ---------------------------------------------------------------------------------------


def test_a_page_says_when_the_grader_has_ended(desk):
    page = desk.chromium.new_context().new_page()

    with opened(desk.course) as address:
        page.goto(f"{address}index.html")
        assert page.locator("#gone").is_hidden()

    page.locator("#gone").wait_for()


def test_the_report_opens_from_disk_looks_alike_and_asks_for_nothing(desk, tmp_path):
    run = desk.course.run("report", "--to", str(tmp_path))
    assert run.returncode == 0, run.stderr
    page = desk.chromium.new_context(color_scheme="dark").new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: desk.complaints.append(said.text))

    for name in ("index.html", "lesson-04_backprop.html", "exercise-relu_backward.html"):
        page.goto((tmp_path / name).as_uri())
        assert axe.Axe().run(page).response["violations"] == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") == 320

    assert page.locator("math").first.bounding_box()["height"] > 25
    assert {Path(url).suffix for url in asked if not url.startswith("data:")} == {".html"}
    assert all(url.startswith(("file:", "data:")) for url in asked)
