"""What goes over the wire: exchanges, the chain of transports to the target, what a run owns there."""
