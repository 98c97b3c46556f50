"""`python -m tests.attacks [NAME ...]`: plays attacks, prints the table; exit status 1 where a promise is broken."""

import sys

from tests.attacks.table import main

sys.exit(main(sys.argv[1:]))
