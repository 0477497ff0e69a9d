"""The DICOM network service: C-STORE and C-ECHO, nothing else.

```
waiting_room ─▶ association (a thread each) ─▶ incoming_file ─▶ the intake ─▶ statuses ─▶ sender
```
"""
