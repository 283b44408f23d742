"""Addresses of imports and exports, the same for every list."""

from django.urls import path

from vciso.home.imports import views

app_name = "imports"
_LIST = "c/<slug:client_key>/import/<slug:kind>/"
_ONE = f"{_LIST}<uuid:pk>/"

urlpatterns = [
    path(_LIST, views.upload, name="upload"),
    path(f"{_LIST}template/", views.template, name="template"),
    path(_ONE, views.batch, name="batch"),
    path(f"{_ONE}mapping/", views.mapping, name="mapping"),
    path(f"{_ONE}import/", views.take, name="take"),
    path(f"{_ONE}progress/", views.progress, name="progress"),
    path(f"{_ONE}again/", views.again, name="again"),
    path(f"{_ONE}share/", views.share, name="share"),
    path(f"{_LIST}forms/<uuid:pk>/forget/", views.forget, name="forget"),
    path(f"{_LIST}practice-forms/<uuid:pk>/forget/", views.forget_shared, name="forget-shared"),
    path(f"{_ONE}undo/", views.undo, name="undo"),
    path(f"{_ONE}file/", views.original, name="original"),
    path("c/<slug:client_key>/export/<slug:kind>/", views.export, name="export"),
]
