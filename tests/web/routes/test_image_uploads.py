from __future__ import annotations

import io
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image

from app.images.store.store import StoreFull
from tests import picture_files
from tests.web_client import page_data, running


def png_of(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


COLORS = np.random.default_rng(5).integers(0, 256, (12, 16, 3), np.uint8)
PHOTO = png_of(COLORS)
LARGER = png_of(np.random.default_rng(6).integers(0, 256, (40, 40, 3), np.uint8))
FORM = "multipart/form-data; boundary=x"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site")) as client:
        yield client


def bring(site, data=PHOTO, field="file", **headers):
    files = {field: ("IMG_1234.png", data, "image/png")}
    headers = {name.replace("_", "-"): text for name, text in headers.items()}
    return site.ask("POST", "/api/images", files=files, headers=headers)


@pytest.fixture
def brought(site):
    return bring(site).json()


def test_a_picture_is_stored_and_described(site):
    answer = bring(site)
    assert answer.status_code == 201
    told = answer.json()
    assert told["image"].startswith("u-")
    assert (told["height"], told["width"]) == (12, 16)
    assert isinstance(told["notes"], list)
    assert datetime.fromisoformat(told["expires"]) > datetime.now(UTC)
    assert len(told["delete_token"]) >= 20
    assert answer.headers["location"] == f"/api/images/{told['image']}.png"


def test_a_picture_comes_back_with_the_stored_pixels(site, brought):
    answer = site.get(f"/api/images/{brought['image']}.png")
    assert np.array_equal(np.array(Image.open(io.BytesIO(answer.content))), COLORS)
    assert answer.headers["cache-control"].startswith("private")


def test_a_picture_can_be_filtered_and_its_responses_are_private(site, brought):
    trace = site.get(f"/api/trace?image={brought['image']}&size=8&layers=relu")
    assert trace.status_code == 200
    assert trace.headers["cache-control"] == "private, no-cache"
    assert site.get(f"/?image={brought['image']}&size=8").headers["cache-control"] == "private, no-cache"


def test_the_response_says_whether_the_picture_has_colors(site):
    """A gray picture that was stored in color has none, a photo has; a dead pixel of a gray one decides nothing."""
    gray = np.repeat(np.random.default_rng(5).integers(0, 256, (40, 50, 1), np.uint8), 3, axis=2)
    noisy, speck, half = gray.astype(np.int16) + np.array((2, 0, -3)), gray.copy(), gray.copy()
    speck[7, 9] = [255, 0, 0]
    half[:, :25, 0] //= 2
    for pixels, colored in ((gray, False), (np.clip(noisy, 0, 255), False), (speck, False), (half, True)):
        data = io.BytesIO()
        Image.fromarray(pixels.astype(np.uint8)).save(data, "PNG")
        assert bring(site, data.getvalue()).json()["colored"] is colored


X_RAY = picture_files.png(100 + np.arange(300).reshape(15, 20) * 10, 16, picture_files.GRAY)


def test_what_was_done_to_a_picture_comes_with_every_figure_of_it(site):
    told = bring(site, X_RAY).json()
    assert told["notes"] == ["reduced from 16 to 8 bits", "only 12 of 16 bits are used"]
    assert told["dark"] is True
    scene = site.get(f"/api/trace?image={told['image']}&size=8&layers=relu&format=json").json()
    assert scene["stages"][0]["image"]["notes"] == told["notes"]


def test_a_dark_picture_is_stretched_on_demand(site):
    files = {"file": ("x", X_RAY, "image/png")}
    told = site.ask("POST", "/api/images?stretch=1", files=files).json()
    assert told["dark"] is False
    assert "stretched: 100 became black and 3090 white" in told["notes"]
    kept = np.array(Image.open(io.BytesIO(site.get(f"/api/images/{told['image']}.png").content)).convert("L"))
    assert np.array_equal(kept, np.round(np.arange(300).reshape(15, 20) / 299 * 255))


def test_a_picture_takes_no_other_parameters(site):
    files = {"file": ("x", PHOTO, "image/png")}
    for key in ("stretch=yes", "stretch=", "width=3"):
        answer = site.ask("POST", f"/api/images?{key}", files=files)
        assert answer.status_code == 422
        assert answer.json()["detail"].endswith(".")


def test_a_picture_can_be_deleted_only_with_its_token(site, brought):
    address = f"/api/images/{brought['image']}"
    assert site.ask("DELETE", address).status_code == 403
    assert site.ask("DELETE", address, headers={"x-delete-token": "wrong"}).status_code == 403
    assert site.get(f"{address}.png").status_code == 200
    assert site.ask("DELETE", address, headers={"x-delete-token": brought["delete_token"]}).status_code == 204
    assert site.get(f"{address}.png").status_code == 410
    assert site.ask("DELETE", address, headers={"x-delete-token": brought["delete_token"]}).status_code == 410


def test_the_token_can_be_sent_in_the_address(site, brought):
    address = f"/api/images/{brought['image']}?token={brought['delete_token']}"
    assert site.ask("DELETE", address).status_code == 204


def test_a_deleted_picture_is_gone_from_the_api_at_once_even_if_its_trace_was_ready(site, brought):
    query = f"image={brought['image']}&size=8&layers=relu"
    first = site.get(f"/api/trace?{query}")
    assert first.status_code == 200
    site.ask("DELETE", f"/api/images/{brought['image']}", headers={"x-delete-token": brought["delete_token"]})
    for again in (
        site.get(f"/api/trace?{query}"),
        site.get(f"/api/trace?{query}", If_None_Match=first.headers["etag"]),
    ):
        assert again.status_code == 410
        assert again.headers["content-type"] == "application/problem+json"
        assert "Drop the photo here again" in again.json()["detail"]


def test_a_page_whose_picture_is_gone_keeps_its_layers_and_says_what_to_do(site):
    answer = site.get("/?image=u-aaaaaaaaaaaaaaaaaaaa&size=8&layers=conv:box-blur~relu")
    assert answer.status_code == 200
    data = page_data(answer.text)
    assert data["gone"] is True
    assert [layer["op"] for layer in data["scene"]["layers"]] == ["conv", "relu"]
    assert "Drop the photo here again" in answer.text


def test_a_picture_uploaded_again_after_it_was_gone_is_shown_again(site, brought):
    etag = site.get(f"/?image={brought['image']}").headers["etag"]
    site.ask("DELETE", f"/api/images/{brought['image']}", headers={"x-delete-token": brought["delete_token"]})
    gone = site.get(f"/?image={brought['image']}", If_None_Match=etag)
    assert gone.status_code == 200
    assert page_data(gone.text)["gone"] is True


@pytest.mark.parametrize("id", ["u-aaaaaaaaaaaaaaaaaaaa", "u-", "nothing", "..%2f..%2fetc%2fpasswd", "%00"])
def test_a_picture_that_never_was_is_gone_too(site, id):
    assert site.get(f"/api/images/{id}.png").status_code in (404, 410)
    assert site.ask("DELETE", f"/api/images/{id}").status_code in (404, 410)


# --- who may send ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "origin": "http://lab.example:8000"},
        {"origin": "https://evil.example"},
        {"origin": "http://lab.example"},
        {"origin": "http://lab.example:8000.evil.example"},
        {"origin": "null"},
    ],
)
def test_no_other_site_can_make_a_browser_upload_or_delete_here(site, brought, headers):
    answer = bring(site, **headers)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert "access-control-allow-origin" not in answer.headers
    plain = {name.replace("_", "-"): text for name, text in headers.items()}
    address = f"/api/images/{brought['image']}?token={brought['delete_token']}"
    assert site.ask("DELETE", address, headers=plain).status_code == 403
    assert site.ask("POST", "/api/trace", json={}, headers=plain).status_code == 403
    assert site.get(f"/api/images/{brought['image']}.png").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "same-origin", "origin": "http://lab.example:8000"},
        {"origin": "http://lab.example:8000"},
        {"origin": "HTTP://LAB.EXAMPLE:8000"},
        {"origin": "https://school.example", "host": "school.example"},
        {"origin": "https://school.example", "host": "school.example:443"},
        {"origin": "http://[::1]:8000", "host": "[::1]:8000"},
        {"origin": "http://[::1]", "host": "[::1]"},
    ],
)
def test_the_sites_own_pages_and_programs_may_upload(site, headers):
    assert bring(site, **headers).status_code == 201


