"""The parts of tests/cases.py."""
