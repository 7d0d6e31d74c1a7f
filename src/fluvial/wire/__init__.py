"""The REST API, written once: messages (typed structs) and endpoints (method, path, request, response).

The server's routes, the client's calls, local mode, the OpenAPI document and the web app's types follow
from the endpoints in this package, one module per noun. Paths and field names are MLflow's for
everything that MLflow has; what it lacks lives under `/api/1.0/fluvial`.
"""
