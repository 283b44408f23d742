"""Addresses of imports."""

urlpatterns: list = []
