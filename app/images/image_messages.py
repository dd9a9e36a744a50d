"""The catalogue of files of pictures: every sentence by its code."""

from __future__ import annotations

from ..core.texts import add_catalogue

IMAGE_MESSAGES = add_catalogue(
    {
        # why a file is not shown
        "empty_file": "This file is empty.",
        "not_a_picture": "This file is not a picture. Please send {allowed}.",
        "unsupported_picture": "This file is {kind}: {advice}.",
        "heic_picture": "This is an iPhone photo in the HEIC format, which this server does not read. On the iPhone "
        "choose Settings > Camera > Formats > Most Compatible and take it again, or send a screenshot of the photo, or "
        "share it as JPEG.",
        "too_many_scans": "This JPEG has more than {most} scans, each of which takes a pass over the whole picture; "
        "photos have up to 10. Saving it again in any photo program helps.",
        "picture_too_large": "This picture is too large: {found}. Allowed are {allowed}.",
        "damaged_picture": "This {format} is damaged or truncated and could not be read.",
        "damaged_tiff": "This TIFF is damaged or of an unsupported kind. Saving it as a PNG of 8 or 16 bits in the "
        "program that made it helps.",
        "store_full_now": "The picture store is full. Please try again in {minutes} min.",
        # what was found
        "zero_bytes": "0 bytes",
        "unknown_format": "unknown",
        "more_scans": "more than {most}",
        "pixels_value": "{width} × {height} pixels",
        "far_more_pixels": "far more pixels than that",
        "more_than_memory": "more than fits in memory",
        # what would have been accepted
        "a_picture": "a picture",
        "picture_formats": "JPEG, PNG, WebP, GIF, BMP, TIFF, PGM, PPM or AVIF",
        "most_scans": "at most {most}",
        "most_pixels": "at most {millions} million pixels and {side} a side",
        "a_whole": "a whole {format}",
        # what was done to a picture
        "truncated_note": "the file ends early: the lower part may be missing",
        "damaged_note": "the file is damaged: parts of the picture may be missing or wrong",
        "first_frame_note": "only the first of several pictures kept",
        "turned_note": "turned upright",
        "scaled_note": "scaled from {full} to {small} pixels",
        "metadata_note": "metadata removed",
        "numbers_note": "scaled: {low} became black and {high} white",
        "reduced_note": "reduced from {bits} to 8 bits",
        "stretched_note": "stretched: {low} became black and {high} white",
        "dark_note": "only {used} of {bits} bits are used",
        "one_bit_note": "converted from 1 bit",
        "palette_note": "converted from a palette",
        "mode_note": "converted from {mode}",
        "srgb_note": "colors converted to sRGB",
        "special_colors_note": "colors not converted: they are meant for special screens",
        "profile_note": "color profile left out: it could not be read",
        "flattened_note": "transparent parts shown on white",
        # kinds of files that are not shown, and advice
        "kind_camera_raw_file": "a camera raw file",
        "kind_video": "a video",
        "kind_icon_file": "an icon file",
        "kind_vector_drawing": "a vector drawing",
        "kind_picture_in_a_rare_format": "a picture in a rare format",
        "kind_archive": "an archive",
        "kind_sound_file": "a sound file",
        "kind_file_of_scientific_data": "a file of scientific data",
        "kind_jpeg_xl_picture": "a JPEG XL picture",
        "kind_jpeg_2000_picture": "a JPEG 2000 picture",
        "kind_jpeg_xr_picture": "a JPEG XR picture",
        "kind_pdf": "a PDF",
        "kind_photoshop_file": "a Photoshop file",
        "kind_gimp_file": "a GIMP file",
        "kind_postscript_or_eps_drawing": "a PostScript or EPS drawing",
        "kind_compressed_file": "a compressed file",
        "kind_dicom_image": "a DICOM image",
        "kind_high_dynamic_range": "a picture with high dynamic range",
        "kind_office_document": "an Office document",
        "kind_zip_archive_or_an_office_document": "a ZIP archive or an Office document",
        "kind_git_lfs_pointer": "a Git LFS pointer",
        "kind_web_page": "a web page",
        "kind_text_file": "a text file",
        "kind_svg_drawing": "an SVG drawing",
        "advice_camera_raw_file": "develop it in a photo program and save it as JPEG or PNG",
        "advice_video": "pause it where you want it and send a screenshot; of a Live Photo send the still photo",
        "advice_icon_file": "open it in any picture viewer and save it as PNG",
        "advice_export": "export it as PNG or JPEG",
        "advice_picture_in_a_rare_format": "open it in a program that reads it and save it as PNG",
        "advice_archive": "unpack it and send the picture alone",
        "advice_sound_file": "only pictures can be shown here; you can send a screenshot of its spectrogram",
        "advice_file_of_scientific_data": "save the image in it as a 16-bit PNG or TIFF",
        "advice_pdf": "take a screenshot of the page, or export the page as PNG",
        "advice_photoshop_file": "save a copy of it as PNG or JPEG",
        "advice_compressed_file": "unpack it and send the picture alone; of a drawing in SVGZ send a PNG",
        "advice_dicom_image": "open it in its viewer and export it as a 16-bit PNG or TIFF",
        "advice_high_dynamic_range": "save it as a 16-bit PNG or TIFF",
        "advice_office_document": "save the picture in it as PNG",
        "advice_zip_archive_or_an_office_document": "take the picture out of it and send that alone",
        "advice_git_lfs_pointer": "fetch the real file with git lfs pull",
        "advice_web_page": "open it and save the picture alone, or send a screenshot",
        "advice_text_file": "numbers can be pasted into the table under Numbers",
    }
)
