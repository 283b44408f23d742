from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "vciso.files"
    label = "files"
