"""Speed and memory, as ratios measured side by side; run by hand, never part of a test."""
