"""Every address belongs to the pages; there is nothing beside them."""

from django.urls import include, path

urlpatterns = [path("", include("lianxin.web.urls"))]

handler400 = "lianxin.web.errors.malformed"
handler403 = "lianxin.web.errors.forbidden"
handler404 = "lianxin.web.errors.missing"
handler500 = "lianxin.web.errors.broken"
