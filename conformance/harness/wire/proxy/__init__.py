"""The recording proxy: what an SDK takes for the API."""

from conformance.harness.wire.proxy.server import RecordingProxy

__all__ = ["RecordingProxy"]
