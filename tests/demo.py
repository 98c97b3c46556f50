"""`make demo`: makes up a class of 40, grades it as a teacher would, and holds every score to the true one.

python -m tests.demo [FOLDER]
"""

import csv
import shlex
import shutil
import subprocess
import sys
import webbrowser
from fractions import Fraction
from pathlib import Path

from grader.library import Library
from tests import made_class

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Run the demo; return 0 where every score is the true one."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".grader" / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    print(f"Making up a class of {made_class.SIZE} in {folder}.")
    made = made_class.make(Library(ROOT), folder)
    chosen = [word for name in made_class.EXERCISES for word in ("--exercise", name)]
    late = ["--due", made_class.DUE, "--late-per-day", "10"]
    command = [sys.executable, "-m", "grader", "class", str(made.submissions), str(folder / "results")]
    command += ["--roster", str(made.roster), *chosen, *late]
    print("$ " + shlex.join(["grader", *command[3:]]))
    subprocess.run(command, cwd=ROOT, check=True)
    with open(folder / "results" / "gradebook.csv", encoding="utf-8-sig", newline="") as file:
        found = {row["id"]: Fraction(row["points_exact"].split(" of ")[0]) for row in csv.DictReader(file)}
    wrong = [student for student, true in made.points.items() if found.get(student) != true]
    print(f"{len(made.points) - len(wrong)} of {len(made.points)} students got their true score.")
    for student in wrong:
        print(f"  {student}: {found.get(student)}, should be {made.points[student]}")
    if sys.stdout.isatty():
        webbrowser.open((folder / "results" / "overview.html").as_uri())
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
