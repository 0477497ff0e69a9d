"""Pure statistics of the registry: facts go in, an audit result comes out.

Nothing here knows of a database, a web page or a DICOM file: only the standard
library, numpy and scipy are imported. Time, filters and protocol are arguments.
"""
