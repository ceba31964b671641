"""Entry point for WSGI servers: `gunicorn tflink.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from tflink.timeouts import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")

application = get_wsgi_application()
limit_statements()