# --- what may be sent -----------------------------------------------------------------------------------------


def test_a_file_that_is_not_a_picture_is_rejected_with_the_allowed_formats(site):
    answer = bring(site, b"GIF87a but not really")
    assert 400 <= answer.status_code < 500
    answer = bring(site, b"hello")
    assert answer.status_code == 415
    assert "PNG" in answer.json()["detail"] + answer.json()["allowed"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "application/json"),
        (b"", "multipart/form-data"),
        (b"", FORM),
        (b"--x", FORM),
        (b"--y\r\n\r\n--y--", FORM),
        (b'--x\r\ncontent-disposition: form-data; name="file"\r\n\r\ntext\r\n--x--\r\n', FORM),
        (b"--x\r\n\r\ntext\r\n--x--\r\n", FORM),
        (b"file=1", "application/x-www-form-urlencoded"),
        (b"\xff" * 100, "multipart/form-data; boundary=\xff".encode("latin-1")),
    ],
)
def test_a_body_that_is_not_a_form_with_a_file_is_rejected(site, content, kind):
    answer = site.ask("POST", "/api/images", content=content, headers={"content-type": kind})
    assert answer.status_code == 422
    assert answer.json()["field"] == "file"


def test_several_files_and_other_fields_are_rejected(site):
    two = [("file", ("a.png", PHOTO)), ("file", ("b.png", PHOTO))]
    assert site.ask("POST", "/api/images", files=two).status_code == 422
    assert bring(site, field="picture").status_code == 422
    assert site.ask("POST", "/api/images?size=8", files={"file": PHOTO}).status_code == 422


