"""Closure times, stage durations and workload. Reads only."""
