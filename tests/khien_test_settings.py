"""Settings of the tests: the product's own, in a data folder that is thrown away.

KHIEN_TEST_DATABASE, an address like that of KHIEN_DATABASE, runs them on a PostgreSQL server instead.
"""

import os
import tempfile
from pathlib import Path

# Before the settings are read: a test may never touch the data of this machine's own instance.
_DATA = tempfile.TemporaryDirectory(prefix="khien-test-")
os.environ["KHIEN_DATA"] = _DATA.name
os.environ.pop("KHIEN_DATABASE", None)

from khien.project.database import database  # noqa: E402
from khien.project.settings import *  # noqa: E402, F403

DATABASES = {
    "default": database(os.environ.get("KHIEN_TEST_DATABASE", ""), folder=Path(_DATA.name))
}
