"""What leaves the registry in the forms of others: DICOM structured reports and key objects."""
