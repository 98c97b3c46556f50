"""`python -m grader`."""

import sys

try:
    from grader.cli import main
except KeyboardInterrupt:  # as soon as this, Python would show a traceback of ours
    sys.exit(130)

main()
