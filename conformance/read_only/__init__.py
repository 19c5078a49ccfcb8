"""What is there already: with --read-only it is all that is judged, and nothing but GET is sent.

Others may be at work. So a scenario compares what does not change by itself, or looks again before it
calls two answers contradictory.
"""
