"""`python -m khien` runs the command line."""

import sys

from khien.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
