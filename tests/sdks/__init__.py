"""Tests of the drivers of SDKs, and of the host that runs them."""
