"""Bugs planted on purpose: a suite that stays green with one of them in proves nothing."""
