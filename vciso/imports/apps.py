from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "vciso.imports"
    label = "imports"

    def ready(self) -> None:
        from vciso.imports import tasks
        from vciso.jobs import handlers

        handlers.register(tasks.IMPORT, tasks.run_import, minutes=tasks.MINUTES)
        handlers.register(tasks.UNDO, tasks.run_undo, minutes=tasks.MINUTES)
        handlers.register(tasks.PREVIEW, tasks.run_preview)
