"""Tiny sentence-transformers models of the kinds that people choose, with random weights, made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

WORLD = (
    "Foxes dig dens. They sleep there by day, don't they? It cost 2,000 % more in 1742.",
    "狐狸挖洞穴。它们白天在那里睡觉。钟楼建于1742年。",
    "キツネは巣穴を掘る。昼間はそこで眠る。鐘楼は1742年に建てられた。",
    "จิ้งจอกขุดโพรง มันนอนที่นั่นในเวลากลางวัน หอนาฬิกาสร้างขึ้นในปี 1742",
    "الثعالب تحفر جحورًا. تنام هناك نهارًا. بني البرج عام 1742؟",
    "लोमड़ियाँ माँद खोदती हैं। वे दिन में वहाँ सोती हैं। मीनार 1742 में बनी।",
    "Лисы роют норы. Днём они там спят. Ёжик — нет.",
    "Foxes 🦊 dig 👩‍🌾 dens 🇳🇴. Café déjà-vu, naïve Straße. İstanbul.",
    " Foxes\u00a0dig.  \n\nThey\tsleep.  ",
)
"""A few sentences in several scripts, with spaces and marks of all sorts."""

LONGEST = 256
_HIDDEN = 32


def save_encoder(kind: str, folder: Path) -> Path:
    """Save a model of a kind named in KINDS, and return its folder."""
    model = KINDS[kind](folder / "plain")
    model.save(str(folder / kind), create_model_card=False)
    return folder / kind


def _sentencepiece(folder: Path) -> SentenceTransformer:
    """Like multilingual E5: XLM-R over unigrams that begin with ▁, mean pooling, prompts."""
    modules = _transformer(folder, _make_unigrams(), "xlm-roberta", longest=LONGEST)
    return _assemble(modules, "mean", normalize=True, prompts={"query": "query: ", "passage": "passage: "})


def _metaspace(folder: Path) -> SentenceTransformer:
    """Like newer sentencepiece conversions: each piece's offsets begin at the space before it."""
    modules = _transformer(folder, _make_unigrams(trimmed=False), "xlm-roberta", longest=LONGEST)
    return _assemble(modules, "mean", normalize=False)


def _byte_pairs(folder: Path) -> SentenceTransformer:
    """Like RoBERTa: byte-level pairs, several pieces for one character, class token."""
    return _assemble(_transformer(folder, _make_bytes(), "roberta", longest=LONGEST), "cls", normalize=True)


def _untrimmed_byte_pairs(folder: Path) -> SentenceTransformer:
    """Like ModernBERT: byte-level pairs whose offsets begin at the space before the word, mean pooling, prompts."""
    modules = _transformer(folder, _make_bytes(trimmed=False), "bert", longest=LONGEST)
    return _assemble(
        modules, "mean", normalize=True, prompts={"query": "search_query: ", "document": "search_document: "}
    )


def _dense_head(folder: Path) -> SentenceTransformer:
    """Like LaBSE or DistilUSE: a dense layer to another dimension, no normalisation."""
    from sentence_transformers.base.modules import Dense

    modules = [*_transformer(folder, _make_unigrams(), "xlm-roberta", longest=LONGEST), Dense(_HIDDEN, 24)]
    return _assemble(modules, "mean", normalize=False)


def _last_token(folder: Path) -> SentenceTransformer:
    """Like embedders made of language models: causal attention, padded on the left, the last token, an instruction."""
    modules = _transformer(folder, _make_bytes(trimmed=False, side="left"), "qwen2", longest=LONGEST)
    return _assemble(modules, "lasttoken", normalize=True, prompts={"query": "Instruct: find\nQuery: ", "document": ""})


def _without_prompt(folder: Path) -> SentenceTransformer:
    """Like Instructor: a default prompt, which is left out of the mean."""
    modules = _transformer(folder, _make_bytes(), "bert", longest=LONGEST)
    model = _assemble(modules, "mean", normalize=True, prompts={"all": "Represent: "}, include_prompt=False)
    model.default_prompt_name = "all"
    return model


def _unlimited(folder: Path) -> SentenceTransformer:
    """Like many XLM-R folders: the tokenizer names no longest input, and positions begin after the padding's."""
    return _assemble(_transformer(folder, _make_unigrams(), "xlm-roberta", longest=None), "mean", normalize=True)


KINDS: dict[str, Callable[[Path], SentenceTransformer]] = {
    "sentencepiece": _sentencepiece,
    "metaspace": _metaspace,
    "byte_pairs": _byte_pairs,
    "untrimmed_byte_pairs": _untrimmed_byte_pairs,
    "dense_head": _dense_head,
    "last_token": _last_token,
    "without_prompt": _without_prompt,
    "unlimited": _unlimited,
}


def _assemble(
    modules: list[Any],
    pooling: str,
    *,
    normalize: bool,
    prompts: dict[str, str] | None = None,
    include_prompt: bool = True,
) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize
    from sentence_transformers.sentence_transformer.modules import Pooling

    pool = Pooling(_HIDDEN, pooling_mode=pooling, include_prompt=include_prompt)
    end = [Normalize()] if normalize else []
    return SentenceTransformer(modules=[modules[0], pool, *modules[1:], *end], prompts=prompts, device="cpu")


def _transformer(folder: Path, tokenizer: Tokenizer, kind: str, *, longest: int | None) -> list[Any]:
    import torch
    from sentence_transformers.base.modules import Transformer
    from transformers import AutoConfig, AutoModel, PreTrainedTokenizerFast

    side = (tokenizer.padding or {}).get("direction", "right")
    tokenizer.no_padding()
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        **({} if longest is None else {"model_max_length": longest}),
        padding_side=side,
    )
    torch.manual_seed(1)
    config = AutoConfig.for_model(
        kind,
        vocab_size=len(wrapped),
        hidden_size=_HIDDEN,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        intermediate_size=64,
        max_position_embeddings=LONGEST + 2,
        pad_token_id=wrapped.pad_token_id,
        bos_token_id=wrapped.bos_token_id,
        eos_token_id=wrapped.eos_token_id,
        initializer_range=0.5,
    )
    AutoModel.from_config(config).save_pretrained(folder)
    wrapped.save_pretrained(folder)
    return [Transformer(str(folder))]


_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]


def _make_unigrams(*, trimmed: bool = True) -> Tokenizer:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    letters = sorted({character for text in WORLD for character in text if not character.isspace()})
    words = ["▁Foxes", "▁dig", "▁den", "s", "▁sleep", "▁They", "狐狸", "ません", "▁1742"]
    scored = [(piece, 0.0) for piece in _SPECIAL] + [("▁", -3.0)]
    scored += [(word, -4.0) for word in words] + [(letter, -6.0) for letter in letters if letter not in words]
    tokenizer = Tokenizer(models.Unigram(scored, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC()])
    space = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), space]) if trimmed else space
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def _make_bytes(*, trimmed: bool = True, side: str = "right") -> Tokenizer:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    pieces = [*_SPECIAL, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    merges = [("Ġ", "d"), ("Ġd", "e"), ("Ġde", "n"), ("o", "x"), ("F", "ox"), ("Fox", "e"), ("Foxe", "s")]
    pieces += ["".join(pair) for pair in merges]
    tokenizer = Tokenizer(models.BPE({piece: number for number, piece in enumerate(pieces)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=trimmed)
    frame = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=trimmed), frame])
    if side == "left":
        tokenizer.enable_padding(direction="left", pad_id=1, pad_token="<pad>")
    return tokenizer
