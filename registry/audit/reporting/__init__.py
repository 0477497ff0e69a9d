"""Reporting checklists: what journals ask of a study, and what a finished audit says to it."""
