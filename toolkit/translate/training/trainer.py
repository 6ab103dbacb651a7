"""Train on a stream of chunks, resumable at any checkpoint."""

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import functional

from toolkit.translate.training.data import Example
from toolkit.translate.training.model import BOS, EOS, PAD, Shape, Transformer

Pair = tuple[list[int], list[int]]
_SLICE = 256


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train.

    The learning rate warms up over ``warm_steps``, stays, and from ``cooldown`` target tokens
    before ``tokens`` falls to nothing by a half cosine, so that a run can be prolonged from any
    checkpoint written before its cooldown. ``batch_tokens`` counts padded target tokens.
    """

    tokens: int
    cooldown: int
    rate: float = 1.6e-3
    warm_steps: int = 300
    batch_tokens: int = 900
    longest: int = 110
    smoothing: float = 0.1
    threads: int = 1
    save_steps: int = 200


def encoded(
    examples: Sequence[Example], encode: Callable[[list[str]], list[list[int]]], longest: int
) -> list[Pair]:
    """Return source and target ids, their ends marked; the longest are left out."""
    sources = encode([f"<2{item.target_lang}> {item.source}" for item in examples])
    targets = encode([item.target for item in examples])
    return [
        ([*source, EOS], [*target, EOS])
        for source, target in zip(sources, targets, strict=True)
        if len(source) < longest and len(target) < longest
    ]


def batches(pairs: list[Pair], batch_tokens: int, seed: int) -> Iterator[list[Pair]]:
    """Yield batches of pairs alike in length, in random order."""
    chance = random.Random(seed)
    ordered = sorted(pairs, key=lambda p: (max(len(p[0]), len(p[1])), chance.random()))
    made: list[list[Pair]] = []
    batch: list[Pair] = []
    for pair in ordered:
        length = max(len(pair[0]), len(pair[1]))
        if batch and length * (len(batch) + 1) > batch_tokens:
            made.append(batch)
            batch = []
        batch.append(pair)
    if batch:
        made.append(batch)
    chance.shuffle(made)
    yield from made


def padded(rows: Sequence[list[int]]) -> torch.Tensor:
    """Return ids as a rectangle, short rows filled with padding."""
    width = max(map(len, rows))
    return torch.tensor([row + [PAD] * (width - len(row)) for row in rows])


def rate(plan: Plan, step: int, tokens: int) -> float:
    """Return the learning rate after ``tokens`` target tokens, at ``step``."""
    warm = min(1.0, (step + 1) / plan.warm_steps)
    left = plan.tokens - tokens
    if left >= plan.cooldown:
        return plan.rate * warm
    done = 1 - max(left, 0) / plan.cooldown
    return plan.rate * warm * (0.5 * (1 + math.cos(math.pi * done)) * 0.98 + 0.02)


def train(
    chunks: Callable[[int, float], list[Example]],
    encode: Callable[[list[str]], list[list[int]]],
    shape: Shape,
    plan: Plan,
    folder: Path,
    log: Callable[[str], None] = print,
) -> Transformer:
    """Train, writing ``folder/checkpoint.pt`` as it goes; begin from it where it exists.

    Args:
        chunks: Returns the examples of a numbered chunk, given the share of training done.

    Returns:
        The model with averaged weights.
    """
    torch.set_num_threads(plan.threads)
    torch.manual_seed(1)
    model = Transformer(shape)
    optimizer = torch.optim.AdamW(
        model.parameters(), plan.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True
    )
    average = [p.detach().clone() for p in model.parameters()]
    step = tokens = number = 0
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["weights"])
        if saved["optimizer"] is not None:
            optimizer.load_state_dict(saved["optimizer"])
        average = saved["average"]
        step, tokens, number = saved["step"], saved["tokens"], saved["chunk"]
        log(f"going on from step {step}, {tokens / 1e6:.2f}M target tokens")
    model.train()
    began, before, seen, total = time.monotonic(), tokens, 0, 0.0
    while tokens < plan.tokens:
        number += 1
        pairs = encoded(chunks(number, tokens / plan.tokens), encode, plan.longest)
        for batch in batches(pairs, plan.batch_tokens, number):
            if tokens >= plan.tokens:
                break
            for group in optimizer.param_groups:
                group["lr"] = rate(plan, step, tokens)
            loss, count = _learn(model, batch, plan.smoothing)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            tokens += count
            seen += 1
            total += loss
            weight = max(0.004, 1 / (step + 10))
            torch._foreach_lerp_(average, [p.detach() for p in model.parameters()], weight)
            if step % 100 == 0:
                speed = (tokens - before) / (time.monotonic() - began)
                log(
                    f"step {step} chunk {number} tokens {tokens / 1e6:.2f}M loss"
                    f" {total / seen:.3f} rate {rate(plan, step, tokens):.5f} {speed:.0f} tok/s"
                )
                seen, total = 0, 0.0
            if step % plan.save_steps == 0:
                _save(checkpoint, model, optimizer, average, step, tokens, number)
    _save(checkpoint, model, optimizer, average, step, tokens, number)
    return averaged(model, average)


def averaged(model: Transformer, average: Sequence[torch.Tensor]) -> Transformer:
    """Put averaged weights into the model."""
    with torch.no_grad():
        for parameter, mean in zip(model.parameters(), average, strict=True):
            parameter.copy_(mean)
    return model.eval()


def load(checkpoint: Path) -> tuple[Transformer, dict]:
    """Return the averaged model of a checkpoint, and what else it holds."""
    saved = torch.load(checkpoint)
    model = Transformer(Shape(**saved["shape"]))
    model.load_state_dict(saved["weights"])
    return averaged(model, saved["average"]), saved


def grow(old: Path, folder: Path, encode: Callable[[str], list[int]], pieces: list[str],
         before: list[str]) -> None:
    """Begin ``folder/checkpoint.pt`` from that of ``old`` with another vocabulary.

    A piece that both have keeps its vector; a new one begins as the mean of what the old
    vocabulary (``encode``, ``before``) cut it into.
    """
    saved = torch.load(old / "checkpoint.pt")
    places = {piece: number for number, piece in enumerate(before)}
    rows = []
    for piece in pieces:
        if piece in places:
            rows.append([places[piece]])
        else:
            cut = [n for n in encode(piece.replace("▁", " ").strip()) if before[n] != "▁"]
            rows.append(cut or [places["<unk>"]])

    def widened(table: torch.Tensor) -> torch.Tensor:
        return torch.stack([table[row].mean(0) for row in rows])

    model = Transformer(Shape(**saved["shape"]))
    names = [name for name, _ in model.named_parameters()]
    for name in ("embedding.weight", "bias"):
        saved["weights"][name] = widened(saved["weights"][name])
        at = names.index(name)
        saved["average"][at] = widened(saved["average"][at])
    saved["shape"]["vocabulary"] = len(pieces)
    # The optimizer's moments are of the old shape: it begins anew, with a warm-up.
    torch.save(saved | {"optimizer": None, "step": 0}, folder / "checkpoint.pt")


def _learn(model: Transformer, batch: list[Pair], smoothing: float) -> tuple[float, int]:
    """Run one batch forward and backward; return its mean loss and its target tokens."""
    source = padded([pair[0] for pair in batch])
    target = padded([pair[1] for pair in batch])
    shifted = torch.cat([torch.full((len(batch), 1), BOS), target[:, :-1]], 1)
    with torch.autocast("cpu", torch.bfloat16):
        hidden = model.hidden(source, shifted)
    real = target.reshape(-1) != PAD
    states, gold = hidden.reshape(-1, hidden.shape[-1])[real], target.reshape(-1)[real]
    total, pull, slope, tilt = _loss(states.detach(), gold, model, smoothing)
    states.backward(pull)
    with torch.no_grad():
        model.embedding.weight.grad.add_(slope)
        model.bias.grad = tilt
    return total, len(gold)


def _loss(
    states: torch.Tensor, gold: torch.Tensor, model: Transformer, smoothing: float
) -> tuple[float, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the smoothed cross-entropy of ``model.logits(states)``, and its gradients.

    By hand: PyTorch's own passes over the logits of the whole vocabulary a dozen times, a third
    of all the time. In slices, which fit the caches.

    Returns:
        The mean over tokens; its gradients for ``states``, the embedding table and the bias.
    """
    wide = model.embedding.weight.detach().to(torch.bfloat16)
    bias = model.bias.detach()
    total = 0.0
    pull, slope, tilt = torch.empty_like(states), wide.float().zero_(), torch.zeros_like(bias)
    for start in range(0, len(gold), _SLICE):
        own = states[start : start + _SLICE].to(torch.bfloat16)
        places = torch.arange(len(own)), gold[start : start + _SLICE]
        chances = torch.log_softmax(functional.linear(own, wide).float().add_(bias), -1)
        total -= (1 - smoothing) * chances[places].sum().item()
        total -= smoothing * chances.mean(-1).sum().item()
        chances.exp_().sub_(smoothing / len(bias))
        chances[places] -= 1 - smoothing
        tilt += chances.sum(0)
        errors = chances.to(torch.bfloat16)
        pull[start : start + _SLICE] = errors @ wide
        slope += errors.T @ own
    count = len(gold)
    return total / count, pull.div_(count), slope.div_(count), tilt.div_(count)


def _save(path: Path, model, optimizer, average, step, tokens, chunk) -> None:
    from toolkit.translate.training.model import state

    part = path.with_suffix(".part")
    torch.save(
        state(model)
        | {
            "optimizer": optimizer.state_dict(),
            "average": average,
            "step": step,
            "tokens": tokens,
            "chunk": chunk,
        },
        part,
    )
    part.replace(path)
