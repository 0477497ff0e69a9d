"""DICOM over HTTP (PS3.18): what others store here, and what is pulled from registered archives."""
