"""The loop: step after step from a fixed seed, with a film, a bar, and a checkpoint to go on from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .data.batches import BatchSampler, Standardization
from .data.labelled_pictures import Dataset, LabelledPictures
from .data.whitening import compute_whitening
from .film_recorder import FilmFrame
from .recipe import Recipe
from .schedule import choose_batch, choose_film_steps, compute_learning_rate, count_epoch_steps, make_step_rng
from .torch_network import build_network, clamp_norm_gains, fold_layer

FILM_PICTURES = 2000
"""Held-out pictures that loss and accuracy of the film are measured on."""

WHITENING_BATCHES = 4
"""Batches from which it is measured how much pictures vary."""

ProgressReport = Callable[[int, int, float], None]
"""Called after every step with the step, their number, and the loss."""


class Training:
    """One run of a recipe over its data. `step` counts the steps done, `film` holds the moments so far."""

    def __init__(self, recipe: Recipe, data: Dataset) -> None:
        self.recipe = recipe
        self.steps = recipe.epochs * count_epoch_steps(recipe, len(data.train))
        self.step = 0
        self.film: list[FilmFrame] = []
        self.scale = Standardization.of(data.train)
        self._cutter = BatchSampler(data.train, recipe, self.scale)
        self._pictures = len(data.train)
        self.sample = data.test.take(slice(0, None, max(1, len(data.test) // FILM_PICTURES)))
        torch.manual_seed(recipe.seed)
        self.network = build_network(recipe, len(data.classes), normalised=recipe.normalised)
        self.network.to(memory_format=torch.channels_last)
        self._optimizer = _make_optimizer(recipe, self.network)
        self._evening = (
            compute_whitening(self._some(WHITENING_BATCHES), _get_filter_side(recipe), recipe.even)
            if recipe.even
            else None
        )
        self._moments = set(choose_film_steps(self.steps, recipe.moments))

    def run(self, report: ProgressReport, checkpoint: Path, until: int | None = None) -> None:
        """Train up to the step `until`, or to the end; a checkpoint is written after each pass over the data."""
        stop = self.steps if until is None else min(until, self.steps)
        every = count_epoch_steps(self.recipe, self._pictures)
        if self.step == 0:
            self._settle()
            self._take_moment()
        while self.step < stop:
            loss = self._one_step()
            self.step += 1
            if self.step in self._moments:
                self._take_moment()
            if self.step % every == 0 or self.step == stop:
                self.save(checkpoint)
            report(self.step, self.steps, loss)

    def _one_step(self) -> float:
        recipe, network = self.recipe, self.network
        network.train()
        for group in self._optimizer.param_groups:
            group["lr"] = compute_learning_rate(recipe, self.step, self.steps)
        which = choose_batch(recipe, self.step, self._pictures)
        x, labels = self._cutter.batch(which, make_step_rng(recipe, self.step))
        x = x.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe.bfloat16):
            scores = network(x)
        loss = functional.cross_entropy(scores.float(), labels, label_smoothing=recipe.label_smoothing)
        self._optimizer.zero_grad()
        loss.backward()
        self._smooth()
        self._even_out()
        self._optimizer.step()
        clamp_norm_gains(self.network)
        return float(loss.detach())

    def _smooth(self) -> None:
        """Add the gradient of smooth/2 · Σ (difference of neighbouring weights of the first layer)²."""
        if not self.recipe.smooth:
            return
        parameter = self.network.get_submodule(self.recipe.first).weight
        weight = parameter.detach().reshape(_get_template_shape(self.recipe, len(parameter)))
        slope = torch.zeros_like(weight)
        for dim in (2, 3):
            difference = weight.diff(dim=dim)
            slope.narrow(dim, 1, difference.shape[dim]).add_(difference)
            slope.narrow(dim, 0, difference.shape[dim]).sub_(difference)
        parameter.grad.add_(slope.reshape(parameter.shape), alpha=self.recipe.smooth)

    def _even_out(self) -> None:
        """Divide the first layer's gradient by a power of how much the pictures vary along it."""
        if self._evening is not None:
            gradient = self.network.get_submodule(self.recipe.first).weight.grad
            gradient.copy_((gradient.flatten(1) @ self._evening).reshape(gradient.shape))

    def _some(self, batches: int) -> torch.Tensor:
        """What the network is going to see first."""
        numbers = range(batches)
        cut = (
            self._cutter.batch(choose_batch(self.recipe, i, self._pictures), make_step_rng(self.recipe, i))
            for i in numbers
        )
        return torch.cat([pictures for pictures, _ in cut])

    def _settle(self) -> None:
        """Measure mean and deviation for the normalisation once, so that the film is right from its first moment."""
        norms = [m for m in self.network.modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d)]
        for norm in norms:
            norm.momentum = 1.0
        self.network.train()
        with torch.no_grad():
            self.network(self._some(1))
        for norm in norms:
            norm.momentum = 0.1

    def _take_moment(self) -> None:
        loss, accuracy = evaluate(self.network, self.sample, self.scale)
        weight, bias = fold_layer(self.network, self.recipe.first)
        shape = _get_template_shape(self.recipe, len(weight))
        self.film.append(FilmFrame(self.step, weight.reshape(shape), bias, loss, accuracy))

    def save(self, checkpoint: Path) -> None:
        """Write all that the rest of the run depends on; a half-written file never takes a whole one's place."""
        held = {
            "recipe": repr(self.recipe),
            "step": self.step,
            "network": self.network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "film": [
                (m.step, torch.from_numpy(m.weight), torch.from_numpy(m.bias), m.loss, m.accuracy) for m in self.film
            ],
        }
        new = checkpoint.with_name(checkpoint.name + ".new")
        torch.save(held, new)
        new.replace(checkpoint)

    def load(self, checkpoint: Path) -> None:
        """Go on where `save` was called. Raises ValueError where another recipe was at work."""
        held: dict[str, Any] = torch.load(checkpoint, weights_only=True)
        if held["recipe"] != repr(self.recipe):
            raise ValueError(f"{checkpoint} was written by another version of this recipe; leave out --resume.")
        self.step = held["step"]
        self.network.load_state_dict(held["network"])
        self._optimizer.load_state_dict(held["optimizer"])
        self.film = [
            FilmFrame(step, weight.numpy(), bias.numpy(), loss, accuracy)
            for step, weight, bias, loss, accuracy in held["film"]
        ]


