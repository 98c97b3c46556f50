"""The README is true: its screen is what is printed, its commands exist, its program runs."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox.level import LEVELS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
THREATS = (ROOT / "grader" / "sandbox" / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_screen_is_what_the_grader_prints(tmp_path):
    name, screen = re.search(r"<!-- screen: (\w+) -->\n```text\n(.*?)```", README, re.DOTALL).groups()
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    shutil.copytree(ROOT / "assignments", tmp_path / "assignments")
    file = next(tmp_path.glob(f"assignments/*/{name}.py"))
    body = re.search(r"That was `(.*?)`", README).group(1)
    file.write_text(f"def {name}(dout, cache):\n    {body}\n", encoding="utf-8")

    command = [sys.executable, "-m", "grader", "grade", name]
    printed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout

    assert printed.strip() == screen.strip()


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_make_command_in_the_text_exists(text):
    named = set(re.findall(r"(?:`|^    )make ([a-z]+)", text, re.MULTILINE))

    assert named
    for command in named:
        assert re.search(rf"^{command}:", MAKEFILE, re.MULTILINE), command


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_link_leads_somewhere(text):
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / target).exists(), target


def test_the_program_runs(capsys):
    (program,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)

    exec(program, {})

    assert capsys.readouterr().out == "right\n"


def test_every_topic_with_exercises_is_on_the_map():
    for folder in sorted((ROOT / "solutions").iterdir()):
        assert f"assignments/{folder.name}/README.md" in README


def test_the_page_on_threats_knows_every_level():
    assert re.findall(r"^\| `(\S+)` \|", THREATS, re.MULTILINE) == [*reversed(LEVELS)]
    for level in re.findall(r"--isolation ([a-z+]+)", THREATS):
        assert level in LEVELS


def test_what_the_page_on_threats_names_is_there():
    modules = re.findall(r"python -m (tests\.\w+)", THREATS)
    files = [name for name in re.findall(r"[\w/]+\.py\b|\b(?:tests|grader)/[\w/]+", THREATS) if "/" in name]

    assert len(modules) > 2
    assert len(files) > 8
    for module in modules:
        assert importlib.util.find_spec(module), module
    for name in files:
        assert (ROOT / name).exists(), name
