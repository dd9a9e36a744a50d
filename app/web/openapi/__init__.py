"""The description of every call for `/openapi.json`."""
