"""Films, slides and other files of a figure: each is written in a process of its own, and kept nowhere."""

from __future__ import annotations

from ...core.texts import make_text
from ...export.export_options import ExportFile, ExportLimits
from ...export.export_task import make_export_task
from ...lab.network_task import NetworkFolders
from ...settings import Settings
from .task_pool import TaskPool, TaskPoolLimits


class ExportPool(TaskPool[ExportFile]):
    """Writes files, `export_workers` at once; others wait, and addresses take turns."""

    def __init__(self, settings: Settings, folders: NetworkFolders) -> None:
        film_limits = ExportLimits(settings.export_frames, settings.export_pixels)
        limits = TaskPoolLimits(
            settings.export_workers, settings.export_wait_seconds, settings.export_seconds, settings.export_memory
        )
        task = make_export_task(folders, settings.limits(), film_limits)
        super().__init__(task, limits, make_text("export_busy"))
