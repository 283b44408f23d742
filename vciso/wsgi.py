"""The WSGI entry point of the web processes."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vciso.settings")

application = get_wsgi_application()

from vciso.operations.checks import refuse_unsafe_start  # noqa: E402  wants the applications loaded

refuse_unsafe_start()

# What was loaded at start lives as long as the process: the collector need not look at it again,
# and looks less often at the short-lived rest. Both together save pauses in the middle of pages.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
