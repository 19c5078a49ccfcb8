"""SDKs that lie: releases of a stand-in SDK, each with one fault; and a faithful one, which the gate must pass."""
