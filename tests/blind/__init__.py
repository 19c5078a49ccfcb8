"""Faults and legal peculiarities planted by somebody who had never seen the suite: they measure it blindly.

`faults/` and `controls/` hold them, `parts/` what they are built from, `sets.py` says which were kept back.
`sdks/` holds releases of a stand-in SDK that measure the gate of SDKs.
"""
