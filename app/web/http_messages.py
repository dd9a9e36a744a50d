"""The catalogue of the HTTP side: every sentence that users read, by its code."""

from __future__ import annotations

from ..core.texts import Text, add_catalogue, make_text

HTTP_MESSAGES = add_catalogue(
    {
        "busy": "Too many figures wait to be computed just now. Try again in a moment.",
        "too_many_large": "More than {most} large figures are being computed for your address just now. Try again "
        "when some of them are done.",
        "export_busy": "Too many films and other files wait to be written just now. Try again in a moment.",
        "estimate_of_film": "Only films are estimated; {field} can be left out, or the kind be {allowed}.",
        "film_kinds": "gif, webp or mp4",
        "network_busy": "Too many large networks wait to be computed just now. Try again in a moment.",
        "network_layers": "CONVOSCOPE_NETWORK_LAYERS is the limit.",
        "not_maps": "maps is {value}; it can be {allowed}.",
        "maps_form": "a:b, the first map and the one past the last, such as 0:8",
        "sweep_of_question": "predict is {value}, and a sweep would give the answer away; leave predict out.",
        "no_predict": "nothing",
        "no_peaks": "{name} has no convolutions, so it has no maps to search the sample pictures for; model can be "
        "{allowed}.",
        "no_convolutions": "{name} has no convolutions, and layer is {value}; leave layer out.",
        "occlusion_of_question": "predict is {value}, and an occlusion would give the answer away; leave predict out.",
        "square_form": "row,column such as 3,5, the first cell that it covers",
        "sweep_order": "to is {value}, which lies below from={first}; it can be {allowed}.",
        "sweep_at_least": "{least} or more",
        "sweep_values": "The sweep has {value} values; it can have {allowed}. A larger step has fewer.",
        "parts_of_question": "A link with predict={value} hides an answer that previews and maps could show; predict "
        "can be {allowed}.",
        "nothing_or_reveal": "left out, or reveal=1 added",
        "unknown_parameter": "There is no parameter {key} here. Possible: {allowed}.",
        "two_scenes": "The figure is given twice, in the body and as {keys}. Give it once.",
        "bad_body": "The body is not JSON: {reason}.",
        "not_whole_number": "{field} is {value}; it can be {wanted}.",
        "not_one_of": "{field} is {value}; it can be {allowed}.",
        "not_whole_numbers": "{field} is {value}; it can be whole numbers from {least} to {most} with commas between "
        "them.",
        "not_with_picture": "The file would contain the picture that you uploaded. Add picture=1 to allow that.",
        "no_link": "link has to be a whole address that begins with http:// or https:// and has at most {most} bytes; "
        "this one has {length}.",
        "no_steps": "Stage {stage} is the input: nothing is computed there. Steps begin with stage 1.",
        "too_many_terms": "count is {value}; {count} positions of this stage have {terms} numbers in their windows, "
        "and {most} fit into one response. Request up to {fitting} at a time.",
        "too_many_numbers": "As JSON this would be {numbers} numbers; the limit is {most}. Name fewer stages, such as "
        "stages=1, or use format=safetensors.",
        "no_convolution_there": "Stage {stage} is not a convolution, so there is no tray of filters for it.",
        "not_here": "There is nothing at this address.",
        "no_sample": "There is no sample called {name}.",
        "wrong_method": "{method} cannot be used here.",
        "unexpected_error": "Something went wrong on the server. The error was logged there; your figure is still in "
        "your link.",
        "other_site": "Pictures and changes are accepted from this site's own pages only; this came from {origin}.",
        "other_host": "Pictures and changes are accepted from this site's own pages only. This came from a page of "
        "{origin} and asked for {host}. If both are this server, behind a proxy, let the proxy send the first one in "
        "X-Forwarded-Host, from an address in CONVOSCOPE_TRUSTED_PROXIES.",
        "wrong_host": "This server does not accept requests for the host {host}. If it should, its operator can add "
        "the name to CONVOSCOPE_ALLOWED_HOSTS.",
        "bad_host": "The Host header is {host}. It has to be a name or an address, with a port from 1 to 65535 if any.",
        "no_host": "The request has no Host header.",
        "file_too_large": "The file is larger than the limit of {most} MB.",
        "body_too_large": "The body is larger than the limit of {most} MB.",
        "too_slow": "The body did not arrive within {seconds:g} seconds.",
        "body_stalled": "The body arrived too slowly: less than {bytes} bytes in {seconds:g} seconds.",
        "bad_request": "This request is not valid HTTP.",
        "slow_headers": "The headers of this request did not arrive within {seconds:g} seconds.",
        "long_headers": "The headers of this request, address included, have more than {most} bytes.",
        "many_connections": "There are too many connections to this server just now. Please try again in a moment.",
        "bodies_full": "Too many large files are being sent to this server just now. Please try again in a moment.",
        "busy_reading": "Too many files are waiting to be read just now. Please try again in a moment.",
        "no_file": "Send the picture as a multipart form with one field called file.",
        "no_form": "This is not a valid multipart form. Send the picture in one, in a field called file.",
        "many_parts": "A form may have {most} fields; this one has more. Send the file in a field called file.",
        "many_files": "Send one picture at a time, in one field called file.",
        "body_cut_off": "The connection ended before the whole body had arrived.",
        "no_store": "Pictures cannot be stored on this server just now. Samples and typed numbers still work.",
        "store_silent": "The store of pictures does not respond just now. Samples and typed numbers still work.",
        "not_deleted": "Nothing can be deleted on this server just now. Please try again later.",
        "no_token": "Only the uploader can delete this upload: send its delete_token, in X-Delete-Token or as token=.",
        "wrong_token": "This is not the delete_token of this upload.",
        "no_such_example": "There is no example “{name}”.",
        "no_models": "There are no trained models in this installation, so there are no learned filters to show.",
        "no_model_called": "There is no model called {name}. Here are: {names}.",
        "no_recorded_film": "There is no film of the training of {name}.",
        "no_such_filter": "filter is {value}, but the last filter of {model} is {last}: that one is shown.",
        "filters_of_model": "Filters of {title}",
        # what would have been accepted
        "scene_json_allowed": "a scene as JSON",
        "body_alone": "the body alone",
        "given_twice": "given",
        "form_allowed": "one file in a multipart form",
        "megabytes": "at most {most} MB",
        "more_bytes": "more",
        "format_allowed": "safetensors, or fewer stages",
        "convolution_allowed": "a convolution's",
        "numbers_allowed": "{least} to {most}, with commas",
        "no_keys": "no keys at all",
        "link_allowed": "an address with http:// or https://, of at most {most} bytes",
        "page_allowed": "at most {most} bytes of numbers",
        "another_site": "another site",
        "rejected_value": "{reason}.",
        # the store of uploads, in its conditions
        "store_full": "The store is full: it has no room for a new picture, or the disk has none.",
        "store_missing": "The folder of the store does not exist and cannot be created.",
        "store_read_only": "The folder of the store cannot be written. Pictures in it are still shown.",
        "store_failing": "The folder of the store gives errors, which are in the server's log.",
        "store_no_answer": "The folder of the store does not respond in time.",
        # what a status means, in a few words
        "status_400": "Invalid request",
        "status_403": "Not allowed",
        "status_404": "Not found",
        "status_405": "Not possible here",
        "status_408": "Too slow",
        "status_410": "No longer here",
        "status_413": "Too large",
        "status_415": "Not a readable picture",
        "status_421": "Not the name of this server",
        "status_422": "Invalid value",
        "status_429": "Too many requests",
        "status_431": "Too long",
        "status_500": "Something went wrong",
        "status_503": "Busy",
        # about the site
        "examples_description": "Figures for a lecture on convolutional networks, each to open, copy or embed.",
        "site_description": "A microscope for convolution: your picture, a filter, and every number between them.",
    }
)
# The documentation of the HTTP interface is for programmers, and English like /openapi.json.
STATUSES = tuple(int(code.removeprefix("status_")) for code in HTTP_MESSAGES if code.startswith("status_"))
"""The statuses of errors that have a title of their own."""


def get_status_title(status: int) -> Text:
    """What a status means, in a few words."""
    return make_text(f"status_{status if status in STATUSES else 400}")


def describe_store(condition: str) -> Text:
    """What is wrong with the store of uploads, in a condition other than `ok`."""
    return make_text(f"store_{condition.replace('-', '_')}")
