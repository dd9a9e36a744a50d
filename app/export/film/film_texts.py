"""What is said of films."""

from __future__ import annotations

from ...core.texts import add_catalogue

FILM_TEXTS = add_catalogue(
    {
        "film_too_many_steps": "The film would show {count} pictures in {seconds} seconds; at most {most} can be seen. "
        "Let it be longer, or show each position once.",
        "film_too_many_frames": "The film would have {count} pictures of {width} × {height}; the server draws at most "
        "{most} of this size. Let it be shorter or smaller.",
        "film_no_mp4": "This installation cannot write MP4: it has no ffmpeg. GIF and WebP work; for MP4: {command}.",
        "file_missing_characters": "The font of the file has no {characters}. Change the title or the note.",
    }
)
