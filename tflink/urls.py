"""URLs of the site."""

from django.contrib import admin
from django.urls import include, path, re_path

from proteins.api.problems import unknown_url

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("proteins.api.urls")),
    re_path(r"^api/", unknown_url),
    path("report/", include("curation.reports.urls")),
    path("", include("proteins.site.urls")),
]
