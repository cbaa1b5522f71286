"""Every address of the application."""

from django.contrib import admin
from django.urls import include, path

from copcready import errors

urlpatterns = [
    path("", include("assessments.urls")),
    # An address is changed by whoever runs the instance: allauth's page would let anybody claim a colleague's unverified.
    path("account/email/", errors.no_such_page),
    path("account/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
