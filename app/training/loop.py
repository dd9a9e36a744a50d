"""The training loop: reproducible from its seed, with a film, progress reports and checkpoints."""

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
"""Held-out pictures for the loss and accuracy of a film frame."""

WHITENING_BATCHES = 4
"""Batches for the covariance of the whitening."""

ProgressReport = Callable[[int, int, float], None]
"""Called after every step with the step, the number of steps, and the loss."""


class Training:
    """One training run of a recipe. `step` is the number of finished steps, `film` has the frames so far."""

    def __init__(self, recipe: Recipe, data: Dataset) -> None:
        self.recipe = recipe
        self.steps = recipe.epochs * count_epoch_steps(recipe, len(data.train))
        self.step = 0
        self.film: list[FilmFrame] = []
        self.standardization = Standardization.measure(data.train)
        self._sampler = BatchSampler(data.train, recipe, self.standardization)
        self._picture_count = len(data.train)
        self.test_sample = data.test.take(slice(0, None, max(1, len(data.test) // FILM_PICTURES)))
        torch.manual_seed(recipe.seed)
        self.network = build_network(recipe, len(data.classes), batch_norm=recipe.batch_norm)
        self.network.to(memory_format=torch.channels_last)
        self._optimizer = _make_optimizer(recipe, self.network)
        self._whitening = (
            compute_whitening(
                self._load_first_batches(WHITENING_BATCHES), _get_filter_side(recipe), recipe.whitening_power
            )
            if recipe.whitening_power
            else None
        )
        self._film_steps = set(choose_film_steps(self.steps, recipe.film_frames))

    def run(self, report: ProgressReport, checkpoint: Path, until: int | None = None) -> None:
        """Train up to the step `until`, or to the end; a checkpoint is written after each pass over the data."""
        stop = self.steps if until is None else min(until, self.steps)
        epoch_steps = count_epoch_steps(self.recipe, self._picture_count)
        if self.step == 0:
            self._initialize_batch_norm()
            self._record_frame()
        while self.step < stop:
            loss = self._train_step()
            self.step += 1
            if self.step in self._film_steps:
                self._record_frame()
            if self.step % epoch_steps == 0 or self.step == stop:
                self.save(checkpoint)
            report(self.step, self.steps, loss)

    def _train_step(self) -> float:
        recipe, network = self.recipe, self.network
        network.train()
        for group in self._optimizer.param_groups:
            group["lr"] = compute_learning_rate(recipe, self.step, self.steps)
        indices = choose_batch(recipe, self.step, self._picture_count)
        x, labels = self._sampler.load_batch(indices, make_step_rng(recipe, self.step))
        x = x.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe.bfloat16):
            scores = network(x)
        loss = functional.cross_entropy(scores.float(), labels, label_smoothing=recipe.label_smoothing)
        self._optimizer.zero_grad()
        loss.backward()
        self._add_smoothness_gradient()
        self._whiten_gradient()
        self._optimizer.step()
        clamp_norm_gains(self.network)
        return float(loss.detach())

    def _add_smoothness_gradient(self) -> None:
        """Add the gradient of smoothness/2 · Σ (difference of neighboring weights of the first layer)²."""
        if not self.recipe.smoothness:
            return
        parameter = self.network.get_submodule(self.recipe.first).weight
        weight = parameter.detach().reshape(_get_template_shape(self.recipe, len(parameter)))
        slope = torch.zeros_like(weight)
        for dim in (2, 3):
            difference = weight.diff(dim=dim)
            slope.narrow(dim, 1, difference.shape[dim]).add_(difference)
            slope.narrow(dim, 0, difference.shape[dim]).sub_(difference)
        parameter.grad.add_(slope.reshape(parameter.shape), alpha=self.recipe.smoothness)

    def _whiten_gradient(self) -> None:
        """Multiply the gradient of the first layer by the whitening matrix."""
        if self._whitening is not None:
            gradient = self.network.get_submodule(self.recipe.first).weight.grad
            gradient.copy_((gradient.flatten(1) @ self._whitening).reshape(gradient.shape))

    def _load_first_batches(self, batches: int) -> torch.Tensor:
        """Load the pictures of the first batches."""
        steps = range(batches)
        samples = (
            self._sampler.load_batch(choose_batch(self.recipe, i, self._picture_count), make_step_rng(self.recipe, i))
            for i in steps
        )
        return torch.cat([pictures for pictures, _ in samples])

    def _initialize_batch_norm(self) -> None:
        """Measure mean and variance for the batch normalisation once, so that the first film frame is right."""
        norms = [m for m in self.network.modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d)]
        for norm in norms:
            norm.momentum = 1.0
        self.network.train()
        with torch.no_grad():
            self.network(self._load_first_batches(1))
        for norm in norms:
            norm.momentum = 0.1

    def _record_frame(self) -> None:
        loss, accuracy = evaluate(self.network, self.test_sample, self.standardization)
        weight, bias = fold_layer(self.network, self.recipe.first)
        shape = _get_template_shape(self.recipe, len(weight))
        self.film.append(FilmFrame(self.step, weight.reshape(shape), bias, loss, accuracy))

    def save(self, checkpoint: Path) -> None:
        """Write a checkpoint, atomically."""
        state = {
            "recipe": repr(self.recipe),
            "step": self.step,
            "network": self.network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "film": [
                (m.step, torch.from_numpy(m.weight), torch.from_numpy(m.bias), m.loss, m.accuracy) for m in self.film
            ],
        }
        new = checkpoint.with_name(checkpoint.name + ".new")
        torch.save(state, new)
        new.replace(checkpoint)

    def load(self, checkpoint: Path) -> None:
        """Restore a checkpoint. Raises ValueError where it is from another version of the recipe."""
        state: dict[str, Any] = torch.load(checkpoint, weights_only=True)
        if state["recipe"] != repr(self.recipe):
            raise ValueError(f"{checkpoint} was written by another version of this recipe; leave out --resume.")
        self.step = state["step"]
        self.network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.film = [
            FilmFrame(step, weight.numpy(), bias.numpy(), loss, accuracy)
            for step, weight, bias, loss, accuracy in state["film"]
        ]


def evaluate(
    network: nn.Sequential, pictures: LabelledPictures, standardization: Standardization, batch_size: int = 250
) -> tuple[float, float]:
    """Evaluate on whole pictures: return the mean cross-entropy in nats, and the accuracy."""
    network.eval()
    loss, correct = 0.0, 0
    with torch.no_grad():
        for start in range(0, len(pictures), batch_size):
            part = pictures.take(slice(start, start + batch_size))
            labels = torch.from_numpy(part.labels)
            scores = network(standardization.apply(torch.from_numpy(np.array(part.pixels))))
            loss += float(functional.cross_entropy(scores, labels, reduction="sum"))
            correct += int((scores.argmax(dim=1) == labels).sum())
    return loss / len(pictures), correct / len(pictures)


def _get_filter_side(recipe: Recipe) -> int:
    """Return the side of the first layer's filters; for a fully connected layer, of the whole window."""
    return next(layer.kernel_size for layer in recipe.layers if layer.name == recipe.first) or recipe.window


def _get_template_shape(recipe: Recipe, filters: int) -> tuple[int, int, int, int]:
    """Return the shape of the first layer's weights as filters, (K, C, h, w)."""
    return filters, recipe.preprocessing.channels, _get_filter_side(recipe), _get_filter_side(recipe)


def _make_optimizer(recipe: Recipe, network: nn.Sequential) -> torch.optim.SGD:
    first = network.get_submodule(recipe.first).weight
    others = [p for p in network.parameters() if p is not first]
    groups = [
        {"params": [first], "weight_decay": recipe.first_weight_decay},
        {"params": [p for p in others if p.dim() > 1], "weight_decay": recipe.weight_decay},
        {"params": [p for p in others if p.dim() == 1], "weight_decay": 0.0},
    ]
    return torch.optim.SGD(
        [group for group in groups if group["params"]], lr=recipe.learning_rate, momentum=0.9, nesterov=True
    )
