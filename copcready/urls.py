"""Every address of the application."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from copcready import errors, security_txt

urlpatterns = [
    path("", include("assessments.urls")),
    path("standards/", include("standards.urls")),
    # Browsers ask for it by themselves where no page names an icon: beside a PDF, and on pages of others' making.
    path(
        "favicon.ico",
        login_not_required(RedirectView.as_view(url=static("img/favicon.svg"))),
        name="favicon",
    ),
    path(".well-known/security.txt", security_txt.contact, name="security-txt"),
    # An address is changed by whoever runs the instance: allauth's page would let anybody claim a colleague's unverified.
    path("account/email/", errors.no_such_page),
    path("account/", include("allauth.account.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/second-factor/", include("allauth.mfa.urls")),
    # "View on site" would tell staff which rows of tenants there are.
    path("admin/r/<path:row>/", errors.no_such_page, name="admin-view-on-site"),
    path("admin/", admin.site.urls),
]

if settings.SINGLE_SIGN_ON:
    from assessments.views import single_sign_on

    urlpatterns[:0] = [
        path("account/sso/", single_sign_on.begin, name="sso-begin"),
        path("account/sso/return/", single_sign_on.come_back, name="sso-return"),
        path("account/sso/connections/", single_sign_on.connections, name="sso-connections"),
    ]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
