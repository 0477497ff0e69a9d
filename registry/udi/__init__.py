"""Reading the unique device identifier of a label: GS1, HIBCC and ICCBBA.

Each issuing agency has its own form; `scanned.read` takes whatever a scanner, a camera or a hand
sends and hands back one shape, or says why not.
"""
