"""What the documents say is so: their tables are those of the settings, the links, the calls and the metrics."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from pydantic.fields import FieldInfo

from app.core.link.query_string import SCENE_KEYS
from app.core.options import HIDEABLE, LOCKABLE, VIEW_OPTIONS
from app.settings import PREFIX, Settings
from app.web.http_messages import STATUSES
from app.web.requests.filters_params import OWN_KEYS, make_filters_options
from app.web.store_health import STORE_CONDITIONS
from tests.commands import parsed
from tests.documents import CHECKOUT, DOCUMENTS, SERVER, Table, in_code, page, plain, table, tables_of, text_of
from tests.pictures import file, photo
from tests.web_client import Client, page_data, running

VIEW_KEYS = {option.name for option in VIEW_OPTIONS}
PAGES = {"/", "/embed", "/compare", "/embed/compare", "/filters", "/examples", "/exercises", "/exercises/try"}
MEMBERS_OF_A_LINK = re.compile(r"/(?:embed|filters|api/[a-z.]+)?\?\S+")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


def under(name: str, heading: str) -> Table:
    """The first table below a heading of a page."""
    return next(one for one in tables_of(page(name)) if one.heading == heading)


# --- settings -------------------------------------------------------------------------------------------------------


def setting_row(name: str, field: FieldInfo) -> tuple[str, str, str, str]:
    """What the table says of a setting: the variable, its default, its range, its description."""
    default = "a folder of the system" if field.default_factory else f"`{field.default}`" if field.default != "" else ""
    return f"`{PREFIX}{name.upper()}`", default, allowed(field), str(field.description)


def allowed(field: FieldInfo) -> str:
    """The range in words; nothing where any text will do."""
    least, most = (next((getattr(m, end) for m in field.metadata if hasattr(m, end)), None) for end in ("ge", "le"))
    above = next((m.gt for m in field.metadata if hasattr(m, "gt")), None)
    if most is None:
        return ""
    return f"above {above}, to {most:,}" if least is None else f"{least:,} to {most:,}"


def test_the_table_of_settings_has_each_with_its_default_and_its_range():
    said = table(page("operations"), "variable", "default", "allowed", "what it is").rows
    assert said == tuple(setting_row(name, field) for name, field in Settings.model_fields.items())


def test_no_document_names_a_setting_that_does_not_exist():
    for path in DOCUMENTS:
        named = {name.lower() for name in re.findall(rf"\b{PREFIX}([A-Z_]+)", text_of(path))}
        assert named <= set(Settings.model_fields), path


# --- links ----------------------------------------------------------------------------------------------------------


def linked() -> list[str]:
    """Every link that begins a row of a table."""
    first = [row[0] for path in DOCUMENTS for one in tables_of(path) for row in one.rows]
    whole = [plain(cell) for cell in first if re.fullmatch(r"`[^`]+`", cell)]
    return [link for link in whole if MEMBERS_OF_A_LINK.fullmatch(link) and "{" not in link and "size=0" not in link]


@pytest.mark.parametrize("link", linked())
def test_a_link_in_a_table_opens_what_it_says(client: Client, link: str):
    answer = client.get(link)
    assert answer.status_code == 200
    path, _, query = link.partition("?")
    if path in PAGES:
        told = page_data(answer.text)
        assert told["problems"] == []
        assert told.get("query", query) == query  # the page of filters has none of its own


def test_the_readme_has_links_to_begin_with():
    first = table(CHECKOUT / "README.md", "link", "what it shows")
    assert len(first.rows) >= 7


def test_the_keys_of_the_page_of_filters_are_listed_with_their_values():
    said = table(page("links"), "key", "values")
    assert tuple(map(plain, said.column("key"))) == OWN_KEYS
    options = {option.name: option for option in make_filters_options(["lenet5"])}
    for name, values in said.rows:
        choices = options[plain(name)].choices if plain(name) != "model" else ()
        assert set(choices) <= set(in_code(values)), name


def test_the_parts_that_can_be_hidden_and_locked_are_listed():
    said = dict(table(page("links"), "key", "parts").rows)
    assert tuple(in_code(said["`hide`"])) == HIDEABLE
    assert tuple(in_code(said["`lock`"])) == LOCKABLE


def test_the_classic_filters_are_listed_by_their_families(client: Client):
    said = {family: in_code(names) for family, names in table(page("links"), "family", "names").rows}
    told: dict[str, list[str]] = {}
    for kernel in client.get("/api/kernels").json():
        told.setdefault(kernel["family"], []).append(kernel["name"])
    assert said == told


def test_the_trained_models_are_listed_with_their_layers(client: Client):
    said = table(page("links"), "model", "input", "convolutions", "fully connected layers")
    told = {model["name"]: model for model in client.get("/api/models").json()}
    assert [plain(name) for name in said.column("model")] == list(told)
    for name, taken, convolutions, linear in said.rows:
        model = told[plain(name)]
        size = model["prepare"]["size"]
        channels = {"rgb": "RGB", "gray": "gray"}[model["prepare"]["channels"]]
        assert taken == (f"{size[0]} × {size[1]}" if size else "any size") + f", {channels}"
        for cell, op in ((convolutions, "conv"), (linear, "linear")):
            assert in_code(cell) == [layer["name"] for layer in model["layers"] if layer["op"] == op]


# --- the HTTP interface ---------------------------------------------------------------------------------------------


def calls() -> Table:
    return table(page("http-api"), "method", "address", "more keys", "answer")


def test_the_table_of_calls_is_that_of_the_routes(client: Client):
    said = {(method, plain(address)) for methods, address, *_ in calls().rows for method in in_code(methods)}
    routes = {(method, route.path_format) for route in client.app.state.routes for method in route.methods}
    assert said == routes


def test_the_table_of_calls_names_the_keys_of_each(client: Client):
    paths = client.app.openapi()["paths"]
    for methods, address, keys, _ in calls().rows:
        for method in in_code(methods):
            call = paths.get(plain(address), {}).get(method.lower())
            if call is None:
                continue
            names = {row["name"] for row in call["parameters"] if row["in"] == "query"} - set(SCENE_KEYS) - {"scene"}
            said = set(in_code(keys)) | (VIEW_KEYS if "all of the view" in keys else set())
            assert names == said, (method, address)


def test_every_call_has_an_example():
    shown = text_of(page("http-api"))
    asked = set(re.findall(rf"{SERVER}(/[^\s\"'?]*)", shown))
    named = {re.sub(r"\$ID", "{id}", path) for path in asked}
    named |= {re.sub("/(coffee|maxpool|one-stop)", "/{name}", path) for path in named}
    named |= {re.sub("/export/(gif|pptx|pdf|csv)", "/export/{kind}", path) for path in named}
    interface = {plain(address) for address in calls().column("address")} - PAGES - {"/docs", "/api/images/{id}"}
    assert interface - named == set()


def test_the_known_networks_are_listed_with_their_totals(client: Client):
    said = table(page("architectures"), "name", "network", "version", "input", "parameters", "multiply-adds").rows
    told = [
        (
            f"`{net['name']}`",
            net["title"],
            net["version"],
            " × ".join(map(str, net["input"])),
            f"{net['totals']['parameters']:,}",
            f"{net['totals']['multiply_adds']:,}",
        )
        for net in client.get("/api/architectures").json()
    ]
    assert list(said) == told


def test_a_pattern_unfolds_as_it_is_said(client: Client):
    for pattern, layers in table(page("architectures"), "pattern", "is").rows:
        answer = client.get(f"/api/architecture?net={quote(plain(pattern))}&input=3x32x32").json()
        assert answer["layers"] == plain(layers), pattern


def test_the_input_of_a_network_is_read_as_it_is_said(client: Client):
    said = table(page("architectures"), "`input=`", "means").rows
    for text, shape in zip(said, ([3, 224, 224], [3, 224, 192], [3, 64, 64]), strict=True):
        assert client.get(f"/api/architecture?net=relu&input={plain(text[0])}").json()["input"] == shape


def test_the_fields_of_a_priced_stage_are_listed(client: Client):
    rows = table(page("architectures"), "field", "what it is").column("field")
    told = client.get("/api/architecture?net=lenet-5").json()["stages"][0]
    assert [name for cell in rows for name in in_code(cell)] == list(told)


def test_the_statuses_are_listed():
    assert [int(status) for status in table(page("http-api"), "status", "when").column("status")] == list(STATUSES)


def test_the_headers_for_caches_are_those_of_the_answers(client: Client):
    upload = client.ask("POST", "/api/images", files={"file": ("a.png", file(photo(9, 9), "PNG"))}).json()["image"]
    build = client.app.state.app_state.static_files.build
    for address, control, tagged in table(page("http-api"), "address", "`Cache-Control`", "`ETag`").rows:
        answer = client.get(plain(address).format(upload=upload, build=build))
        assert answer.headers["cache-control"] == plain(control), address
        assert ("etag" in answer.headers) == (tagged == "yes"), address


def test_the_fields_of_an_upload_are_listed(client: Client):
    stored = client.app.openapi()["components"]["schemas"]["StoredPicture"]["properties"]
    said = table(page("http-api"), "field", "value").column("field")
    assert [name for cell in said for name in in_code(cell)] == list(stored)


# --- operations -----------------------------------------------------------------------------------------------------


def test_the_metrics_are_listed(client: Client):
    client.get("/api/trace?size=8")
    told = re.findall(r"^# HELP (\w+)", client.get("/metrics").text, flags=re.MULTILINE)
    said = [plain(name) for name in table(page("operations"), "metric", "what it counts").column("metric")]
    assert sorted(said) == sorted(name for name in told if not name.endswith("_created"))


def test_the_states_of_the_store_are_listed():
    said = [plain(state) for state in table(page("operations"), "state", "means").column("state")]
    assert said == list(STORE_CONDITIONS)


def test_the_commands_are_listed():
    command, _ = parsed(["images", "list"])
    (commands,) = [action.choices for action in command._actions if isinstance(action, argparse._SubParsersAction)]
    said = [name for cell in table(page("operations"), "command", "does").column("command") for name in in_code(cell)]
    assert said == list(commands)


# --- messages -------------------------------------------------------------------------------------------------------


def test_the_messages_between_a_frame_and_its_page_are_listed():
    (module,) = [path for path in (CHECKOUT / "static").rglob("*messages.js") if "READERS" in path.read_text()]
    code = module.read_text(encoding="utf-8")
    readers = re.search(r"READERS = \{\n(.*?)\n\};", code, flags=re.DOTALL)
    events = re.search(r"EVENTS = \[(.*?)\]", code)
    assert readers
    assert events
    taken = " ".join(table(page("embedding"), "to the figure", "does").column("to the figure"))
    types = set(re.findall(r'type: "(\w+)"', taken))
    assert types == set(re.findall(r"^  (\w+):", readers[1], flags=re.MULTILINE))
    sent = table(page("embedding"), "from the figure", "fields").column("from the figure")
    assert {name for cell in sent for name in in_code(cell)} == {
        *re.findall(r'"(\w+)"', events[1]),
        "ready",
        "resize",
        "state",
    }


# --- the facts about a stage -----------------------------------------------------------------------------------------


def test_the_table_of_facts_has_each_field_of_a_stage(client: Client):
    said = {name for row in under("http-api", "The facts about a stage").rows for name in in_code(row[0])}
    link = (
        "image=face&layers=conv:sobel-x~leaky_relu~maxpool~shift~prepare:linear10~flatten~linear:linear10/fc1~softmax"
    )
    branched = "image=coffee&layers=maxpool:2~maxpool:17,stride=1,from=0~concat:1"
    own_numbers = "image=coffee&layers=avgpool:2,divisor_override=3~lrn:3"
    stages = [
        stage
        for query in (link, branched, own_numbers, "image=one-hot&rows=a,b&layers=globalmaxpool")
        for stage in client.get(f"/api/trace.json?size=32&{query}").json()["stages"]
    ]
    given = {name for stage in stages for name in stage} - {"output", "weight", "bias"}
    assert given - said == set()
    assert said - given <= {"code_notes"}


# --- the path of one request ------------------------------------------------------------------------------------------

PATH_OF_A_REQUEST = re.findall(r"^\d+\. `((?:app|static)/\S+)`", text_of(page("architecture")), re.M)
MOST_PYTHON_MODULES, MOST_SCRIPTS = 15, 12


def imported_modules(path: str) -> set[str]:
    """The modules that a module imports, as files; of a package those that it passes on."""
    source = (CHECKOUT / path).read_text(encoding="utf-8")
    if path.endswith(".js"):
        return {f"static/{name}" for name in re.findall(r'from "convoscope/(\S+)"', source)}
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = "/".join(path.split("/")[: -node.level])
            module = f"{folder}/{node.module.replace('.', '/')}" if node.module else folder
            names = [module, *(f"{module}/{alias.name}" for alias in node.names)]
            found |= {f"{name}.py" for name in names if (CHECKOUT / f"{name}.py").is_file()}
            for package in (name for name in names if (CHECKOUT / name / "__init__.py").is_file()):
                found |= imported_modules(f"{package}/__init__.py")
    return found


@pytest.mark.parametrize(("folder", "most"), [("app/", MOST_PYTHON_MODULES), ("static/", MOST_SCRIPTS)])
def test_the_path_of_a_request_leads_through_few_modules(folder: str, most: int):
    modules = [path for path in PATH_OF_A_REQUEST if path.startswith(folder)]
    assert 0 < len(modules) <= most
    assert [path for path in modules if not (CHECKOUT / path).is_file()] == []
    for index, path in enumerate(modules[1:], 1):
        assert any(path in imported_modules(one) for one in modules[:index]), f"nothing before {path} imports it"
