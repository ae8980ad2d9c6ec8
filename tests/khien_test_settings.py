"""Settings of the tests: the product's own, in a data folder that is thrown away."""

import os
import tempfile

# Before the settings are read: a test may never touch the data of this machine's own instance.
_DATA = tempfile.TemporaryDirectory(prefix="khien-test-")
os.environ["KHIEN_DATA"] = _DATA.name

from khien.project.settings import *  # noqa: E402, F403
