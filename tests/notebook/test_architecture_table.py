"""`architecture` in a notebook: its rows, its totals, how it is shown, what it refuses."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import app


def test_a_known_network_has_rows_and_totals():
    found = app.architecture("resnet-50")
    assert len(found) == len(found.rows) == 177
    assert found.totals.parameters == sum(row.parameters for row in found) == 25_557_032
    assert (found[0].shape, found[1].shape) == ((3, 224, 224), (64, 112, 112))
    assert found.to_dict()["totals"]["folded_parameters"] == found.totals.folded == 25_530_472
    assert len(found.layers.split("~")) == 176


@pytest.mark.parametrize("given", [(3, 32, 24), [3, 32, 24], "3x32x24", "32x24", (32, 24)])
def test_the_input_can_be_numbers_or_a_text(given):
    assert app.architecture("conv:8@3x3", given)[0].shape == (3, 32, 24)
    assert app.architecture("conv:8@3x3", 32)[0].shape == (3, 32, 32)


@pytest.mark.parametrize("given", [(), (1, 2, 3, 4), (2.5, 3), ("a",), True, (0, 4), -1, "x", 1.5, None])
def test_an_input_that_is_no_shape_raises_a_sentence(given):
    with pytest.raises(ValueError, match=r"^input is .*; it can be "):
        app.architecture("relu", given)


@pytest.mark.parametrize("given", [None, 5, ["relu"]])
def test_a_network_that_is_no_text_raises_a_sentence(given):
    with pytest.raises(ValueError, match=r"^net is .*; it can be the name of a network, or layers, as a text\.$"):
        app.architecture(given)


def test_a_network_that_does_not_exist_or_fit_raises_a_sentence():
    with pytest.raises(ValueError, match="There is no network called resnet-5 here"):
        app.architecture("resnet-5")
    with pytest.raises(ValueError, match=r"The \[ at character 1 of the pattern is never closed\."):
        app.architecture("[relu")
    with pytest.raises(ValueError, match=r"Max pool \(layer 1\): The window spans 9 rows"):
        app.architecture("maxpool:9", 8)


def test_it_is_a_table_of_text_and_of_html():
    found = app.architecture("vgg-16")
    lines = repr(found).splitlines()
    assert lines[0].startswith("VGG-16: configuration D (Simonyan, Zisserman")
    assert "138,357,544 parameters" in lines[1]
    assert "15,237,608 activations = 61.0 MB for training" in lines[2]
    assert len(lines) == 4 + len(found)
    html = found._repr_html_()
    assert html.count("<tr>") == 1 + len(found)
    assert "<td>conv:64@3x3,padding=1</td>" in html
    assert "<td>512 × 7 × 7</td>" in html


def test_a_small_network_is_measured_in_kilobytes():
    assert "9,118 activations = 36.5 kB for training" in repr(app.architecture("lenet-5"))


def test_what_a_user_wrote_is_escaped_in_html():
    assert "<b>" not in app.architecture("conv:(1,0,-1)~relu", "1x9x9")._repr_html_()
    with pytest.raises(ValueError, match="<b>"):
        app.architecture("<b>relu</b>")


def test_it_can_be_saved_as_csv(tmp_path: Path):
    found = app.architecture("lenet-5")
    file = found.save(tmp_path / "lenet.csv")
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode(), newline="")))
    assert rows[-1]["parameters"] == "61706"
    assert [row["layer"] for row in rows[1:-1]] == found.layers.split("~")


def test_a_trained_network_can_be_priced():
    assert app.architecture("model:lenet5", "1x28x28").totals.parameters == 61_706
