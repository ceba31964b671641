"""Settings, all from the environment (`.github/docs/production.md` lists them).

Two environments: development (the default: SQLite under `var/`, a secret key made and stored
there) and production (`TFLINK_ENVIRONMENT=production`: secret key and host names are
demanded, HTTPS is enforced). DEBUG is off in both unless it is set.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from proteins.caching import page_cache
from tflink.log_lines import add_request_id, hide_tokens, quieten
from tflink.secret_key import stored_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

ENVIRONMENT: str = env.str("TFLINK_ENVIRONMENT", default="development")
if ENVIRONMENT not in ("development", "production"):
    raise ImproperlyConfigured(
        f"TFLINK_ENVIRONMENT is {ENVIRONMENT!r}; it must be 'development' or 'production'"
    )
PRODUCTION = ENVIRONMENT == "production"
#: Where this installation keeps what it makes: the SQLite file, static files, secret key.
DATA_DIR = Path(env.str("TFLINK_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

DEBUG: bool = env.bool("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows visitors what is secret: never in production.")
if PRODUCTION:
    SECRET_KEY: str = env.str("SECRET_KEY")
    ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
else:
    SECRET_KEY = env.str("SECRET_KEY", default="") or stored_secret_key(DATA_DIR / "secret_key")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "curation.admin_site.DeskConfig",  # django.contrib.admin, its lists in order
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "rest_framework.authtoken",
    "corsheaders",
    "django_filters",
    "drf_spectacular",
    "csp",
    "django_htmx",
    "axes",
    "proteins",
    "curation",
]

MIDDLEWARE = [
    "tflink.access_log.AccessLog",
    "tflink.headers.SafeAnswers",
    # Before all that asks for the host name, or for HTTPS.
    "tflink.probes.Probes",
    "proteins.api.headers.ApiHeaders",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Before static files, so that libraries' own demonstration pages are bound by it too.
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "proteins.caching.themes.Themes",
    "tflink.limits.Limits",
    "tflink.replica.ReplicaReads",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "tflink.urls"
WSGI_APPLICATION = "tflink.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Django's names for these three differ by database; everything else is the same code.
SQLITE_OPTIONS: dict[str, Any] = {
    # A write transaction takes its lock at its start, so that it waits for its turn
    # (`timeout`, seconds) instead of failing half way through. It holds a thread of the web
    # server meanwhile; imports wait longer (`curation.shared.lock`).
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
    ),
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'tflink.sqlite3'}")
}
DATABASE_ROUTERS: list[str] = []
if env.str("DATABASE_REPLICA_URL", default=""):
    #: PostgreSQL's own replica of it, which anonymous visitors read.
    DATABASES["replica"] = env.db("DATABASE_REPLICA_URL")
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
    DATABASE_ROUTERS = ["tflink.replica.ReplicaRouter"]
    if {each["ENGINE"] for each in DATABASES.values()} != {"django.db.backends.postgresql"}:
        raise ImproperlyConfigured("DATABASE_REPLICA_URL is for PostgreSQL only, both of them.")
for _database in DATABASES.values():
    # To open a connection, of SQLite too, takes longer than to read what most answers need.
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    _options: dict[str, Any] = _database.setdefault("OPTIONS", {})
    if _database["ENGINE"] == "django.db.backends.sqlite3":
        _options.update(SQLITE_OPTIONS)
        continue
    _database["CONN_HEALTH_CHECKS"] = True
    # A server that does not answer keeps a thread for seconds, not for minutes.
    _options.setdefault("connect_timeout", env.int("DATABASE_CONNECT_TIMEOUT", default=3))
#: Changes that a replica may lack, and seconds since the first of them began, to be read.
REPLICA_MAX_CHANGES: int = env.int("REPLICA_MAX_CHANGES", default=100)
REPLICA_MAX_SECONDS: float = env.float("REPLICA_MAX_SECONDS", default=10.0)
#: Seconds that one statement of the web service may take on PostgreSQL; 0 for no limit.
STATEMENT_TIMEOUT: int = env.int("STATEMENT_TIMEOUT", default=60)
# 32-bit identifiers keep the largest tables (12 million interactions) narrow; the importer
# takes numbers only for rows that it really adds, so that they do not run out.
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
#: Failed log-ins of one account, and from one address, after which it waits, and how long; while
#: it waits no password is looked at, and further tries do not lengthen the wait.
AXES_FAILURE_LIMIT: int = env.int("LOGIN_FAILURES", default=10)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOGIN_WAIT_MINUTES", default=15))
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "curation.accounts.lockout.locked_out"
AXES_CLIENT_IP_CALLABLE = "curation.accounts.lockout.client_of"
#: Only failures are stored, and only until the wait is over; no list of who came when.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

#: smtp+tls://user:password@host:587; without it nobody resets a password by mail in production.
EMAIL_URL: str = env.str("EMAIL_URL", default="")
PASSWORD_RESET_BY_MAIL = bool(EMAIL_URL) or not PRODUCTION
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="tflink@localhost")
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

#: The path below which the site is served (`/tflink`), as gunicorn takes it from the environment;
#: URLs made outside of a request, those of static files among them, need it as well.
FORCE_SCRIPT_NAME: str | None = env.str("SCRIPT_NAME", default="").rstrip("/") or None
if FORCE_SCRIPT_NAME and not FORCE_SCRIPT_NAME.startswith("/"):
    raise ImproperlyConfigured("SCRIPT_NAME begins with a slash, such as /tflink.")
# Another site on the same host has cookies of its own.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = FORCE_SCRIPT_NAME or "/"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

# In full: a relative one gets the prefix of whichever moment it is first read at.
STATIC_URL = f"{FORCE_SCRIPT_NAME or ''}/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS: list[tuple[str, Path]] = [
    # Front-end libraries, put in place by `npm ci`; every page works without them.
    (prefix, folder)
    for prefix, folder in (
        ("vendor/swagger-ui", BASE_DIR / "node_modules" / "swagger-ui-dist"),
        ("vendor/combobox-nav", BASE_DIR / "node_modules" / "@github" / "combobox-nav" / "dist"),
        ("vendor/cytoscape", BASE_DIR / "node_modules" / "cytoscape" / "dist"),
        (
            "vendor/source-sans",
            BASE_DIR / "node_modules" / "@fontsource-variable" / "source-sans-3",
        ),
    )
    if folder.is_dir()
]
if any(prefix == "vendor/source-sans" for prefix, _ in STATICFILES_DIRS):
    # Its own style sheets have the text drawn a second time when it arrives.
    STATICFILES_DIRS.append(("fonts", BASE_DIR / "proteins" / "fonts"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
# In development files are served from where they are written, so that no step comes first.
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["proteins.api.throttles.RateToken"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["proteins.api.rendering.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "proteins.api.problems.exception_handler",
    # No parameter is taken by the framework behind the back of a view.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "TFLink API",
    "DESCRIPTION": (
        "Which transcription factor regulates which target gene, and which databases, "
        "detection methods and publications say so. Read-only."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]+",
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "SmallScale": "proteins.api.serializers.SMALL_SCALE_WORDS",
        "Effect": "proteins.api.serializers.EFFECT_WORDS",
        "PubMedStatus": "proteins.api.serializers.PUBMED_STATUS_WORDS",
        "MethodClass": "proteins.api.serializers.METHOD_CLASS_WORDS",
        "Tier": "proteins.api.serializers.TIER_WORDS",
        "Reporting": "proteins.api.serializers.REPORTING_WORDS",
        "ReviewStatus": "proteins.api.serializers.PUBLIC_STATUS_WORDS",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "proteins.api.schema.described.add_errors",
        "proteins.api.schema.described.add_formats",
        "proteins.api.schema.described_headers.add_headers",
        "proteins.api.sparse.partial_records",
        "proteins.api.schema.text_rules.add_rules_of_text",
        "proteins.api.schema.examples.add_examples",
    ],
}

#: Rate limits of the API for one client, with a token and without; no limit where empty.
API_RATES: dict[str, str] = {
    "requests": env.str("API_RATE", default="600/minute"),
    "requests-token": env.str("API_RATE_TOKEN", default="3000/minute"),
    "files": env.str("API_FILES_RATE", default="60/hour"),
    "files-token": env.str("API_FILES_RATE_TOKEN", default="600/hour"),
    "lookups": env.str("API_LOOKUPS_RATE", default="60/minute"),
    "lookups-token": env.str("API_LOOKUPS_RATE_TOKEN", default="600/minute"),
}
#: Rate limits of one IP address (of IPv6: of a /64) for what the site renders: pages that the page
#: cache has are not counted. A university behind one address reads a hundred a minute.
READER_RATES: dict[str, str] = {
    "pages": env.str("PAGE_RATE", default="1200/minute"),
    "tables": env.str("TABLE_RATE", default="1200/minute"),
    "log-in": env.str("LOGIN_RATE", default="30/minute"),
    # Results about lists of genes that are stored.
    "results": env.str("RESULT_RATE", default="30/hour"),
}
#: Whole files that a worker sends at the same time, and one client gets (in all workers that share
#: a cache; of a worker's never the last), and the seconds after which one is cut off.
FILE_SLOTS: int = env.int("FILE_SLOTS", default=2)
FILE_SLOTS_BY_CLIENT: int = env.int("FILE_SLOTS_BY_CLIENT", default=2)
FILE_SECONDS: int = env.int("FILE_SECONDS", default=900)
#: Questions about lists of genes that a worker answers at the same time, and one client gets (in
#: all workers that share a cache; of a worker's never the last).
ANALYSIS_SLOTS: int = env.int("ANALYSIS_SLOTS", default=2)
ANALYSIS_SLOTS_BY_CLIENT: int = env.int("ANALYSIS_SLOTS_BY_CLIENT", default=2)
#: Passwords that a worker looks at at the same time.
LOGIN_SLOTS: int = env.int("LOGIN_SLOTS", default=1)
#: Seconds in which a reader takes the next piece of an answer, where gunicorn itself sends it.
SEND_SECONDS: int = env.int("SEND_SECONDS", default=30)
#: Where requests and slots are counted. Local memory is each worker's own, so that the limits are
#: those of one worker; a cache that all share (`rediscache://...`) counts once for all.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache":
    # Room for this many callers; with Django's 300, counts would soon be lost.
    CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 50_000)

#: Pages of other sites may read the API and the files of releases, anonymously.
CORS_URLS_REGEX = r"^/(api|downloads)/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS", "POST"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "if-none-match", "range"]
CORS_EXPOSE_HEADERS = [
    "API-Version",
    "Content-Disposition",
    "Deprecation",
    "ETag",
    "Link",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Sunset",
    "TFLink-Release",
]

#: Nothing inline runs or styles anywhere, the admin included, and nothing comes from another
#: host. A view may add what it needs (`csp.decorators.csp_update`).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
#: A form without its cookie is shown again with what was typed.
CSRF_FAILURE_VIEW = "curation.reports.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    # Both bind other sites of the domain, and the second for years: whoever has it decides.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
    if env.bool("BEHIND_HTTPS_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

#: Whether each request is a line of JSON on standard output.
ACCESS_LOG: bool = env.bool("ACCESS_LOG", default=PRODUCTION)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "django.utils.log.CallbackFilter", "callback": add_request_id},
        "tokens": {"()": "django.utils.log.CallbackFilter", "callback": hide_tokens},
        "quiet": {"()": "django.utils.log.CallbackFilter", "callback": quieten},
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s]: %(message)s"},
        "access": {"()": "tflink.log_lines.AccessFormatter"},
        "server": {
            "()": "django.utils.log.ServerFormatter",
            "format": "[{server_time}] {message}",
            "style": "{",
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id", "tokens"],
        },
        "access": {
            "class": "logging.StreamHandler",
            "formatter": "access",
            "stream": "ext://sys.stdout",
        },
        "server": {
            "class": "logging.StreamHandler",
            "formatter": "server",
            "filters": ["tokens"],
        },
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django.request": {"filters": ["quiet"]},
        # What `runserver` prints of each request.
        "django.server": {"handlers": ["server"], "level": "INFO", "propagate": False},
        "tflink.access": {
            "handlers": ["access"],
            "level": "INFO" if ACCESS_LOG else "CRITICAL",
            "propagate": False,
        },
    },
}
#: Networks whose clients may read /metrics.
METRICS_ALLOWED: list[str] = env.list("METRICS_ALLOWED", default=["127.0.0.0/8", "::1"])

#: Seconds for which readers without a cookie may get a page as it was before a write; with 0 it is
#: rendered again at once.
PAGE_STALE_SECONDS: int = env.int("PAGE_STALE_SECONDS", default=300)
#: Memory of the page cache in each worker.
PAGE_CACHE_BYTES: int = env.int("PAGE_CACHE_BYTES", default=page_cache.DEFAULT_BYTES)

#: What withdraws, rejects or deletes more than this share of a species' interactions, and more
#: than this number, needs a confirmation.
LARGE_CHANGE_SHARE: float = env.float("LARGE_CHANGE_SHARE", default=0.02)
LARGE_CHANGE_NUMBER: int = env.int("LARGE_CHANGE_NUMBER", default=10)
#: Largest page that the importer reads, in bytes; published pages are under 100 kB.
IMPORT_MAX_PAGE_BYTES: int = env.int("IMPORT_MAX_PAGE_BYTES", default=10_000_000)

#: NCBI's E-utilities, by which publications are looked up in PubMed.
NCBI_EUTILS_URL: str = env.str(
    "NCBI_EUTILS_URL", default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
)
#: The contact that NCBI requires; nothing is looked up without.
NCBI_EMAIL: str = env.str("NCBI_EMAIL", default="")
NCBI_API_KEY: str = env.str("NCBI_API_KEY", default="")
#: Seconds for one response, and the limit of requests for it.
NCBI_TIMEOUT: float = env.float("NCBI_TIMEOUT", default=60.0)
NCBI_TRIES: int = env.int("NCBI_TRIES", default=5)
#: Largest file of publications that is read, in bytes once decompressed.
NCBI_MAX_FILE_BYTES: int = env.int("NCBI_MAX_FILE_BYTES", default=2_000_000_000)

#: The folder of releases (proteins/releases); a web server may serve the folder as it is.
RELEASES_DIR: Path = env.path("RELEASES_DIR", default=str(DATA_DIR / "releases"))
#: The site's URL (https://tflink.example.org), for what is written without a request: URLs in
#: the files of releases are relative to the site where it is empty.
SITE_URL: str = env.str("SITE_URL", default="").rstrip("/")

#: What senior curators may upload to be imported, and the folder where it waits for a
#: decision: bytes at once, bytes once decompressed, files in one archive, how much of a file may
#: be compressed away (published tables: 6), days after which undecided uploads are removed.
UPLOAD_DIR: Path = DATA_DIR / "uploads"
UPLOAD_MAX_BYTES: int = env.int("UPLOAD_MAX_BYTES", default=200_000_000)
UPLOAD_MAX_UNPACKED_BYTES: int = env.int("UPLOAD_MAX_UNPACKED_BYTES", default=4_000_000_000)
UPLOAD_MAX_FILES: int = env.int("UPLOAD_MAX_FILES", default=20_000)
UPLOAD_MAX_RATIO: int = env.int("UPLOAD_MAX_RATIO", default=100)
UPLOAD_KEEP_DAYS: int = env.int("UPLOAD_KEEP_DAYS", default=30)

# NumPy's linear algebra by one thread: systems are small, and threads that wait for each other on a
# busy machine took four times as long. Read when NumPy is first imported, which is later.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

#: Whether imports start a process that prepares species for questions about lists of genes; where
#: not, `lay_out_arrays` is to be run after each large one.
ANALYSIS_JOBS: bool = env.bool("ANALYSIS_JOBS", default=True)

#: Bytes of all results about lists of genes that readers may store together.
RESULTS_MAX_BYTES: int = env.int("RESULTS_MAX_BYTES", default=1_000_000_000)

#: Reports of errors by readers: limits for one IP address, and for all together.
REPORTS_PER_HOUR: int = env.int("REPORTS_PER_HOUR", default=10)
REPORTS_PER_DAY: int = env.int("REPORTS_PER_DAY", default=30)
REPORTS_PER_HOUR_IN_ALL: int = env.int("REPORTS_PER_HOUR_IN_ALL", default=100)
#: How many one larger network may send (/24, of IPv6 /48), and how many of what all may send are
#: left to networks that have sent none for a day.
REPORTS_PER_HOUR_BY_NETWORK: int = env.int("REPORTS_PER_HOUR_BY_NETWORK", default=30)
REPORTS_RESERVE: int = env.int("REPORTS_RESERVE", default=25)
#: How many proxies of our own a visitor comes through, each of which adds to X-Forwarded-For
#: the address before it. Entries beyond them are the visitor's own claim, and not read.
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", default=0)