def evaluate(
    network: nn.Sequential, pictures: LabelledPictures, scale: Standardization, batch: int = 250
) -> tuple[float, float]:
    """Loss and accuracy on whole pictures: the mean cross-entropy in nats, the share of right answers."""
    network.eval()
    loss, right = 0.0, 0
    with torch.no_grad():
        for start in range(0, len(pictures), batch):
            part = pictures.take(slice(start, start + batch))
            labels = torch.from_numpy(part.labels)
            scores = network(scale.apply(torch.from_numpy(np.array(part.pixels))))
            loss += float(functional.cross_entropy(scores, labels, reduction="sum"))
            right += int((scores.argmax(dim=1) == labels).sum())
    return loss / len(pictures), right / len(pictures)


def _get_filter_side(recipe: Recipe) -> int:
    """Of the first layer's filters; a fully connected one sees the whole window."""
    return next(layer.kernel_size for layer in recipe.layers if layer.name == recipe.first) or recipe.window


def _get_template_shape(recipe: Recipe, filters: int) -> tuple[int, int, int, int]:
    """The first layer's weights as pictures (K, C, h, w)."""
    return filters, recipe.prepare.channels, _get_filter_side(recipe), _get_filter_side(recipe)


def _make_optimizer(recipe: Recipe, network: nn.Sequential) -> torch.optim.SGD:
    first = network.get_submodule(recipe.first).weight
    others = [p for p in network.parameters() if p is not first]
    groups = [
        {"params": [first], "weight_decay": recipe.first_decay},
        {"params": [p for p in others if p.dim() > 1], "weight_decay": recipe.decay},
        {"params": [p for p in others if p.dim() == 1], "weight_decay": 0.0},
    ]
    return torch.optim.SGD([group for group in groups if group["params"]], lr=recipe.rate, momentum=0.9, nesterov=True)
