"""The chain of httpx transports that every request of a run goes through."""
