"""The catalogue of the pages: every sentence, label and name that stands in a template.

Templates write one as `{{ text("page_play") }}`. The scripts of the pages have catalogues of their own in
`static/pure/strings/`.
"""

from __future__ import annotations

from ..core.texts import ENGLISH, PSEUDO, add_catalogue, get_language, make_text, write_message

PAGE_TEXTS = add_catalogue(
    {
        # the header
        "page_skip_to_figure": "Skip to the figure",
        "page_skip_to_filters": "Skip to the filters",
        "page_skip_to_calls": "Skip to the calls",
        "page_skip_to_examples": "Skip to the examples",
        "page_pages": "Pages",
        "page_lab": "Lab",
        "page_lessons": "Lessons",
        "page_lessons_all": "All lessons",
        "page_lessons_lecture": "A whole lecture, {minutes} minutes",
        "page_lessons_school": "For a school, {minutes} minutes",
        "page_lessons_heading": "Lessons",
        "page_lessons_help": "Each lesson is a few figures that ask before they show. Choose one, or a whole track.",
        "page_lessons_tracks": "Tracks",
        "page_skip_to_lessons": "Skip to the lessons",
        "page_lesson_progress": "{done} of {count} scenes",
        "page_lesson_minutes": "{minutes} minutes",
        "page_lesson_teacher": "For teachers",
        "page_lesson_present": "Present",
        "page_lesson_present_key": "Present this lesson (P)",
        "page_lesson_steps": "Steps of the lesson",
        "page_lesson_scene": "Scene {number}: {heading}",
        "page_lesson_back": "Back",
        "page_lesson_back_key": "Back (← or Page up)",
        "page_lesson_next": "Next",
        "page_lesson_next_key": "Next (→ or Page down)",
        "page_lesson_again": "Back to the scene",
        "page_lesson_again_help": "Show the figure again as the scene has it",
        "page_lesson_why": "Why?",
        "page_lesson_done": "That was the lesson.",
        "page_lesson_following": "Next lesson: {title}",
        "page_lesson_restart": "Once more",
        "page_lesson_without_scripts": "The questions of a lesson need JavaScript.",
        "page_examples": "Examples",
        "page_filters": "Filters",
        "page_menu": "More pages and settings",
        "page_filters_tagline": "What networks learned to look for, on your picture",
        "page_docs_tagline": "HTTP interface: every call of this server",
        "page_settings": "Settings",
        "page_theme": "Theme",
        "page_display": "Display",
        "page_help": "Help",
        "page_share": "Share",
        # the side of the Lab and of the filters
        "page_image": "Image",
        "page_layer": "Layer",
        "page_fold": "Fold the settings away",
        "page_fold_key": "Fold the settings away (\\)",
        "page_model": "Model",
        # the figure
        "page_figure": "Figure",
        "page_stages": "Stages",
        "page_map_role": "grid of numbers",
        "page_stack_title": "Stack of pictures",
        "page_stack_pictures": "Pictures of the stack",
        "page_stack_next": "Next picture, at the same place",
        "page_stack_previous": "Previous picture, at the same place",
        "page_map_label": "{title}, {rows} × {columns}",
        "page_arithmetic": "Arithmetic of this step",
        "page_window_table": "Window",
        "page_filter_table": "Filter",
        "page_products_table": "Products",
        "page_beats": "Parts of the step",
        "page_tip_for_touch": "▶ plays. Tap a cell to see where its number comes from.",
        "page_tip": "Space goes on, ▶ plays. Point at any cell to see where its number comes from.",
        # the question of a link
        "page_question": "Question",
        "page_question_choices": "Answers to choose from",
        "page_question_number": "or your own number",
        "page_question_rows": "or your own: rows × columns",
        "page_question_guess": "That is my guess",
        "page_question_reveal": "Show the answer",
        "page_question_reveal_key": "Show the answer (R)",
        "page_question_go_on": "Go on",
        # the transport
        "page_play": "Play",
        "page_beat_window": "window",
        "page_beat_products": "products",
        "page_beat_sum": "sum",
        "page_beat_bias": "bias",
        "page_beat_write": "write",
        "page_beat_result": "result",
        "page_beat_move": "move",
        "page_first": "First position",
        "page_first_key": "First position (Home)",
        "page_previous": "One position back",
        "page_previous_key": "One position back (←)",
        "page_next": "One position on",
        "page_next_key": "One position on (→)",
        "page_last": "Last position",
        "page_last_key": "Last position (End)",
        "page_position": "Position",
        "page_more_controls": "Tempo, pace and other views",
        "page_position_of": "position {position} of {positions}",
        "page_tempo": "Tempo",
        "page_play_by": "Play by",
        "page_step": "Step",
        "page_row": "Row",
        "page_story": "Story",
        "page_steady": "Steady",
        "page_finish": "Finish",
        "page_explain_as": "Explain as",
        "page_close_view": "Close this view",
        "page_equation": "Equation",
        "page_network": "Network",
        "page_occlusion": "Occlusion",
        "page_neuron": "Neuron",
        "page_matrix": "Matrix",
        "page_field": "Receptive field",
        "page_function": "Function",
        "page_code": "Code",
        "page_present": "Present",
        "page_present_key": "Present: the figure fills the screen (P)",
        "page_view": "View",
        # the examples
        "page_examples_heading": "Examples for a lecture",
        "page_examples_help": "Each opens with all its numbers, and can be changed there.",
        "page_examples_search": "Search the examples",
        "page_examples_search_hint": "Search: padding, 1 × 1, softmax …",
        "page_examples_topics": "Topics",
        "page_examples_found": "{found} of {all} examples",
        "page_examples_one_found": "1 of {all} examples",
        "page_examples_none_found": "None of {all} examples",
        "page_examples_nothing": "No example has all these words. Try fewer, or another one.",
        "page_copy_link": "Copy link",
        "page_copy_link_of": "Copy link: {title}",
        "page_copy_iframe": "Copy iframe",
        "page_copy_iframe_of": "Copy iframe: {title}",
        # without scripts
        "page_figure_without_scripts": "This figure needs JavaScript to move and respond; without it the page shows "
        "one step.",
        "page_filters_without_scripts": "Choosing, sorting and playing need JavaScript; without it the page shows all "
        "filters as one image.",
        # the learned filters
        "page_first_layer": "First-layer filters",
        "page_excites_maps": "What excites the maps of {layer} most",
        "page_wall_alt": "All {shape} numbers of the first layer of {model}, as colors.",
        "page_chosen_filter": "The chosen filter on your picture",
        "page_film": "How they were learned",
        # the offline page
        "page_offline_title": "{title} · Convoscope",
        "page_made": "Made with Convoscope",
        "page_open_in_lab": "open in the Lab",
        # figures side by side
        "page_compare_figures": "Figures side by side",
        "page_compare_figure": "Figure {letter}: {name}",
        "page_compare_open": "Open figure {letter} in the Lab",
        "page_compare_open_short": "open in the Lab",
        "page_compare_inputs": "all inputs",
        "page_compare_results": "all results",
        "page_compare_without_scripts": "These figures need JavaScript to move and respond; without it the page "
        "shows one step of each.",
        # an error
        "page_open_lab": "Open the Lab",
        # the reference of the HTTP interface
        "page_docs_title": "The HTTP interface",
        "page_docs_figure": "A figure: numbers and pictures",
        "page_docs_embed": "For embedding",
        "page_docs_export": "Export",
        "page_docs_pictures": "Uploaded pictures",
        "page_docs_learned_filters": "Learned filters",
        "page_docs_menus": "Samples, classic filters, models",
        "page_docs_architectures": "What networks cost",
        "page_docs_running": "For operators",
        "page_calls": "Calls",
        "page_types": "Types",
        "page_as_file": "The same as a file for programs:",
        "page_copy": "Copy",
        "page_copied": "Copied.",
        "page_copy_yourself": "The text is selected: copy it with Ctrl+C or ⌘C.",
        "page_try": "Try",
        "page_parameters": "Parameters ({count})",
        "page_name_column": "name",
        "page_type_column": "type",
        "page_description_column": "description",
        "page_body": "Body",
        "page_answers": "Answers",
        "page_no_body": "nothing",
    }
)

LANGUAGE_TAGS = {ENGLISH: "en", PSEUDO: "en-x-pseudo"}
"""The `lang` of a page in each language; its scripts read theirs from it."""


def write_page_text(code: str, /, **params: object) -> str:
    """The text of that code in the current language. Raises KeyError for a code that the catalogue lacks."""
    return write_message(make_text(code, **params))


def get_language_tag() -> str:
    """The `lang` of a page in the current language."""
    return LANGUAGE_TAGS[get_language()]
