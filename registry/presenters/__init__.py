"""What pages, charts, PDF and CSV show."""
