"""Whether an SDK puts on the wire what it was given, and gives back what it was sent: judged on every call."""

from conformance.harness.judges.fidelity.call import judge_call
from conformance.harness.judges.fidelity.discrepancy import Discrepancy

__all__ = ["Discrepancy", "judge_call"]
