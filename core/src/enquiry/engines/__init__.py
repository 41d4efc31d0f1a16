"""The embedded PostgreSQL and NATS: no root, no container, nothing of the machine is changed.

`engines` is all that the rest of Enquiry uses::

    async with engines(Path("data")) as running:
        connect(running.database_url, running.nats_url)
"""

from enquiry.engines.errors import EngineError
from enquiry.engines.folder import default_data_folder
from enquiry.engines.supervise import Engines, engines

__all__ = ["EngineError", "Engines", "default_data_folder", "engines"]
