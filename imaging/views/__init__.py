"""What the browser asks of imaging."""
