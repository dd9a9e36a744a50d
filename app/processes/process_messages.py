"""The catalogue of what goes wrong in worker processes, whatever the file is: every sentence by its code."""

from __future__ import annotations

from ..core.texts import add_catalogue

PROCESS_MESSAGES = add_catalogue(
    {
        "no_memory_to_read": "Reading this file needs too much memory.",
        "not_read_as": "This file could not be read as {expected}.",
        "reading_stopped": "The program that reads files was stopped from outside, twice, so this file was not read. "
        "The file itself may be fine. Please try again in a minute.",
        "reading_too_slow": "Reading this file took longer than {seconds} s and was stopped.",
        "no_decoder": "The server could not start the program that reads files just now. Please try again in a minute.",
        "decoder_crashed": "This file made the program that reads it stop; it is damaged or needs too much memory.",
        # computing large networks
        "network_no_memory": "Computing this network needs more memory than a process may have "
        "(CONVOSCOPE_NETWORK_MEMORY).",
        "network_failed": "This network could not be computed. The error is the server's, not the link's.",
        "network_stopped": "The program that computes networks was stopped from outside, twice, so this network was "
        "not computed. Please try again in a minute.",
        "network_too_slow": "Computing this network took longer than {seconds} s and was stopped "
        "(CONVOSCOPE_NETWORK_SECONDS).",
        "network_unavailable": "The server could not start the program that computes networks just now. Please try "
        "again in a minute.",
        "network_crashed": "The program that computes networks ended before this one was done; the network may need "
        "more memory than a process may have (CONVOSCOPE_NETWORK_MEMORY).",
        # what was found
        "too_large_value": "too large",
        "stopped_value": "stopped",
        "no_decoder_value": "no decoder",
        "unreadable_value": "unreadable",
        "more_seconds": "more than {seconds} s",
        # what would have been accepted
        "less": "less",
        "running_decoder": "a running decoder",
        "most_seconds": "at most {seconds} s",
        "one_that_can_be_read": "{expected} that can be read",
    }
)
