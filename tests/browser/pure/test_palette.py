"""Colors of values: scales, their ends, digits that can be read on them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.browser.pure_page import Run

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "colors.json").read_text(encoding="utf-8"))


def test_each_value_has_the_golden_bytes(run: Run):
    wrong = run(
        """const scales = {signed: (_, ...rest) => P.signedScale(...rest),
          positive: (_, ...rest) => P.positiveScale(...rest), neutral: (_, ...rest) => P.neutralScale(...rest),
          gray: P.grayScale};
        return given.flatMap((one) => [false, true].map((isDark) => ({...one, isDark})))
          .filter(({kind, low, high, values, colors, dark, isDark}) => {
            const scale = scales[kind](low, high, isDark);
            const bytes = [...scale.rgba(Float32Array.from(values))].filter((_, i) => i % 4 < 3);
            return scale.lo !== low || scale.hi !== high || String(bytes) !== String((isDark ? dark : colors).flat());
          }).map(({kind, high, isDark}) => `${kind} to ${high} ${isDark}`);""",
        GOLDEN["colors"],
    )
    assert wrong == []


def test_each_map_has_the_golden_scale(run: Run):
    wrong = run(
        """return given.flatMap(({stage, answers}) => answers.filter(([map, colors, scope, expected]) => {
          const {kind, lo, hi} = P.mapColors(stage, map, colors, scope);
          return String([kind, lo, hi]) !== String(expected);
        }).map((answer) => [stage.name, answer]));""",
        GOLDEN["scales"],
    )
    assert wrong == []


def test_zero_is_near_white_and_both_ends_are_equally_far(run: Run):
    said = run(
        """const {color, legend} = P.signedScale(510);
        return {colors: [-510, 0, 510, -9999, 9999].map((value) => P.cssColor(color(value))), legend};"""
    )
    assert said["colors"] == ["#2166ac", "#f7f7f7", "#b2182b", "#2166ac", "#b2182b"]
    assert [(stop["at"], stop["value"]) for stop in said["legend"]] == [(0, -510), (0.5, 0), (1, 510)]


def test_in_a_dark_page_zero_is_dark_and_both_ends_are_light(run: Run):
    said = run("return [-510, 0, 510].map((value) => P.cssColor(P.signedScale(510, true).color(value)));")
    assert said == ["#5aa9f5", "#2a2f34", "#f2716b"]


def test_a_color_in_css_follows_the_theme_and_gray_is_the_same_in_both(run: Run):
    said = run(
        """return [P.signedScale(1).fill(-1), P.signedScale(1).ink(0), P.grayScale(0, 255).fill(255),
          P.grayScale(0, 255).ink(255)];"""
    )
    assert said == ["light-dark(#2166ac, #5aa9f5)", "light-dark(#000000, #FFFFFF)", "#ffffff", "#000000"]


def test_a_filter_without_a_weight_below_0_has_shades_of_gray(run: Run):
    said = run(
        """const stage = {shape: [3, 1, 1], weight: Float32Array.of(1, 1, 0, 2, -1, 1)};
        return [0, 1, 2].map((map) => P.weightColors(stage, map)).map(({kind, lo, hi}) => [kind, lo, hi]);"""
    )
    assert said == [["neutral", 0, 1], ["neutral", 0, 2], ["signed", -1, 1]]


def test_what_lies_beyond_the_scale_is_marked_and_counted(run: Run):
    said = run(
        """const {marks, below, above} = P.grayScale(0, 255).beyond(Float32Array.of(-3, 0, 255, 255.00001, 300, 12));
        return [[...marks], below, above];"""
    )
    assert said == [[1, 0, 0, 0, 2, 0], 1, 1]


def test_a_map_in_bytes_has_the_color_of_each_value(run: Run):
    wrong = run(
        """const scale = P.signedScale(7), values = Float32Array.from({length: 4096}, (_, i) => (i - 2048) / 250);
        const pixels = scale.rgba(values);
        const drawn = (i) => String([...pixels.slice(4 * i, 4 * i + 4)]);
        return [...values].filter((value, i) => drawn(i) !== String([...scale.color(value), 255])).length;"""
    )
    assert wrong == 0


def test_digits_can_be_read_on_every_color(run: Run):
    least = run(
        """let least = 99;
        const scales = [P.grayScale(-1, 1)];
        for (const isDark of [false, true])
          for (const make of [P.signedScale, P.positiveScale, P.neutralScale]) scales.push(make(1, isDark));
        for (const scale of scales) for (let i = -256; i <= 256; i++) {
          const color = scale.color(i / 256), ink = P.textColorOn(color);
          const rgb = [1, 3, 5].map((at) => parseInt(ink.slice(at, at + 2), 16));
          least = Math.min(least, P.contrast(rgb, color));
        }
        return least;"""
    )
    assert least >= 4.5


def test_the_scale_comes_from_the_map_or_from_the_layer_and_photos_keep_the_pictures_own(run: Run):
    said = run(
        """const stage = {shape: [2, 3, 3], colors: "signed", ranges: [[-3, 2], [0, 10]], scale: null};
        const photo = {...stage, colors: "gray", scale: [0, 1]};
        const ends = ({kind, lo, hi}) => [kind, lo, hi];
        return [P.mapColors(stage, 0, "auto", "map"), P.mapColors(stage, 0, "auto", "layer"),
          P.mapColors(stage, 0, "photo", "map", [0, 9]), P.mapColors(photo, 0, "auto", "map"),
          P.mapColors(photo, 1, "signed", "map")].map(ends);"""
    )
    assert said == [["signed", -3, 3], ["signed", -10, 10], ["gray", 0, 9], ["gray", 0, 1], ["signed", -10, 10]]


def test_a_map_of_zeros_still_has_a_scale(run: Run):
    assert run("const {lo, hi, color} = P.signedScale(0); return [lo, hi, P.cssColor(color(0))];") == [-1, 1, "#f7f7f7"]


def test_a_preview_has_nearly_the_colors_of_its_numbers(run: Run):
    said = run(
        """const stage = {shape: [1, 1, 3], output: null, bytes: Uint8Array.of(0, 128, 255), preview: [-10, 20 / 255]};
        return [...P.mapValues(stage, 0)];"""
    )
    assert said == pytest.approx([-10, 0, 10], abs=0.05)
