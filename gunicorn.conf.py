"""How gunicorn serves Crescent; it reads this file by itself when started here."""

worker_class = "config.web_worker.WebWorker"
workers = 2
threads = 32
worker_connections = 400
sendfile = False  # so that each piece of a file that is sent is measured
timeout = 120
loglevel = "warning"
