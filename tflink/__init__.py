"""The site: the other two packages wired together, and what it is run by.

settings      all from the environment
urls, errors  where requests go, and what they get where none can be answered
access_log    a line of JSON a request, metrics;  log_lines = how lines of the log look
probes        /health/live, /health/ready, /metrics
replica       the database router: anonymous reads from a replica
headers       what every answer has
limits        rates of pages and log-in, slots of files;  slow_readers = at the socket
command_line  `manage.py`: outages as sentences;  wsgi = the web service, with its time-outs
"""
