"""Tables and arrays: what csv, openpyxl, NumPy, safetensors and json read is what loops compute."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from safetensors.numpy import load

from app.export.export_writer import write_export
from app.export.numbers.step_tables import make_step_tables
from tests import oracle
from tests.export.exported import COLORS, FACE, GRID, choose, make_figure

PLANE = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
FILTER = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
LINKS = [
    GRID,
    FACE,
    COLORS,
    "image=face&layers=conv:box-blur,padding=1&at=0,0",
    "image=face&layers=conv:sobel-x,dilation=2&at=1,1",
    "image=face&layers=maxpool:2&at=1,1",
    "image=face&layers=avgpool:3,padding=1&at=0,0",
    "image=face&layers=conv:sobel-x~relu&stage=2&at=3,4",
    "image=(1,2,3)&layers=softmax&map=0&at=0,1",
    "image=digit-3&size=28&layers=model:lenet5&stage=13",
    "image=digit-3&size=28&layers=model:lenet5&stage=14",
]


def read_csv(link: str, values: str = "map") -> list[list[str]]:
    return list(csv.reader(io.StringIO(write_export(make_figure(link), choose("csv", values=values)).data.decode())))


def test_a_map_as_csv_is_what_loops_compute():
    (expected,) = oracle.conv2d([PLANE], [[FILTER]])
    assert [[float(text) for text in line] for line in read_csv(GRID)] == expected
    assert read_csv(GRID)[0] == ["4", "3", "4"]


def test_a_number_of_a_csv_file_is_exact():
    figure = make_figure("image=chelsea&layers=conv:box-blur")
    lines = read_csv("image=chelsea&layers=conv:box-blur")
    assert np.array_equal(np.array(lines, np.float32), figure.trace.stages[1].output[0])


def test_a_step_as_csv_has_its_tables_with_their_names():
    lines = read_csv(GRID, "step")
    assert lines[0] == ["input, channel 0"]
    assert [[float(text) for text in line] for line in lines[1:4]] == [row[1:4] for row in PLANE[:3]]
    assert lines[4] == ["filter, channel 0"]
    assert [[float(text) for text in line] for line in lines[5:8]] == FILTER
    assert lines[-3:] == [["sum", "3"], ["bias", "0"], ["result", "3"]]


def compute(book: Any, sheet: str, cell: str) -> float:
    """The value of a cell, with its formula computed anew."""
    value = book[sheet][cell.replace("$", "")].value
    if isinstance(value, str) and value.startswith("="):
        return float(eval(translate(book, sheet, value[1:])))
    return float(value or 0)


def translate(book: Any, sheet: str, formula: str) -> str:
    """The formula in Python, with numbers in place of cells."""

    def list_range(match: re.Match[str]) -> str:
        where, first, last = match[1] or sheet, match[2].replace("$", ""), match[3].replace("$", "")
        cells = [one for line in book[where][f"{first}:{last}"] for one in line if one.value is not None]
        cells = [one for one in cells if not isinstance(one.value, str) or one.value.startswith("=")]
        return "[" + ",".join(repr(compute(book, where, one.coordinate)) for one in cells) + "]"

    cell = r"\$?[A-Z]+\$?[0-9]+"
    text = re.sub(rf"(?:(\w+)!)?({cell}):({cell})", list_range, formula)
    text = re.sub(rf"(\w+)!({cell})", lambda match: repr(compute(book, match[1], match[2])), text)
    functions = {"SUM": "total", "MAX": "largest", "MIN": "least", "EXP": "math.exp", "SQRT": "math.sqrt"}
    for name, own in functions.items():
        text = text.replace(f"{name}(", f"{own}(")
    return text


def flatten(values: tuple[Any, ...]) -> list[float]:
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def total(*values: Any) -> float:
    return math.fsum(flatten(values))


def largest(*values: Any) -> float:
    return max(flatten(values))


def least(*values: Any) -> float:
    return min(flatten(values))


@pytest.mark.parametrize("link", LINKS)
def test_the_formula_of_a_workbook_computes_the_number_of_the_figure(link: str):
    figure = make_figure(link)
    data = write_export(figure, choose("xlsx")).data
    formulas, values = (openpyxl.load_workbook(io.BytesIO(data), data_only=only) for only in (False, True))
    row, column = make_step_tables(figure).place
    cell = formulas["Output"].cell(row + 2, column + 2)
    assert str(cell.value).startswith("="), link
    position = figure.position
    shown = float(position.stage.output[position.map, row, column])
    assert values["Output"].cell(row + 2, column + 2).value == pytest.approx(shown, rel=1e-6)
    assert compute(formulas, "Output", cell.coordinate) == pytest.approx(shown, rel=2e-5, abs=1e-6)


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("soffice"), reason="there is no LibreOffice")
@pytest.mark.parametrize("link", LINKS)
def test_libreoffice_computes_the_number_of_the_figure(link: str, tmp_path: Path):
    figure = make_figure(link)
    book = openpyxl.load_workbook(io.BytesIO(write_export(figure, choose("xlsx")).data))
    book.save(tmp_path / "step.xlsx")  # without the values that were written beside the formulas
    filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,4"
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        filter,
        "--outdir",
        str(tmp_path),
        str(tmp_path / "step.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    (file,) = tmp_path.glob("*.csv")
    lines = list(csv.reader(io.StringIO(file.read_text())))
    row, column = make_step_tables(figure).place
    position = figure.position
    shown = float(position.stage.output[position.map, row, column])
    assert float(lines[row + 1][column + 1]) == pytest.approx(shown, rel=2e-5, abs=1e-6)


def test_a_workbook_has_the_numbers_of_window_and_filter():
    book = openpyxl.load_workbook(io.BytesIO(write_export(make_figure(GRID), choose("xlsx")).data))
    assert [[one.value for one in line] for line in book["Input"]["B1:D3"]] == [row[1:4] for row in PLANE[:3]]
    assert [[one.value for one in line] for line in book["Filter"]["B1:D3"]] == FILTER
    assert book["Products"]["C2"].value == "=Input!C2*Filter!C2"


@pytest.mark.parametrize("link", [COLORS, "image=digit-3&size=28&layers=model:lenet5"])
def test_arrays_are_those_of_all_layers_to_the_bit(link: str):
    figure = make_figure(link)
    arrays = np.load(io.BytesIO(write_export(figure, choose("npz")).data))
    tensors = load(write_export(figure, choose("safetensors")).data)
    listed = json.loads(write_export(figure, choose("json")).data)
    for index, stage in enumerate(figure.trace.stages):
        for name in ("output", "weight", "bias"):
            own = getattr(stage, name)
            if own is None:
                assert f"{index}_{name}" not in arrays
                continue
            assert np.array_equal(arrays[f"{index}_{name}"], own)
            assert np.array_equal(tensors[f"{index}.{name}"], own)
        assert np.allclose(np.array(listed["stages"][index]["output"], np.float32), stage.output)
    assert json.loads(str(arrays["facts"]))["link"] == figure.address
