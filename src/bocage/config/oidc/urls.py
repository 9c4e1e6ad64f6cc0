"""Below /accounts/identity/."""

from __future__ import annotations

from django.urls import path

from bocage.config.oidc import views

urlpatterns = [
    path("", views.identities, name="identities"),
    path("leave/", views.leave, name="identity_leave"),
    path("unlink/<int:pk>/", views.unlink, name="identity_unlink"),
    path("with/<str:name>/", views.begin, name="identity_begin"),
    path("with/<str:name>/back/", views.come_back, name="identity_back"),
    path("with/<str:name>/link/", views.link, name="identity_link"),
]
