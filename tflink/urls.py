"""URLs of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from proteins.api.problems import unknown_url

urlpatterns = [
    *(
        [path("admin/", include("curation.accounts.urls"))]
        if settings.PASSWORD_RESET_BY_MAIL
        else []
    ),
    path("admin/", admin.site.urls),
    path("api/v1/", include("proteins.api.urls")),
    re_path(r"^api/", unknown_url),
    path("report/", include("curation.reports.urls")),
    path("", include("proteins.site.urls")),
]

handler500 = "tflink.errors.server_error"
