"""A small pre-norm Transformer in plain PyTorch, and its export to CTranslate2."""

import math
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

PAD, UNK, BOS, EOS = 0, 1, 2, 3
# Added to the weight of a place that may not be looked at.
_UNSEEN = -1e9


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a model; ``heads`` divides ``width``."""

    vocabulary: int
    width: int = 256
    heads: int = 4
    inner: int = 1024
    encoder_layers: int = 4
    decoder_layers: int = 2
    positions: int = 512


class Attention(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query = nn.Linear(shape.width, shape.width)
        self.memory = nn.Linear(shape.width, 2 * shape.width)
        self.output = nn.Linear(shape.width, shape.width)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = x.shape
        head = width // self.heads
        query = self.query(x).view(batch, length, self.heads, head).transpose(1, 2)
        key, value = (
            self.memory(memory)
            .view(batch, memory.shape[1], 2, self.heads, head)
            .permute(2, 0, 3, 1, 4)
            .unbind(0)
        )
        # By hand: for a few short sentences PyTorch's fused kernel is slower backwards.
        weights = query @ key.transpose(-1, -2) * head**-0.5 + mask.to(query.dtype)
        mixed = torch.softmax(weights, -1, dtype=weights.dtype) @ value
        return self.output(mixed.transpose(1, 2).reshape(batch, length, width))


class Layer(nn.Module):
    """One encoder layer, or one decoder layer where ``decoder``."""

    def __init__(self, shape: Shape, decoder: bool) -> None:
        super().__init__()
        self.decoder = decoder
        self.self_norm = nn.LayerNorm(shape.width)
        self.self_attention = Attention(shape)
        if decoder:
            self.cross_norm = nn.LayerNorm(shape.width)
            self.cross_attention = Attention(shape)
        self.inner_norm = nn.LayerNorm(shape.width)
        self.wide = nn.Linear(shape.width, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.width)

    def forward(
        self, x: Tensor, memory: Tensor | None, memory_mask: Tensor, mask: Tensor
    ) -> Tensor:
        normed = self.self_norm(x)
        x = x + self.self_attention(normed, normed, mask)
        if memory is not None:
            attended = self.cross_attention(self.cross_norm(x), memory, memory_mask)
            x = x + attended
        return x + self.narrow(functional.relu(self.wide(self.inner_norm(x))))


class Transformer(nn.Module):
    """Encoder and decoder with one embedding table for source, target and output."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.bias = nn.Parameter(torch.zeros(shape.vocabulary))
        self.encoder = nn.ModuleList(
            Layer(shape, False) for _ in range(shape.encoder_layers)
        )
        self.decoder = nn.ModuleList(
            Layer(shape, True) for _ in range(shape.decoder_layers)
        )
        self.encoder_norm = nn.LayerNorm(shape.width)
        self.decoder_norm = nn.LayerNorm(shape.width)
        nn.init.normal_(self.embedding.weight, 0, shape.width**-0.5)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        self.register_buffer("places", _places(shape), persistent=False)

    def embed(self, ids: Tensor) -> Tensor:
        scaled = self.embedding(ids) * math.sqrt(self.shape.width)
        return scaled + self.places[: ids.shape[1]]

    def hidden(self, source: Tensor, target: Tensor) -> Tensor:
        """Return decoder states for shifted ``target``; padding in ``source`` is not seen."""
        mask = (source == PAD)[:, None, None, :] * _UNSEEN
        later = torch.full((target.shape[1], target.shape[1]), _UNSEEN).triu(1)
        memory = self.embed(source)
        for layer in self.encoder:
            memory = layer(memory, None, mask, mask)
        memory = self.encoder_norm(memory)
        x = self.embed(target)
        for layer in self.decoder:
            x = layer(x, memory, mask, later)
        return self.decoder_norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        return functional.linear(hidden, self.embedding.weight, self.bias)


def _places(shape: Shape) -> Tensor:
    # CTranslate2's sinusoids: positions from 1, all sines before all cosines.
    half = shape.width // 2
    rates = torch.exp(torch.arange(half) * -(math.log(10000.0) / (half - 1)))
    angles = torch.arange(1, shape.positions + 1)[:, None] * rates[None]
    return torch.cat([angles.sin(), angles.cos()], 1)


def export(model: Transformer, pieces: list[str], folder: Path, quantization: str) -> None:
    """Write a CTranslate2 model directory.

    Args:
        pieces: Vocabulary in id order: <pad> <unk> <s> </s> first.
        quantization: e.g. ``"int8"``.
    """
    import ctranslate2
    from ctranslate2.specs import TransformerSpec

    shape = model.shape
    spec = TransformerSpec.from_config(
        (shape.encoder_layers, shape.decoder_layers),
        shape.heads,
        pre_norm=True,
        activation=ctranslate2.specs.Activation.RELU,
    )

    def array(tensor: Tensor):
        # A copy: quantization scales the arrays in place, and they would be the live weights.
        return tensor.detach().float().cpu().numpy().copy()

    def linear(place, *modules: nn.Linear) -> None:
        place.weight = array(torch.cat([module.weight for module in modules]))
        place.bias = array(torch.cat([module.bias for module in modules]))

    def norm(place, module: nn.LayerNorm) -> None:
        place.gamma, place.beta = array(module.weight), array(module.bias)

    def attention(place, module: Attention, fused: bool) -> None:
        if fused:
            linear(place.linear[0], module.query, module.memory)
            linear(place.linear[1], module.output)
        else:
            linear(place.linear[0], module.query)
            linear(place.linear[1], module.memory)
            linear(place.linear[2], module.output)

    for side, layers, last in (
        (spec.encoder, model.encoder, model.encoder_norm),
        (spec.decoder, model.decoder, model.decoder_norm),
    ):
        embeddings = side.embeddings[0] if side is spec.encoder else side.embeddings
        embeddings.weight = array(model.embedding.weight)
        side.scale_embeddings = True
        side.position_encodings.encodings = array(model.places)
        norm(side.layer_norm, last)
        for place, layer in zip(side.layer, layers, strict=True):
            norm(place.self_attention.layer_norm, layer.self_norm)
            attention(place.self_attention, layer.self_attention, fused=True)
            if layer.decoder:
                norm(place.attention.layer_norm, layer.cross_norm)
                attention(place.attention, layer.cross_attention, fused=False)
            norm(place.ffn.layer_norm, layer.inner_norm)
            linear(place.ffn.linear_0, layer.wide)
            linear(place.ffn.linear_1, layer.narrow)
    spec.decoder.projection.weight = array(model.embedding.weight)
    spec.decoder.projection.bias = array(model.bias)
    spec.config.unk_token, spec.config.bos_token, spec.config.eos_token = "<unk>", "<s>", "</s>"
    spec.config.decoder_start_token = "<s>"
    spec.config.add_source_eos = True
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.validate()
    spec.optimize(quantization=quantization)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))


def state(model: Transformer) -> dict:
    """Return what a checkpoint must hold to build the model again."""
    return {"shape": asdict(model.shape), "weights": model.state_dict()}