def test_a_file_of_the_largest_size_is_read_and_one_more_byte_is_too_large(tmp_path):
    with running(tmp_path, upload_bytes=len(LARGER)) as site:
        assert bring(site, LARGER).status_code == 201
        answer = bring(site, LARGER + b"\0")
        assert answer.status_code == 413
        assert "MB" in answer.json()["detail"]


def test_an_endless_body_is_rejected_while_it_arrives(tmp_path):
    with running(tmp_path, upload_bytes=10_000) as site:
        sent = []

        async def endless():
            yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n'
            for _ in range(100_000):
                sent.append(1)
                yield b"\0" * 1000

        kind = {"content-type": "multipart/form-data; boundary=x"}
        answer = site.ask("POST", "/api/images", content=endless(), headers=kind)
        assert answer.status_code == 413
        assert len(sent) < 100
        said = {**kind, "content-length": "999999999999"}
        assert site.ask("POST", "/api/images", content=b"", headers=said).status_code == 413


def test_a_full_store_says_when_to_try_again(site, monkeypatch):
    def full(*_):
        raise StoreFull(1234)

    monkeypatch.setattr("app.images.store.store.Store.put", full)
    answer = bring(site)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1234"
    assert answer.json()["detail"].endswith(".")


def test_a_server_without_a_writable_folder_still_shows_figures(tmp_path):
    (tmp_path / "uploads").write_text("a file where the folder should be")
    with running(tmp_path) as site:
        assert bring(site).status_code == 503
        assert site.get("/").status_code == 200


def test_uploads_are_counted_by_status(tmp_path):
    with running(tmp_path) as site:
        bring(site)
        bring(site, b"no picture")
        text = site.get("/metrics").text
        assert 'convoscope_uploads_total{status="201"} 1.0' in text
        assert 'convoscope_uploads_total{status="415"} 1.0' in text


def test_a_whole_class_behind_one_address_can_upload(site):
    assert {bring(site).status_code for _ in range(40)} == {201}


def test_a_deleted_picture_is_removed_from_memory_too(site):
    told = bring(site).json()
    for address in (f"/?image={told['image']}&size=8", f"/api/trace?image={told['image']}&size=8"):
        assert site.get(address).status_code == 200
    site.ask("DELETE", f"/api/images/{told['image']}", headers={"X-Delete-Token": told["delete_token"]})
    kept = site.app.state.app_state
    remembered = [kept.answers._values, kept.replies._values, kept.lab._inputs.crop_upload._kept]
    assert not [key for values in remembered for key in values if told["image"] in str(key)]
