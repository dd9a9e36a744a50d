"""Large networks: each is computed in a process of its own, which is killed when nobody waits for it any more."""

from __future__ import annotations

from ...core.scene import Scene
from ...core.texts import make_text
from ...lab.network_task import Asked, NetworkFolders, make_network_task, pack_request
from ...settings import Settings
from .fair_queue import Work
from .task_pool import TaskPool, TaskPoolLimits


class NetworkPool(TaskPool[bytes]):
    """Computes large networks, `network_workers` at once; others wait, and addresses take turns."""

    def __init__(self, settings: Settings, folders: NetworkFolders) -> None:
        task = make_network_task(folders, settings.limits(), settings.network_limits())
        limits = TaskPoolLimits(
            settings.network_workers, settings.network_wait_seconds, settings.network_seconds, settings.network_memory
        )
        super().__init__(task, limits, make_text("network_busy"))

    async def compute(self, scene: Scene, asked: Asked, work: Work) -> bytes:
        """The file of a network that was planned without errors. Raises HTTPError; if cancelled, kills the process."""
        return await self.run(pack_request(scene, asked), work)
