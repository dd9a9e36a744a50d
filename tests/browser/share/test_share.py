"""The Share dialog: copied links, links with a picture, the QR code, files, the device's share sheet."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.conftest import Complaints, Devices, new_page
from tests.browser.lab.test_accessibility import DESKTOP
from tests.browser.lab_page import Lab, faults
from tests.pictures import file
from tests.serving import RunningServer

CLIPBOARD = ["clipboard-read", "clipboard-write"]
NUMBERS = """async () => {
  const { readTrace } = await import("convoscope/pure/protocol/wire.js");
  const scene = encodeURIComponent(JSON.stringify(history.state.scene));
  const trace = readTrace(await (await fetch(`/api/trace?scene=${scene}`)).arrayBuffer());
  return trace.stages.map(({ shape, output }) => [shape, Array.from(output)]);
}"""
SHARED = (
    "window.shared = []; navigator.share = async ({ title, url, files }) => { shared.push({ title, url, files }); };"
)
CAN_SHARE = "navigator.canShare = ({ files }) => files.every((file) => file.type === 'image/png');"


def open_share(lab: Lab) -> Locator:
    """The dialog, opened from the header."""
    lab.button("Share").click()
    dialog = lab.page.get_by_role("dialog", name="Share", exact=True)
    expect(dialog).to_be_visible()
    return dialog


def link(lab: Lab, name: str = "link") -> str:
    """The link that the dialog shows."""
    return lab.part(f"share-{name}").input_value()


def upload(lab: Lab, height: int = 60, width: int = 80) -> np.ndarray:
    """Uploads a picture of random pixels with the file chooser."""
    pixels = np.random.default_rng(height).integers(0, 256, (height, width, 3), np.uint8)
    data = file(Image.fromarray(pixels), "PNG")
    lab.part("file").set_input_files({"name": "mine.png", "mimeType": "image/png", "buffer": data})
    lab.says("image=u-")
    lab.keep_whole_picture()
    lab.rest()
    return pixels


# --- the link --------------------------------------------------------------------------------------------------


def test_share_and_enter_copy_a_link_that_opens_the_same_figure(devices: Devices) -> None:
    lab = devices.lab(permissions=CLIPBOARD)
    lab.open("image=coffee&layers=conv:(1,0;0,-1)~relu&title=One (of%26two)!")
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=")
    lab.part("share").focus()
    lab.page.keyboard.press("Enter")
    expect(lab.part("copy-link")).to_be_focused()
    lab.page.keyboard.press("Enter")
    expect(lab.part("copy-link")).to_have_text("Copied")
    copied = lab.page.evaluate("navigator.clipboard.readText()")
    assert copied == link(lab)
    assert not set(copied) & set("()~;,!'* ")
    before, numbers = lab.link, lab.page.evaluate(NUMBERS)
    lab.page.goto(copied)
    lab.ready().page.keyboard.press("ArrowRight")
    lab.drops("%7E")
    lab.page.keyboard.press("ArrowLeft")
    lab.until("decodeURIComponent(location.search.slice(1)) === given", before)
    assert lab.page.evaluate(NUMBERS) == numbers


def test_without_permission_for_the_clipboard_copying_falls_back(lab: Lab) -> None:
    lab.page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    lab.open("image=coffee")
    open_share(lab)
    lab.part("copy-link").click()
    expect(lab.part("copy-link")).to_have_text("Copied")
    lab.page.evaluate("document.execCommand = () => false")
    lab.part("copy-link").click()
    expect(lab.page.get_by_text("copy it with Ctrl+C")).to_be_visible()
    assert lab.page.evaluate("getSelection().toString() || document.activeElement.value") == link(lab)


def test_escape_closes_the_dialog_and_gives_the_focus_back(lab: Lab) -> None:
    lab.open()
    dialog = open_share(lab)
    lab.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(lab.part("share")).to_be_focused()


def test_nothing_of_the_dialog_is_loaded_before_it_is_opened(lab: Lab) -> None:
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(request.url))
    lab.open().rest()
    assert not [address for address in asked if "share" in address]
    open_share(lab)
    assert [address for address in asked if "share" in address]


# --- a picture in the link -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "figure",
    [
        "size=24&layers=conv:sobel-x~relu",
        "size=20x31&channels=rgb&range=unit&layers=conv:edges;sobel-x,groups=1,padding=same~maxpool:2",
        pytest.param("size=28&layers=model:lenet5&stage=14", marks=pytest.mark.long),
    ],
)
def test_a_link_with_a_picture_works_on_another_server(
    lab: Lab, context: BrowserContext, complaints: Complaints, own_server: RunningServer, figure: str
) -> None:
    lab.open(figure)
    upload(lab)
    numbers = lab.page.evaluate(NUMBERS)
    open_share(lab)
    inside = link(lab, "inside")
    assert "u-in-link" in inside
    assert lab.scene()["image"]["upload"] not in inside, "the whole picture stays the sender's"
    elsewhere = new_page(context)
    complaints.listen(elsewhere)
    asked: list[str] = []
    elsewhere.on("request", lambda request: asked.append(request.url))
    other = Lab(elsewhere, own_server.url)
    elsewhere.goto(own_server.url + inside.removeprefix(lab.url))
    other.ready().says("image=u-")
    expect(other.part("problems")).to_contain_text("The picture came with the link")
    assert other.page.evaluate(NUMBERS) == numbers
    assert not [address for address in asked if "picture=" in urlsplit(address).query], "no log of the server sees it"


def test_the_address_keeps_the_picture_until_another_one_is_chosen(lab: Lab) -> None:
    lab.open("size=16")
    upload(lab)
    open_share(lab)
    lab.page.goto(link(lab, "inside"))
    lab.ready().says("image=u-")
    lab.drops("u-in-link")
    address = lab.page.url
    assert "#picture=" in address
    uploads: list[str] = []
    lab.page.on("request", lambda request: uploads.append(request.url) if request.method == "POST" else None)
    lab.page.reload()
    lab.ready().rest()
    assert (lab.page.url, uploads) == (address, []), "it is still there, and is not sent again"
    lab.settings("image").page.locator("[data-sample=coffee]").click()
    lab.says("image=coffee")
    assert "#" not in lab.page.url


@pytest.mark.complains("410")
def test_a_damaged_picture_in_a_link_gives_a_notice_and_the_rest_of_the_figure(lab: Lab) -> None:
    lab.page.goto(f"{lab.url}/?image=u-in-link&layers=conv:edges~relu#picture=iVBORw0KGgoAAAANSUhEUg")
    lab.ready()
    expect(lab.part("problems")).to_contain_text("a part of the link is missing")
    assert [layer["op"] for layer in lab.scene()["layers"]] == ["conv", "relu"]


def test_a_long_link_is_shown_with_its_length_and_a_warning(lab: Lab) -> None:
    lab.open("size=128&channels=rgb")
    upload(lab, 200, 200)
    dialog = open_share(lab)
    length = len(link(lab, "inside"))
    assert length > 8_000
    expect(dialog).to_contain_text(f"{length:,} characters")
    expect(dialog).to_contain_text("Some programs truncate links of this length")


def test_a_sample_needs_no_picture_in_its_link(lab: Lab) -> None:
    lab.open()
    open_share(lab)
    expect(lab.part("share-inside")).to_have_count(0)


# --- QR, files, the share sheet -------------------------------------------------------------------------------


def test_the_qr_code_contains_the_link_and_can_be_enlarged(lab: Lab) -> None:
    lab.open("image=coffee&layers=conv:sobel-x~relu")
    open_share(lab)
    code = lab.part("qr")
    lab.until("document.querySelector('[data-part=qr]').naturalWidth > 0")
    assert parse_qs(urlsplit(code.get_attribute("src") or "").query)["link"] == [link(lab)]
    lab.part("enlarge").click()
    large = lab.page.get_by_role("dialog", name="QR code of the link")
    box = large.get_by_role("img").bounding_box()
    assert box
    assert min(box["width"], box["height"]) > 400
    lab.page.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(lab.page.get_by_role("dialog", name="Share", exact=True)).to_be_visible()


def test_one_html_file_and_a_picture_of_the_map_are_saved(lab: Lab) -> None:
    lab.open("image=face&layers=conv:sobel-x")
    open_share(lab)
    with lab.page.expect_download() as saved:
        lab.part("save-page").click()
    assert 'data-part="trace"' in saved.value.path().read_text(encoding="utf-8")
    assert saved.value.suggested_filename.endswith(".html")
    for name in ("save-map", "save-figure"):
        with lab.page.expect_download() as saved:
            lab.part(name).click()
        with Image.open(io.BytesIO(saved.value.path().read_bytes())) as image:
            assert image.format == "PNG"
            assert "image=face" in image.text["convoscope"]


def test_a_file_with_an_uploaded_picture_needs_consent(lab: Lab) -> None:
    lab.open("size=16")
    upload(lab)
    dialog = open_share(lab)
    lab.part("save-page").click()
    expect(dialog).to_contain_text("The file will contain your picture")
    with lab.page.expect_download() as saved:
        lab.part("save-with-picture").click()
    assert 'data-part="trace"' in saved.value.path().read_text(encoding="utf-8")
    for name, inside in (("save-without-picture", False), ("save-with-picture", True)):
        lab.part("save-map").click()
        expect(dialog).to_contain_text("May it contain the cells of your picture?")
        with lab.page.expect_download() as saved:
            lab.part(name).click()
        assert (b"cvPx" in saved.value.path().read_bytes()) is inside


@pytest.mark.complains("ERR_FAILED")
def test_a_failed_export_shows_the_servers_message(lab: Lab) -> None:
    lab.page.route("**/api/export/html*", lambda route: route.abort())
    lab.open()
    dialog = open_share(lab)
    lab.part("save-page").click()
    expect(dialog).to_contain_text("The server cannot be reached")


def test_a_phone_shares_picture_and_link_with_its_share_sheet(devices: Devices) -> None:
    lab = devices.phone()
    lab.page.add_init_script(SHARED + CAN_SHARE)
    lab.open("image=coffee&title=Edges")
    with lab.page.expect_response(lambda answer: "/api/figure.png" in answer.url):
        open_share(lab)
    lab.until("performance.getEntriesByType('resource').some(({ name }) => name.includes('figure.png'))")
    lab.part("send").tap()
    lab.until("shared.length === 1")
    told: dict[str, Any] = lab.page.evaluate(
        "(async () => { const [{ title, url, files: [file] }] = shared;"
        " return { title, url, type: file.type, head: (await file.slice(1, 4).text()) }; })()"
    )
    assert told == {"title": "Edges", "url": link(lab), "type": "image/png", "head": "PNG"}


def test_a_phone_shares_the_link_with_the_uploaded_picture_in_it(devices: Devices) -> None:
    lab = devices.phone()
    lab.page.add_init_script(SHARED)
    lab.open()
    upload(lab)
    lab.open(f"image={lab.scene()['image']['upload']}&size=16")
    open_share(lab)
    lab.part("send").tap()
    lab.until("shared.length === 1")
    assert lab.page.evaluate("shared[0].url") == link(lab, "inside")


def test_the_page_of_learned_filters_is_shared_as_a_link(lab: Lab) -> None:
    lab.page.goto(f"{lab.url}/filters?model=lenet5&filter=3")
    lab.part("tiles").locator("canvas").first.wait_for()
    open_share(lab)
    address = urlsplit(link(lab))
    assert (address.path, parse_qs(address.query)) == ("/filters", {"model": ["lenet5"], "filter": ["3"]})


# --- code, for everyone ----------------------------------------------------------------------------------------


def test_the_code_follows_what_is_chosen(lab: Lab) -> None:
    lab.open("image=coffee")
    open_share(lab)
    code = lab.part("code")
    lab.key("share-clicker").select_option("page")
    expect(code).to_have_value(re.compile(r'^<iframe src="[^"]*/embed\?image=coffee" .*width="960" height="540"'))
    lab.key("share-size").select_option("800x600")
    lab.page.locator(".share").get_by_label("Controls", exact=True).and_(lab.key("ui")).select_option("min")
    lab.key("share-title").fill('"Edges" & <corners>')
    expect(code).to_have_value(re.compile(r'ui=min&amp;title=%22Edges%22%20%26%20%3Ccorners%3E".*width="800"'))
    expect(code).to_have_value(re.compile(r'title="&#34;Edges&#34; &amp; &#60;corners&#62;"'))
    lab.button("Markdown").click()
    expect(code).to_have_value(
        re.compile(r"^\[!\[.*\]\(http://.*/api/figure\.png\?image=coffee&ui=min&title=.*\)\]\(http://")
    )
    lab.button("Jupyter").click()
    expect(code).to_have_value(re.compile(r'convoscope\.show\("image=coffee&ui=min&title='))
    assert "title" not in lab.link, "the figure behind the dialog stays as it is"


def test_a_clicker_goes_through_four_places_or_tells_the_story_or_leaves_its_keys_to_the_page(lab: Lab) -> None:
    lab.open("image=face&at=5,7&beat=write")
    open_share(lab)
    note, choice = lab.part("share-clicker"), lab.key("share-clicker")
    assert choice.locator("option").all_inner_texts() == [
        "goes through four places",
        "tells the whole story",
        "leaves the keys to the page",
    ]
    has_code(lab, "/embed?image=face&beat=write&stops=0,0;0,1;0,2;5,7")
    expect(note).to_contain_text("reveal.js, and pages with deck-keys.js, turn the slide")
    expect(note).to_contain_text("PowerPoint, Google Slides and other pages do not")
    lab.button("reveal.js").click()
    has_code(lab, '/embed?image=face&at=0,0&beat=write" data-stops="0,0;0,1;0,2;5,7"')
    lab.button("Web component").click()
    has_code(lab, '<conv-scope image="face" beat="write" stops="0,0;0,1;0,2;5,7"')
    for kind in ("Markdown", "Jupyter"):
        lab.button(kind).click()
        has_code(lab, "image=face&at=5,7&beat=write")
        expect(choice).to_have_count(0)
        expect(note).to_be_hidden()
    lab.button("iframe").click()
    choice.select_option("page")
    has_code(lab, '/embed?image=face&at=5,7&beat=write" ')
    expect(note).to_be_hidden()
    choice.select_option("story")
    has_code(lab, '/embed?image=face&at=5,7&beat=write&clicker=story" ')
    expect(note).to_contain_text("goes through it first")
    lab.button("reveal.js").click()
    has_code(lab, '/embed?image=face&at=5,7&beat=write&clicker=story" title')
    lab.button("Markdown").click()
    lab.eventually(lambda: "clicker" not in lab.part("code").input_value())


def test_the_authors_own_stops_and_their_words_stay_as_they_are(lab: Lab) -> None:
    lab.open("image=face&stops=3,3;4,4&notes=One%20%25;Two")
    open_share(lab)
    has_code(lab, "/embed?image=face&at=3,3&stops=3,3;4,4&notes=One %;Two")
    expect(lab.part("share-clicker")).to_be_visible()
    expect(lab.key("share-clicker")).to_have_count(0)
    lab.button("reveal.js").click()
    has_code(lab, 'stops=3,3;4,4&notes=One %;Two" data-stops="3,3;4,4"')


def has_code(lab: Lab, text: str) -> None:
    """Wait until the code to paste contains a text, whose signs are escaped there."""
    code = lab.part("code")
    lab.eventually(lambda: text in unquote(unescape(code.input_value())))


@pytest.mark.parametrize("link", ["stage=0", "image=digit-3&size=28&layers=model:lenet5&stage=14"])
def test_a_figure_without_a_moving_window_has_no_stops_but_its_story(lab: Lab, link: str) -> None:
    lab.open(link)
    open_share(lab)
    expect(lab.part("code")).to_have_value(re.compile(r"^<iframe"))
    assert "stops" not in lab.part("code").input_value()
    expect(lab.part("share-clicker")).to_be_hidden()
    expect(lab.key("share-clicker")).to_have_value("page")
    lab.key("share-clicker").select_option("story")
    has_code(lab, "clicker=story")


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_axe_finds_nothing_in_the_dialog(devices: Devices, scheme: str) -> None:
    lab = devices.lab(**DESKTOP, color_scheme=scheme).open("size=16")
    upload(lab)
    open_share(lab)
    assert faults(lab.page) == []


def test_the_dialog_fits_a_phone(devices: Devices) -> None:
    lab = devices.phone().open("size=16")
    upload(lab)
    dialog = open_share(lab)
    assert dialog.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0
    assert faults(lab.page) == []
