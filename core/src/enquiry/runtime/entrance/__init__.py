"""Who came in: tokens of machines, and the access log of what is read or refused with care."""

from enquiry.runtime.entrance.keeping import Access, Entrance, MemoryEntrance, ServiceToken
from enquiry.runtime.entrance.postgres import PostgresEntrance

__all__ = ["Access", "Entrance", "MemoryEntrance", "PostgresEntrance", "ServiceToken"]
