"""CoopShare for any WSGI server; its jobs are done by `coopshare worker`."""

from coopshare.app import from_environment

app = from_environment()
