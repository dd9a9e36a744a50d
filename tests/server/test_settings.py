from __future__ import annotations

import sys
from pathlib import Path

import pytest
from annotated_types import Ge, Gt, Le
from pydantic import ValidationError

from app.core.limits import Limits
from app.settings import PREFIX, Settings, default_samples, default_store, format_errors

NUMBERS = sorted(name for name, field in Settings.model_fields.items() if field.annotation in (int, float))


def bound(name: str, *kinds: type) -> float | None:
    found = [fact for fact in Settings.model_fields[name].metadata if isinstance(fact, kinds)]
    return next((getattr(fact, type(fact).__name__.lower()) for fact in found), None)


def test_the_settings_of_the_documentation_are_the_defaults():
    said = Settings()
    assert (said.host, said.port, said.workers) == ("127.0.0.1", 8000, 1)
    assert (said.upload_bytes, said.upload_megapixels, said.upload_side) == (20_000_000, 50, 16_384)
    assert (said.upload_scans, said.decode_seconds, said.working_side) == (64, 10, 1024)
    assert (said.store_seconds, said.store_protect_seconds) == (24 * 3600, 2 * 3600)
    assert (said.trace_bytes, said.wire_float_bytes) == (64_000_000, 4_000_000)


def test_the_core_gets_its_limits_and_its_own_defaults_are_the_same():
    assert Settings().limits() == Limits()


def test_a_changed_limit_reaches_the_core(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(f"{PREFIX}SIDE", "64")
    monkeypatch.setenv(f"{PREFIX}LINK_CHARACTERS", "900")
    limits = Settings().limits()
    assert (limits.side, limits.link_characters) == (64, 900)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_has_a_description(name: str):
    said = Settings.model_fields[name].description
    assert said
    assert said.endswith(".")


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_has_a_range_and_both_ends_of_it_hold(name: str, monkeypatch: pytest.MonkeyPatch):
    least, above, most = bound(name, Ge), bound(name, Gt), bound(name, Le)
    assert most is not None
    assert least is not None or above is not None
    accepted, refused = [most], [most + 1]
    if least is not None:
        accepted.append(least)
        refused.append(least - 1)
    else:
        refused.append(above)
    for value in accepted:
        monkeypatch.setenv(PREFIX + name.upper(), str(value))
        assert getattr(Settings(), name) == value
    for value in [*refused, "many", "nan", ""]:
        monkeypatch.setenv(PREFIX + name.upper(), str(value))
        with pytest.raises(ValidationError):
            Settings()


def test_an_invalid_setting_is_reported_with_its_name_its_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv(f"{PREFIX}PORT", "70000")
    with pytest.raises(ValidationError) as refusal:
        Settings()
    assert format_errors(refusal.value) == ["CONVOSCOPE_PORT=70000: Input should be less than or equal to 65535."]


def test_settings_cannot_be_changed_after_the_start():
    with pytest.raises(ValidationError):
        Settings().side = 4096  # type: ignore[misc]


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")
def test_uploads_are_in_the_users_cache_folder_and_added_samples_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_store() == tmp_path / ".cache/convoscope/uploads"
    assert default_samples() == tmp_path / ".local/share/convoscope/samples"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    assert default_store() == tmp_path / "elsewhere/convoscope/uploads"


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")
def test_a_user_without_a_home_stores_in_the_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    assert default_store() == tmp_path / "convoscope/uploads"
