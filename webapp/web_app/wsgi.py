"""What gunicorn serves."""

from __future__ import annotations

import os
import sys

from . import create_app, settings

try:
    app = create_app(settings.from_environment(os.environ))
except settings.SettingsError as error:
    sys.exit(str(error))
