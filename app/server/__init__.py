"""The server's processes, and limits on the connections that they take: on headers, on waiting, on how many there are.

uvicorn bounds none of these. What a body may cost is bounded where it is read, in `web.requests.bodies`.
"""
