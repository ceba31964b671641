"""Entry point for WSGI servers: `gunicorn tflink.wsgi`."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from tflink.slow_readers import SlowReaders
from tflink.timeouts import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")

application = SlowReaders(get_wsgi_application())
# All pages, the admin's too, before the first request: workers share what is loaded before them.
get_resolver().url_patterns  # noqa: B018
limit_statements()
# A thread that writes a file lets those that render pages go on after a millisecond, not after
# five: a page gives the interpreter away, and waits for it again, at each of its queries.
sys.setswitchinterval(0.001)
