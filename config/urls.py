"""Every address of the product, in one place."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
]
if settings.DEMO:
    urlpatterns += []
