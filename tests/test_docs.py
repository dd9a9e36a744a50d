"""What the README says is so: its settings, its addresses, its examples, its picture."""

from __future__ import annotations

import io
import re
import struct
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic.fields import FieldInfo

from app.settings import PREFIX, Settings
from tests.web_client import Client, page_data, running

CHECKOUT = Path(__file__).resolve().parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
PROSE = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
SERVED_BY_EXAMPLES = "http://127.0.0.1:8000"


def example(language: str) -> str:
    """The code of the one example in a language."""
    (code,) = re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)
    return code


def setting_row(name: str, field: FieldInfo) -> str:
    """What the table says of a setting: the variable, its default, its range, its description."""
    default = "a folder of the system" if field.default_factory else f"`{field.default}`" if field.default != "" else ""
    return f"| `{PREFIX}{name.upper()}` | {default} | {allowed(field)} | {field.description} |"


def allowed(field: FieldInfo) -> str:
    """The range in words; nothing where any text will do."""
    least, most = (next((getattr(m, end) for m in field.metadata if hasattr(m, end)), None) for end in ("ge", "le"))
    above = next((m.gt for m in field.metadata if hasattr(m, "gt")), None)
    if most is None:
        return ""
    return f"above {above}, to {most:,}" if least is None else f"{least:,} to {most:,}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_says_every_setting_with_its_default_and_its_range(name: str):
    assert setting_row(name, Settings.model_fields[name]) in README.splitlines()


def test_every_frame_in_the_readme_lets_a_dark_page_through():
    frames = re.findall(r"<iframe [^>]*>", README)
    assert frames
    assert [frame for frame in frames if 'style="color-scheme: normal"' not in frame] == []


def test_the_readme_names_no_setting_that_there_is_none_of():
    named = {name.lower() for name in re.findall(rf"{PREFIX}([A-Z_]+)", README)}
    assert named <= set(Settings.model_fields)


@pytest.mark.parametrize("address", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))))
def test_whatever_the_readme_links_to_is_there(address: str):
    assert (CHECKOUT / address).is_file()


def test_the_readme_begins_with_the_picture_and_the_two_commands():
    picture, run, test = (README.index(part) for part in ("](tests/readme/lab.png)", "make run", "make test"))
    assert picture < run < test < README.index("\n## ")


def test_the_picture_is_as_sharp_as_a_page_needs_it_and_no_heavier():
    data = (CHECKOUT / "tests" / "readme" / "lab.png").read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert width / height == 1440 / 900
    assert width >= 1.5 * 1440
    assert len(data) < 250_000


def test_the_readme_names_every_call_of_the_interface(client: Client):
    said = re.sub(r"`, `", " ", README)
    paths = [path for path in client.app.openapi()["paths"] if path != "/api/images/{id}"]
    assert [path for path in paths if path not in said] == []


def test_the_example_in_python_reads_the_numbers(client: Client, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("safetensors")

    def urlopen(url: str) -> io.BytesIO:
        assert url.startswith(SERVED_BY_EXAMPLES)
        return io.BytesIO(client.get(url.removeprefix(SERVED_BY_EXAMPLES)).content)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    seen: dict = {}
    exec(example("python"), seen)
    assert seen["maps"].shape == (1, 14, 10)  # of a face of 16×12
    query = urlsplit(re.search(r'"(http[^"]+)"', example("python"))[1]).query
    told = client.get(f"/api/trace?{query}&format=json").json()
    assert seen["maps"].tolist() == told["stages"][1]["output"]


@pytest.mark.parametrize(
    "named", sorted(set(re.findall(r"`((?:app|static|templates|tests|sample_images)/[^`…]*)`", PROSE)))
)
def test_every_file_that_the_readme_names_is_there(named: str):
    assert (CHECKOUT / named).exists()


LINKS = re.findall(r"^\| `(/(?:embed)?\?[^`]+)` \|", README, flags=re.MULTILINE)


@pytest.mark.parametrize("link", LINKS)
def test_a_link_to_begin_with_opens_the_figure_that_it_says(client: Client, link: str):
    answer = client.get(link)
    told = page_data(answer.text)
    assert answer.status_code == 200
    assert told["problems"] == []
    assert told["query"] == link.partition("?")[2]


def test_there_are_links_to_begin_with():
    assert len(LINKS) >= 4


def test_the_map_of_the_house_names_every_module_of_the_core():
    house = README[README.index("## The house") : README.index("## What it is not")]
    core = CHECKOUT / "app" / "core"
    names = [path.stem for path in core.glob("[a-z]*.py")] + [
        f"{path.parent.name}/" for path in core.glob("*/__init__.py")
    ]
    assert [name for name in names if f"`{name}`" not in house] == []
