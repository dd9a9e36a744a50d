"""The sentences of the HTTP side that users read."""

from __future__ import annotations

BUSY = "Too many figures wait to be computed just now. Try again in a moment."
TOO_MANY_LARGE = (
    "More than {most} large figures are being computed for your address just now. Try again when some of them are done."
)
UNKNOWN_KEY = "There is no parameter {key} here. Possible: {allowed}."
TWO_SCENES = "The figure is given twice, in the body and as {keys}. Give it once."
BAD_BODY = "The body is not JSON: {reason}."
NOT_WHOLE_NUMBER = "{field} is {value}; it can be a whole number from {least} to {most}."
NOT_ONE_OF = "{field} is {value}; it can be {allowed}."
NOT_WHOLE_NUMBERS = "{field} is {value}; it can be whole numbers from {least} to {most} with commas between them."
NOT_WITH_PICTURE = "The file would contain the picture that you uploaded. Add picture=1 to allow that."
NO_LINK = (
    "link has to be a whole address that begins with http:// or https:// and has at most {most:,} bytes; this one has "
    "{length:,}."
)
NO_STEPS = "Stage {stage} is the input: nothing is computed there. Steps begin with stage 1."
TOO_MANY_TERMS = (
    "count is {value}; {count} positions of this stage have {terms:,} numbers in their windows, and {most:,} fit "
    "into one response. Request up to {fitting} at a time."
)
TOO_MANY_NUMBERS = (
    "As JSON this would be {numbers:,} numbers; the limit is {most:,}. Name fewer stages, such as stages=1, or use "
    "format=safetensors."
)
NO_CONVOLUTION = "Stage {stage} is not a convolution, so there is no tray of filters for it."
NOT_HERE = "There is nothing at this address."
NO_SAMPLE = "There is no sample called {name}."
WRONG_METHOD = "{method} cannot be used here."
UNEXPECTED_ERROR = "Something went wrong on the server. The error was logged there; your figure is still in your link."
OTHER_SITE = "Pictures and changes are accepted from this site's own pages only; this came from {origin}."
OTHER_HOST = (
    "Pictures and changes are accepted from this site's own pages only. This came from a page of {origin} and asked "
    "for {host}. If both are this server, behind a proxy, let the proxy send the first one in X-Forwarded-Host, from "
    "an address in CONVOSCOPE_TRUSTED_PROXIES."
)
WRONG_HOST = (
    "This server does not accept requests for the host {host}. If it should, its operator can add the name to "
    "CONVOSCOPE_ALLOWED_HOSTS."
)
BAD_HOST = "The Host header is {host}. It has to be a name or an address, with a port from 1 to 65535 if any."
NO_HOST = "The request has no Host header."
TOO_LARGE = "The file is larger than the limit of {most} MB."
BODY_TOO_LARGE = "The body is larger than the limit of {most} MB."
TOO_SLOW = "The body did not arrive within {seconds:g} seconds."
BODY_STALLED = "The body arrived too slowly: less than {bytes:,} bytes in {seconds:g} seconds."
BAD_REQUEST = "This request is not valid HTTP."
SLOW_HEADERS = "The headers of this request did not arrive within {seconds:g} seconds."
LONG_HEADERS = "The headers of this request, address included, have more than {most:,} bytes."
MANY_CONNECTIONS = "There are too many connections to this server just now. Please try again in a moment."
BODIES_FULL = "Too many large files are being sent to this server just now. Please try again in a moment."
BUSY_READING = "Too many files are waiting to be read just now. Please try again in a moment."
NO_FILE = "Send the picture as a multipart form with one field called file."
NO_FORM = "This is not a valid multipart form. Send the picture in one, in a field called file."
MANY_PARTS = "A form may have {most} fields; this one has more. Send the file in a field called file."
MANY_FILES = "Send one picture at a time, in one field called file."
GONE_PICTURE = "This picture is no longer here: pictures are kept for a short time only. Drop the photo here again."
CUT_OFF = "The connection ended before the whole body had arrived."
NO_STORE = "Pictures cannot be stored on this server just now. Samples and typed numbers still work."
STORE_SILENT = "The store of pictures does not respond just now. Samples and typed numbers still work."
NOT_DELETED = "Nothing can be deleted on this server just now. Please try again later."
NO_TOKEN = "Only the uploader can delete this upload: send its delete_token, in X-Delete-Token or as token=."
WRONG_TOKEN = "This is not the delete_token of this upload."
GONE_WEIGHTS = "These weights are no longer here: they are kept for a short time only. Open the file again."
NO_MODELS = "There are no trained models in this installation, so there are no learned filters to show."
NO_MODEL = "There is no model called {name}. Here are: {names}."
NO_FILM = "There is no film of the training of {name}."
NO_SUCH_FILTER = "filter is {value}, but the last filter of {model} is {last}: that one is shown."
FILTERS_OF = "Filters of {title}"
DOCS_TITLE = "The HTTP interface"
DOCS_GROUPS = {
    "figure": "A figure: numbers and pictures",
    "embed": "For embedding",
    "export": "Export",
    "pictures": "Uploaded pictures",
    "learned filters": "Learned filters",
    "menus": "Samples, classic filters, models",
    "running": "For operators",
}
STORE_STATES = {
    "full": "The store is full: it has no room for a new picture, or the disk has none.",
    "missing": "The folder of the store does not exist and cannot be created.",
    "read-only": "The folder of the store cannot be written. Pictures in it are still shown.",
    "failing": "The folder of the store gives errors, which are in the server's log.",
    "no-answer": "The folder of the store does not respond in time.",
}
STATUS_TITLES = {
    400: "Invalid request",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    408: "Too slow",
    410: "No longer here",
    413: "Too large",
    415: "Not a readable picture",
    421: "Not the name of this server",
    422: "Invalid value",
    429: "Too many requests",
    431: "Too long",
    500: "Something went wrong",
    503: "Busy",
}


def get_status_title(status: int) -> str:
    """What a status means, in a few words."""
    return STATUS_TITLES.get(status, "Invalid request")
